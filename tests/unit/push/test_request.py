from datetime import datetime

from pwa.push import endpoints, message
from pwa.push.message import Message
from pwa.push.request import Request, build
from pwa.push.subscription import Subscription
from pwa.push.vapid import Vapid
from tests.support.device import Device

URL = "https://updates.push.services.mozilla.com/wpush/v2/abc"


def built(device: Device, message: Message, identity: Vapid, now: datetime) -> Request:
    subscription = Subscription(device.endpoint, device.p256dh, device.auth)
    return build(message, subscription, endpoints.check(device.endpoint), identity, now)


def test_only_the_device_can_read_a_message(message: Message, identity: Vapid, now: datetime) -> None:
    device = Device(URL)
    request = built(device, message, identity, now)
    assert device.decrypt(request.body) == message.body
    assert b"Rekindle" not in request.body


def test_a_request_says_how_long_how_urgent_and_what_it_replaces(
    message: Message, identity: Vapid, now: datetime
) -> None:
    headers = built(Device(URL), message, identity, now).headers
    assert (headers["TTL"], headers["Urgency"], headers["Content-Encoding"]) == ("3600", "high", "aes128gcm")
    assert headers["Topic"] == message.topic
    assert headers["Authorization"] == identity.header("https://updates.push.services.mozilla.com", now)


def test_every_message_has_a_key_of_its_own(message: Message, identity: Vapid, now: datetime) -> None:
    device = Device(URL)
    bodies = {built(device, message, identity, now).body[21:86] for _ in range(5)}
    assert len(bodies) == 5


def test_one_record_fits_a_push_service(message: Message, identity: Vapid, now: datetime) -> None:
    assert len(built(Device(URL), message, identity, now).body) <= 4_096


def test_a_request_never_shows_its_token_in_logs(message: Message, identity: Vapid, now: datetime) -> None:
    shown = repr(built(Device(URL), message, identity, now))
    assert "vapid" not in shown and "wpush" not in shown


def test_the_longest_payload_is_one_record(identity: Vapid, now: datetime) -> None:
    longest = Message(b"x" * message.LIMIT, "t" * 32, 60)
    assert len(built(Device(URL), longest, identity, now).body) == message.LIMIT + 103
