"""The list: nothing that a limit forbids, every interest served, and the same all week."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest

from pwa import content
from pwa.domain.ideas import FILTERS, SETTINGS, Idea, allows, passes
from pwa.domain.lessons import REFUSED, Verdict, learn
from pwa.domain.limits import Limits, together
from pwa.domain.ranking import FITTING, GENTLE, NEW, Wants, rank
from pwa.domain.seasons import season
from tests.support.catalogue import idea

MONDAY = date(2026, 3, 2)
ALL = tuple(content.catalogue().ideas.values())
FLAGS = sorted(content.flags())
TASTES = (
    {"gardening": 1.0, "films": 0.9},
    {"cricket": 1.0},
    {"baking": 1.0, "faith": 0.7, "trains": 0.6, "dogs": 0.6},
    {},
)


def wants(**other: object) -> Wants:
    plain = Wants(on=MONDAY, season="spring", for_anyone=content.interests().for_anyone(), seed="family")
    return replace(plain, **other)  # type: ignore[arg-type]


def breaks(limits: Limits, each: Idea) -> bool:
    """The taxonomy's own words for it, written a second time on purpose."""
    return (
        (limits.max_mobility is not None and each.mobility > limits.max_mobility)
        or (limits.max_cost is not None and each.cost > limits.max_cost)
        or (limits.max_minutes is not None and each.minutes > limits.max_minutes)
        or bool(limits.need and not set(limits.need) & set(each.settings))
        or bool(set(limits.avoid) & set(each.flags))
    )


def every_limit() -> list[Limits]:
    """Each number and setting by each other, with each flag alone and some together: 4,000-odd."""
    needs = (frozenset[str](), frozenset({"remote"}), frozenset({"remote", "home"}))
    avoids = [frozenset[str](), *(frozenset({flag}) for flag in FLAGS)]
    avoids += [frozenset(FLAGS[start : start + 6]) for start in range(0, len(FLAGS), 6)] + [frozenset(FLAGS)]
    numbers = itertools.product((None, 0, 1, 2), (None, 0, 1), (None, 30, 60), needs)
    return [Limits(m, c, n, need, False, avoid) for (m, c, n, need), avoid in itertools.product(numbers, avoids)]


def test_no_idea_breaks_any_limit_whatever_they_are() -> None:
    """Every idea against every combination of limits, and the lists that come of them."""
    limits = every_limit()
    assert len(limits) > 4_000
    for each in limits:
        assert [found.key for found in ALL if allows(each, found) and breaks(each, found)] == []
    for number, each in enumerate(limits):
        if number % 29 == 0:
            chosen = rank(ALL, wants(interests=TASTES[number % 4], limits=each), 8)
            assert [choice.idea.key for choice in chosen if breaks(each, choice.idea)] == []


def test_limits_together_are_never_laxer_than_either() -> None:
    some = every_limit()[::97]
    for one, other in itertools.product(some, some):
        both = together((one, other))
        assert all(allows(one, found) and allows(other, found) for found in ALL[::7] if allows(both, found))


def test_a_list_that_limits_leave_short_stays_short() -> None:
    assert rank(ALL, wants(interests={"golf": 1.0}, limits=Limits(avoid=frozenset(FLAGS), max_minutes=4)), 6) == []


@pytest.mark.parametrize("week", range(8))
@pytest.mark.parametrize("tastes", TASTES[:3])
def test_most_of_the_first_five_can_be_done_apart_where_that_is_asked(tastes: dict[str, float], week: int) -> None:
    asked = wants(interests=tastes, limits=Limits(mostly_remote=True), on=MONDAY + timedelta(weeks=week))
    assert sum(choice.idea.apart for choice in rank(ALL, asked, 5)) >= 3


def test_every_interest_is_served_among_the_first_five() -> None:
    for week in range(10):
        chosen = rank(ALL, wants(interests=dict.fromkeys(("chess", "dogs", "opera_no", "baking", "travel"), 1.0),
                                 on=MONDAY + timedelta(weeks=week)), 5)  # fmt: skip
        served = {tag for choice in chosen for tag in choice.idea.tags}
        assert {"chess", "dogs", "baking", "travel"} <= served


def test_the_list_is_the_same_all_week_and_another_on_monday() -> None:
    def keys(days: int) -> list[str]:
        asked = wants(interests=TASTES[0], on=MONDAY + timedelta(days=days))
        return [choice.idea.key for choice in rank(ALL, asked, 6)]

    assert keys(0) == keys(3) == keys(6)
    assert not set(keys(0)) & set(keys(7))


@pytest.mark.parametrize(
    "tastes", [{"shopping_thrift": 1.0, "antiques": 1.0}, {"cooking": 1.0, "baking": 1.0}, {"woodwork": 1.0, "reading": 1.0, "films": 1.0}]
)  # fmt: skip
def test_eight_weeks_bring_new_things_though_some_serve_two_interests(tastes: dict[str, float]) -> None:
    weeks = [rank(ALL, wants(interests=tastes, on=MONDAY + timedelta(weeks=week)), 5) for week in range(8)]
    assert len({choice.idea.key for week in weeks for choice in week}) >= 30


def test_a_disliked_interest_never_comes_back_by_a_second_tag() -> None:
    asked = wants(interests={"tea_coffee": 1.0}, disliked=frozenset({"baking"}))
    assert all("baking" not in choice.idea.tags for choice in rank(ALL, asked, 60))


def test_one_in_three_is_slightly_new_and_still_hers() -> None:
    chosen = rank(ALL, wants(interests={"gardening": 1.0}), 9)
    assert [choice.kind for choice in chosen].count(NEW) >= 2
    for choice in chosen:
        assert "gardening" in choice.idea.tags
        assert (choice.kind == FITTING) == (choice.idea.tags[0] == "gardening")


def test_scores_never_rise_down_the_list() -> None:
    scores = [choice.score for choice in rank(ALL, wants(interests=TASTES[2]), 20)]
    assert scores == sorted(scores, reverse=True)


def test_of_somebody_unknown_the_gentle_ones_are_offered_and_say_so() -> None:
    chosen = rank(ALL, wants(), 6)
    assert len(chosen) == 6
    assert {choice.kind for choice in chosen} == {GENTLE}
    assert all(choice.idea.first_meeting and choice.because is None for choice in chosen)


def test_what_was_refused_stays_away_and_weighs_its_interest_down() -> None:
    ideas = [idea(f"rose{n}") for n in range(4)] + [idea(f"reel{n}", tags=("films",)) for n in range(4)]
    asked = wants(interests={"gardening": 1.0, "films": 0.8}, for_anyone=frozenset())
    first = rank(ideas, asked, 1)[0].idea
    assert first.tags == ("gardening",)
    lessons = learn([Verdict(first.key, REFUSED, MONDAY)], {each.key: each for each in ideas}, MONDAY)
    after = rank(ideas, replace(asked, lessons=lessons), 8)
    assert after[0].idea.tags == ("films",)
    assert first.key not in [choice.idea.key for choice in after]


@pytest.mark.parametrize(
    ("on", "latitude", "found"),
    [
        (date(2026, 1, 15), 51.0, "winter"), (date(2026, 1, 15), -33.9, "summer"), (date(2026, 4, 1), 51.0, "spring"),
        (date(2026, 4, 1), -33.9, "autumn"), (date(2026, 7, 1), 51.0, "summer"), (date(2026, 12, 1), 51.0, "winter"),
        (date(2026, 7, 1), 1.3, None), (date(2026, 7, 1), -23.4, None),
    ],
)  # fmt: skip
def test_the_season_is_that_of_the_place(on: date, latitude: float, found: str | None) -> None:
    assert season(on, latitude) == found


def test_nothing_outdoors_comes_out_of_its_season() -> None:
    for now in ("winter", "summer", None):
        chosen = rank(ALL, wants(interests={"gardening": 1.0, "sea_lakes": 1.0}, season=now), 40)
        outdoors = [choice.idea for choice in chosen if choice.idea.place == "outdoor" and choice.idea.season]
        assert all(now in each.season for each in outdoors)


@pytest.mark.parametrize("filters", [(), *((each,) for each in FILTERS), ("free", "apart"), FILTERS])
def test_a_filter_lets_through_what_it_says(filters: tuple[str, ...]) -> None:
    sample = idea("x", mobility=0, cost=0, minutes=59, place="either", settings={"remote"})
    assert passes(sample, filters)
    for filter_, other in (("sitting", {"mobility": 1}), ("free", {"cost": 1}), ("short", {"minutes": 60}),
                           ("indoors", {"place": "outdoor"}), ("apart", {"settings": frozenset({"home"})})):  # fmt: skip
        assert passes(replace(sample, **other), filters) is (filter_ not in filters)  # type: ignore[arg-type]


def test_settings_of_the_catalogue_are_those_of_the_rule() -> None:
    assert {setting for each in ALL for setting in each.settings} == set(SETTINGS)
