"""A fifth of the devices hang: at a service of their own, or among the healthy ones of the same service.

The delay of the healthy ones, from due to the service's own clock, is printed; what is asserted is that all arrive.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pwa.app import create_app
from pwa.push import vapid
from pwa.settings import load
from tests.support.crowd import Crowd, Phones
from tests.support.loop import wait_until

STEPS, SECONDS = 25, 5.0
WELL, HANG = 16, 4  # devices due at each step

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(params=["their own service", "the same service"])
def hanging(request: pytest.FixtureRequest) -> Iterator[tuple[Phones, Phones]]:
    """Where the healthy devices are, and where those that hang."""
    with ExitStack() as running:
        healthy = running.enter_context(Phones())
        alone = request.param == "their own service"
        yield healthy, running.enter_context(Phones()) if alone else healthy


@pytest.fixture
def crowd(tmp_path: Path, sqlite_files, hanging: tuple[Phones, Phones]) -> Iterator[Crowd]:
    healthy, silent = hanging
    environment = {
        "REKINDLE_INSTANCE": str(tmp_path),
        "REKINDLE_DATABASE_URL": sqlite_files.fresh(),
        "REKINDLE_SECRET_KEY": "not-a-secret",
        "REKINDLE_DATA_KEY": "A" * 43,
        "REKINDLE_VAPID_PRIVATE_KEY": vapid.generate(),
        "REKINDLE_VAPID_SUBJECT": "mailto:tests@rekindle.example",
        "REKINDLE_PUSH_HOSTS": f"{healthy.origin} {silent.origin}",
    }
    crowd = Crowd(create_app(load(environment)), healthy, environment)
    yield crowd
    crowd.leave()


def test_the_healthy_ones_are_not_kept_waiting(
    crowd: Crowd, hanging: tuple[Phones, Phones], request: pytest.FixtureRequest
) -> None:
    healthy, silent = hanging
    begins = datetime.now(UTC) + timedelta(seconds=4)
    due: dict[str, float] = {}
    for step in range(STEPS):
        due_at = begins + timedelta(seconds=SECONDS * step / STEPS)
        well = [healthy.phone(crowd.key.public_key) for _ in range(WELL)]
        crowd.settle_in(well + [silent.phone(crowd.key.public_key, hangs=True) for _ in range(HANG)], due_at)
        due |= dict.fromkeys((device.endpoint for device in well), due_at.timestamp())
    worker = crowd.worker(lease=120.0, batch=256)
    worker.start()
    wait_until(lambda: len(healthy.arrived) >= len(due), 120, "the last healthy delivery")
    delays = sorted(at - due[endpoint] for endpoint, at in healthy.arrived.items())
    half, most = delays[len(delays) // 2], delays[len(delays) * 99 // 100]
    print(f"{request.node.name}: {len(delays)} healthy, p50 {half:.2f} s, p99 {most:.2f} s, of {silent.held} that hang")
    assert healthy.arrived.keys() == due.keys()
    assert set(healthy.shown.values()) == {1}
    assert silent.held > 0, "nothing hung: the run proved nothing"
