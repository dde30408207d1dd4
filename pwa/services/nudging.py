"""Nudging: what other services say when facts change, and the nudge that somebody asks for to see whether it arrives."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from pwa.domain import dates
from pwa.domain.errors import Refused
from pwa.domain.nudges import Kind
from pwa.services import finding
from pwa.services.planning import replan
from pwa.storage import database, nudges, pauses, subscriptions
from pwa.storage.nudges import Nudge
from pwa.storage.subscriptions import Subscription

__all__ = ["replan", "send_test", "snooze"]

TEST_USEFUL = timedelta(minutes=10)


def snooze(parent_id: UUID, account_id: UUID, now: datetime, days: int = 1) -> None:
    """Nothing about this parent until so many local days from now; 0 takes it back. For use inside a transaction."""
    parent = finding.parent(parent_id, account_id)
    zone = dates.zone(finding.account(account_id).zone)
    until_on = dates.later_days(dates.local_date(now, zone), days)
    known = pauses.find_snooze(parent.id)
    pauses.save_snooze(parent.id, until_on, now, n=known.n + 1 if known else 1, device="")


def send_test(session_id: UUID, now: datetime) -> UUID:
    """Makes a nudge for this session's own device, due now. Returns its id; asked twice, it is the same one."""
    account_id = finding.session(session_id).account_id
    with database.transaction(account_id):
        device = max(subscriptions.of_session(session_id), key=lambda own: own.seen_at, default=None)
        if device is None:
            raise Refused("Nudges are not on for this phone yet. Switch them on first.")
        return _waiting_test(device, now) or nudges.add(_test_for(device, now)).id


def _waiting_test(device: Subscription, now: datetime) -> UUID | None:
    tests = [one for one in nudges.open_of_account(device.account_id) if one.subscription_id == device.id]
    return next((test.id for test in tests if test.useful_until > now), None)


def _test_for(device: Subscription, now: datetime) -> Nudge:
    zone = dates.zone(finding.account(device.account_id).zone)
    return Nudge(
        account_id=device.account_id,
        subscription_id=device.id,
        kind=Kind.TEST.value,
        local_on=dates.local_date(now, zone),
        due_at=now,
        useful_until=now + TEST_USEFUL,
    )
