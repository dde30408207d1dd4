"""What was told, put right and answered, put together: an answer stands over words, and what was not told is careful."""

from __future__ import annotations

import pytest

from pwa.domain.errors import Invalid
from pwa.domain.limits import NONE, Limits
from pwa.domain.tailoring import Answers, PutRight, bounds, portray, visiting
from pwa.domain.understanding import Found, Understanding
from tests.support.catalogue import idea

REMOTE = frozenset({"remote"})
KNEES = Limits(max_mobility=1)


def understanding(**other: object) -> Understanding:
    plain: dict[str, object] = {
        "interests": (Found("gardening", 1.0, ("her roses",)), Found("films", 0.9, ("films",))),
        "related": (Found("reading", 0.3, ("stories",)),),
        "disliked": (Found("golf", 1.0, ("golf",)),),
        "limit_words": (),
        "limits": NONE,
        "unrecognised": (),
    }
    return Understanding(**{**plain, **other})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "distance", "answers", "limits", "assumed"),
    [
        (NONE, "", Answers(), Limits(1, 1, avoid=frozenset({"alcohol"})), ("mobility", "cost", "alcohol")),
        (KNEES, "", Answers(), Limits(1, 1, avoid=frozenset({"alcohol"})), ("cost", "alcohol")),
        (KNEES, "", Answers(mobility=3, cost=3, avoid=frozenset()), Limits(), ()),
        (
            KNEES,
            "",
            Answers(mobility=0, cost=2, avoid=frozenset({"nuts"})),
            Limits(0, 2, avoid=frozenset({"nuts"})),
            (),
        ),
        (NONE, "long_way", Answers(mobility=3, cost=3, avoid=frozenset()), Limits(mostly_remote=True), ()),
        (NONE, "long_way", Answers("anywhere", 3, 3, frozenset()), Limits(), ()),
        (Limits(need=REMOTE), "", Answers("anywhere", 3, 3, frozenset()), Limits(), ()),
        (NONE, "", Answers("apart", 3, 3, frozenset()), Limits(need=REMOTE), ()),
        (NONE, "", Answers("at_home", 3, 3, frozenset()), Limits(need=frozenset({"home", "remote"})), ()),
        (NONE, "", Answers("sometimes", 3, 3, frozenset(), 60), Limits(max_minutes=60, mostly_remote=True), ()),
    ],
)
def test_limits_in_force(
    told: Limits, distance: str, answers: Answers, limits: Limits, assumed: tuple[str, ...]
) -> None:
    found = bounds(told, distance, answers, ["gardening"], ["golf"])
    assert (found.limits, found.assumed) == (limits, assumed)


def test_somebody_active_is_not_kept_in_a_chair_and_a_wine_lover_not_from_wine() -> None:
    assert bounds(NONE, "", Answers(), ["golf"], ["golf"]).limits.max_mobility == 2
    assert bounds(NONE, "", Answers(), ["wine_beer"], []).limits.avoid == frozenset()


def test_what_was_assumed_is_not_said_to_have_been_told() -> None:
    assert bounds(KNEES, "", Answers(), [], []).told == KNEES


@pytest.mark.parametrize(
    ("why", "answers"),
    [
        ("too_tiring", Answers(mobility=0)),
        ("too_dear", Answers(cost=1)),
        ("too_long", Answers(minutes=60)),
        ("too_far", Answers(visiting="at_home")),
    ],
)
def test_a_refusal_can_be_made_a_limit(why: str, answers: Answers) -> None:
    asked_too_much = idea("x", mobility=1, cost=2, minutes=90)
    assert Answers().less_than(asked_too_much, why) == answers
    with pytest.raises(Invalid):
        Answers().less_than(asked_too_much, "not_now")


def test_an_answer_that_is_none_is_refused() -> None:
    for wrong in ({"visiting": "teleport"}, {"mobility": 4}, {"cost": -1}):
        with pytest.raises(Invalid):
            Answers(**wrong)  # type: ignore[arg-type]


def test_what_was_put_right_wins() -> None:
    right = PutRight(frozenset({"golf"}), frozenset({"films"}), {"dulcimer": "instrument", "zither": ""})
    found = portray(understanding(), ["golf"], right, bounds(NONE, "", Answers(), [], []))
    assert list(found.weights) == ["gardening", "instrument"]
    assert found.words["instrument"].said == "dulcimer"
    assert found.disliked == {"films"}


def test_with_chips_and_limits_confirmed_words_only_tip_the_scales() -> None:
    found = portray(understanding(), ["films"], PutRight(), bounds(NONE, "", Answers(), [], []), settled=True)
    assert list(found.weights) == ["films"]
    assert not found.words["films"].own
    assert {"gardening", "reading"} <= set(found.related)


@pytest.mark.parametrize(
    ("told", "distance", "found"),
    [
        (NONE, "", None), (NONE, "same_town", None), (NONE, "long_way", "sometimes"),
        (Limits(mostly_remote=True), "", "sometimes"), (Limits(need=REMOTE), "same_town", "apart"),
        (Limits(need=frozenset({"remote", "home"})), "", "at_home"),
    ],
)  # fmt: skip
def test_words_and_setup_fill_the_first_question_in(told: Limits, distance: str, found: str | None) -> None:
    assert visiting(told, distance) == found
