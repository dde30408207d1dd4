"""Everything that a push service may do, to a hundred devices each, through the real dispatcher and a real database.

Only 404 and 410 forget a device; each nudge ends, or waits, as the answer asks for; memory stays flat.
"""

from __future__ import annotations

import resource
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from pwa.push import vapid
from pwa.push.client import Client
from pwa.push.gate import Gate
from pwa.services.dispatching import Dispatcher, Terms
from pwa.services.parcelling import Parcel, Post, Tokens
from pwa.settings import Settings
from pwa.storage.database import db
from pwa.storage.deliveries import Delivery
from pwa.storage.nudges import Nudge
from pwa.storage.subscriptions import Subscription
from tests.support.behaviours import Services, behaviours, services
from tests.support.crowd import settle_in
from tests.support.device import Device

EACH = 100
MOST_GROWN = 10  # MiB
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

pytestmark = pytest.mark.timeout(300)


@dataclass
class Town:
    """A hundred devices at each service, all with a nudge due now, and one worker for them."""

    settings: Settings
    now: datetime
    accounts: dict[str, list[UUID]] = field(default_factory=dict)
    hosts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = vapid.load(self.settings.vapid_private_key, self.settings.vapid_subject)

    def settle(self, name: str, origin: str) -> None:
        devices = [Device(f"{origin}/push/{name}/{number}".replace(" ", "")) for number in range(EACH)]
        self.accounts[name] = settle_in(devices, self.key.kid, self.now)

    def open_office(self) -> None:
        self.client: Client[Parcel] = Client(self.key, self.hosts)
        post = Post(Gate(self.client), self.settings.base_url, Tokens(self.settings.secret_key))
        self.dispatcher = Dispatcher(post, Terms("worker-1", Random(1)))

    def work_off(self, now: datetime) -> None:
        while self.dispatcher.take(now) or self.dispatcher.is_busy:
            self.dispatcher.bring_home(now, 0.1)

    def nudges(self, name: str) -> list[Nudge]:
        """Those that were due at the start."""
        query = select(Nudge).where(Nudge.account_id.in_(self.accounts[name]), Nudge.useful_until <= self.now + DAY)
        db.session.expire_all()
        return list(db.session.scalars(query))

    def states(self, name: str) -> Counter[str]:
        return Counter(nudge.state for nudge in self.nudges(name))

    def known(self, name: str) -> list[Subscription]:
        query = select(Subscription).where(Subscription.account_id.in_(self.accounts[name]))
        return list(db.session.scalars(query))


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[Services]:
    with services(tmp_path) as beside:
        yield beside


@pytest.fixture
def town(in_app: Flask, settings: Settings, beside: Services) -> Iterator[Town]:
    town = Town(settings, datetime.now(UTC))
    town.hosts += beside.origins.values()
    town.open_office()
    town.settle("before", beside.origins["201"])
    town.work_off(town.now)  # so that what is loaded once is loaded
    for name, origin in beside.origins.items():
        town.settle(name, origin)
    yield town
    town.client.close()


def test_only_404_and_410_forget_a_device_and_every_nudge_ends_or_waits(town: Town, beside: Services) -> None:
    expected, sizes = behaviours(), [resident()]
    town.work_off(town.now)
    sizes.append(resident())
    for name, behaviour in expected.items():
        assert town.states(name) == {behaviour.state: EACH}, name
        assert len(town.known(name)) == (EACH if behaviour.keeps else 0), name
        waits = [nudge.due_at - town.now for nudge in town.nudges(name)]
        assert behaviour.waits[0] <= min(waits) and max(waits) <= behaviour.waits[1], name
    town.work_off(town.now + HOUR)
    sizes.append(resident())
    grown = [(after - before) / (1 << 20) for before, after in pairwise(sizes)]
    print(
        f"{len(expected)} behaviours, {EACH} devices each: memory grew by {grown[0]:.1f} MiB, then by {grown[1]:.1f} MiB"
    )
    assert grown[1] <= MOST_GROWN, "what is in use at once is used again"
    beside.recover()
    for hours in (7, 8, 9):  # a slow machine may need another try
        town.work_off(town.now + hours * HOUR)
    for name, behaviour in expected.items():
        assert town.states(name) == {behaviour.later: EACH}, name
    town.work_off(town.now + 13 * HOUR)
    assert town.states("no TLS we trust") == {"expired": EACH}
    assert db.session.scalar(select(func.count()).where(Delivery.settled_at.is_(None))) == 0
    assert beside.caught() == 0, "a redirect was followed"


def resident() -> int:
    """Bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
