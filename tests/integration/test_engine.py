"""The engine on each store that comes with the project: what is put in by the web comes out at the worker."""

from __future__ import annotations

import threading

import pytest

from pwa.worker.engine import QuietConsumer, open_queue, register
from pwa.worker.waking import waker
from tests.support.databases import Databases
from tests.support.redis import RedisServer


@pytest.fixture(params=["sqlite", "postgresql", "redis"])
def store(request: pytest.FixtureRequest) -> str:
    """The address of an empty one of each kind."""
    if request.param == "redis":
        server: RedisServer = request.getfixturevalue("redis")
        return server.fresh()
    fixture = {"sqlite": "sqlite_files", "postgresql": "postgresql_databases"}[request.param]
    databases: Databases = request.getfixturevalue(fixture)
    return databases.empty()


@pytest.mark.filterwarnings("ignore:.*psycopg.Connection:ResourceWarning")  # Huey leaves closing to the collector
def test_a_wake_up_reaches_the_worker_at_once(store: str) -> None:
    woken = threading.Event()
    queue = open_queue(store, "secret")
    register(queue, woken.set)
    consumer = QuietConsumer(queue)
    consumer.start()
    try:
        waker(store, "secret")()
        assert woken.wait(5)
    finally:
        consumer.stop(graceful=True)
