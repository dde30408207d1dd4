"""Fixtures for what happens between us and the push services: `office` dispatches in this process, over real sockets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from pwa.settings import Settings
from tests.support.nudged import Office
from tests.support.people import Clock
from tests.support.push_service import PushService


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    with PushService() as running:
        yield running


@pytest.fixture
def office(in_app: Flask, settings: Settings, clock: Clock, service: PushService) -> Iterator[Office]:
    service.behave()
    yield Office(settings, clock, service)
    service.behave()
