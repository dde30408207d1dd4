"""The engine: Huey, on the store that REKINDLE_QUEUE_URL names. Nothing is lost when its store is: the nudge table is the truth."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

log = logging.getLogger(__name__)

NAME = "rekindle"
WAKE = "wake"
FASTEST_LOOK, SLOWEST_LOOK = 0.1, 0.5  # seconds between looks into a queue that cannot call


def open_queue(url: str, secret: str) -> Huey:
    """The queue at `url`: sqlite:///…, redis://… or postgresql://…. Raises ValueError for anything else.

    What lies in it is signed: who can write to the store still cannot make the worker run anything.
    """
    scheme = urlsplit(url).scheme.partition("+")[0]
    serializer = SignedSerializer(secret=secret, salt="rekindle queue")
    if scheme == "sqlite":
        file = Path(url.removeprefix("sqlite:///"))
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return SqliteHuey(NAME, results=False, serializer=serializer, filename=str(file), fsync=False)
    if scheme in ("redis", "rediss", "unix"):
        return RedisHuey(NAME, results=False, serializer=serializer, url=url)
    if scheme in ("postgresql", "postgres"):
        dsn = "postgresql" + url[url.index("://") :]
        return PostgresHuey(NAME, results=False, serializer=serializer, dsn=dsn, table_prefix="huey")
    raise ValueError(f"REKINDLE_QUEUE_URL is {url!r}; give sqlite:///…, redis://… or postgresql://…")


def register_wake(queue: Huey, wake: Callable[[], None]) -> Callable[[], object]:
    """Names the wake-up task on `queue`. Returns what puts one into it."""

    def run() -> None:
        wake()

    return queue.task(name=WAKE)(run)  # type: ignore[no-any-return]  # Huey has no types


def waker(url: str, secret: str) -> Callable[[], None]:
    """For the web: wakes a worker now. Never raises; without the engine the worker looks for itself soon enough."""
    opened: list[Callable[[], object]] = []
    lock = threading.Lock()

    def wake() -> None:
        try:
            with lock:
                if not opened:
                    opened.append(register_wake(open_queue(url, secret), lambda: None))
            opened[0]()
        except Exception as error:  # noqa: BLE001 - the engine is only a shortcut
            log.warning("the worker could not be woken: %s", type(error).__name__)

    return wake


class QuietConsumer(Consumer):  # type: ignore[misc]  # Huey has no types
    """Huey's threads, without its own signal handlers: the worker decides when to end."""

    def __init__(self, queue: Huey) -> None:
        super().__init__(queue, workers=1, initial_delay=FASTEST_LOOK, max_delay=SLOWEST_LOOK, shutdown_timeout=2)

    def _set_signal_handlers(self) -> None:
        pass
