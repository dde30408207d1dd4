"""The engine: Huey, on the store that REKINDLE_QUEUE_URL names. Nothing is lost when its store is: the nudge table is the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

from pwa.worker.recurring import Recurring

Recur = Callable[[str, Callable[[datetime], None]], None]

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


def register(
    queue: Huey, wake: Callable[[], None], table: Iterable[Recurring] = (), recur: Recur = lambda *_: None
) -> Callable[[], object]:
    """Names the tasks on `queue`: the wake-up, and what recurs. Returns what puts a wake-up into it."""

    def run_entry(entry: Recurring) -> Callable[[], None]:
        def run() -> None:
            recur(entry.name, entry.run)

        return run

    def run_wake() -> None:
        wake()

    for entry in table:
        queue.periodic_task(entry.when, name=entry.name)(run_entry(entry))
    return cast("Callable[[], object]", queue.task(name=WAKE)(run_wake))


class QuietConsumer(Consumer):  # type: ignore[misc]  # Huey has no types
    """Huey's threads, without its own signal handlers: the worker decides when to end."""

    def __init__(self, queue: Huey) -> None:
        super().__init__(queue, workers=1, initial_delay=FASTEST_LOOK, max_delay=SLOWEST_LOOK, shutdown_timeout=2)

    def _set_signal_handlers(self) -> None:
        pass
