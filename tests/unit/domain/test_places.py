"""How far apart two people live, by the places they name; a name is no interest."""

from __future__ import annotations

import pytest

from pwa import content
from pwa.domain.limits import NONE, Limits
from pwa.domain.understanding import understand

ABROAD, FAR = Limits(need=frozenset({"remote"})), Limits(mostly_remote=True)


@pytest.mark.parametrize(
    ("sentence", "limits"),
    [
        ("Mum lives in Glasgow, I’m in Sydney", ABROAD),
        ("I moved to Toronto; my parents are still in Lahore.", ABROAD),
        ("My mum in Manila, me in Dubai.", ABROAD),
        ("I live in the UK and she’s in the US", ABROAD),
        ("Ma mère habite à Lyon et moi à Berlin", ABROAD),
        ("Mom lives in Phoenix AZ and I live in Seattle WA", ABROAD),
        ("She’s in Leeds. I live in Bristol.", FAR),
        ("Mum is in Hull, I’m down in Cornwall", FAR),
        ("We both live in Chicago", NONE),
        ("We’re in Toronto and she’s in Mississauga", NONE),
        ("She moved from Cork to Dublin to be near me", NONE),
        ("She was born in Italy and I live in Canada with her", NONE),
        ("She lives in Glasgow", NONE),
        ("He dreams of Japan, I live in London", NONE),
        ("she’s in turkey, i’m in london", NONE),
    ],
)
def test_the_distance_between_two_places(sentence: str, limits: Limits) -> None:
    assert understand(sentence, content.knowledge()).limits == limits


def test_the_words_that_tell_a_distance_are_those_between_the_places() -> None:
    (told,) = understand("Mum lives in Glasgow, I’m in Sydney", content.knowledge()).limit_words
    assert told.words == "Glasgow, I’m in Sydney"


@pytest.mark.parametrize(
    "sentence",
    [
        "She lives in Bath",
        "He is in Reading, she told me",
        "a dog called Biscuit",
        "her friend Ivy",
        "her husband Rob and sister Rose",
    ],
)
def test_a_name_is_no_interest(sentence: str) -> None:
    interests = {each.interest for each in understand(sentence, content.knowledge()).interests}
    assert not interests & {"beauty_spa", "reading", "baking", "houseplants_flowers", "gardening"}
