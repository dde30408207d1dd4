"""Sends many messages at once over few connections, and says what came of each. Never raises for what a push service or a row may be."""

import selectors
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, Protocol, TypeVar

import pycurl

from pwa.domain.errors import Invalid
from pwa.push import endpoints
from pwa.push.addresses import Lookup
from pwa.push.exchange import Exchange
from pwa.push.message import Message
from pwa.push.names import Names
from pwa.push.outcome import Outcome, not_tried
from pwa.push.request import Request, build
from pwa.push.subscription import Subscription
from pwa.push.vapid import Vapid

SECONDS = 10.0  # for look-up, connection, TLS and answer together
MOST = 1_024  # letters taken in and not answered for
WINDOW = 256  # on their way to one service at a time, but for those that are late
LATE = 1.0  # seconds after which a letter makes room for another: that one is slow need not make all slow
MOST_LATE = MOST // 2
STALLED = WINDOW  # so many late ones and no answer: the service is down, and gets no more for now
STALLED_PAUSE = 10  # seconds
_CONNECTIONS = 768  # fewer than the files that a process may have open, which is often 1,024
_NO_ADDRESS = Outcome("retry", reason="no address", left=False)


class Letter(Protocol):
    @property
    def message(self) -> Message: ...
    @property
    def to(self) -> Subscription: ...


L = TypeVar("L", bound=Letter)


@dataclass(eq=False)
class _Trip(Generic[L]):
    letter: L
    request: Request
    began: float
    line: "_Line[L]"
    is_out: bool = False
    is_late: bool = False


@dataclass(eq=False)
class _Line(Generic[L]):
    """What is for one push service. `late`: still on their way after a second; `silent`: those since the last answer."""

    waiting: deque[_Trip[L]] = field(default_factory=deque)
    started: deque[_Trip[L]] = field(default_factory=deque)
    under_way: int = 0
    late: int = 0
    silent: int = 0

    @property
    def has_room(self) -> bool:
        return self.under_way - self.late < WINDOW and self.late < MOST_LATE

    @property
    def is_stalled(self) -> bool:
        return self.silent >= STALLED or self.late >= MOST_LATE


class Client(Generic[L]):
    """For one thread. Put letters in while there is room, and poll for outcomes: each letter comes back exactly once."""

    def __init__(
        self,
        vapid: Vapid,
        hosts: Sequence[str] = (),
        *,
        lookup: Lookup | None = None,
        trust: str | None = None,
        seconds: float = SECONDS,
    ) -> None:
        """hosts: REKINDLE_PUSH_HOSTS. lookup, trust (a file of certificates) and seconds are for tests."""
        self._vapid, self._hosts, self._trust, self._seconds = vapid, hosts, trust, seconds
        self._names = Names(lookup)
        self._lines: dict[str, _Line[L]] = {}
        self._back: list[tuple[L, Outcome]] = []
        self._idle: list[Exchange] = []
        self._out: dict[pycurl.Curl, Exchange] = {}
        self._taken = 0
        self._selector = selectors.DefaultSelector()
        self._wakes_at = 0.0
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_PIPELINING, pycurl.PIPE_MULTIPLEX)
        self._multi.setopt(pycurl.M_MAX_TOTAL_CONNECTIONS, _CONNECTIONS)
        self._multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, _CONNECTIONS)
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)

    @property
    def room(self) -> int:
        return MOST - self._taken

    def put(self, letter: L, now: datetime) -> None:
        """Takes a letter in. now: the instant, for the signed token."""
        self._taken += 1
        try:
            # again, though it was checked at subscribe: the row may be older than the rules
            endpoint = endpoints.check(letter.to.endpoint, self._hosts)
            request = build(letter.message, letter.to, endpoint, self._vapid, now)
        except Invalid as error:
            self._back.append((letter, Outcome("refused", reason=str(error), left=False)))
            return
        line = self._lines.setdefault(endpoint.origin, _Line())
        line.waiting.append(_Trip(letter, request, time.monotonic(), line))

    def poll(self, seconds: float, now: datetime) -> list[tuple[L, Outcome]]:
        """Sends on, for so long at most, until something has come back; returns what has. now: for answers that name a time."""
        ends = time.monotonic() + seconds
        self._drive(0)
        while True:
            self._collect(now)
            for line in self._lines.values():
                self._start(line)
            left = 0.0 if self._back else max(0.0, ends - time.monotonic())
            if not self._drive(left):
                self._notice_late()
            self._collect(now)
            if self._back or time.monotonic() >= ends:
                back, self._back = self._back, []
                self._taken -= len(back)
                return back

    def recall(self, origin: str | None = None, wait: int | None = None) -> list[tuple[L, Outcome]]:
        """Takes back what is not on its way yet: all, or what is for one service. wait: as for `not_tried`."""
        for name, line in self._lines.items():
            if origin in (None, name):
                self._give_back(line, not_tried(wait))
        back, self._back = self._back, []
        self._taken -= len(back)
        return back

    def close(self) -> None:
        """What is on its way is cut off."""
        for exchange in self._out.values():
            self._multi.remove_handle(exchange.curl)
        for exchange in (*self._out.values(), *self._idle):
            exchange.close()
        self._out.clear()
        self._idle.clear()
        self._multi.close()
        self._selector.close()

    # --- lines ---

    def _start(self, line: _Line[L]) -> None:
        while line.waiting:
            if line.is_stalled:
                self._give_back(line, not_tried(STALLED_PAUSE))
            if not line.waiting or not line.has_room:
                break
            pinned = self._pinned(line, line.waiting[0])
            if isinstance(pinned, Outcome):
                self._give_back(line, pinned)
            elif pinned is None:
                break
            else:
                self._send(line.waiting.popleft(), pinned)

    def _pinned(self, line: _Line[L], trip: _Trip[L]) -> tuple[str, ...] | Outcome | None:
        """Where to connect to, or why nowhere; None while that is being looked up."""
        try:
            found = self._names.find(trip.request.endpoint)
        except Invalid as error:
            return Outcome("refused", reason=str(error), left=False)
        except Exception:  # noqa: BLE001 - a look-up may fail in any way, and none is the row's fault
            return _NO_ADDRESS
        took_too_long = not line.under_way and time.monotonic() > trip.began + self._seconds
        return _NO_ADDRESS if found is None and took_too_long else found

    def _send(self, trip: _Trip[L], pinned: tuple[str, ...]) -> None:
        exchange = self._idle.pop() if self._idle else Exchange(self._trust)
        trip.began, trip.is_out, trip.is_late = time.monotonic(), True, False
        exchange.owner = trip
        exchange.prepare(trip.request, pinned, self._seconds)
        self._out[exchange.curl] = exchange
        trip.line.started.append(trip)
        trip.line.under_way += 1
        self._multi.add_handle(exchange.curl)

    def _notice_late(self) -> None:
        """For when no answer is waiting to be read: else it may be we who are late."""
        before = time.monotonic() - LATE
        for line in self._lines.values():
            while line.started and (not line.started[0].is_out or line.started[0].began < before):
                trip = line.started.popleft()
                if trip.is_out:
                    trip.is_late = True
                    line.late += 1
                    line.silent += 1

    def _give_back(self, line: _Line[L], outcome: Outcome) -> None:
        self._back += [(trip.letter, outcome) for trip in line.waiting]
        line.waiting.clear()

    # --- libcurl ---

    def _drive(self, seconds: float) -> bool:
        """Lets libcurl work until its next event, for so long at most. False when there was nothing to read or write."""
        waiting_for_names = any(line.waiting and not line.under_way for line in self._lines.values())
        wait = max(0.0, min(seconds, self._wakes_at - time.monotonic(), 0.01 if waiting_for_names else LATE))
        events = self._selector.select(wait)
        for key, mask in events:
            ready = (pycurl.CSELECT_IN if mask & selectors.EVENT_READ else 0) | (
                pycurl.CSELECT_OUT if mask & selectors.EVENT_WRITE else 0
            )
            self._multi.socket_action(key.fd, ready)
        if time.monotonic() >= self._wakes_at:
            self._wakes_at = float("inf")
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        return bool(events)

    def _watch(self, what: int, descriptor: int, _multi: object, _data: object) -> None:
        if descriptor in self._selector.get_map():
            self._selector.unregister(descriptor)
        if what != pycurl.POLL_REMOVE:
            events = (selectors.EVENT_READ if what & pycurl.POLL_IN else 0) | (
                selectors.EVENT_WRITE if what & pycurl.POLL_OUT else 0
            )
            self._selector.register(descriptor, events)

    def _set_timer(self, milliseconds: int) -> None:
        self._wakes_at = time.monotonic() + milliseconds / 1_000 if milliseconds >= 0 else float("inf")

    def _collect(self, now: datetime) -> None:
        more = 1
        while more:
            more, done, failed = self._multi.info_read()
            for curl in done:
                self._land(self._out.pop(curl), 0, now)
            for curl, code, _said in failed:
                self._land(self._out.pop(curl), code, now)

    def _land(self, exchange: Exchange, error: int, now: datetime) -> None:
        trip: _Trip[L] = exchange.owner
        outcome = exchange.outcome(error, now)
        self._multi.remove_handle(exchange.curl)
        self._idle.append(exchange)
        line, trip.is_out = trip.line, False
        line.under_way -= 1
        line.late -= trip.is_late
        if outcome.status is not None:
            line.silent = 0
        if outcome.kind == "refused" and "BadWebPushTopic" in outcome.reason and "Topic" in trip.request.headers:
            line.waiting.appendleft(replace(trip, request=trip.request.without("Topic")))
            return
        self._back.append((trip.letter, outcome))
