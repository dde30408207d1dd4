"""Sends one message to one subscription and says what came of it. Never raises for what a push service or a row may be."""

import ssl
import threading
from collections.abc import Sequence
from datetime import datetime
from http.client import HTTPException
from queue import Empty, SimpleQueue

from pwa.domain.errors import Invalid
from pwa.push import addresses, endpoints
from pwa.push.addresses import Lookup
from pwa.push.connection import Deadline, exchange
from pwa.push.keys import check_keys
from pwa.push.message import Message
from pwa.push.outcome import Outcome, judge
from pwa.push.request import Request, build
from pwa.push.subscription import Subscription
from pwa.push.vapid import Vapid

SECONDS = 10.0  # for look-up, connection, TLS and answer together


def send(
    message: Message,
    subscription: Subscription,
    *,
    hosts: Sequence[str],
    vapid: Vapid,
    now: datetime,
    lookup: Lookup | None = None,
    tls: ssl.SSLContext | None = None,
    seconds: float = SECONDS,
) -> Outcome:
    """hosts: REKINDLE_PUSH_HOSTS. lookup, tls and seconds are for tests and `doctor`."""
    deadline = Deadline(seconds)
    try:
        # again, though it was checked at subscribe: the row may be older than the rules, and names move
        endpoint = endpoints.check(subscription.endpoint, hosts)
        check_keys(subscription.p256dh, subscription.auth)
        pinned = _within(deadline, endpoint, lookup)
        request = build(message, subscription, endpoint, vapid, now)
        outcome = _post(request, pinned, deadline, tls, now)
        if outcome.kind == "refused" and "BadWebPushTopic" in outcome.reason:
            outcome = _post(request.without("Topic"), pinned, deadline, tls, now)
        return outcome
    except Invalid as error:
        return Outcome("refused", reason=str(error))
    except (OSError, HTTPException) as error:
        return Outcome("retry", reason=type(error).__name__)


def _post(
    request: Request, pinned: tuple[str, ...], deadline: Deadline, tls: ssl.SSLContext | None, now: datetime
) -> Outcome:
    answer = exchange(request, pinned, deadline, tls)
    return judge(answer.status, answer.headers, answer.body, now)


def _within(deadline: Deadline, endpoint: endpoints.Endpoint, lookup: Lookup | None) -> tuple[str, ...]:
    """The system's look-up takes no timeout, so it is waited for from outside."""
    found: SimpleQueue[tuple[str, ...] | Exception] = SimpleQueue()

    def look_up() -> None:
        try:
            found.put(addresses.resolve(endpoint, lookup))
        except Exception as error:  # noqa: BLE001 - whatever it is, the thread that waits raises it
            found.put(error)

    threading.Thread(target=look_up, daemon=True).start()
    try:
        result = found.get(timeout=deadline.left())
    except Empty:
        raise TimeoutError("the name took too long to look up") from None
    if isinstance(result, Exception):
        raise result
    return result
