"""One browser's push subscription, as it comes from `PushSubscription.toJSON()` and as it is sent to."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pwa.domain.errors import Invalid
from pwa.push import endpoints
from pwa.push.keys import check_keys


@dataclass(frozen=True)
class Subscription:
    """`key_id`: the key pair that it was made for, as `Vapid.kid` names it; "" where nobody knows."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)
    key_id: str = ""


def read(body: object, extra_hosts: Sequence[str] = ()) -> Subscription:
    """Raises Invalid with a sentence for anything but a subscription we may and can send to."""
    keys = body.get("keys") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(keys, dict):
        raise Invalid("That isn't a push subscription as browsers make them.")
    endpoint = endpoints.check(body.get("endpoint"), extra_hosts)
    checked = check_keys(keys.get("p256dh"), keys.get("auth"))
    return Subscription(endpoint.url, checked.p256dh, checked.auth)
