"""Threat T8: no key, however broken, gets in, breaks the sender or stops the others."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from pwa.domain.errors import Invalid
from pwa.push import base64url, subscription, vapid
from pwa.push.keys import check_keys
from pwa.push.message import Message
from pwa.push.subscription import Subscription
from tests.support import sending
from tests.support.device import Device
from tests.support.raw_service import RawService, answer, says

# The same keys in every process, since the samples made from them name the tests.
GOOD = Device(
    "https://fcm.googleapis.com/fcm/send/abc", ec.derive_private_key(1729, ec.SECP256R1()), bytes(range(100, 116))
)
POINT = base64url.decode(GOOD.p256dh)
_FIELD = 2**256 - 2**224 + 2**192 + 2**96 - 1


def poisoned_points() -> Iterator[object]:
    yield from (None, True, 0, 1.5, [], {}, [GOOD.p256dh], {"p256dh": GOOD.p256dh}, b"raw", "")
    yield from (
        "A",
        "A" * 87,
        "A" * 88,
        "not base64!",
        GOOD.p256dh + "!",
        " " + GOOD.p256dh,
        GOOD.p256dh + "\n",
        "\0" * 87,
    )
    yield from (
        "é" * 87,
        "\ud800" * 87,
        GOOD.p256dh + "===",
        "=" * 88,
        GOOD.p256dh.replace("B", "+", 1).replace("A", "/"),
    )
    yield "A" * 5_000_000
    for raw in (
        *(b"", b"\x04", POINT[:64], POINT + b"\0", b"\x04" + b"\0" * 64, b"\x04" + b"\xff" * 64, b"\0" * 65, b"\0"),
        *(bytes([first]) + POINT[1:] for first in (0, 1, 2, 3, 5, 6, 7, 255)),  # 6 and 7: the hybrid form
        *(bytes([2 + (POINT[-1] & 1)]) + POINT[1:33], bytes([3]) + POINT[1:33]),  # compressed
        POINT[:-1] + bytes([POINT[-1] ^ 1]),  # beside the curve
        b"\x04" + _FIELD.to_bytes(32, "big") + POINT[33:],
        b"\x04" + POINT[33:] + POINT[1:33],
    ):
        yield base64url.encode(raw)


def poisoned_secrets() -> Iterator[object]:
    yield from (
        None,
        False,
        7,
        [],
        {},
        [GOOD.auth],
        "",
        "A",
        "not base64!",
        GOOD.auth + "\n",
        "\0" * 22,
        "é" * 22,
        "\ud800",
    )
    yield "A" * 5_000_000
    yield from (base64url.encode(b"x" * length) for length in (1, 8, 15, 17, 32, 65))


POINTS, SECRETS = list(poisoned_points()), list(poisoned_secrets())


@pytest.mark.parametrize("point", POINTS, ids=lambda value: ascii(value)[:24])
def test_a_poisoned_point_is_refused_with_a_sentence(point: object) -> None:
    with pytest.raises(Invalid, match=r"Turn nudges off and on again\.") as refusal:
        check_keys(point, GOOD.auth)
    assert refusal.value.field == "p256dh"


@pytest.mark.parametrize("secret", SECRETS, ids=lambda value: ascii(value)[:24])
def test_a_poisoned_secret_is_refused_with_a_sentence(secret: object) -> None:
    with pytest.raises(Invalid, match=r"Turn nudges off and on again\.") as refusal:
        check_keys(GOOD.p256dh, secret)
    assert refusal.value.field == "auth"


def test_five_megabytes_of_key_are_refused_at_once() -> None:
    huge = "A" * 5_000_000
    began = time.process_time()  # our own time: other tests run beside this one
    for _ in range(100):
        with pytest.raises(Invalid):
            check_keys(huge, huge)
    assert time.process_time() - began < 5  # and not minutes


@settings(deadline=None)
@given(st.binary(min_size=65, max_size=65))
def test_only_points_on_the_curve_get_in(raw: bytes) -> None:
    with pytest.raises(Invalid):  # one in 2^8 begins with 4, and one in 2^256 of those is on the curve
        check_keys(base64url.encode(raw), GOOD.auth)


BODIES: list[Any] = [
    *(None, 0, "", "endpoint", [], [[]], {}, True),
    {"endpoint": GOOD.endpoint},
    {"endpoint": GOOD.endpoint, "keys": None},
    {"endpoint": GOOD.endpoint, "keys": []},
    {"endpoint": GOOD.endpoint, "keys": "p256dh"},
    {"endpoint": GOOD.endpoint, "keys": {}},
    {"endpoint": GOOD.endpoint, "keys": {"p256dh": GOOD.p256dh}},
    {"endpoint": GOOD.endpoint, "keys": {"auth": GOOD.auth}},
    {"keys": GOOD.json()["keys"]},
    {**GOOD.json(), "endpoint": None},
    {**GOOD.json(), "endpoint": [GOOD.endpoint]},
    {**GOOD.json(), "endpoint": {"url": GOOD.endpoint}},
    {**GOOD.json(), "endpoint": 2**70},
    {**GOOD.json(), "endpoint": "https://fcm.googleapis.com/\ud800"},
    {**GOOD.json(), "endpoint": "https://127.0.0.1/x"},
]


@pytest.mark.parametrize("body", BODIES, ids=lambda value: ascii(value)[:40])
def test_a_body_that_is_no_subscription_is_refused(body: object) -> None:
    with pytest.raises(Invalid):
        subscription.read(body)


def test_a_real_subscription_gets_in() -> None:
    read = subscription.read(json.loads(json.dumps(GOOD.json())))
    assert (read.endpoint, read.p256dh, read.auth) == (GOOD.endpoint, GOOD.p256dh, GOOD.auth)


def test_poisoned_rows_do_not_stop_the_healthy_ones() -> None:
    """As if they had got into the table all the same."""
    identity = vapid.load(vapid.generate(), "mailto:keeper@rekindle.example")
    message = Message(b'{"web_push":8030}', "t" * 32, 60)
    with RawService(says(answer(201))) as service:
        healthy = Device(f"{service.origin}/push/abc")
        rows = [Subscription(healthy.endpoint, point, GOOD.auth) for point in POINTS]  # type: ignore[arg-type]
        rows += [Subscription(healthy.endpoint, GOOD.p256dh, secret) for secret in SECRETS]  # type: ignore[arg-type]
        rows += [Subscription(None, GOOD.p256dh, GOOD.auth), Subscription(7, [], {})]  # type: ignore[arg-type]
        rows.append(Subscription(healthy.endpoint, healthy.p256dh, healthy.auth))
        now = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
        kinds = [sending.send(message, row, hosts=[service.origin], vapid=identity, now=now).kind for row in rows]
    assert kinds == ["refused"] * (len(rows) - 1) + ["accepted"]
    assert service.connections == 1
