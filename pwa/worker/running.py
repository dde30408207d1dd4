"""Running: the worker's one loop. It looks for what is due every second, or at once when it is woken."""

from __future__ import annotations

import logging
import platform
import secrets
import signal
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from huey import Huey

from pwa.services import tidying
from pwa.services.dispatching import BATCH, LEASE, SETTLE_WITHIN, Dispatcher, Terms
from pwa.services.parcelling import Post
from pwa.worker.engine import QuietConsumer, register
from pwa.worker.recurring import TABLE

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds
BEAT_EVERY = 10.0
LONGEST_PAUSE = 30.0  # after faults
STUCK_AFTER = 2 * LEASE.total_seconds()  # a loop silent for so long is no longer called alive


@dataclass
class Worker:
    """`context` surrounds each use of the database; `open_queue` may raise, and the loop then goes without the engine."""

    context: Callable[[], AbstractContextManager[object]]
    open_queue: Callable[[], Huey]
    post: Post
    clock: Callable[[], datetime]
    lease: timedelta = LEASE
    batch: int = BATCH
    look_every: float = LOOK_EVERY
    name: str = field(default_factory=lambda: f"{platform.node()[:40]}-{secrets.token_hex(6)}")
    _stop: threading.Event = field(default_factory=threading.Event)
    _wake: threading.Event = field(default_factory=threading.Event)
    _looked: float = field(default_factory=time.monotonic)

    def run(self) -> None:
        """Until SIGTERM or SIGINT; what is being sent then is finished, what is not begun is given back."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        heart = threading.Thread(target=self._beat, name="heart", daemon=True)
        heart.start()
        engine = self._start_engine()
        log.info("worker %s looks for what is due", self.name)
        try:
            self._loop()
        finally:
            self.stop()
            if engine is not None:
                engine.stop(graceful=True)
            heart.join(2)

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()

    def _loop(self) -> None:
        chance = Random()  # noqa: S311 it spreads retries
        dispatcher = Dispatcher(self.post, Terms(self.name, chance, self.lease, self.batch))
        faults = 0
        while not self._stop.is_set() or (dispatcher.is_busy and not faults):
            self._wake.clear()
            self._looked = time.monotonic()
            try:
                found = self._turn(dispatcher)
                faults = 0
            except Exception as fault:
                faults += 1
                log.error("could not look for what is due: %s", type(fault).__name__, exc_info=faults == 1)
                found = False
            if faults or not (found or dispatcher.is_busy):
                self._wake.wait(min(self.look_every * 2**faults, LONGEST_PAUSE))

    def _turn(self, dispatcher: Dispatcher) -> bool:
        """Takes in what is due, if there is room, and settles what has come back. False when nothing was due."""
        with self.context():
            if self._stop.is_set():
                dispatcher.recall()
            found = not self._stop.is_set() and dispatcher.has_room and dispatcher.take(self.clock())
            if dispatcher.is_busy:
                dispatcher.bring_home(self.clock(), SETTLE_WITHIN)
        if dispatcher.counts:
            said = ", ".join(f"{count} {what}" for what, count in sorted(dispatcher.counts.items()))
            log.info("nudges: %s", said)
            dispatcher.counts.clear()
        return found

    def _beat(self) -> None:
        while not self._stop.is_set():
            if time.monotonic() - self._looked < STUCK_AFTER:
                self._try("beat", lambda: tidying.beat(self.name, self.clock()))
            self._stop.wait(BEAT_EVERY)

    def _start_engine(self) -> QuietConsumer | None:
        try:
            queue = self.open_queue()
            register(queue, self._wake.set, TABLE, self._recur)
            engine = QuietConsumer(queue)
            engine.start()
        except Exception as fault:  # noqa: BLE001 the engine is a shortcut; the loop does without
            log.error("the engine did not start, wake-ups will be late: %s: %s", type(fault).__name__, fault)
            return None
        return engine

    def _recur(self, name: str, run: Callable[[datetime], None]) -> None:
        self._try(name, lambda: run(self.clock()))

    def _try(self, what: str, use: Callable[[], None]) -> None:
        try:
            with self.context():
                use()
        except Exception as fault:  # noqa: BLE001 it comes round again
            log.error("%s failed: %s", what, type(fault).__name__)
