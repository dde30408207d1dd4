"""Dispatching: takes what is due, asks whether it may go out, sends it to each device, and has it settled.

Nothing is sent that is not written down first, and no transaction is open while a socket is waited for. Whoever dies in
between leaves a lease that runs out; what then goes out again takes the first one's place, by its topic and tag.
Who answers slowly keeps nobody else waiting: more is taken in while some is still on its way.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from pwa.push.outcome import Outcome
from pwa.services import preparing, settling
from pwa.services.arriving import Sent
from pwa.services.gathering import Gathered
from pwa.services.parcelling import Parcel, Post
from pwa.services.settling import Returned
from pwa.storage.database import Unavailable
from pwa.storage.nudges import Occurrence

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
BATCH = 512
SETTLE_WITHIN = 0.1  # seconds after the first answer came


@dataclass(frozen=True)
class Terms:
    """How due nudges are worked off: in whose name, for how long they are held, and what spreads the retries."""

    owner: str
    draw: Random
    lease: timedelta = LEASE
    batch: int = BATCH


def dispatch(now: datetime, post: Post, terms: Terms) -> Counter[str]:
    """Works off one batch of what is due at `now`. Returns how many nudges ended how; empty when none was due."""
    dispatcher = Dispatcher(post, terms)
    dispatcher.take(now)
    while dispatcher.is_busy:
        dispatcher.bring_home(now, SETTLE_WITHIN)
    return dispatcher.counts


@dataclass
class _Trip:
    """One nudge on its way to its devices."""

    nudge: Occurrence
    known: Gathered
    began: float
    missing: int = 0
    sent: list[Sent] = field(default_factory=list)


@dataclass
class Dispatcher:
    """For one thread. Take in while there is room, bring home while it is busy."""

    post: Post
    terms: Terms
    counts: Counter[str] = field(default_factory=Counter)
    _trips: dict[UUID, _Trip] = field(default_factory=dict)
    _home: list[_Trip] = field(default_factory=list)

    @property
    def is_busy(self) -> bool:
        return bool(self._trips or self._home)

    @property
    def has_room(self) -> bool:
        return self.post.way.room >= self.terms.batch

    def take(self, now: datetime) -> bool:
        """Claims a batch, has it decided and written down, and hands it over. False when nothing was due."""
        began = time.monotonic()
        claimed = settling.claim(now, self.terms.owner, self.terms.lease, self.terms.batch)
        self._each(claimed, lambda some: self._set_out(some, now, began), now)
        return bool(claimed)

    def bring_home(self, now: datetime, seconds: float) -> None:
        """Sends on for so long at most, and settles what has come back."""
        ends = time.monotonic() + seconds
        while True:
            for parcel, outcome in self.post.way.poll(max(0.0, ends - time.monotonic()), now):
                self._land(parcel, outcome)
            if not self._trips or len(self._home) >= self.terms.batch or time.monotonic() >= ends:
                break
        self._recall_stale()
        self._each([trip.nudge for trip in self._home], lambda some: self._settle(some, now), now)
        self._home.clear()

    def recall(self) -> None:
        """Takes back what is not on its way yet: it is settled as not tried."""
        for parcel, outcome in self.post.way.recall():
            self._land(parcel, outcome)

    def _set_out(self, claimed: Sequence[Occurrence], now: datetime, began: float) -> None:
        prepared = preparing.prepare(claimed, now, self.post)
        self.counts += prepared.ended
        trips = {nudge.id: _Trip(nudge, prepared.known, began) for nudge in claimed}
        for parcel in prepared.parcels:
            trip = self._trips[parcel.nudge_id] = trips[parcel.nudge_id]
            trip.missing += 1
        for parcel in prepared.parcels:
            self.post.way.put(parcel, now)

    def _land(self, parcel: Parcel, outcome: Outcome) -> None:
        trip = self._trips[parcel.nudge_id]
        trip.sent.append(Sent(parcel, outcome))
        trip.missing -= 1
        if trip.missing == 0:
            self._home.append(self._trips.pop(parcel.nudge_id))

    def _settle(self, some: Sequence[Occurrence], now: datetime) -> None:
        ids = {nudge.id for nudge in some}
        returned = [Returned(trip.nudge, trip.sent, trip.known) for trip in self._home if trip.nudge.id in ids]
        self.counts += settling.settle(returned, now, self.terms.draw.random)

    def _recall_stale(self) -> None:
        """When the lease ends another worker may take over; by then nothing of this one may be set out any more."""
        oldest = min((trip.began for trip in self._trips.values()), default=None)
        if oldest is not None and time.monotonic() - oldest > self.terms.lease.total_seconds() / 2:
            self.recall()

    def _each(self, claimed: Sequence[Occurrence], use: Callable[[Sequence[Occurrence]], None], now: datetime) -> None:
        """All in one, and one by one when that fails: one that cannot be worked off is put back by an hour, the others go on.

        Raises Unavailable: the database is at fault then, and no nudge.
        """
        try:
            if claimed:
                use(claimed)
        except Unavailable:
            raise
        except Exception as fault:
            if len(claimed) == 1:
                log.exception("nudge %s could not be worked off: %s", claimed[0].id, type(fault).__name__)
                self.counts["postponed"] += 1
                _postpone(claimed[0], now)
            else:
                log.warning("%d nudges could not be worked off together: %s", len(claimed), type(fault).__name__)
                for nudge in claimed:
                    self._each([nudge], use, now)


def _postpone(nudge: Occurrence, now: datetime) -> None:
    try:
        settling.postpone(nudge, now)
    except Exception:
        log.exception("nudge %s could not even be put back; its lease will run out", nudge.id)
