"""A thousand devices and a wrong VAPID key: not one is forgotten, the service is left alone, and the log says so."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

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
from pwa.storage.nudges import Nudge
from pwa.storage.subscriptions import Subscription
from tests.support.crowd import settle_in
from tests.support.push_service import PushService

DEVICES = 1_000


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


@pytest.fixture
def dispatcher(settings: Settings, service: PushService) -> Iterator[Dispatcher]:
    """Its key is the server's own; the devices were made for another."""
    key = vapid.load(settings.vapid_private_key, settings.vapid_subject)
    client: Client[Parcel] = Client(key, [service.origin])
    post = Post(Gate(client), settings.base_url, Tokens(settings.secret_key))
    yield Dispatcher(post, Terms("worker-1", Random(1)))
    client.close()


@pytest.fixture
def now(in_app: Flask, service: PushService) -> datetime:
    other, now = vapid.load(vapid.generate(), "mailto:tests@rekindle.example"), datetime.now(UTC)
    settle_in([service.device(other.public_key) for _ in range(DEVICES)], other.kid, now)
    return now


def work_off(dispatcher: Dispatcher, now: datetime) -> None:
    while dispatcher.take(now) or dispatcher.is_busy:
        dispatcher.bring_home(now, 0.1)


@pytest.mark.parametrize("said", ["BadJwtToken", ""], ids=["refused", "another key"])
def test_a_wrong_key_forgets_no_device(
    now: datetime, dispatcher: Dispatcher, service: PushService, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    if said:
        service.misbehave(status=403, body=said, times=100_000)
    with caplog.at_level(logging.ERROR):
        work_off(dispatcher, now)
    first = len(service.posts)
    assert db.session.scalar(select(func.count()).select_from(Subscription)) == DEVICES
    assert {post.status for post in service.posts} == {403}
    assert first < DEVICES, "the circuit did not open"
    assert f"{service.origin} refuses our key or contact: 403" in caplog.text
    work_off(dispatcher, now + timedelta(minutes=2))
    assert len(service.posts) == first, "it was asked again though it refuses us"
    waiting = select(func.count()).where(Nudge.state == "scheduled", Nudge.useful_until < now + timedelta(days=1))
    assert db.session.scalar(waiting) == DEVICES
