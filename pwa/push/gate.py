"""The gate before each push service: shut while one asks for quiet, refuses us, or does not answer, so that others are not kept waiting."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, Protocol

from pwa.push.client import L
from pwa.push.outcome import NOT_TRIED, Outcome, not_tried

log = logging.getLogger(__name__)

SILENCES = 3  # so many without an answer shut it,
SILENT_FOR = timedelta(seconds=10)  # unless it has answered others meanwhile
SILENT_PAUSE = timedelta(seconds=30)
REFUSED_PAUSE = timedelta(minutes=5)
STRANGERS = 20  # so many devices in a row that were made for another key: it is ours that is wrong


class Way(Protocol[L]):
    """What carries letters: `client.Client`, or a gate before one."""

    @property
    def room(self) -> int: ...
    def put(self, letter: L, now: datetime) -> None: ...
    def poll(self, seconds: float, now: datetime) -> list[tuple[L, Outcome]]: ...
    def recall(self) -> list[tuple[L, Outcome]]: ...


@dataclass
class _State:
    shut_until: datetime | None = None
    silences: int = 0
    answered_at: datetime | None = None
    strangers: int = 0


@dataclass
class Gate(Generic[L]):
    """Lets letters on to `way`, unless the gate of that push service is shut: those come back untried."""

    way: Way[L]
    _states: dict[str, _State] = field(default_factory=dict)
    _held: list[tuple[L, Outcome]] = field(default_factory=list)

    @property
    def room(self) -> int:
        return self.way.room - len(self._held)

    def put(self, letter: L, now: datetime) -> None:
        state = self._states.setdefault(_origin(letter.to.endpoint), _State())
        if state.shut_until is not None and now < state.shut_until:
            wait = int((state.shut_until - now).total_seconds()) + 1
            self._held.append((letter, not_tried(wait)))
        else:
            self.way.put(letter, now)

    def poll(self, seconds: float, now: datetime) -> list[tuple[L, Outcome]]:
        held, self._held = self._held, []
        back = self.way.poll(0 if held else seconds, now)
        for letter, outcome in back:
            self._learn(_origin(letter.to.endpoint), outcome, now)
        return held + back

    def recall(self) -> list[tuple[L, Outcome]]:
        held, self._held = self._held, []
        return held + self.way.recall()

    def _learn(self, origin: str, outcome: Outcome, now: datetime) -> None:
        state = self._states.setdefault(origin, _State())
        if outcome.status is not None:
            state.answered_at, state.silences = now, 0
        elif outcome.kind == "retry" and outcome.reason != NOT_TRIED:
            state.silences += state.answered_at is None or now >= state.answered_at + SILENT_FOR
        if outcome.status is not None:
            state.strangers = state.strangers + 1 if outcome.needs_resubscribe else 0
        if outcome.kind == "misconfigured" and (not outcome.needs_resubscribe or state.strangers >= STRANGERS):
            log.error("%s refuses our key or contact: %s %s", origin, outcome.status, outcome.reason)
            state.shut_until = now + REFUSED_PAUSE
        elif outcome.kind == "slow_down":
            state.shut_until = now + timedelta(seconds=outcome.retry_after or 60)
        elif state.silences >= SILENCES:
            log.warning("%s does not answer: %s", origin, outcome.reason)
            state.shut_until, state.silences = now + SILENT_PAUSE, 0


def _origin(endpoint: str) -> str:
    scheme, _, rest = endpoint.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"
