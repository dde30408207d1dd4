"""Workers that die at any moment, in pairs, over and over: no nudge is lost, and none comes up twice.

`REKINDLE_KILLS` says how often (default 500; `make chaos` takes 5,000), `REKINDLE_SEED` repeats a run.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from pwa.app import create_app
from pwa.push import vapid
from pwa.settings import load
from pwa.worker.waking import waker
from tests.support.crowd import Crowd, Phones
from tests.support.loop import wait_until
from tests.support.server import free_port

KILLS = int(os.environ.get("REKINDLE_KILLS", "500"))
SEED = int(os.environ.get("REKINDLE_SEED", "0")) or random.randrange(1, 10**9)
WORKERS = 3
LEASE = 10.0  # seconds: much longer than a receipt takes, as in real life
UNACKNOWLEDGED = 12  # at most, before the next are made due
FOR_EACH_KILL = 4  # nudges due, so that there is always something on its way

pytestmark = pytest.mark.timeout(180 + 3 * KILLS)


@pytest.fixture
def phones() -> Iterator[Phones]:
    with Phones() as phones:
        yield phones


@pytest.fixture
def crowd(tmp_path: Path, phones: Phones, database: str, queue_url: str) -> Iterator[Crowd]:
    environment = {
        "REKINDLE_INSTANCE": str(tmp_path),
        "REKINDLE_DATABASE_URL": database,
        "REKINDLE_QUEUE_URL": queue_url,
        "REKINDLE_SECRET_KEY": "not-a-secret",
        "REKINDLE_DATA_KEY": "A" * 43,
        "REKINDLE_VAPID_PRIVATE_KEY": vapid.generate(),
        "REKINDLE_VAPID_SUBJECT": "mailto:tests@rekindle.example",
        "REKINDLE_PUSH_HOSTS": phones.origin,
    }
    settings = load(environment)
    app = create_app(settings)
    phones.acknowledge = lambda token: _acknowledge(app, token)
    crowd = Crowd(app, phones, environment)
    yield crowd
    crowd.leave()


def _acknowledge(app: Flask, token: str) -> None:
    """As the service worker does: once more where the server was too busy."""
    for _ in range(10):
        answer = app.test_client().post("/push/receipts", json={"token": token})
        if answer.status_code < 500:
            break
    assert answer.status_code == 204, answer.text


def balance(crowd: Crowd, count: int) -> None:
    """Every nudge ended in one way, every delivery was acknowledged, and every phone showed its nudge once."""
    wait_until(lambda: len(crowd.phones.acknowledged) >= count, 60, "the last acknowledgement")
    assert crowd.states() == {"sent": count}
    assert crowd.deliveries() == {"shown": count}
    assert len(crowd.phones.shown) == count, "lost"
    assert crowd.phones.again == [], "twice on a screen"


def wait_for_another_post(crowd: Crowd) -> None:
    """A kill should hit something, however slow this machine is. Longer than a lease nobody has to wait."""
    before, ends = crowd.phones.posted, time.monotonic() + 2 * LEASE
    while crowd.phones.posted == before and time.monotonic() < ends:
        time.sleep(0.002)


def test_nothing_is_lost_and_nothing_comes_up_twice(crowd: Crowd, record_property: pytest.RecordProperty) -> None:
    record_property("seed", SEED)
    began, chance = time.monotonic(), random.Random(SEED)
    crowd.phones.delay = 0.06
    workers = [crowd.worker(lease=LEASE, batch=2, look_every=0.05) for _ in range(WORKERS)]
    for worker in workers:
        worker.begin()
    for _ in range(KILLS):
        wait_until(lambda: any(worker.is_ready for worker in workers), 30, "the start of a worker")
        wait_until(lambda: crowd.phones.unacknowledged <= UNACKNOWLEDGED, 60, "receipts", every=0.005)
        crowd.make_due(FOR_EACH_KILL)
        wait_for_another_post(crowd)
        time.sleep(chance.uniform(0, 0.1))
        victim = chance.choice([worker for worker in workers if worker.is_ready])
        victim.kill()
        victim.begin()
    count = KILLS * FOR_EACH_KILL
    crowd.wait_until_all_ended()
    balance(crowd, count)
    interrupted = sum(count for attempt, count in crowd.attempts().items() if attempt > 1)
    print(
        f"seed {SEED}: {KILLS} kills in {time.monotonic() - began:.0f} s, {count} nudges, {interrupted} of them "
        f"interrupted, {crowd.phones.posted} posts, slowest receipt {crowd.phones.slowest:.2f} s"
    )
    for worker in workers:
        worker.stop()
    assert interrupted >= KILLS / 2, "too few kills hit anything: the run proved little"


def test_four_workers_never_send_the_same_nudge(crowd: Crowd) -> None:
    crowd.make_due(100)
    workers = [crowd.worker(lease=600) for _ in range(4)]
    for worker in workers:
        worker.start()
    crowd.wait_until_all_ended()
    for worker in workers:
        worker.stop()
    balance(crowd, 100)
    assert set(crowd.phones.shown.values()) == {1}
    assert crowd.attempts() == {1: 100}


def test_a_worker_asked_to_end_finishes_what_is_on_its_way_and_gives_the_rest_back(crowd: Crowd) -> None:
    crowd.make_due(60)
    crowd.phones.delay = 2.0
    worker = crowd.worker(lease=600)
    worker.start()
    wait_until(lambda: crowd.phones.posted, 30, "the first post")
    assert worker.stop() < 10
    assert worker.process is not None
    assert worker.process.exitcode == 0
    states = crowd.states()
    assert states["leased"] == 0, "another worker would have to wait for the lease to end"
    assert states["sent"] == len(crowd.phones.shown) > 0
    assert states["scheduled"] == 60 - states["sent"]
    crowd.phones.delay = 0
    again = crowd.worker()
    again.start()
    crowd.wait_until_all_ended()
    again.stop()
    balance(crowd, 60)


def test_without_its_queue_a_worker_only_looks_a_little_later(crowd: Crowd, queue_url: str, tmp_path: Path) -> None:
    if queue_url.startswith("redis"):
        crowd.environment["REKINDLE_QUEUE_URL"] = f"redis://127.0.0.1:{free_port()}/0"  # where nobody listens
    worker = crowd.worker()
    worker.start()
    for file in tmp_path.glob("queue.db*"):
        file.unlink()
    crowd.make_due(3)
    crowd.wait_until_all_ended(10)
    worker.stop()
    balance(crowd, 3)


def test_a_wake_up_alone_sends_at_once(crowd: Crowd, queue_url: str) -> None:
    """The web puts it into the queue, in Redis or in a file; the worker would not look again for an hour."""
    worker = crowd.worker(look_every=3_600.0)
    worker.start()
    crowd.make_due(1)
    crowd.wait_until_all_ended(10, meanwhile=waker(queue_url, crowd.environment["REKINDLE_SECRET_KEY"]))
    worker.stop()
    balance(crowd, 1)
