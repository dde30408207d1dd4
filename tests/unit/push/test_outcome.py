from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pwa.push.outcome import Kind, judge, retry_after

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)

MATRIX: list[tuple[int, Kind]] = [
    *((status, "accepted") for status in (200, 201, 202, 204)),
    *((status, "gone") for status in (404, 410)),
    *((status, "misconfigured") for status in (401, 403)),
    (413, "too_big"),
    *((status, "slow_down") for status in (406, 429)),
    *((status, "refused") for status in (400, 402, 405, 409, 415, 422, 451)),
    *((status, "retry") for status in (408, 425, 500, 502, 503, 504, 599)),
    *((status, "retry") for status in (300, 301, 302, 303, 307, 308)),
    *((status, "retry") for status in (101, 103, 999)),
]


@pytest.mark.parametrize(("status", "kind"), MATRIX)
def test_a_status_means_what_the_matrix_says(status: int, kind: Kind) -> None:
    assert judge(status, {}, b"", NOW).kind == kind


@settings(deadline=None)
@given(st.integers(100, 999), st.binary(max_size=60), st.text(max_size=20))
def test_only_404_and_410_ever_forget_a_device(status: int, body: bytes, header: str) -> None:
    outcome = judge(status, {"retry-after": header}, body, NOW)
    assert (outcome.kind == "gone") == (status in (404, 410))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 1),
        ("1", 1),
        ("120", 120),
        (" 120 ", 120),
        ("21600", 21_600),
        ("21601", 21_600),
        ("9" * 5_000, 21_600),
        ("Sun, 22 Nov 2026 19:05:00 GMT", 300),
        ("Sun, 22 Nov 2026 18:05:00 GMT", 1),
        ("Sun, 22 Nov 2026 20:05:00 +0100", 300),
        ("Sun, 22 Nov 2026 19:05:00 -0000", 300),
        ("Thu, 31 Dec 2099 23:59:59 GMT", 21_600),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 21_600),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("1e9", None),
        ("٣٠", None),
        ("²", None),
        ("Sun, 99 Nov 2026 99:05:00 GMT", None),
        ("\0", None),
    ],
)
def test_retry_after_is_honoured_within_reason(value: str | None, seconds: int | None) -> None:
    assert retry_after(value, NOW) == seconds


@settings(deadline=None)
@given(st.text())
def test_no_retry_after_breaks_the_sender(value: str) -> None:
    seconds = retry_after(value, NOW)
    assert seconds is None or 1 <= seconds <= 21_600


def test_429_pauses_even_when_it_names_no_time() -> None:
    assert judge(429, {}, b"", NOW).retry_after == 60
    assert judge(429, {"retry-after": "garbage"}, b"", NOW).retry_after == 60


def test_503_pauses_as_long_as_it_says() -> None:
    at = (NOW + timedelta(minutes=2)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert judge(503, {"retry-after": at}, b"", NOW).retry_after == 120
    assert judge(503, {}, b"", NOW).retry_after is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"reason":"BadJwtToken"}', "BadJwtToken"),
        (
            b'{"code":404,"errno":106,"error":"Not Found","message":"No such subscription"}',
            "106 Not Found No such subscription",
        ),
        (
            b"push subscription has unsubscribed or expired.\n",
            "push subscription has unsubscribed or expired.",
        ),
        (b"", ""),
        (b"\xff\xfe", "��"),
        (b"line\r\nbreak\x1b[31m\0", "line break [31m"),
        (b"[" * 8_000, "…"),
        (b'{"reason": {"deep": [1]}}', "{'deep': [1]}"),
        (b"no such https://fcm.googleapis.com/fcm/send/" + b"x" * 60, "no such …"),
    ],
)
def test_a_reason_is_short_and_safe_to_log(body: bytes, reason: str) -> None:
    assert judge(400, {}, body, NOW).reason == reason


@settings(deadline=None)
@given(st.binary(max_size=9_000))
def test_no_body_makes_a_long_or_unprintable_reason(body: bytes) -> None:
    reason = judge(500, {}, body, NOW).reason
    assert len(reason) <= 160
    assert reason.isprintable()


@pytest.mark.parametrize(
    ("status", "body", "needed"),
    [
        (403, b'{"reason":"VapidPkHashMismatch"}', True),
        (
            403,
            b"the key in the authorization header does not correspond to the sender ID used to subscribe",
            True,
        ),
        (401, b'{"errno":109,"message":"VAPID public key mismatch"}', True),
        (403, b'{"reason":"BadJwtToken"}', False),
        (500, b'{"reason":"VapidPkHashMismatch"}', False),
    ],
)
def test_another_key_pair_asks_for_a_new_subscription(status: int, body: bytes, needed: bool) -> None:
    assert judge(status, {}, body, NOW).needs_resubscribe is needed
