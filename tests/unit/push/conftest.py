"""What the push tests share: one key pair, one device, one message, and a send that cannot leave this machine."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest

from pwa.push import vapid
from pwa.push.message import Message, Notification, payload, topic
from pwa.push.outcome import Outcome
from pwa.push.subscription import Subscription
from pwa.push.vapid import Vapid
from tests.support import sending
from tests.support.device import Device

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def identity() -> Vapid:
    return vapid.load(vapid.generate(), "mailto:keeper@rekindle.example")


@pytest.fixture
def message() -> Message:
    words = Notification(
        "Rekindle", "One small step is ready.", "https://rekindle.example/nudges/1", "nudge-1", "t0ken"
    )
    return Message(payload(words), topic("1", "begin"), 3_600)


@pytest.fixture
def send_to(message: Message, identity: Vapid) -> Callable[..., Outcome]:
    """send_to(origin): one message to a device at that origin, which counts as written into REKINDLE_PUSH_HOSTS."""

    def send(origin: str, **options: object) -> Outcome:
        device = Device(f"{origin}/push/abc")
        subscription = Subscription(device.endpoint, device.p256dh, device.auth)
        terms = {"hosts": [origin], "vapid": identity, "now": NOW, "seconds": 2.0, **options}
        return partial(sending.send, message, subscription, **terms)()  # type: ignore[arg-type]

    return send
