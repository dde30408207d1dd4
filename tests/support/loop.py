"""An event loop in a thread of its own, for the servers that a test talks to over real sockets."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")


class LoopThread:
    """A context manager; subclasses open their servers in `opened` and close them in `closed`."""

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        try:
            self.run(self.opened())
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.run(self.closed())
        finally:
            self._end()

    async def opened(self) -> None:
        raise NotImplementedError

    async def closed(self) -> None:
        raise NotImplementedError

    def run(self, work: Coroutine[Any, Any, T], seconds: float = 15) -> T:
        """Runs it in the loop and waits for what it gives."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


def wait_until(true: Callable[[], T], seconds: float = 15, what: str = "what was waited for", every: float = 0.1) -> T:
    """Asks every so many seconds until the answer is truthy, and gives that answer."""
    ends = time.monotonic() + seconds
    while not (answer := true()):
        assert time.monotonic() < ends, f"{what} did not happen within {seconds:g} s"
        time.sleep(every)
    return answer
