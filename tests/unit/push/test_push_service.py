"""The tests' own push service is as strict as the vendors', so that what passes here passes there."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from pwa.push import endpoints, vapid
from pwa.push.message import Message
from pwa.push.outcome import Outcome
from pwa.push.request import Request, build
from pwa.push.subscription import Subscription, read
from pwa.push.vapid import Vapid
from tests.support import sending
from tests.support.device import Device
from tests.support.push_service_firefox import FirefoxPushService


@pytest.fixture(scope="module")
def service() -> Iterator[FirefoxPushService]:
    with FirefoxPushService() as service:
        yield service


@pytest.fixture
def device(service: FirefoxPushService, identity: Vapid) -> Device:
    service.behave()
    return service.device(identity.public_key)


@pytest.fixture
def request_to(service: FirefoxPushService, device: Device, message: Message, identity: Vapid) -> Request:
    subscription = read(device.json(), [service.origin])
    endpoint = endpoints.check(device.endpoint, [service.origin])
    return build(message, subscription, endpoint, identity, datetime.now().astimezone())


def post(request: Request, **changes: str | None) -> tuple[int, str]:
    """Header names are written with _ for -; None leaves one out."""
    changed = {name.replace("_", "-"): value for name, value in changes.items()}
    headers = {name: value for name, value in (request.headers | changed).items() if value is not None}
    answer = requests.post(request.endpoint.url, request.body, headers=headers, timeout=5)
    return answer.status_code, answer.text


def send(service: FirefoxPushService, device: Device, message: Message, identity: Vapid, seconds: float = 2) -> Outcome:
    target = Subscription(device.endpoint, device.p256dh, device.auth)
    now = datetime.now().astimezone()
    return sending.send(message, target, hosts=[service.origin], vapid=identity, now=now, seconds=seconds)


def test_what_we_send_is_accepted_and_can_be_read(
    service: FirefoxPushService, device: Device, message: Message, identity: Vapid
) -> None:
    assert send(service, device, message, identity).kind == "accepted"
    (read_there,) = service.mail(device)
    assert read_there["web_push"] == 8030


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 201),
        ({"TTL": None}, 400),
        ({"TTL": "soon"}, 400),
        ({"TTL": "-1"}, 400),
        ({"Urgency": "now"}, 400),
        ({"Topic": "x" * 33}, 400),
        ({"Topic": "a b"}, 400),
        ({"Content_Encoding": "aesgcm"}, 415),
        ({"Authorization": None}, 401),
        ({"Authorization": "Bearer x"}, 401),
        ({"Authorization": "vapid t=a.b.c,k=x"}, 403),
    ],
)
def test_a_request_that_breaks_the_rules_is_refused(
    changes: dict[str, str | None], status: int, request_to: Request
) -> None:
    assert post(request_to, **changes)[0] == status


def signed(key: ec.EllipticCurvePrivateKey, **claims: object) -> str:
    return str(Vapid02(key, conf={"no-strict": True}).sign(claims)["Authorization"])


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://fcm.googleapis.com"},
        {"sub": "mailto:x@localhost"},
        {"sub": ""},
        {"exp": 1},
        {"exp": int(time.time()) + 90_000},
    ],
)
def test_a_token_that_breaks_the_rules_is_refused(
    claims: dict[str, object], service: FirefoxPushService, request_to: Request
) -> None:
    key = ec.derive_private_key(7, ec.SECP256R1())
    good = {"aud": service.origin, "sub": "mailto:keeper@rekindle.example", "exp": int(time.time()) + 3_600}
    target = service.device()
    endpoint = endpoints.check(target.endpoint, [service.origin])
    request = Request(endpoint, request_to.headers, request_to.body)
    assert post(request, Authorization=signed(key, **good))[0] == 201
    assert post(request, Authorization=signed(key, **{**good, **claims}))[0] == 403


def test_a_signature_of_somebody_else_is_refused(request_to: Request) -> None:
    token, _, key = request_to.headers["Authorization"].partition(",k=")
    forged = token[:-8] + ("AAAAAAAA" if token[-8:] != "AAAAAAAA" else "BBBBBBBB")
    assert post(request_to, Authorization=f"{forged},k={key}")[0] == 403


def test_another_key_pair_is_told_that_the_device_must_subscribe_anew(
    service: FirefoxPushService, device: Device, message: Message
) -> None:
    other = vapid.load(vapid.generate(), "mailto:keeper@rekindle.example")
    outcome = send(service, device, message, other)
    assert (outcome.kind, outcome.needs_resubscribe) == ("misconfigured", True)


def test_a_stale_token_is_our_fault_and_not_the_devices(
    service: FirefoxPushService, device: Device, message: Message, identity: Vapid
) -> None:
    target = Subscription(device.endpoint, device.p256dh, device.auth)
    last_week = datetime.now().astimezone() - timedelta(days=7)
    outcome = sending.send(message, target, hosts=[service.origin], vapid=identity, now=last_week)
    assert (outcome.kind, outcome.needs_resubscribe) == ("misconfigured", False)


def test_a_thousand_devices_outlive_a_wrong_key(service: FirefoxPushService, message: Message) -> None:
    other = vapid.load(vapid.generate(), "mailto:keeper@rekindle.example")
    key = vapid.load(vapid.generate(), "mailto:keeper@rekindle.example").public_key
    devices = [service.device(key) for _ in range(1_000)]
    kinds = {send(service, device, message, other).kind for device in devices}
    assert kinds == {"misconfigured"}


def test_faults_come_in_order_and_end(
    service: FirefoxPushService, device: Device, message: Message, identity: Vapid
) -> None:
    service.misbehave(status=429, headers={"Retry-After": "7"}, times=2)
    service.misbehave(status=413)
    outcomes = [send(service, device, message, identity) for _ in range(4)]
    assert [outcome.kind for outcome in outcomes] == ["slow_down", "slow_down", "too_big", "accepted"]
    assert outcomes[0].retry_after == 7


@pytest.mark.parametrize("kind", ["hang", "drip", "flood", "reset"])
def test_a_torment_ends_with_the_deadline(
    kind: str, service: FirefoxPushService, device: Device, message: Message, identity: Vapid
) -> None:
    service.misbehave(kind)  # type: ignore[arg-type]
    began = time.monotonic()
    assert send(service, device, message, identity, seconds=0.6).kind == "retry"
    assert time.monotonic() - began < 4


def test_a_device_that_was_forgotten_is_gone_and_a_strange_one_too(
    service: FirefoxPushService, device: Device, message: Message, identity: Vapid
) -> None:
    service.drop(device.endpoint)
    assert send(service, device, message, identity).status == 410
    assert send(service, Device(f"{service.origin}/wpush/nobody"), message, identity).status == 404
