"""A silent device: the truth table, and that one silence is told once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pwa.domain.silence import Taken, is_silent, is_to_be_told

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=90)
HOUR = timedelta(hours=1)


def taken(hours_ago: float, useful: float = 12) -> Taken:
    """By a push service so many hours ago, and of use for so many."""
    at = NOW - hours_ago * HOUR
    return Taken(at, at + useful * HOUR)


@pytest.mark.parametrize(
    ("unheard", "heard", "silent"),
    [
        # hours ago that a push service took each; hours ago that the device was last heard of
        ([], 2_000, False),
        ([30], 2_000, False),
        ([54, 30], 2_000, True),
        ([78, 54, 30], 2_000, True),
        ([54, 11], 2_000, False),  # the second may still be shown
        ([54, 12], 2_000, True),  # its time is over in this instant
        ([11, 10], 2_000, False),
        ([54, 30], 60, True),  # heard of before both
        ([54, 30], 40, False),  # between them
        ([54, 30], 20, False),  # after both
        ([54, 30], 30, False),  # in the very instant of the second
        ([54, 30, 25], 40, True),  # two more since
    ],
)
def test_a_device_is_silent_after_two_in_a_row(unheard: list[float], heard: float, silent: bool) -> None:
    assert is_silent([taken(hours) for hours in unheard], NOW - heard * HOUR, NOW) is silent


def test_what_is_of_use_for_days_is_waited_for_a_day() -> None:
    assert not is_silent([taken(23.9, useful=72), taken(23.8, useful=72)], LONG_AGO, NOW)
    assert is_silent([taken(24, useful=72), taken(24.1, useful=72)], LONG_AGO, NOW)


def test_what_is_of_use_for_minutes_is_waited_for_no_longer() -> None:
    assert is_silent([taken(0.5, useful=0.2), taken(0.3, useful=0.2)], LONG_AGO, NOW)
    assert not is_silent([taken(0.5, useful=0.2), taken(0.1, useful=0.2)], LONG_AGO, NOW)


@pytest.mark.parametrize(
    ("told_hours_ago", "heard_hours_ago", "told_again"), [(None, 60, True), (10, 60, False), (60, 50, True)]
)
def test_of_one_silence_a_person_is_told_once(
    told_hours_ago: float | None, heard_hours_ago: float, told_again: bool
) -> None:
    told_at = None if told_hours_ago is None else NOW - told_hours_ago * HOUR
    assert is_to_be_told(told_at, NOW - heard_hours_ago * HOUR) is told_again
