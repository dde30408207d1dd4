"""Answering: *I reached out* and *Tomorrow*, said from the notification or on the nudge's page, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pwa.domain.errors import Invalid, NotThere, Refused
from pwa.domain.nudges import Kind
from pwa.domain.steps import INVITED, WRITTEN_AGAIN
from pwa.services import nudging, stepping
from pwa.services.parcelling import Tokens
from pwa.storage import accounts, database, deliveries, moments, nudges, rounds, subscriptions, ticks
from pwa.storage.deliveries import Delivery
from pwa.storage.nudges import Nudge

DONE, SNOOZE, SEEN = "done", "snooze", "seen"
ANSWERABLE = timedelta(days=30)
# What "I reached out" ticks, by the kind of nudge that it answers.
TICKED = {Kind.BEGIN.value: INVITED, Kind.FOLLOW_UP.value: WRITTEN_AGAIN}


@dataclass(frozen=True)
class Answer:
    """`result` is the answer that stands; `fresh` says whether this was what made it stand."""

    result: str
    fresh: bool


def acknowledge(tokens: Tokens, token: object, now: datetime) -> None:
    """The device has shown it. Said twice, the first time counts."""
    delivery_id, _ = tokens.read(token)
    known = _delivery(delivery_id)
    with database.transaction(_nudge_of(known).account_id):
        _shown(_delivery(delivery_id), now)


def act(tokens: Tokens, token: object, action: object, now: datetime) -> Answer:
    """An answer from the notification itself. The token is the authority, and says which answers it may give."""
    delivery_id, allowed = tokens.read(token)
    if not isinstance(action, str) or action not in allowed:
        raise Invalid("This notification has no such button.", "action")
    nudge = _nudge_of(_delivery(delivery_id))
    if now > nudge.due_at + ANSWERABLE:
        raise Refused("That was too long ago. Open Rekindle and write it down there.")
    with database.transaction(nudge.account_id):
        _shown(_delivery(delivery_id), now)
        return _answer(nudge.account_id, nudge.id, action, now)


def act_as(account_id: UUID, nudge_id: UUID, action: str, now: datetime) -> Answer:
    """The same answers, given on the nudge's page."""
    with database.transaction(account_id):
        return _answer(account_id, nudge_id, action, now)


def undo(account_id: UUID, nudge_id: UUID, now: datetime) -> None:
    """Takes the answer back, with what it brought about. Where there is none, nothing happens."""
    with database.transaction(account_id):
        nudge = _own(account_id, nudge_id)
        if nudge.parent_id is not None:
            _take_back(nudge, nudge.parent_id, now)
        nudge.acted, nudge.acted_at = None, None
        nudging.replan(account_id, now)
        accounts.touch(account_id)


def _answer(account_id: UUID, nudge_id: UUID, action: str, now: datetime) -> Answer:
    nudge = _own(account_id, nudge_id)
    # Having reached out outweighs "tomorrow", whichever was said last.
    if nudge.acted is not None and nudge.acted in (action, DONE):
        return Answer(nudge.acted, fresh=False)
    if nudge.parent_id is not None:
        _carry_out(nudge, nudge.parent_id, action, now)
    nudge.acted, nudge.acted_at = action, now
    nudging.replan(account_id, now)
    accounts.touch(account_id)
    return Answer(action, fresh=True)


def _carry_out(nudge: Nudge, parent_id: UUID, action: str, now: datetime) -> None:
    if action == SNOOZE:
        nudging.snooze(parent_id, nudge.account_id, now)
    if action != DONE:
        return
    if nudge.acted == SNOOZE:
        nudging.snooze(parent_id, nudge.account_id, now, days=0)
    if moments.find_by_nudge(nudge.id) is None:
        moments.add(parent_id, now, "message", "you", None, nudge.id)
    task = TICKED.get(nudge.kind)
    round_ = rounds.current(parent_id)
    if task is not None and task in stepping.tasks_of(round_):
        stepping.write(round_, task, done=True, now=now, by=stepping.BY_APP)


def _take_back(nudge: Nudge, parent_id: UUID, now: datetime) -> None:
    if nudge.acted == SNOOZE:
        nudging.snooze(parent_id, nudge.account_id, now, days=0)
    moment = moments.find_by_nudge(nudge.id)
    if moment is not None:
        moments.delete(moment)
    round_, task = rounds.current(parent_id), TICKED.get(nudge.kind)
    tick = ticks.find(round_.id, task) if task else None
    # What the person ticked by hand is theirs.
    if task is not None and nudge.acted == DONE and tick is not None and tick.by == stepping.BY_APP:
        stepping.write(round_, task, done=False, now=now, by=stepping.BY_APP)


def _shown(delivery: Delivery, now: datetime) -> None:
    if delivery.shown_at is not None:
        return
    delivery.shown_at, delivery.settled_at, delivery.state = now, delivery.settled_at or now, deliveries.SHOWN
    device = subscriptions.get(delivery.subscription_id) if delivery.subscription_id else None
    if device is not None:
        device.shown_at, device.failures = now, 0


def _own(account_id: UUID, nudge_id: UUID) -> Nudge:
    nudge = nudges.get(nudge_id, account_id)
    if nudge is None:
        raise NotThere
    return nudge


def _delivery(delivery_id: UUID) -> Delivery:
    delivery = deliveries.get(delivery_id)
    if delivery is None:
        raise NotThere("That nudge is no longer known here.")
    return delivery


def _nudge_of(delivery: Delivery) -> Nudge:
    nudge = nudges.get(delivery.nudge_id)
    if nudge is None:
        raise NotThere("That nudge is no longer known here.")
    return nudge
