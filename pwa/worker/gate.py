"""The gate before each push service: shut while one asks for quiet, refuses us, or does not answer, so that others are not kept waiting."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pwa.push.message import Message
from pwa.push.outcome import Outcome
from pwa.push.subscription import Subscription
from pwa.services.arriving import UNSENT
from pwa.services.parcelling import Sender

log = logging.getLogger(__name__)

SILENCES = 3  # so many in a row without an answer shut it
SILENT_PAUSE = timedelta(seconds=30)
REFUSED_PAUSE = timedelta(minutes=5)


@dataclass
class _State:
    shut_until: datetime | None = None
    silences: int = 0


@dataclass
class Gate:
    """Sends through `send`, unless the gate of that push service is shut. For many threads at once."""

    send: Sender
    _states: dict[str, _State] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, message: Message, to: Subscription, now: datetime) -> Outcome:
        origin = _origin(to.endpoint)
        with self._lock:
            state = self._states.setdefault(origin, _State())
            if state.shut_until is not None and now < state.shut_until:
                wait = int((state.shut_until - now).total_seconds()) + 1
                return Outcome("retry", retry_after=wait, reason=UNSENT)
        outcome = self.send(message, to, now)
        with self._lock:
            self._learn(state, origin, outcome, now)
        return outcome

    def _learn(self, state: _State, origin: str, outcome: Outcome, now: datetime) -> None:
        unanswered = outcome.kind == "retry" and outcome.status is None
        state.silences = state.silences + 1 if unanswered else 0
        if outcome.kind == "misconfigured" and not outcome.needs_resubscribe:
            log.error("%s refuses our key or contact: %s %s", origin, outcome.status, outcome.reason)
            state.shut_until = now + REFUSED_PAUSE
        elif outcome.kind == "slow_down":
            state.shut_until = now + timedelta(seconds=outcome.retry_after or 60)
        elif state.silences >= SILENCES:
            log.warning("%s does not answer: %s", origin, outcome.reason)
            state.shut_until, state.silences = now + SILENT_PAUSE, 0


def _origin(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}"
