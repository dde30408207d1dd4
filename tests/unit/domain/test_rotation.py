"""The list changes on Monday, is the same all week, and takes every idea in turn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pwa.domain.rotation import freshness, monday_of, week_of

SUNDAY = date(2026, 3, 1)
KEYS = [f"idea{number}" for number in range(12)]


def fresh(week: int, keys: list[str] = KEYS, places: int = 3) -> set[str]:
    """The ideas whose turn it is."""
    return {key for key, worth in freshness({"gardening": keys}, places, week, "seed").items() if worth == 1}


def test_a_week_runs_from_monday_to_sunday() -> None:
    assert week_of(SUNDAY) + 1 == week_of(SUNDAY + timedelta(days=1)) == week_of(SUNDAY + timedelta(days=7))
    assert monday_of(SUNDAY) == date(2026, 2, 23)
    assert monday_of(date(2026, 2, 23)) == date(2026, 2, 23)


def test_everything_has_its_turn_before_anything_comes_again() -> None:
    turns = [fresh(week) for week in range(4)]
    assert [len(turn) for turn in turns] == [3, 3, 3, 3]
    assert set.union(*turns) == set(KEYS)
    assert fresh(4) == turns[0]


def test_a_pool_that_does_not_divide_is_gone_through_as_well() -> None:
    turns = [fresh(week, KEYS[:11]) for week in range(4)]
    assert set.union(*turns) == set(KEYS[:11])
    assert all(len(turn) == 3 for turn in turns)


def test_a_small_pool_is_always_fresh() -> None:
    assert fresh(1, KEYS[:3]) == fresh(2, KEYS[:3]) == set(KEYS[:3])


@pytest.mark.parametrize("week", range(-3, 9))
def test_what_had_its_turn_a_week_ago_or_has_it_next_is_worth_least(week: int) -> None:
    worth = freshness({"gardening": KEYS}, 3, week, "seed")
    near = fresh(week - 1) | fresh(week + 1)
    assert all(worth[key] == pytest.approx(0.1) for key in near)
    rested = set(KEYS) - near - fresh(week)
    assert rested and all(0.1 < worth[key] < 0.4 for key in rested)


def test_each_family_has_an_order_of_its_own() -> None:
    orders = {
        tuple(sorted(key for key, worth in freshness({"x": KEYS}, 3, 0, seed).items() if worth == 1))
        for seed in "abcdefgh"
    }
    assert len(orders) > 4
