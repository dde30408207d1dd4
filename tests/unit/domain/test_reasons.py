"""A reason says nothing but facts: the words as they were typed, and what the idea's own attributes keep to."""

from __future__ import annotations

import re

import pytest

from pwa import content
from pwa.domain.limits import Limits
from pwa.domain.ranking import FITTING, GENTLE, NEW, Choice
from pwa.domain.reasons import GENTLE_WORDS, Words, reason
from tests.support.catalogue import idea

WITHOUT = {key: flag.without for key, flag in content.flags().items()}
SAID = {"gardening": Words("her roses", own=True), "films": Words("Films & old movies", own=False)}


@pytest.mark.parametrize(
    ("choice", "limits", "sentence"),
    [
        (Choice(idea("a"), 1, FITTING, "gardening"), Limits(), "Because you said “her roses”."),
        (Choice(idea("a"), 1, FITTING, "films"), Limits(), "Because you chose “Films & old movies”."),
        (
            Choice(idea("a"), 1, FITTING, "gardening"),
            Limits(max_mobility=1, max_cost=0),
            "Because you said “her roses”, and it can be done sitting down and is free.",
        ),
        (
            Choice(idea("a", mobility=1, cost=1), 1, NEW, "gardening"),
            Limits(max_mobility=1, max_cost=1, avoid=frozenset({"crowds"})),
            "Slightly new, and close to what you said: “her roses”, and it needs little walking and has no crowds.",
        ),
        (
            Choice(idea("a", settings={"remote"}), 1, FITTING, "gardening"),
            Limits(mostly_remote=True, max_minutes=40),
            "Because you said “her roses”, and it works at a distance and takes 30 minutes.",
        ),
        (Choice(idea("a"), 0, GENTLE, None), Limits(max_mobility=1), GENTLE_WORDS),
        (Choice(idea("a"), 0, "looked for", None), Limits(), ""),
        (Choice(idea("a"), 0, "looked for", None), Limits(max_cost=1), "It is free."),
    ],
)
def test_a_reason_in_words(choice: Choice, limits: Limits, sentence: str) -> None:
    assert reason(choice, SAID, limits, WITHOUT).sentence() == sentence


def test_every_merit_that_is_claimed_is_true_of_the_idea() -> None:
    flags = sorted(content.flags())
    for number, each in enumerate(content.catalogue().ideas.values()):
        limits = Limits(
            1, 1, each.minutes, frozenset({"remote"}), True, frozenset(flags[number % 30 : number % 30 + 3])
        )
        told = reason(Choice(each, 1, FITTING, "gardening"), SAID, limits, WITHOUT)
        for merit in told.merits:
            keeps = {
                "can be done sitting down": each.mobility == 0,
                "needs little walking": each.mobility == 1,
                "works at a distance": each.apart,
                "is free": each.cost == 0,
                "costs little": each.cost == 1,
                f"takes {each.minutes} minutes": True,
                **{flag.without: flag.key not in each.flags for flag in content.flags().values()},
            }
            assert keeps[merit], (each.key, merit)
        assert re.findall("“(.*?)”", told.sentence()) == ["her roses"]
