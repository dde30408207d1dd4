"""Hearing: what an account's devices have said of the nudges they were sent, and what their silence comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pwa.domain.nudges import Kind
from pwa.domain.silence import Taken, is_silent, is_to_be_told
from pwa.services import finding
from pwa.storage import database, deliveries, nudges, subscriptions
from pwa.storage.subscriptions import Subscription


@dataclass(frozen=True)
class Heard:
    """One browser: all the rows of its session, and what is known of the newest.

    `silent`: it shows no nudge any more, as far as can be known; `tell`: the person has not been told of it yet.
    """

    rows: Sequence[Subscription] = ()
    silent: bool = False
    tell: bool = False

    @property
    def device(self) -> Subscription | None:
        return max(self.rows, key=lambda row: row.seen_at, default=None)

    @property
    def shown_at(self) -> datetime | None:
        return max((row.shown_at for row in self.rows if row.shown_at), default=None)


def of_session(session_id: UUID, now: datetime) -> Heard:
    """What this browser has said. Only where something was taken since are the deliveries asked."""
    rows = subscriptions.of_session(session_id)
    device = Heard(rows).device
    if device is None or device.accepted_at is None or device.accepted_at <= device.heard_at:
        return Heard(rows)
    unheard = [Taken(*each) for each in deliveries.unheard(device.id, device.heard_at)]
    silent = is_silent(unheard, device.heard_at, now)
    return Heard(rows, silent, silent and is_to_be_told(device.silence_told_at, device.heard_at))


def elsewhere(account_id: UUID, session_id: UUID) -> list[Heard]:
    """The account's other browsers, by when they subscribed. Whether one is silent is asked on that one only."""
    rows: dict[UUID, list[Subscription]] = {}
    for row in subscriptions.of_account(account_id):
        if row.session_id != session_id:
            rows.setdefault(row.session_id, []).append(row)
    return [Heard(each) for each in rows.values()]


def next_at(account_id: UUID) -> datetime | None:
    """When the next nudge is planned. It is decided again then."""
    waiting = nudges.open_of_account(account_id)
    return next((nudge.due_at for nudge in waiting if nudge.kind != Kind.TEST), None)


def take_note(session_id: UUID, now: datetime) -> None:
    """The person has been told that this browser is silent."""
    with database.transaction(finding.session(session_id).account_id):
        for row in subscriptions.of_session(session_id):
            row.silence_told_at = now
