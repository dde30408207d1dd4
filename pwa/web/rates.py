"""Rates: how often somebody may guess, or send us to others' servers. Counted for each web server by itself."""

from __future__ import annotations

from flask import Flask, abort, current_app, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

MISSES = RateLimitItemPerMinute(30, 10)  # in ten minutes: nobody mistypes a link that often
ERRANDS = RateLimitItemPerMinute(20, 10)  # nobody has that many calendars
_EXTENSION = "rekindle.misses"


def init_app(app: Flask) -> None:
    app.extensions[_EXTENSION] = MovingWindowRateLimiter(MemoryStorage())


def refuse_guessers() -> None:
    """Answers 429 to whoever has tried too many addresses that do not exist."""
    if not _limiter().test(MISSES, _asker()):
        abort(429)


def note_miss() -> None:
    _limiter().hit(MISSES, _asker())


def may_send_us() -> bool:
    """Whether we go to somebody's server once more for whoever asks; it is counted."""
    return _limiter().hit(ERRANDS, "errand", _asker())


def _limiter() -> MovingWindowRateLimiter:
    limiter: MovingWindowRateLimiter = current_app.extensions[_EXTENSION]
    return limiter


def _asker() -> str:
    """The address that the trusted proxies vouch for; what else a header says does not count."""
    return request.remote_addr or ""
