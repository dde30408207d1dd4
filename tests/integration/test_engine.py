"""The engine on each store that comes with the project: what is put in by the web comes out at the worker."""

from __future__ import annotations

import threading

import pytest

from pwa.worker.engine import QuietConsumer, open_queue, register
from pwa.worker.waking import waker


@pytest.mark.filterwarnings("ignore:.*psycopg.Connection:ResourceWarning")  # Huey leaves closing to the collector
def test_a_wake_up_reaches_the_worker_at_once(database: str) -> None:
    woken = threading.Event()
    queue = open_queue(database, "secret")
    register(queue, woken.set)
    consumer = QuietConsumer(queue)
    consumer.start()
    try:
        waker(database, "secret")()
        assert woken.wait(5)
    finally:
        consumer.stop(graceful=True)
