"""Settling: one claimed nudge at a time, written down before it goes out and after. What becomes of it is for the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pwa.domain import deliveries as rules
from pwa.domain.deliveries import Again
from pwa.domain.nudges import Defer, Drop, Due, Kind, Reason, decide
from pwa.services import arriving, parcelling, planning
from pwa.services.arriving import UNSENT, Sent
from pwa.services.parcelling import Parcel, Post
from pwa.storage import accounts, database, deliveries, nudges, parents, subscriptions
from pwa.storage.deliveries import Delivery
from pwa.storage.nudges import Nudge
from pwa.storage.parents import Parent
from pwa.storage.subscriptions import Subscription

DEFERRED, RELEASED, TAKEN_OVER = "deferred", "released", "taken_over"


@dataclass(frozen=True)
class Claim:
    """What this worker holds. Nobody else settles the nudge while the attempt is the same."""

    nudge_id: UUID
    account_id: UUID
    attempt: int


def claim(now: datetime, owner: str, lease: timedelta, most: int) -> list[Claim]:
    """Takes up to `most` due nudges. Looks first, which keeps nobody from writing."""
    oldest_at = nudges.oldest_due_at()
    if oldest_at is None or oldest_at > now:
        return []
    with database.transaction() as session:
        ids = nudges.claim(now, owner, lease, most)
        session.expire_all()
        held = [nudge for nudge in map(nudges.get, ids) if nudge is not None]
        return [Claim(nudge.id, nudge.account_id, nudge.attempt) for nudge in held]


def prepare(held: Claim, now: datetime, post: Post) -> list[Parcel] | str:
    """Asks the rules. Returns what is to be sent, written down already, or how the nudge ended instead."""
    with _still_held(held) as nudge:
        if nudge is None:
            return TAKEN_OVER
        account = accounts.get(nudge.account_id)
        assert account is not None  # the nudge's foreign key keeps it
        parent = parents.get(nudge.parent_id, account.id) if nudge.parent_id else None
        facts = planning.facts_of(nudge, account, parent, now)
        verdict = decide(facts, now)
        if isinstance(verdict, Defer):
            return _put_off(nudge, parent, verdict, now)
        if isinstance(verdict, Drop):
            return _drop(nudge, verdict.reason, now)
        return _write_down(nudge, parent or planning.answered(nudge), now, post) or _conclude(
            nudge, deliveries.of_nudge(nudge.id), now
        )


def settle(held: Claim, sent: Sequence[Sent], now: datetime, draw: float) -> str:
    """Writes down what came of it: ends the nudge, or puts it back for the devices that have not got it yet."""
    with _still_held(held) as nudge:
        for one in sent:
            arriving.note(one, held.attempt, now)
        if nudge is None:
            return TAKEN_OVER
        known = deliveries.of_nudge(nudge.id)
        waiting = [delivery for delivery in known if delivery.settled_at is None]
        at = _try_again_at(nudge, waiting, sent, now, draw) if waiting else None
        if at is not None:
            nudges.defer(nudge.id, nudge.attempt, at, "retry")
            return DEFERRED
        return _conclude(nudge, known, now)


def release(held: Claim) -> str:
    """Puts back what was claimed and not begun: another worker, or the next start, takes it at once."""
    with _still_held(held) as nudge:
        if nudge is not None:
            nudges.defer(nudge.id, nudge.attempt, nudge.due_at, nudge.reason)
    return RELEASED


def postpone(held: Claim, now: datetime) -> None:
    """For a nudge that cannot be worked off: not now, and not for ever."""
    with _still_held(held) as nudge:
        if nudge is None:
            return
        if now >= nudge.useful_until:
            nudges.settle(nudge.id, nudge.attempt, nudges.EXPIRED, now, "broken")
        else:
            nudges.defer(nudge.id, nudge.attempt, now + rules.POSTPONED, "broken")


@contextmanager
def _still_held(held: Claim) -> Iterator[Nudge | None]:
    with database.transaction(held.account_id) as session:
        session.expire_all()
        nudge = nudges.get(held.nudge_id)
        ours = nudge is not None and nudge.state == nudges.LEASED and nudge.attempt == held.attempt
        yield nudge if ours else None


def _write_down(nudge: Nudge, parent: Parent | None, now: datetime, post: Post) -> list[Parcel]:
    devices = _devices(nudge)
    turn = len(nudges.of_parent(nudge.parent_id, nudge.kind)) - 1 if nudge.parent_id else 0
    parcels = []
    for device in devices:
        known = deliveries.find(nudge.id, device.id) if nudge.attempt > 1 else None
        again = rules.again(arriving.past_of(known, device) if known else None)
        if again is Again.SEND:
            delivery = deliveries.save(nudge.id, device.id, nudge.attempt, now)
            parcels.append(parcelling.pack(nudge, delivery, device, parent, turn, post, now))
        elif again is Again.GIVE_UP and known is not None:
            arriving.give_up(known, now)
    if nudge.attempt > 1:
        _forget_missing(nudge, devices, now)
    return parcels


def _devices(nudge: Nudge) -> list[Subscription]:
    """The account's devices; for a nudge that is meant for one of them, that one."""
    own = subscriptions.of_account(nudge.account_id)
    return [device for device in own if nudge.subscription_id in (None, device.id)]


def _forget_missing(nudge: Nudge, devices: list[Subscription], now: datetime) -> None:
    here = {device.id for device in devices}
    for delivery in deliveries.of_nudge(nudge.id):
        if delivery.settled_at is None and delivery.subscription_id not in here:
            delivery.state, delivery.settled_at = deliveries.GONE, now


def _put_off(nudge: Nudge, parent: Parent | None, verdict: Defer, now: datetime) -> str:
    known = deliveries.of_nudge(nudge.id)
    if any(map(_went_out, known)):
        return _conclude(nudge, known, now)
    if verdict.local_on == nudge.local_on or parent is None:
        nudges.defer(nudge.id, nudge.attempt, verdict.until_at, verdict.reason.value)
        nudge.useful_until = verdict.useful_until
        return DEFERRED
    nudges.settle(nudge.id, nudge.attempt, nudges.CANCELLED, now, verdict.reason.value)
    later = Due(Kind(nudge.kind), verdict.local_on, verdict.until_at, verdict.useful_until)
    planning.schedule(parent, later, verdict.reason.value)
    return DEFERRED


def _drop(nudge: Nudge, reason: Reason, now: datetime) -> str:
    known = deliveries.of_nudge(nudge.id)
    if any(map(_went_out, known)):
        return _conclude(nudge, known, now)
    state = nudges.EXPIRED if reason is Reason.TOO_LATE else nudges.CANCELLED
    return _finish(nudge, known, state, now, reason.value)


def _conclude(nudge: Nudge, known: Sequence[Delivery], now: datetime) -> str:
    gone = [delivery.state == deliveries.GONE for delivery in known]
    end = rules.end([_went_out(delivery) for delivery in known], gone)
    return _finish(nudge, known, end.value, now)


def _finish(nudge: Nudge, known: Sequence[Delivery], state: str, now: datetime, reason: str = "") -> str:
    for delivery in known:
        if delivery.settled_at is None:
            delivery.state, delivery.settled_at = deliveries.EXPIRED, now
    nudges.settle(nudge.id, nudge.attempt, state, now, reason)
    planning.replan(nudge.account_id, now)
    return state


def _try_again_at(
    nudge: Nudge, waiting: list[Delivery], sent: Sequence[Sent], now: datetime, draw: float
) -> datetime | None:
    if all(delivery.reason == UNSENT for delivery in waiting):
        return now
    asked = max((one.outcome.retry_after or 0 for one in sent), default=0)
    return rules.retry_at(nudge.attempt, now, asked, nudge.useful_until, draw)


def _went_out(delivery: Delivery) -> bool:
    return delivery.state in (deliveries.ACCEPTED, deliveries.SHOWN)
