"""Dispatching: takes what is due, asks whether it may go out, sends it to each device, and has it settled.

Nothing is sent that is not written down first, and no transaction is open while a socket is. Whoever dies in between
leaves a lease that runs out; what then goes out again takes the first one's place, by its topic and tag.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from pwa.push.outcome import Outcome
from pwa.services import settling
from pwa.services.arriving import UNSENT, Sent
from pwa.services.parcelling import Parcel, Post
from pwa.services.settling import Claim

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
BATCH = 64
SENDERS = 16
LONGEST_REST = 0.05  # seconds


@dataclass(frozen=True)
class Terms:
    """How due nudges are worked off: in whose name, for how long they are held, and what spreads the retries."""

    owner: str
    draw: Random
    lease: timedelta = LEASE
    batch: int = BATCH
    stopping: Callable[[], bool] = lambda: False


def dispatch(now: datetime, post: Post, terms: Terms) -> Counter[str]:
    """Works off one batch of what is due at `now`. Returns how many nudges ended how; empty when none was due."""
    claims = settling.claim(now, terms.owner, terms.lease, terms.batch)
    if not claims:
        return Counter()
    with ThreadPoolExecutor(min(SENDERS, 2 * len(claims))) as senders:
        batch = _Batch(now, post, terms, senders)
        for claim in claims:
            batch.wait_for_room()
            batch.set_out(claim)
        batch.wait_for_all()
    return batch.counts


@dataclass
class _Trip:
    """One nudge on its way to its devices."""

    claim: Claim
    missing: int
    sent: list[Sent] = field(default_factory=list)


@dataclass
class _Batch:
    """The database is spoken to only here, in the thread that began; the senders have nothing but a socket."""

    now: datetime
    post: Post
    terms: Terms
    senders: ThreadPoolExecutor
    counts: Counter[str] = field(default_factory=Counter)
    flying: dict[Future[Outcome], tuple[_Trip, Parcel]] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    def wait_for_room(self) -> None:
        while len(self.flying) >= SENDERS:
            self._land()

    def wait_for_all(self) -> None:
        while self.flying:
            self._land()

    def set_out(self, claim: Claim) -> None:
        """Decides, writes down, and hands over to the senders; or ends the nudge right here."""
        with self._contained(claim), _polite():
            if self._must_stop():
                self.counts[settling.release(claim)] += 1
                return
            result = settling.prepare(claim, self.now, self.post)
            if isinstance(result, str):
                self.counts[result] += 1
                return
            trip = _Trip(claim, len(result))
            for parcel in result:
                self.flying[self.senders.submit(self._send, parcel)] = (trip, parcel)

    def _send(self, parcel: Parcel) -> Outcome:
        if self._must_stop():
            return Outcome("retry", reason=UNSENT)
        return self.post.send(parcel.message, parcel.to, self.now)

    def _must_stop(self) -> bool:
        """When the lease ends another worker may take over; by then nothing of this one may be on its way."""
        held = time.monotonic() - self.began
        return self.terms.stopping() or held > self.terms.lease.total_seconds() / 2

    def _land(self) -> None:
        done, _ = wait(self.flying, return_when=FIRST_COMPLETED)
        for future in done:
            trip, parcel = self.flying.pop(future)
            trip.sent.append(Sent(parcel, _outcome_of(future)))
            trip.missing -= 1
            if trip.missing == 0:
                with self._contained(trip.claim), _polite():
                    self.counts[settling.settle(trip.claim, trip.sent, self.now, self.terms.draw.random())] += 1

    @contextmanager
    def _contained(self, claim: Claim) -> Iterator[None]:
        """A nudge that cannot be worked off is put back by an hour; the others go on."""
        try:
            yield
        except Exception as fault:
            log.exception("nudge %s could not be worked off: %s", claim.nudge_id, type(fault).__name__)
            self.counts["postponed"] += 1
            _postpone(claim, self.now)


@contextmanager
def _polite() -> Iterator[None]:
    """Rests for as long as it wrote: SQLite has one pen, and people's own writes must not wait for a whole evening's nudges."""
    began = time.monotonic()
    yield
    time.sleep(min(time.monotonic() - began, LONGEST_REST))


def _outcome_of(future: Future[Outcome]) -> Outcome:
    fault = future.exception()
    if fault is None:
        return future.result()
    log.error("a sender broke: %s", type(fault).__name__, exc_info=fault)
    return Outcome("refused", reason=f"broken: {type(fault).__name__}")


def _postpone(claim: Claim, now: datetime) -> None:
    try:
        settling.postpone(claim, now)
    except Exception:
        log.exception("nudge %s could not even be put back; its lease will run out", claim.nudge_id)
