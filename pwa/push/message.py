"""What is pushed: Declarative Web Push JSON, the same bytes for every browser, and how long and how urgently it is kept."""

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Literal

from pwa.domain.errors import Invalid
from pwa.push import base64url

Urgency = Literal["very-low", "low", "normal", "high"]

LIMIT = 3_500  # under RFC 8291's 3,993, with room to spare
LENGTH = 2_048  # every payload's length: Firefox for Android takes 3,070 bytes encrypted, so not the limit itself
SHORTEST_TTL, LONGEST_TTL = 60, 12 * 3_600
_LONGEST_TITLE, _LONGEST_BODY = 240, 480  # bytes
_NOT_TEXT = ("Cc", "Cs", "Zl", "Zp")  # controls, lone surrogates, separators; joiners make families of emoji


@dataclass(frozen=True)
class Action:
    action: str
    title: str
    navigate: str


@dataclass(frozen=True)
class Notification:
    """The words a person sees, and the absolute addresses they lead to. token: what the worker answers with."""

    title: str
    body: str
    navigate: str
    tag: str
    token: str = field(repr=False)
    actions: Sequence[Action] = ()
    silent: bool = False
    lang: str = "en"


@dataclass(frozen=True)
class Message:
    """ttl: seconds the push service may keep it, 60 … 43,200."""

    body: bytes = field(repr=False)
    topic: str
    ttl: int
    urgency: Urgency = "high"

    def __post_init__(self) -> None:
        if len(self.body) > LIMIT:
            raise Invalid("That nudge is too long to push.")
        if not SHORTEST_TTL <= self.ttl <= LONGEST_TTL:
            raise Invalid("A nudge is kept for a minute at least and twelve hours at most.")


def payload(notification: Notification) -> bytes:
    """Padded with spaces, which JSON allows at its end: the length on the wire tells nothing about the words."""
    text = json.dumps(_declared(notification), ensure_ascii=False, separators=(",", ":"))
    packed = text.encode("utf-8", "replace")
    if len(packed) > LENGTH:
        raise Invalid("That nudge is too long to push.")
    return packed.ljust(LENGTH)


def topic(nudge_id: str, kind: str) -> str:
    """Always 32 characters: Apple decodes a topic as base64url and refuses some other lengths (BadWebPushTopic)."""
    return base64url.encode(hashlib.sha256(f"{kind}:{nudge_id}".encode()).digest()[:24])


def ttl(useful_until: datetime, now: datetime) -> int:
    """Seconds for Message.ttl."""
    return int(max(SHORTEST_TTL, min((useful_until - now).total_seconds(), LONGEST_TTL)))


def _declared(notification: Notification) -> dict[str, object]:
    # No `mutable`: WebKit then hands the worker no data. No `app_badge`: it stays until something clears it, and a
    # number waiting on the icon is pressure, not a nudge.
    return {
        "web_push": 8030,
        "notification": {
            "title": _plain(notification.title, _LONGEST_TITLE) or "Rekindle",
            "body": _plain(notification.body, _LONGEST_BODY),
            "navigate": notification.navigate,
            "lang": notification.lang,
            "dir": "auto",
            "silent": notification.silent,
            "tag": notification.tag,
            "actions": [{"action": a.action, "title": a.title, "navigate": a.navigate} for a in notification.actions],
            "data": {"t": notification.token},
        },
    }


@lru_cache(maxsize=512)
def _plain(text: str, most: int) -> str:
    """One line without control characters, cut to so many bytes at a whole character."""
    line = " ".join("".join(" " if unicodedata.category(c) in _NOT_TEXT else c for c in text).split())
    packed = line.encode("utf-8", "replace")
    return line if len(packed) <= most else packed[: most - 3].decode("utf-8", "ignore").rstrip() + "…"
