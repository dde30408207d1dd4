"""What a push service's answer means for the subscription and the message (RFC 8030 §5, and the vendors' own habits)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

Kind = Literal["accepted", "gone", "misconfigured", "too_big", "slow_down", "retry", "refused"]

SHORTEST_PAUSE, LONGEST_PAUSE, USUAL_PAUSE = 1, 6 * 3_600, 60  # seconds
_WRONG_KEY = re.compile(
    r"VapidPkHashMismatch|key mismatch|do(?:es)? not correspond to the sender|MismatchSenderId", re.IGNORECASE
)


@dataclass(frozen=True)
class Outcome:
    """accepted: the service has it. gone: forget this endpoint. misconfigured: our key or contact; pause the origin, keep
    the subscription. too_big, refused: never send these bytes there again; keep the subscription. slow_down: pause the
    origin for retry_after seconds. retry: later, with backoff (retry_after when the service named a time)."""

    kind: Kind
    status: int | None = None
    retry_after: int | None = None
    reason: str = ""
    left: bool = True
    """False when provably no byte of the message was on its way."""

    @property
    def needs_resubscribe(self) -> bool:
        """The subscription was made for another VAPID key; only its browser can make a new one."""
        return self.kind == "misconfigured" and _WRONG_KEY.search(self.reason) is not None


NOT_TRIED = "not tried"


def not_tried(wait: int | None = None) -> Outcome:
    """For a message that was not even begun with; wait: seconds until it is worth while."""
    return Outcome("retry", retry_after=wait, reason=NOT_TRIED, left=False)


def judge(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Outcome:
    """headers by lower-case name."""
    kind = _kind(status)
    pause = None
    if kind in ("slow_down", "retry"):
        pause = retry_after(headers.get("retry-after"), now)
    if kind == "slow_down" and pause is None:
        pause = USUAL_PAUSE
    return Outcome(kind, status, pause, "" if kind == "accepted" else _reason(body))


def retry_after(value: str | None, now: datetime) -> int | None:
    """Seconds between 1 and 6 hours; None when nothing sensible was said."""
    seconds = _seconds(value.strip(), now) if value else None
    return None if seconds is None else int(max(SHORTEST_PAUSE, min(seconds, LONGEST_PAUSE)))


def _kind(status: int) -> Kind:
    if 200 <= status < 300:
        return "accepted"
    if status in (404, 410):
        return "gone"
    if status in (401, 403):
        return "misconfigured"
    if status == 413:
        return "too_big"
    if status in (406, 429):  # 406 is how Windows' service says 429
        return "slow_down"
    if 400 <= status < 500 and status not in (408, 425):
        return "refused"
    return "retry"


def _seconds(value: str, now: datetime) -> float | None:
    if value.isascii() and value.isdigit():
        return float(value[:12])
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()


def _reason(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        said = None
    if isinstance(said, dict):
        text = " ".join(str(said[name]) for name in ("reason", "errno", "error", "message") if name in said)
    printable = "".join(c if c.isprintable() else " " for c in text[:2_000])
    # a long word may be the endpoint or a key, and reasons are logged
    return " ".join(word if len(word) <= 40 else "…" for word in printable.split())[:160]
