"""A push message as an HTTP request (RFC 8030): built here without a socket, so that any sender can carry it."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from pwa.domain.errors import Invalid
from pwa.push.encryption import encrypt
from pwa.push.endpoints import Endpoint
from pwa.push.keys import check_keys
from pwa.push.message import Message
from pwa.push.subscription import Subscription
from pwa.push.vapid import Vapid


@dataclass(frozen=True)
class Request:
    """A POST. headers hold the signed token: never log them."""

    endpoint: Endpoint
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def without(self, header: str) -> "Request":
        return replace(self, headers={name: value for name, value in self.headers.items() if name != header})


def build(message: Message, subscription: Subscription, endpoint: Endpoint, vapid: Vapid, now: datetime) -> Request:
    """Encrypted anew each time: RFC 8291 wants a fresh key for every message. Raises Invalid for keys that are none."""
    try:
        body = encrypt(message.body, subscription)
    except (ValueError, TypeError, AttributeError) as error:
        check_keys(subscription.p256dh, subscription.auth)
        raise Invalid("This browser's push keys can't be encrypted to.") from error
    headers = {
        "Authorization": vapid.header(endpoint.origin, now, subscription.key_id),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "Topic": message.topic,
        "TTL": str(message.ttl),
        "Urgency": message.urgency,
    }
    return Request(endpoint, headers, body)
