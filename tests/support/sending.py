"""One message through a client of its own, for tests that want to know what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pwa.push.addresses import Lookup
from pwa.push.client import SECONDS, Client
from pwa.push.message import Message
from pwa.push.outcome import Outcome
from pwa.push.subscription import Subscription
from pwa.push.vapid import Vapid


@dataclass(frozen=True)
class Letter:
    message: Message
    to: Subscription


def send(
    message: Message,
    to: Subscription,
    *,
    hosts: Sequence[str],
    vapid: Vapid,
    now: datetime,
    lookup: Lookup | None = None,
    trust: str | None = None,
    seconds: float = SECONDS,
) -> Outcome:
    client: Client[Letter] = Client(vapid, hosts, lookup=lookup, trust=trust, seconds=seconds)
    try:
        client.put(Letter(message, to), now)
        ((_, outcome),) = client.poll(seconds + 5, now)
    finally:
        client.close()
    return outcome
