"""Many accounts whose first nudge is due now, their phones at a push service that acknowledges for them, and workers to kill."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import Select, select

from pwa import settings as settings_module
from pwa.push import vapid
from pwa.storage import database, nudges, subscriptions
from pwa.storage.accounts import Account
from pwa.storage.deliveries import Delivery
from pwa.storage.nudges import Nudge
from pwa.storage.parents import Parent
from pwa.storage.rounds import Round
from pwa.storage.sessions import Session
from pwa.storage.subscriptions import Subscription
from tests.support.device import Device
from tests.support.loop import wait_until
from tests.support.push_service import PushService, Target

ZONE = "Europe/Berlin"
FAR_OFF = datetime(2100, 1, 1, tzinfo=UTC)
ACKNOWLEDGED_AFTER = 0.02  # seconds, as a phone with signal takes

spawning = multiprocessing.get_context("forkserver")
spawning.set_forkserver_preload(["tests.support.worker_ready"])


@dataclass
class Phones(PushService):
    """A push service and every phone behind it. `shown` counts what comes up on each screen, by delivery."""

    folder = "crowd"
    acknowledge: Callable[[str], None] = lambda _token: None
    delay: float = 0.0
    """Seconds until the sender has its answer; the screen lights up half-way."""
    shown: Counter[str] = field(default_factory=Counter)
    posted: int = 0
    again: list[str] = field(default_factory=list)
    """Deliveries that came up once more after the phone had acknowledged them."""
    acknowledged: set[str] = field(default_factory=set)
    arrived: dict[str, float] = field(default_factory=dict)
    """When the first message for an endpoint came, by the clock on the wall."""
    held: int = 0
    """Posts that will never be answered."""
    slowest: float = 0.0
    """Seconds from the screen to the acknowledgement's 204."""

    def __post_init__(self) -> None:
        super().__init__()
        self._owners: dict[str, Device] = {}
        self._silent: set[str] = set()
        self._pool = ThreadPoolExecutor(1)

    @property
    def unacknowledged(self) -> int:
        """How many screens are lit of which the server has not heard yet."""
        return len(self.shown) - len(self.acknowledged)

    def phone(self, key: str, hangs: bool = False) -> Device:
        token = f"phone-{len(self._owners)}"
        device = Device(f"{self.origin}/{self.folder}/{token}")
        self.targets[token] = Target(token, key)
        self._owners[token] = device
        if hangs:
            self._silent.add(token)
        return device

    async def deliver(self, target: Target, body: bytes, _headers: Mapping[str, str]) -> None:
        self.posted += 1
        if target.token in self._silent:
            self.held += 1
            await asyncio.sleep(600)
        self.arrived.setdefault(self._owners[target.token].endpoint, time.time())
        await asyncio.sleep(self.delay / 2)
        token = str(json.loads(self._owners[target.token].decrypt(body))["notification"]["data"]["t"])
        self.shown[token] += 1
        if token in self.acknowledged:
            self.again.append(token)
        loop = asyncio.get_running_loop()
        loop.call_later(
            ACKNOWLEDGED_AFTER, loop.run_in_executor, self._pool, self._acknowledge, token, time.monotonic()
        )
        await asyncio.sleep(self.delay / 2)

    def _acknowledge(self, token: str, shown_at: float) -> None:
        self.acknowledge(token)
        self.slowest = max(self.slowest, time.monotonic() - shown_at)
        self.acknowledged.add(token)


@dataclass
class Crowd:
    """Accounts in a database of their own. `environment` is what a worker process is given."""

    app: Flask
    phones: Phones
    environment: dict[str, str]
    day: date | None = None
    """The local date of the first nudges."""
    _workers: list[WorkerProcess] = field(default_factory=list)

    def __post_init__(self) -> None:
        settings = settings_module.load(self.environment)
        self.key = vapid.load(settings.vapid_private_key, settings.vapid_subject)

    def make_due(self, count: int) -> None:
        """So many more people, each with a phone and the first nudge due this minute."""
        self.settle_in([self.phones.phone(self.key.public_key) for _ in range(count)])

    def settle_in(self, devices: Sequence[Device], due_at: datetime | None = None) -> None:
        due_at = due_at or datetime.now(UTC)
        self.day = self.day or due_at.astimezone(ZoneInfo(ZONE)).date()
        with self.app.app_context():
            settle_in(devices, self.key.kid, due_at)

    def states(self) -> Counter[str]:
        """How many of the nudges that were made due stand how."""
        return self._counted(select(Nudge.state).where(Nudge.local_on == self.day))

    def attempts(self) -> Counter[int]:
        return self._counted(select(Nudge.attempt).where(Nudge.state == nudges.SENT))

    def deliveries(self) -> Counter[str]:
        return self._counted(select(Delivery.state))

    def wait_until_all_ended(self, seconds: float = 100, meanwhile: Callable[[], None] = lambda: None) -> None:
        def ended() -> bool:
            meanwhile()
            return set(self.states()) <= {"sent", "expired", "cancelled", "no_device"}

        wait_until(ended, seconds, "the end of every nudge")

    def worker(self, **terms: Any) -> WorkerProcess:
        """One that works for this crowd, and does not outlive it."""
        worker = WorkerProcess(self.environment, **terms)
        self._workers.append(worker)
        return worker

    def leave(self) -> None:
        for worker in self._workers:
            worker.kill()
        with self.app.app_context():
            database.db.session.remove()
            database.db.engine.dispose()

    def _counted(self, query: Select[tuple[Any]]) -> Counter[Any]:
        with self.app.app_context():
            return Counter(database.db.session.scalars(query))


def settle_in(devices: Sequence[Device], key_id: str, due_at: datetime) -> list[UUID]:
    """A person for each device, whose first nudge is due at that instant. Returns their accounts."""
    ids = [database.new_id() for _ in devices]
    with database.transaction():
        everybody = (_rows(*one, key_id, due_at) for one in zip(ids, devices, strict=True))
        for alike in zip(*everybody, strict=True):
            database.db.session.add_all(alike)
            database.flush()
    return ids


def _rows(account_id: UUID, device: Device, key_id: str, due_at: datetime) -> list[database.Model]:
    """In an order in which each finds what it refers to."""
    now = datetime.now(UTC)
    local = due_at.astimezone(ZoneInfo(ZONE))
    session_id, parent_id = database.new_id(), database.new_id()
    hours = {"nudge_hour": local.hour, "quiet_from_hour": 0, "quiet_until_hour": 0}
    seen: dict[str, Any] = {"created_at": now, "seen_at": now}
    row: dict[str, Any] = {"account_id": account_id, "session_id": session_id, "endpoint": device.endpoint}
    row |= {"endpoint_hash": subscriptions.hash_of(device.endpoint), "p256dh": device.p256dh, "auth": device.auth}
    due: dict[str, Any] = {"local_on": local.date(), "due_at": due_at, "useful_until": due_at + timedelta(hours=12)}
    return [
        Account(id=account_id, created_at=now, zone=ZONE, **hours),
        Session(id=session_id, account_id=account_id, token_hash=session_id.bytes, expires_at=FAR_OFF, **seen),
        Parent(id=parent_id, account_id=account_id, created_at=now - timedelta(days=2), name="Mom", pronouns="she"),
        Round(parent_id=parent_id, number=1, began_at=now),
        Subscription(**row, vapid_key_id=key_id, **seen),
        Nudge(account_id=account_id, parent_id=parent_id, kind="begin", **due),
    ]


@dataclass
class WorkerProcess:
    """`rekindle worker` as a process of its own, with a short lease; forked from one that has everything imported."""

    environment: dict[str, str]
    lease: float = 3.0
    batch: int = 64
    look_every: float = 1.0
    process: ForkServerProcess | None = None

    def start(self) -> None:
        self.begin()
        assert self._ready.wait(30), "the worker did not start"

    def begin(self) -> None:
        """Starts it, and does not wait until it is there."""
        self._ready = spawning.Event()
        terms = (self.lease, self.batch, self.look_every)
        self.process = spawning.Process(target=_work, args=(self.environment, terms, self._ready), daemon=True)
        self.process.start()

    @property
    def is_ready(self) -> bool:
        return self._ready.is_set()

    def kill(self) -> None:
        """As the kernel or a power cut does: nothing gets a chance to finish."""
        if self.process is None:
            return
        self.process.kill()
        self.process.join(10)

    def stop(self, seconds: float = 15) -> float:
        """As systemd does. Returns how long it took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.terminate()
        self.process.join(seconds)
        assert self.process.exitcode is not None, "it did not end"
        return time.monotonic() - began


def _work(environment: dict[str, str], terms: tuple[float, int, float], ready: Any) -> None:
    from pwa.cli.working import worker_for

    worker = worker_for(settings_module.load(environment))
    worker.lease, worker.batch, worker.look_every = timedelta(seconds=terms[0]), *terms[1:]
    ready.set()
    worker.run()
