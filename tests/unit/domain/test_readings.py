"""When a calendar at an address is read again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pwa.domain.readings import AHEAD, fails_long, may_stand, next_due

NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # the night the clocks change in Europe
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("failing", "hours"), [(None, 3), (0, 3), (2, 3), (3, 3), (7, 7), (24, 24), (25, 24), (24 * 400, 24)]
)
def test_it_waits_as_long_again_as_it_has_been_failing(failing: int | None, hours: int) -> None:
    since = None if failing is None else NOW - failing * HOUR
    assert next_due(NOW, since, 0) == NOW + hours * HOUR
    assert next_due(NOW, since, 1) == NOW + hours * HOUR * 1.25


@pytest.mark.parametrize(("days", "stands"), [(0, True), (6.9, True), (7, False), (40, False), (200, False)])
def test_nothing_changed_is_answer_enough_for_a_week(days: float, stands: bool) -> None:
    assert may_stand(NOW - timedelta(days=days) + AHEAD, NOW) is stands


@pytest.mark.parametrize(("days", "long"), [(0, False), (6.9, False), (7, True), (400, True)])
def test_a_week_is_long(days: float, long: bool) -> None:
    assert fails_long(NOW - timedelta(days=days), NOW) is long
    assert not fails_long(None, NOW)
