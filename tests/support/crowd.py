"""Many accounts whose first nudge is due now, their phones at a push service that acknowledges for them, and workers to kill."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import Select, select

from pwa import settings as settings_module
from pwa.push import vapid
from pwa.storage import accounts, database, nudges, parents, rounds, sessions, subscriptions
from pwa.storage.deliveries import Delivery
from pwa.storage.nudges import Nudge
from pwa.storage.subscriptions import Subscription
from tests.support.device import Device
from tests.support.loop import wait_until
from tests.support.push_service import PushService, Target

ZONE = "Europe/Berlin"
ACKNOWLEDGED_AFTER = 0.02  # seconds, as a phone with signal takes

spawning = multiprocessing.get_context("forkserver")
spawning.set_forkserver_preload(["pwa.cli.working", "tests.support.crowd"])


@dataclass
class Phones(PushService):
    """A push service and every phone behind it. `shown` counts what comes up on each screen, by delivery."""

    folder = "crowd"
    acknowledge: Callable[[str], None] = lambda _token: None
    delay: float = 0.0
    shown: Counter[str] = field(default_factory=Counter)
    posted: int = 0
    again: list[str] = field(default_factory=list)
    """Deliveries that came up once more after the phone had acknowledged them."""
    acknowledged: set[str] = field(default_factory=set)
    slowest: float = 0.0
    """Seconds from the screen to the acknowledgement's 204."""

    def __post_init__(self) -> None:
        super().__init__()
        self._owners: dict[str, Device] = {}
        self._pool = ThreadPoolExecutor(1)

    def phone(self, number: int, key: str) -> Device:
        token = f"phone-{number}"
        device = Device(f"{self.origin}/{self.folder}/{token}")
        self.targets[token] = Target(token, key)
        self._owners[token] = device
        return device

    async def deliver(self, target: Target, body: bytes, _headers: Mapping[str, str]) -> None:
        self.posted += 1
        if self.delay:
            await asyncio.sleep(self.delay)
        token = str(json.loads(self._owners[target.token].decrypt(body))["notification"]["data"]["t"])
        self.shown[token] += 1
        if token in self.acknowledged:
            self.again.append(token)
        loop = asyncio.get_running_loop()
        loop.call_later(
            ACKNOWLEDGED_AFTER, loop.run_in_executor, self._pool, self._acknowledge, token, time.monotonic()
        )

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

    def make_due(self, count: int) -> None:
        """So many people, each with a phone and the first nudge due this minute."""
        settings = settings_module.load(self.environment)
        key = vapid.load(settings.vapid_private_key, settings.vapid_subject)
        now = datetime.now(UTC)
        with self.app.app_context(), database.transaction():
            for number in range(count):
                self._settle_in(self.phones.phone(number, key.public_key), key.kid, now)

    def _settle_in(self, device: Device, key_id: str, now: datetime) -> None:
        local = now.astimezone(ZoneInfo(ZONE))
        account = accounts.add(now, ZONE)
        account.nudge_hour, account.quiet_from_hour, account.quiet_until_hour = local.hour, 0, 0
        session, _ = sessions.add(account.id, now)
        parent = parents.add(account.id, now - timedelta(days=2), "Mom", "she")
        rounds.add(parent.id, 1, now)
        row: dict[str, Any] = {"account_id": account.id, "session_id": session.id, "endpoint": device.endpoint}
        row |= {"endpoint_hash": subscriptions.hash_of(device.endpoint), "p256dh": device.p256dh, "auth": device.auth}
        subscriptions.add(Subscription(**row, vapid_key_id=key_id, created_at=now, seen_at=now))
        due: dict[str, Any] = {"local_on": local.date(), "due_at": now, "useful_until": now + timedelta(hours=12)}
        nudges.add(Nudge(account_id=account.id, parent_id=parent.id, kind="begin", **due))

    def states(self) -> Counter[str]:
        """How many of today's nudges stand how."""
        today = datetime.now(ZoneInfo(ZONE)).date()
        return self._counted(select(Nudge.state).where(Nudge.local_on == today))

    def attempts(self) -> Counter[int]:
        return self._counted(select(Nudge.attempt).where(Nudge.state == nudges.SENT))

    def deliveries(self) -> Counter[str]:
        return self._counted(select(Delivery.state))

    def wait_until_all_ended(self, seconds: float = 100) -> None:
        def ended() -> bool:
            return set(self.states()) <= {"sent", "expired", "cancelled", "no_device"}

        wait_until(ended, seconds, "the end of every nudge")

    def _counted(self, query: Select[tuple[Any]]) -> Counter[Any]:
        with self.app.app_context():
            return Counter(database.db.session.scalars(query))


@dataclass
class WorkerProcess:
    """`rekindle worker` as a process of its own, with a short lease; forked from one that has everything imported."""

    environment: dict[str, str]
    lease: float = 3.0
    batch: int = 64
    process: ForkServerProcess | None = None

    def start(self) -> None:
        ready = spawning.Event()
        self.process = spawning.Process(
            target=_work, args=(self.environment, self.lease, self.batch, ready), daemon=True
        )
        self.process.start()
        assert ready.wait(30), "the worker did not start"

    def kill(self) -> None:
        """As the kernel or a power cut does: nothing gets a chance to finish."""
        assert self.process is not None
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


def _work(environment: dict[str, str], lease: float, batch: int, ready: Any) -> None:
    from pwa.cli.working import worker_for

    worker = worker_for(settings_module.load(environment))
    worker.lease, worker.batch = timedelta(seconds=lease), batch
    ready.set()
    worker.run()
