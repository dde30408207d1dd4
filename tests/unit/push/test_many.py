"""Many letters at once: each comes back exactly once, and who is slow or silent keeps nobody else waiting."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.push import stage
from pwa.push import client as client_module
from pwa.push.client import Client
from pwa.push.message import Message
from pwa.push.outcome import NOT_TRIED, Outcome
from pwa.push.subscription import Subscription
from pwa.push.vapid import Vapid
from tests.support.device import Device
from tests.support.push_service_firefox import FirefoxPushService
from tests.support.raw_service import RawService, answer, hangs, resets, says
from tests.support.sending import Letter

KEYS = Device("https://push.example/x")


@contextmanager
def sender(identity: Vapid, *origins: str, seconds: float = 10, trust: str | None = None) -> Iterator[Client[Letter]]:
    client: Client[Letter] = Client(
        identity, origins, seconds=seconds, trust=trust, lookup=lambda host, port: ["127.0.0.1"]
    )
    yield client
    client.close()


def letter(message: Message, endpoint: str) -> Letter:
    return Letter(message, Subscription(endpoint, KEYS.p256dh, KEYS.auth))


def now() -> datetime:
    return datetime.now(UTC)


def all_back(client: Client[Letter], count: int, patience: float = 20) -> list[tuple[Letter, Outcome]]:
    back: list[tuple[Letter, Outcome]] = []
    ends = time.monotonic() + patience
    while len(back) < count:
        assert time.monotonic() < ends, f"{len(back)} of {count} came back"
        back += client.poll(0.2, now())
    return back


def test_each_of_five_hundred_arrives_once_and_comes_back_once(message: Message, identity: Vapid) -> None:
    with FirefoxPushService() as service, sender(identity, service.origin) as client:
        devices = [service.device(identity.public_key) for _ in range(500)]
        for device in devices:
            client.put(Letter(message, Subscription(device.endpoint, device.p256dh, device.auth)), now())
        assert client.room == client_module.MOST - 500
        back = all_back(client, 500)
        assert client.poll(0.3, now()) == []
        assert client.room == client_module.MOST
        assert {outcome.kind for _, outcome in back} == {"accepted"}
        assert Counter(one.to.endpoint for one, _ in back) == {device.endpoint: 1 for device in devices}
        assert {len(service.mail(device)) for device in devices[::25]} == {1}


def test_http_2_is_spoken_where_the_service_can_and_few_connections_carry_all(
    message: Message, identity: Vapid, tmp_path: Path
) -> None:
    with (
        stage.set_up(tmp_path, 300, 0.02) as service,
        sender(identity, service.origin.removeprefix("https://"), trust=str(service.trust)) as client,
    ):
        for device in service.devices:
            client.put(Letter(message, Subscription(device.endpoint, device.p256dh, device.auth)), now())
        assert {outcome.kind for _, outcome in all_back(client, 300)} == {"accepted"}
        told = service.ask()
    assert told["accepted"] == 300
    assert set(told["versions"]) == {"2"}


def test_a_silent_service_keeps_no_other_waiting(message: Message, identity: Vapid) -> None:
    with (
        RawService(hangs) as silent,
        RawService(says(answer(201, b"", Connection="close"))) as healthy,
        sender(identity, silent.origin, healthy.origin, seconds=4) as client,
    ):
        for number in range(100):
            client.put(letter(message, f"{silent.origin}/push/{number}"), now())
            client.put(letter(message, f"{healthy.origin}/push/{number}"), now())
        back = all_back(client, 200)
    kinds = [outcome.kind for _, outcome in back]
    assert kinds[:100] == ["accepted"] * 100
    assert kinds[100:] == ["retry"] * 100


def test_a_service_that_answers_nobody_gets_no_more_for_now(
    message: Message, identity: Vapid, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "WINDOW", 10)
    monkeypatch.setattr(client_module, "STALLED", 10)
    monkeypatch.setattr(client_module, "LATE", 0.1)
    with RawService(hangs) as silent, sender(identity, silent.origin, seconds=3) as client:
        for number in range(100):
            client.put(letter(message, f"{silent.origin}/push/{number}"), now())
        back = all_back(client, 100)
    reasons = Counter(outcome.reason for _, outcome in back)
    assert reasons[NOT_TRIED] >= 70
    assert reasons[NOT_TRIED] + reasons["too slow"] == 100
    assert {outcome.retry_after for _, outcome in back if outcome.reason == NOT_TRIED} == {10}
    assert {outcome.left for _, outcome in back if outcome.reason == NOT_TRIED} == {False}


def test_no_service_is_blamed_while_it_is_we_who_are_busy(
    message: Message, identity: Vapid, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "WINDOW", 10)
    monkeypatch.setattr(client_module, "STALLED", 10)
    monkeypatch.setattr(client_module, "LATE", 0.1)
    with FirefoxPushService() as service, sender(identity, service.origin) as client:
        device = service.device(identity.public_key)
        back = []
        for _ in range(50):
            client.put(Letter(message, Subscription(device.endpoint, device.p256dh, device.auth)), now())
        while len(back) < 50:
            back += client.poll(0.01, now())
            time.sleep(0.3)  # the database, say
    assert {outcome.kind for _, outcome in back} == {"accepted"}


def test_what_is_not_on_its_way_can_be_taken_back(
    message: Message, identity: Vapid, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "WINDOW", 10)
    with FirefoxPushService() as service, sender(identity, service.origin) as client:
        device = service.device(identity.public_key)
        for _ in range(30):
            client.put(Letter(message, Subscription(device.endpoint, device.p256dh, device.auth)), now())
        landed = client.poll(0, now())
        taken_back = client.recall()
        landed += all_back(client, 30 - len(landed) - len(taken_back))
        assert client.recall() == []
        assert len(taken_back) > 0
        assert {outcome.reason for _, outcome in taken_back} == {NOT_TRIED}
        assert len(landed) == len(service.mail(device))


def test_whatever_services_do_every_letter_comes_back_exactly_once(message: Message, identity: Vapid) -> None:
    with (
        RawService(says(answer(201, b"", Connection="close"))) as good,
        RawService(says(answer(410, b"", Connection="close"))) as gone,
        RawService(resets) as broken,
        RawService(hangs) as silent,
    ):
        origins = [good.origin, gone.origin, broken.origin, silent.origin]
        with sender(identity, *origins, seconds=1) as client:
            letters = [letter(message, f"{origins[number % 4]}/push/{number}") for number in range(200)]
            letters += [letter(message, f"https://nobody.example/{number}") for number in range(20)]
            for one in letters:
                client.put(one, now())
            back = all_back(client, len(letters))
            assert client.poll(0.3, now()) == []
    assert Counter(id(one) for one, _ in back) == {id(one): 1 for one in letters}
    kinds = Counter((one.to.endpoint.split("/push")[0], outcome.kind) for one, outcome in back)
    assert kinds[good.origin, "accepted"] == kinds[gone.origin, "gone"] == 50
    assert kinds[broken.origin, "retry"] == kinds[silent.origin, "retry"] == 50
