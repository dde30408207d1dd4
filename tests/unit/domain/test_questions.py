"""Which three questions are brought: how deep at which stage, for whom, in what order, and never one twice before its time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pwa.domain.questions import (
    A_HAND,
    GROUPS,
    LONG_SILENCE,
    WHY_WORDS,
    Question,
    Stage,
    Wants,
    Why,
    deepest,
    pick,
    suits,
)
from tests.support.asked import question, wants

NOW = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)
LATELY, LONG_AGO = NOW - LONG_SILENCE, NOW - LONG_SILENCE - timedelta(seconds=1)
MANY = [question(f"{group}_{depth}", group=group, depth=depth) for group in GROUPS for depth in (1, 2, 3)]


def keys(found: tuple[Any, ...]) -> list[str]:
    return [each.question.key for each in found]


@pytest.mark.parametrize(
    ("round_number", "met_at", "is_agreed", "depth"),
    [
        (1, None, False, 1),
        (1, None, True, 2),
        (1, LONG_AGO, False, 1),
        (1, LONG_AGO, True, 2),
        (1, LATELY, False, 2),
        (1, LATELY, True, 2),
        (2, LATELY, False, 3),
        (2, LATELY, True, 3),
        (2, LONG_AGO, False, 1),
        (2, LONG_AGO, True, 2),
        (9, None, True, 2),
    ],
)
def test_how_deep_it_goes_depends_on_how_near_they_are(
    round_number: int, met_at: datetime | None, is_agreed: bool, depth: int
) -> None:
    assert deepest(Stage(round_number, met_at, is_agreed, has_come=True), NOW) == depth


@pytest.mark.parametrize(
    ("has_come", "is_agreed", "settled"),
    [(False, False, False), (True, False, True), (False, True, True), (True, True, True)],
)
def test_the_three_are_settled_once_it_is_their_turn_or_a_day_is_set(
    has_come: bool, is_agreed: bool, settled: bool
) -> None:
    assert Stage(1, None, is_agreed, has_come).is_settled is settled


@pytest.mark.parametrize(
    ("asked", "known", "so"),
    [
        ({}, {}, True),
        ({"depth": 3}, {"deepest": 2}, False),
        ({"depth": 2}, {"deepest": 2}, True),
        ({"interests": ("dogs",)}, {}, False),
        ({"interests": ("dogs", "cats")}, {"interests": {"cats": 0.5}}, True),
        ({"interests": ("dogs", "cats")}, {"interests": {"cats": 0.5}, "disliked": {"dogs"}}, False),
        ({"dads": False}, {"dad": True}, False),
        ({"dads": False}, {"dad": False}, True),
        ({"fits": frozenset({"call"})}, {"places": ("together",)}, False),
        ({"fits": frozenset({"photographs"})}, {"places": ("call",)}, False),
        ({"fits": frozenset({"photographs"})}, {"places": ("together", "photographs")}, True),
    ],
)
def test_a_question_suits_the_parent_the_place_and_the_stage(
    asked: dict[str, Any], known: dict[str, Any], so: bool
) -> None:
    assert suits(question("a", **asked), wants(**known)) is so


@pytest.mark.parametrize(("most", "depths"), [(1, [1, 1, 1]), (2, [1, 2, 2]), (3, [1, 2, 3])])
def test_it_begins_light_and_goes_no_deeper_than_the_stage_allows(most: int, depths: list[int]) -> None:
    found = pick(MANY, wants(deepest=most), {})
    assert [each.question.depth for each in found] == depths
    assert [each.place for each in found] == [0, 1, 2]
    assert len({each.question.group for each in found}) == A_HAND


def test_the_same_facts_give_the_same_three_and_another_family_others() -> None:
    assert pick(MANY, wants(), {}) == pick(reversed(MANY), wants(), {})
    assert len({tuple(keys(pick(MANY, wants(seed=seed), {}))) for seed in "abcdefgh"}) > 1


def interested(*names: str) -> list[Question]:
    return [question(f"{name}_{group}", group=group, interests=(name,)) for name in names for group in GROUPS]


def test_the_surest_interests_come_first_each_once_and_one_question_is_about_the_person() -> None:
    roses = {"dogs": 0.6, "roses": 0.9, "films": 0.8}
    found = pick([*MANY, *interested(*roses)], wants(interests=roses), {})
    assert [each.interest for each in found] == ["roses", "films", None]
    assert [each.why for each in found[:2]] == [Why.INTEREST, Why.INTEREST]


@pytest.mark.parametrize("seed", list("abcdef"))
def test_two_interests_of_one_kind_do_not_stand_side_by_side(seed: str) -> None:
    told, kin = {"roses": 1.0, "films": 1.0, "bollywood": 1.0}, {"films": "screen", "bollywood": "screen"}
    found = pick([*MANY, *interested(*told)], wants(interests=told, kin=kin, seed=seed), {})
    assert {kin.get(each.interest or "", each.interest) for each in found} == {"roses", "screen", None}


@pytest.mark.parametrize(
    ("depth", "whys"),
    [
        (1, [Why.OPENER, Why.LIGHT, Why.LIGHT]),
        (2, [Why.OPENER, Why.WARM, Why.WARM]),
        (3, [Why.OPENER, Why.WARM, Why.DEEP]),
    ],
)
def test_each_says_why_it_is_there(depth: int, whys: list[Why]) -> None:
    assert [each.why for each in pick(MANY, wants(deepest=depth), {})] == whys
    assert all(WHY_WORDS[why].endswith(".") for why in whys)


def test_no_question_comes_twice_until_all_that_suit_are_used_up_and_then_the_oldest_does() -> None:
    few = [question(f"q{number}", group=GROUPS[number % 6]) for number in range(8)]
    shown: dict[str, datetime] = {}
    order: list[str] = []
    held: dict[int, str] = {}
    for turn in range(14):
        found = pick(few, wants(deepest=1, shown=shown), held)
        order += [key for key in keys(found) if key not in held.values()]
        shown |= dict.fromkeys(keys(found), NOW + timedelta(minutes=turn))
        held = {each.place: each.question.key for each in found[:2]}
    assert sorted(order[:8]) == sorted(each.key for each in few)
    round_again = order[2:8]
    assert order[8:14] == round_again


def test_what_is_held_stays_in_its_place_and_the_free_place_gets_another() -> None:
    first = pick(MANY, wants(), {})
    held = {0: first[0].question.key, 2: first[2].question.key}
    known = wants(shown=dict.fromkeys(keys(first), NOW))
    again = pick(MANY, known, held)
    assert (again[0].question, again[2].question) == (first[0].question, first[2].question)
    assert again[1].question not in [each.question for each in first]


@pytest.mark.parametrize(
    "known", [{"deepest": 2}, {"disliked": {"dogs"}}, {"interests": {}}], ids=["too deep", "disliked", "no longer told"]
)
def test_what_no_longer_suits_leaves_the_table(known: dict[str, Any]) -> None:
    dogs = question("dogs", depth=3, interests=("dogs",))
    before: Wants = wants(interests={"dogs": 0.9})
    assert keys(pick([*MANY, dogs], before, {2: "dogs"}))[2] == "dogs"
    assert "dogs" not in keys(pick([*MANY, dogs], replace(before, **known), {2: "dogs"}))


def test_what_was_kept_comes_first_in_a_later_round_and_not_in_this_one() -> None:
    kept = {"past_2", "hopes_1"}
    found = pick(MANY, wants(kept=kept, shown=dict.fromkeys(kept, NOW)), {})
    assert {each.question.key for each in found if each.why is Why.KEPT} == kept
    assert not kept & set(keys(pick(MANY, wants(aside=kept), {})))


def test_a_kept_one_too_deep_for_the_stage_waits() -> None:
    assert "past_3" not in keys(pick(MANY, wants(kept={"past_3"}, deepest=2), {}))


def test_where_little_suits_fewer_are_brought() -> None:
    assert keys(pick(MANY[:1], wants(), {})) == ["now_1"]
    assert pick([], wants(), {}) == ()
