"""The gate before a push service: shut for the one that asks for it, open for the others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pwa.push.message import Message
from pwa.push.outcome import Outcome
from pwa.push.subscription import Subscription
from pwa.services.arriving import UNSENT
from pwa.worker.gate import SILENCES, Gate

NOW = datetime(2026, 3, 6, 18, tzinfo=UTC)
MESSAGE = Message(b"{}", "topic", 60)
HERE, THERE = (Subscription(f"https://{host}/device", "p", "a") for host in ("fcm.example", "apple.example"))


class Wire:
    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.sent: list[str] = []

    def __call__(self, _message: Message, to: Subscription, _now: datetime) -> Outcome:
        self.sent.append(to.endpoint)
        return self.outcomes.pop(0) if self.outcomes else Outcome("accepted", 201)


@pytest.fixture
def wire() -> Wire:
    return Wire()


def test_a_service_that_asks_for_quiet_gets_it_and_others_go_on(wire: Wire) -> None:
    gate = Gate(wire)
    wire.outcomes = [Outcome("slow_down", 429, retry_after=120)]
    gate(MESSAGE, HERE, NOW)
    held = gate(MESSAGE, HERE, NOW + timedelta(seconds=60))
    assert (held.kind, held.reason, held.retry_after) == ("retry", UNSENT, 61)
    assert gate(MESSAGE, THERE, NOW).kind == "accepted"
    assert gate(MESSAGE, HERE, NOW + timedelta(seconds=120)).kind == "accepted"
    assert wire.sent == [HERE.endpoint, THERE.endpoint, HERE.endpoint]


def test_a_service_that_refuses_our_key_is_left_alone_for_a_while_and_said_so(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate(wire)
    wire.outcomes = [Outcome("misconfigured", 403, reason="BadJwtToken")]
    gate(MESSAGE, HERE, NOW)
    assert gate(MESSAGE, HERE, NOW + timedelta(minutes=4)).reason == UNSENT
    assert gate(MESSAGE, HERE, NOW + timedelta(minutes=5)).kind == "accepted"
    assert "https://fcm.example refuses our key or contact: 403 BadJwtToken" in caplog.text
    assert "device" not in caplog.text, "an endpoint is a secret"


def test_one_device_with_an_old_key_does_not_shut_the_gate(wire: Wire) -> None:
    gate = Gate(wire)
    wire.outcomes = [Outcome("misconfigured", 403, reason="VapidPkHashMismatch")]
    gate(MESSAGE, HERE, NOW)
    assert gate(MESSAGE, HERE, NOW).kind == "accepted"


def test_a_service_that_does_not_answer_is_given_half_a_minute(wire: Wire) -> None:
    gate = Gate(wire)
    wire.outcomes = [Outcome("retry", reason="TimeoutError")] * SILENCES
    for _ in range(SILENCES):
        gate(MESSAGE, HERE, NOW)
    assert gate(MESSAGE, HERE, NOW + timedelta(seconds=29)).reason == UNSENT
    assert gate(MESSAGE, HERE, NOW + timedelta(seconds=30)).kind == "accepted"


def test_an_answer_in_between_counts_as_a_sign_of_life(wire: Wire) -> None:
    gate = Gate(wire)
    silence = Outcome("retry", reason="TimeoutError")
    wire.outcomes = [silence, silence, Outcome("retry", 503), silence, silence]
    for _ in range(5):
        gate(MESSAGE, HERE, NOW)
    assert gate(MESSAGE, HERE, NOW).kind == "accepted"
