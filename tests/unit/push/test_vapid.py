import json
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from py_vapid import Vapid02

from pwa.domain.errors import Invalid
from pwa.push import base64url, vapid
from pwa.push.vapid import Vapid

GOOGLE, APPLE = "https://fcm.googleapis.com", "https://web.push.apple.com"
CONTACT = "mailto:keeper@rekindle.example"
KEY = base64url.encode((7).to_bytes(32, "big"))


def claims(header: str) -> dict[str, object]:
    token = header.removeprefix("vapid ").split(",")[0].removeprefix("t=")
    read: dict[str, object] = json.loads(base64url.decode(token.split(".")[1]))
    return read


def test_a_header_is_signed_by_the_key_it_names(identity: Vapid, now: datetime) -> None:
    header = identity.header(GOOGLE, now)
    assert Vapid02.verify(header)
    assert header.endswith("k=" + identity.public_key)


def test_two_push_services_get_two_audiences(identity: Vapid, now: datetime) -> None:
    audiences = [claims(identity.header(origin, now))["aud"] for origin in (GOOGLE, APPLE, GOOGLE)]
    assert audiences == [GOOGLE, APPLE, GOOGLE]


def test_a_header_is_used_again_for_some_hours(identity: Vapid, now: datetime) -> None:
    first = identity.header(GOOGLE, now)
    assert identity.header(GOOGLE, now + timedelta(hours=5)) == first
    assert identity.header(GOOGLE, now + timedelta(hours=6)) != first


def test_a_header_is_made_anew_when_the_clock_went_back(identity: Vapid, now: datetime) -> None:
    ahead = identity.header(GOOGLE, now + timedelta(days=3))
    assert identity.header(GOOGLE, now) != ahead


@settings(deadline=None)
@given(st.integers(0, 3 * 86_400))
def test_a_token_never_lives_longer_than_a_day(seconds: int) -> None:
    identity = vapid.load(KEY, CONTACT)
    begin = datetime.fromisoformat("2026-11-22T19:00:00+00:00")
    identity.header(GOOGLE, begin)
    later = begin + timedelta(seconds=seconds)
    left = float(str(claims(identity.header(GOOGLE, later))["exp"])) - later.timestamp()
    assert 3_600 < left < 86_400


def test_headers_for_endless_origins_do_not_fill_the_memory(now: datetime) -> None:
    identity = vapid.load(KEY, CONTACT)
    for number in range(vapid._MOST_ORIGINS + 10):
        identity.header(f"https://p{number}.notify.windows.com", now)
    assert len(identity._signed) <= vapid._MOST_ORIGINS


def test_a_generated_key_loads_and_is_a_key_of_its_own() -> None:
    first, second = vapid.generate(), vapid.generate()
    assert first != second
    assert len(base64url.decode(first)) == 32
    assert len(base64url.decode(vapid.load(first, CONTACT).public_key)) == 65


def test_the_same_private_key_has_the_same_public_key_and_kid() -> None:
    one, other = vapid.load(KEY, CONTACT), vapid.load(KEY + "=", CONTACT)
    assert (one.public_key, one.kid) == (other.public_key, other.kid)
    assert one.kid != vapid.load(vapid.generate(), CONTACT).kid


def test_what_was_made_for_the_old_key_is_signed_with_it(now: datetime) -> None:
    old_key = vapid.generate()
    old, ring = vapid.load(old_key, CONTACT), vapid.load(KEY, CONTACT, old_key)
    for key_id, signer in ((old.kid, old), (ring.kid, ring), ("", ring), ("unknown", ring)):
        header = ring.header(GOOGLE, now, key_id)
        assert Vapid02.verify(header) and header.endswith("k=" + signer.public_key), key_id
    assert vapid.load(KEY, CONTACT).header(GOOGLE, now, old.kid).endswith("k=" + ring.public_key)


def test_a_browser_may_name_either_key_and_no_other() -> None:
    old = vapid.load(vapid.generate(), CONTACT)
    ring = Vapid(vapid._key(KEY), CONTACT, old)
    assert [ring.kid_of(each) for each in (None, ring.public_key, old.public_key)] == [ring.kid, ring.kid, old.kid]
    for other in (vapid.load(vapid.generate(), CONTACT).public_key, "", 7, [], {}):
        with pytest.raises(Invalid, match="another server"):
            ring.kid_of(other)


def test_a_broken_old_key_is_named() -> None:
    with pytest.raises(Invalid, match="REKINDLE_VAPID_PRIVATE_KEY_OLD is not"):
        vapid.load(KEY, CONTACT, "AAAA")


BROKEN: list[object] = [
    *(None, 7, [], "", "AAAA", "not base64url!", "A" * 43, "A" * 86, "-----BEGIN PRIVATE KEY-----"),
    base64url.encode(b"\xff" * 32),  # above the curve's order
    *(base64url.encode(raw) for raw in (b"\x07" * 31, bytes(1) + b"\x07" * 32)),
    "A" * 5_000_000,
]


@pytest.mark.parametrize("key", BROKEN, ids=lambda key: repr(key)[:20])
def test_a_broken_key_is_never_replaced_silently(key: object) -> None:
    with pytest.raises(Invalid, match="rekindle keys"):
        vapid.load(key, CONTACT)


@pytest.mark.parametrize(
    "subject",
    [
        "mailto:keeper@rekindle.example",
        "mailto:a.b+c@mail.rekindle.example",
        "https://rekindle.example",
        "https://rekindle.example/contact",
        "mailto:keeper@xn--bcher-kva.example",
    ],
)
def test_a_contact_that_can_be_reached_is_accepted(subject: str) -> None:
    assert vapid.check_subject(subject) == subject


@pytest.mark.parametrize(
    "subject",
    [
        None,
        7,
        "",
        "keeper@rekindle.example",
        "mailto:",
        "mailto:keeper",
        "mailto:keeper@localhost",
        "mailto:keeper@app.localhost",
        "mailto:keeper@nas.local",
        "mailto:<keeper@rekindle.example>",
        "mailto: keeper@rekindle.example",
        "mailto:keeper@rekindle.example\n",
        "mailto:keeper@127.0.0.1",
        "https://localhost",
        "https://localhost:8000",
        "https://intranet",
        "https://127.0.0.1",
        "http://rekindle.example",
        "https://user@rekindle.example",
        "https://app.localhost/contact",
    ],
)
def test_a_contact_apple_would_refuse_is_refused_here(subject: object) -> None:
    with pytest.raises(Invalid, match="REKINDLE_VAPID_SUBJECT"):
        vapid.check_subject(subject)


def test_the_private_key_is_the_number_it_says() -> None:
    expected = ec.derive_private_key(7, ec.SECP256R1()).public_key().public_numbers()
    raw = base64url.decode(vapid.load(KEY, CONTACT).public_key)
    assert raw == b"\x04" + expected.x.to_bytes(32, "big") + expected.y.to_bytes(32, "big")
