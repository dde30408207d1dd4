"""Settling: who holds which nudge, and what became of it once its devices' push services have answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pwa.domain import deliveries as rules
from pwa.push.outcome import NOT_TRIED
from pwa.services import arriving, planning
from pwa.services.arriving import Sent
from pwa.services.gathering import Gathered
from pwa.storage import accounts, database, deliveries, nudges
from pwa.storage.deliveries import Passage
from pwa.storage.nudges import Occurrence

DEFERRED, TAKEN_OVER = "deferred", "taken_over"


@dataclass(frozen=True)
class Returned:
    """A claimed nudge with all that was sent for it and what came of each, and what was known when it was decided on."""

    nudge: Occurrence
    sent: Sequence[Sent]
    known: Gathered


def claim(now: datetime, owner: str, lease: timedelta, most: int) -> list[Occurrence]:
    """Takes up to `most` due nudges. Looks first, which keeps nobody from writing."""
    at = nudges.claimable_at()
    if at is None or at > now:
        return []
    with database.transaction():
        return nudges.claim(now, owner, lease, most)


def settle(returned: Sequence[Returned], now: datetime, draw: Callable[[], float]) -> Counter[str]:
    """Writes down what came of them, in one transaction: ends each nudge, or puts it back for the devices that have not got it yet."""
    claimed = [one.nudge for one in returned]
    with database.transaction(*(nudge.account_id for nudge in claimed)):
        held = {nudge.id: nudge for nudge in nudges.still_held(claimed)}
        tried = deliveries.of_nudges([nudge.id for nudge in claimed])
        _note(returned, tried, now)
        for one in returned:
            nudge = held.get(one.nudge.id)
            if nudge is not None:
                _end_or_put_back(nudge, tried.get(nudge.id, []), one.sent, now, draw())
        deliveries.save_all(passage for passages in tried.values() for passage in passages)
        nudges.save_all(held.values())
        _replan([nudge for nudge in held.values() if nudge.settled_at is not None], returned, now)
        arriving.count((sent for one in returned for sent in one.sent), now)
    counts = Counter(DEFERRED if nudge.settled_at is None else nudge.state for nudge in held.values())
    counts[TAKEN_OVER] = len(returned) - len(held)
    return +counts


def postpone(claimed: Occurrence, now: datetime) -> None:
    """For a nudge that cannot be worked off: not now, and not for ever."""
    with database.transaction(claimed.account_id):
        for nudge in nudges.still_held([claimed]):
            if now >= nudge.useful_until:
                nudge.end(nudges.EXPIRED, now, "broken")
            else:
                nudge.put_back(now + rules.POSTPONED, "broken")
            nudges.save_all([nudge])


def any_went_out(tried: Sequence[Passage]) -> bool:
    return any(map(_went_out, tried))


def end_of(tried: Sequence[Passage]) -> str:
    """How a nudge ends whose deliveries stand like this."""
    gone = [passage.state == deliveries.GONE for passage in tried]
    return rules.end([_went_out(passage) for passage in tried], gone).value


def finish(nudge: Occurrence, tried: Sequence[Passage], state: str, now: datetime, reason: str = "") -> None:
    """Ends the nudge, and what is still open of it. The next is for `planning`."""
    for passage in tried:
        if passage.settled_at is None:
            passage.settle(deliveries.EXPIRED, now)
    nudge.end(state, now, reason)


def _note(returned: Sequence[Returned], tried: Mapping[UUID, Sequence[Passage]], now: datetime) -> None:
    passages = {passage.id: passage for each in tried.values() for passage in each}
    for one in returned:
        for sent in one.sent:
            passage = passages.get(sent.parcel.delivery_id)
            if passage is not None and passage.attempt == one.nudge.attempt:
                arriving.note(sent, passage, now)
    arriving.learn([sent for one in returned for sent in one.sent], now)


def _end_or_put_back(
    nudge: Occurrence, tried: Sequence[Passage], sent: Sequence[Sent], now: datetime, draw: float
) -> None:
    waiting = [passage for passage in tried if passage.settled_at is None]
    at = _try_again_at(nudge, waiting, sent, now, draw) if waiting else None
    if at is None:
        finish(nudge, tried, end_of(tried), now)
    else:
        nudge.put_back(at, "retry")


def _try_again_at(
    nudge: Occurrence, waiting: Sequence[Passage], sent: Sequence[Sent], now: datetime, draw: float
) -> datetime | None:
    asked = max((one.outcome.retry_after or 0 for one in sent), default=0)
    if all(passage.reason == NOT_TRIED for passage in waiting):
        return now + timedelta(seconds=asked)
    return rules.retry_at(nudge.attempt, now, asked, nudge.useful_until, draw)


def _replan(ended: Sequence[Occurrence], returned: Sequence[Returned], now: datetime) -> None:
    """By what was known when they were decided on, where nothing has changed for the account since."""
    known = {one.nudge.account_id: one.known for one in returned}
    account_ids = {nudge.account_id for nudge in ended}
    revisions = accounts.revisions(account_ids)
    same = {each for each in account_ids if known[each].accounts[each].revision == revisions.get(each)}
    still_open = nudges.open_of_accounts(same) if same else []
    for batch in {id(known[each]): known[each] for each in same}.values():
        own = {each for each in same if known[each] is batch}
        planning.bring_in_line(batch.once_ended(ended, still_open), own, now)
    planning.replan_all(account_ids - same, now)


def _went_out(passage: Passage) -> bool:
    return passage.state in (deliveries.ACCEPTED, deliveries.SHOWN)
