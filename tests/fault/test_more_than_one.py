"""Two webs and two workers on one PostgreSQL and one Redis: whichever is asked, and whichever is taken away."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import psycopg
import pytest

from pwa.push import vapid
from tests.support.databases import PostgresqlDatabases
from tests.support.device import Device
from tests.support.loop import wait_until
from tests.support.push_service import PushService
from tests.support.redis import RedisServer
from tests.support.server import Server, free_port


class Browser:
    """A script of our own page, with the cookie it was given, at whichever web the proxy picks."""

    def __init__(self) -> None:
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open

    def post(self, web: Server, path: str, body: object) -> int:
        headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
        request = urllib.request.Request(f"{web.address}{path}", json.dumps(body).encode(), headers)
        with self._open(request, timeout=10) as answer:
            return int(answer.status)


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


@pytest.fixture
def machines(
    tmp_path: Path, postgresql_databases: PostgresqlDatabases, redis: RedisServer, service: PushService
) -> Iterator[dict[str, list[Server]]]:
    """Each with an instance folder of its own; keys and addresses are the same for all."""
    environment = {
        "REKINDLE_DATABASE_URL": postgresql_databases.fresh(),
        "REKINDLE_QUEUE_URL": redis.fresh(),
        "REKINDLE_BASE_URL": f"http://127.0.0.1:{free_port()}",
        "REKINDLE_SECRET_KEY": "not-a-secret",
        "REKINDLE_DATA_KEY": "A" * 43,
        "REKINDLE_VAPID_PRIVATE_KEY": vapid.generate(),
        "REKINDLE_VAPID_SUBJECT": "mailto:tests@rekindle.example",
        "REKINDLE_PUSH_HOSTS": service.origin,
    }
    running: dict[str, list[Server]] = {"web": [], "worker": []}
    try:
        for command, servers in running.items():
            for number in range(2):
                folder = tmp_path / f"{command}-{number}"
                folder.mkdir()
                servers.append(Server(folder, environment, command))
                servers[-1].start()
        yield running
    finally:
        for server in (*running["web"], *running["worker"]):
            server.kill()
        postgresql_databases.drop(environment["REKINDLE_DATABASE_URL"])


def test_one_of_each_may_go_and_the_others_carry_on(machines: dict[str, list[Server]], service: PushService) -> None:
    (first, second), (worker, _) = machines["web"], machines["worker"]
    wait_until(lambda: second.health()[0] == 200, 60, "a worker's heartbeat, seen by the other web")
    browser, device = Browser(), service.device()
    assert browser.post(first, "/push/subscriptions", device.json()) == 201
    assert browser.post(second, "/push/test", {}) < 300, "who was made known to one web is known to the other"
    arrived(service, device, 1)
    wait_until(lambda: settled(first.environment["REKINDLE_DATABASE_URL"]) == 1, 60, "the first one's settlement")
    first.kill()
    worker.kill()
    for number in (2, 3):
        assert browser.post(second, "/push/test", {}) < 300
        arrived(service, device, number)
        wait_until(lambda: settled(second.environment["REKINDLE_DATABASE_URL"]) == number, 60, "its settlement")  # noqa: B023
    assert len(service.posts) == 3, "each once"


def settled(url: str) -> int:
    """A worker that dies before it has settled holds its nudge for two minutes; the kills have tests of their own."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM nudge WHERE state = 'sent'").fetchone()
    return int(row[0]) if row else 0


def arrived(service: PushService, device: Device, count: int) -> None:
    wait_until(lambda: len(service.mail(device)) >= count, 60, f"message {count}")
