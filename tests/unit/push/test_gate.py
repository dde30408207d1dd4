"""The gate before a push service: shut for the one that asks for it, open for the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from pwa.push.gate import SILENCES, STRANGERS, Gate
from pwa.push.message import Message
from pwa.push.outcome import NOT_TRIED, Outcome
from pwa.push.subscription import Subscription
from tests.support.sending import Letter

NOW = datetime(2026, 3, 6, 18, tzinfo=UTC)
MESSAGE = Message(b"{}", "topic", 60)
HERE, THERE = (
    Letter(MESSAGE, Subscription(f"https://{host}/device", "p", "a")) for host in ("fcm.example", "apple.example")
)
SILENCE = Outcome("retry", reason="too slow")


@dataclass
class Wire:
    outcomes: list[Outcome] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    room: int = 100
    back: list[tuple[Letter, Outcome]] = field(default_factory=list)
    recalled: list[tuple[str | None, int | None]] = field(default_factory=list)

    def put(self, letter: Letter, _now: datetime) -> None:
        self.sent.append(letter.to.endpoint)
        self.back.append((letter, self.outcomes.pop(0) if self.outcomes else Outcome("accepted", 201)))

    def recall(self, origin: str | None = None, wait: int | None = None) -> list[tuple[Letter, Outcome]]:
        self.recalled.append((origin, wait))
        return []

    def poll(self, _seconds: float, _now: datetime) -> list[tuple[Letter, Outcome]]:
        back, self.back = self.back, []
        return back


@pytest.fixture
def wire() -> Wire:
    return Wire()


def send(gate: Gate[Letter], letter: Letter, now: datetime) -> Outcome:
    gate.put(letter, now)
    ((_, outcome),) = gate.poll(1, now)
    return outcome


def test_a_service_that_asks_for_quiet_gets_it_and_others_go_on(wire: Wire) -> None:
    gate = Gate(wire)
    wire.outcomes = [Outcome("slow_down", 429, retry_after=120)]
    send(gate, HERE, NOW)
    assert wire.recalled == [("https://fcm.example", 121)], "what waits before it does not go out"
    held = send(gate, HERE, NOW + timedelta(seconds=60))
    assert (held.kind, held.reason, held.retry_after, held.left) == ("retry", NOT_TRIED, 61, False)
    assert send(gate, THERE, NOW).kind == "accepted"
    assert send(gate, HERE, NOW + timedelta(seconds=120)).kind == "accepted"
    assert wire.sent == [HERE.to.endpoint, THERE.to.endpoint, HERE.to.endpoint]


def test_what_is_held_takes_up_room(wire: Wire) -> None:
    gate = Gate(wire)
    wire.outcomes = [Outcome("slow_down", 429, retry_after=120)]
    send(gate, HERE, NOW)
    gate.put(HERE, NOW)
    assert gate.room == 99


def test_a_service_that_refuses_our_key_is_left_alone_for_a_while_and_said_so(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate(wire)
    wire.outcomes = [Outcome("misconfigured", 403, reason="BadJwtToken")]
    send(gate, HERE, NOW)
    assert send(gate, HERE, NOW + timedelta(minutes=4)).reason == NOT_TRIED
    assert send(gate, HERE, NOW + timedelta(minutes=5)).kind == "accepted"
    assert "https://fcm.example refuses our key or contact: 403 BadJwtToken" in caplog.text
    assert "device" not in caplog.text, "an endpoint is a secret"


def test_one_device_with_an_old_key_does_not_shut_the_gate(wire: Wire) -> None:
    gate = Gate(wire)
    wire.outcomes = [Outcome("misconfigured", 403, reason="VapidPkHashMismatch")]
    send(gate, HERE, NOW)
    assert send(gate, HERE, NOW).kind == "accepted"


def test_when_no_device_at_all_knows_our_key_it_is_ours_that_is_wrong(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate(wire)
    stranger = Outcome("misconfigured", 403, reason="VapidPkHashMismatch")
    wire.outcomes = [*[stranger] * (STRANGERS - 1), Outcome("accepted", 201), *[stranger] * STRANGERS]
    for _ in range(2 * STRANGERS):
        assert "refuses our key" not in caplog.text
        send(gate, HERE, NOW)
    assert "https://fcm.example refuses our key or contact: 403 VapidPkHashMismatch" in caplog.text
    assert send(gate, HERE, NOW).reason == NOT_TRIED


def test_a_service_that_does_not_answer_is_given_half_a_minute(wire: Wire) -> None:
    gate = Gate(wire)
    wire.outcomes = [SILENCE] * SILENCES
    for _ in range(SILENCES):
        send(gate, HERE, NOW)
    assert send(gate, HERE, NOW + timedelta(seconds=29)).reason == NOT_TRIED
    assert send(gate, HERE, NOW + timedelta(seconds=30)).kind == "accepted"


def test_an_answer_in_between_counts_as_a_sign_of_life(wire: Wire) -> None:
    gate = Gate(wire)
    wire.outcomes = [SILENCE, SILENCE, Outcome("retry", 503), SILENCE, SILENCE, SILENCE]
    for _ in range(6):
        send(gate, HERE, NOW)
    assert send(gate, HERE, NOW).kind == "accepted"


def test_one_that_fell_silent_after_its_last_answer_is_left_alone(wire: Wire) -> None:
    gate = Gate(wire)
    send(gate, HERE, NOW)
    wire.outcomes = [SILENCE] * SILENCES
    for _ in range(SILENCES):
        send(gate, HERE, NOW + timedelta(seconds=11))
    assert send(gate, HERE, NOW + timedelta(seconds=12)).reason == NOT_TRIED


def test_what_was_never_tried_says_nothing_about_a_service(wire: Wire) -> None:
    gate = Gate(wire)
    wire.outcomes = [Outcome("retry", reason=NOT_TRIED, left=False)] * 9
    for _ in range(9):
        send(gate, HERE, NOW)
    assert send(gate, HERE, NOW).kind == "accepted"
