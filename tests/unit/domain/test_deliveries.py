"""What becomes of a nudge on its way to a device, as a table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pwa.domain.deliveries import LONGEST_WAIT, Again, End, Past, again, end, retry_at

NOW = datetime(2026, 3, 6, 18, tzinfo=UTC)
LATER = NOW + timedelta(hours=12)


@pytest.mark.parametrize(
    ("past", "expected"),
    [
        (None, Again.SEND),
        (Past(settled=True, answered=True, replaceable=True), Again.LEAVE),
        (Past(settled=True, answered=False, replaceable=False), Again.LEAVE),
        (Past(settled=False, answered=True, replaceable=True), Again.SEND),
        (Past(settled=False, answered=True, replaceable=False), Again.SEND),
        (Past(settled=False, answered=False, replaceable=True), Again.SEND),
        (Past(settled=False, answered=False, replaceable=False), Again.GIVE_UP),
    ],
)
def test_a_device_is_tried_again_only_where_a_second_message_cannot_show(past: Past | None, expected: Again) -> None:
    assert again(past) is expected


def test_waits_double_from_half_a_minute_to_an_hour() -> None:
    waits = [retry_at(attempt, NOW, None, LATER, 0.5) for attempt in range(1, 12)]
    minutes = [(at - NOW).total_seconds() / 60 for at in waits if at is not None]
    assert minutes == [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_chance_spreads_devices_to_both_sides() -> None:
    first, last = (retry_at(5, NOW, None, LATER, draw) for draw in (0.0, 1.0))
    assert first == NOW + timedelta(minutes=4)
    assert last == NOW + timedelta(minutes=12)


def test_a_push_service_that_asks_for_more_time_gets_it() -> None:
    assert retry_at(1, NOW, 300, LATER, 0.0) == NOW + timedelta(minutes=5)
    assert retry_at(1, NOW, 1, LATER, 0.0) == NOW + timedelta(seconds=15)


def test_no_try_comes_too_late_to_be_of_use() -> None:
    assert retry_at(1, NOW, None, NOW + timedelta(seconds=10), 0.0) is None
    assert retry_at(1, NOW, 6 * 3600, NOW + timedelta(hours=5), 0.0) is None


def test_thousands_of_tries_do_not_overflow() -> None:
    at = retry_at(100_000, NOW, None, LATER, 1.0)
    assert at is not None
    assert at - NOW <= LONGEST_WAIT * 1.5


@pytest.mark.parametrize(
    ("accepted", "gone", "expected"),
    [
        ([], [], End.NO_DEVICE),
        ([True], [False], End.SENT),
        ([False], [True], End.NO_DEVICE),
        ([False, True], [True, False], End.SENT),
        ([False, False], [True, False], End.EXPIRED),
        ([False], [False], End.EXPIRED),
    ],
)
def test_a_nudge_ends_in_one_way(accepted: list[bool], gone: list[bool], expected: End) -> None:
    assert end(accepted, gone) is expected
