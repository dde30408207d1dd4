"""Rates: how often somebody may guess, or send us to others' servers. Counted for each web server by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Semaphore

from flask import Flask, abort, current_app, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

MISSES = RateLimitItemPerMinute(30, 10)  # in ten minutes: nobody mistypes a link that often
ERRANDS = RateLimitItemPerMinute(20, 10)  # nobody has that many calendars
AT_ONCE = 2
_EXTENSION, _GATE = "rekindle.misses", "rekindle.errands"


def init_app(app: Flask) -> None:
    app.extensions[_EXTENSION] = MovingWindowRateLimiter(MemoryStorage())
    app.extensions[_GATE] = Semaphore(AT_ONCE)


def refuse_guessers() -> None:
    """Answers 429 to whoever has tried too many addresses that do not exist."""
    if not _limiter().test(MISSES, _asker()):
        abort(429)


def note_miss() -> None:
    _limiter().hit(MISSES, _asker())


@contextmanager
def errand() -> Iterator[bool]:
    """Whether we go to somebody's server for whoever asks: not all day, and never with every thread that serves pages."""
    gate: Semaphore = current_app.extensions[_GATE]
    is_free = gate.acquire(blocking=False)
    try:
        yield is_free and _limiter().hit(ERRANDS, "errand", _asker())
    finally:
        if is_free:
            gate.release()


def _limiter() -> MovingWindowRateLimiter:
    limiter: MovingWindowRateLimiter = current_app.extensions[_EXTENSION]
    return limiter


def _asker() -> str:
    """The address that the trusted proxies vouch for; what else a header says does not count."""
    return request.remote_addr or ""
