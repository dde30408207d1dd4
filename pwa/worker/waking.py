"""Waking: how the web tells a worker that something is due now. Kept light, for the web loads it and may never need it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


def waker(url: str, secret: str) -> Callable[[], None]:
    """What puts a wake-up into the queue at `url`. Never raises: without it the worker looks for itself soon enough."""
    opened: list[Callable[[], object]] = []
    lock = threading.Lock()

    def wake() -> None:
        try:
            with lock:
                if not opened:
                    from pwa.worker.engine import open_queue, register

                    opened.append(register(open_queue(url, secret), lambda: None))
            opened[0]()
        except Exception as fault:  # noqa: BLE001 the engine is only a shortcut
            log.warning("the worker could not be woken: %s", type(fault).__name__)

    return wake
