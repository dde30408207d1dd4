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
    def recall(self, origin: str | None = None, wait: int | None = None) -> list[tuple[L, Outcome]]: ...


@dataclass
class _State:
    shut_until: datetime | None = None
    silences: int = 0
    answered_at: datetime | None = None
    strangers: int = 0

    def shut_for(self, now: datetime) -> int:
        """Seconds until it opens; 0 while it is open."""
        if self.shut_until is None or now >= self.shut_until:
            return 0
        return int((self.shut_until - now).total_seconds()) + 1


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
        wait = state.shut_for(now)
        if wait:
            self._held.append((letter, not_tried(wait)))
        else:
            self.way.put(letter, now)

    def poll(self, seconds: float, now: datetime) -> list[tuple[L, Outcome]]:
        """What has come back; and when a gate shuts, what still waits before it."""
        held, self._held = self._held, []
        back = self.way.poll(0 if held else seconds, now)
        for origin in self._learn(back, now):
            stopped = self.way.recall(origin, self._states[origin].shut_for(now))
            self._learn(stopped, now)
            back += stopped
        return held + back

    def recall(self, origin: str | None = None, wait: int | None = None) -> list[tuple[L, Outcome]]:
        held, self._held = self._held, []
        return held + self.way.recall(origin, wait)

    def _learn(self, back: list[tuple[L, Outcome]], now: datetime) -> set[str]:
        """Shuts gates by what has come back. Returns those that were open before."""
        shut = set()
        for letter, outcome in back:
            origin = _origin(letter.to.endpoint)
            state = self._states.setdefault(origin, _State())
            was_open = not state.shut_for(now)
            _note(state, outcome, now)
            if was_open and state.shut_for(now):
                shut.add(origin)
                _say(origin, outcome)
        return shut


def _note(state: _State, outcome: Outcome, now: datetime) -> None:
    if outcome.status is not None:
        state.answered_at, state.silences = now, 0
        state.strangers = state.strangers + 1 if outcome.needs_resubscribe else 0
    elif outcome.kind == "retry" and outcome.reason != NOT_TRIED:
        state.silences += state.answered_at is None or now >= state.answered_at + SILENT_FOR
    if outcome.kind == "misconfigured" and (not outcome.needs_resubscribe or state.strangers >= STRANGERS):
        state.shut_until = now + REFUSED_PAUSE
    elif outcome.kind == "slow_down":
        state.shut_until = now + timedelta(seconds=outcome.retry_after or 60)
    elif state.silences >= SILENCES:
        state.shut_until, state.silences = now + SILENT_PAUSE, 0


def _say(origin: str, outcome: Outcome) -> None:
    if outcome.kind == "misconfigured":
        log.error("%s refuses our key or contact: %s %s", origin, outcome.status, outcome.reason)
    elif outcome.status is None:
        log.warning("%s does not answer: %s", origin, outcome.reason)


def _origin(endpoint: str) -> str:
    scheme, _, rest = endpoint.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"
