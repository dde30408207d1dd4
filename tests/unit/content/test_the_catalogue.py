"""The catalogue: enough for every interest under every kind of limit, no idea twice, and a wrong file named by its line."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from pwa import content
from pwa.content.files import ContentError, parse
from pwa.content.ideas import rows_in
from pwa.domain.ideas import Idea
from pwa.domain.parents import Person, speak

IDEAS = content.catalogue().ideas
INTERESTS = content.interests().by_key
NEVER_NAMED = (
    r"\b(scrabble|zoom|whatsapp|youtube|netflix|lego|kindle|spotify|facetime|skype|facebook|instagram|google|amazon|ikea|"
    r"national trust|monopoly|bbc|disney|wordle|pinterest|audible|rummikub|yahtzee|cluedo|jenga|nintendo|polaroid|thermos)\b"
)
GENDERED = r"\b(she|her|hers|he|him|his|mom|mum|mother|dad|father)\b"
TELLING = r"!|['\"`—]|\b(just|should|must|ought|finally|quality time|bonding|elderly)\b"
PLACEHOLDER = r"\{[^{}]*\}"
# What a word brings with it. An idea whose words name the one carries the other, or stands in SEEN, which says why not.
LINT = {
    "alcohol": r"\b(wine|beer|whisky|brewery|winery|champagne|sherry|pub)\b(?!-free)",
    "sweets": r"\b(cakes?|biscuits?|cookies?|ice cream|chocolate|jam|marmalade|puddings?|mince pies|ice lolly|milkshake)\b",
    "gluten": r"\b(bread|cakes?|biscuits?|cookies?|pasta|pizza|sandwich(es)?|scones?|samosas?|croissants?|crust)\b",
    "dairy": r"\b(cakes?|cheese|cream|butter|milkshake|ice cream)\b",
    "meat": r"\b(bacon|sausages?|steak|ham|barbecue)\b",
    "screens": r"\b(online|video call|tablet|your own screens)\b",
    "hearing": r"\b(by telephone|down the (telephone|line)|over the telephone|on the telephone|and ring|ring (and|once|after))\b",
    "faith": r"\b(hymn|bhajan|psalm|prayers?|pew|altar|mosque|temple|shrine)\b",
    "boat": r"\b(ferry|canoe|kayak)\b",
    "water": r"\b(swim properly|shallows|warm pool)\b",
}
SEEN = {
    ("ginger_beer_on_the_sill", "alcohol"),  # a soft drink
    ("the_first_bar_and_who_sang", "alcohol"),  # told, not drunk
    ("zero_proof_cocktail_hour", "alcohol"),  # none in it
    ("the_shop_with_the_cat", "alcohol"),  # a café without a bar
}


def words_of(idea: Idea) -> str:
    return " ".join((idea.title, idea.line, *idea.easy, idea.say))


def test_there_are_enough_and_each_key_is_fit_for_an_address() -> None:
    assert len(IDEAS) >= 420
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{2,47}", key) for key in IDEAS)
    assert not set(IDEAS) & {"understood", "learnt"}


@pytest.mark.parametrize("interest", INTERESTS)
def test_every_interest_has_ideas_for_any_circumstance(interest: str) -> None:
    own = [idea for idea in IDEAS.values() if interest in idea.tags]
    assert len(own) >= 8
    assert sum(idea.apart for idea in own) >= 3
    assert sum(idea.mobility == 0 and idea.cost <= 1 for idea in own) >= 3
    assert sum(not idea.season for idea in own) >= 2
    assert sum(idea.first_meeting for idea in own) >= 3
    assert sum(idea.dads for idea in own) >= 3


def test_no_idea_is_nearly_another() -> None:
    def bag(idea: Idea) -> set[str]:
        return set(re.findall(r"[a-z]{4,}", f"{idea.title} {idea.line}".lower())) - COMMON

    bags = {key: bag(idea) for key, idea in IDEAS.items()}
    near = [
        (one, other)
        for one, other in combinations(bags, 2)
        if len(bags[one] & bags[other]) >= 0.6 * min(len(bags[one]), len(bags[other]))
    ]
    assert near == []
    assert len({idea.title.lower() for idea in IDEAS.values()}) == len(IDEAS)


COMMON = frozenset(
    {"that", "this", "with", "your", "them", "their", "they", "each", "other", "from", "what", "which", "where", "have"}
    | {"will", "into", "both", "same", "like", "when", "were", "home"}
)


@pytest.mark.parametrize(
    ("what", "pattern"), [("a brand", NEVER_NAMED), ("a gender", GENDERED), ("a word we don’t use", TELLING)]
)
def test_no_idea_names(what: str, pattern: str) -> None:
    bare = {key: re.sub(PLACEHOLDER, "", words_of(idea)) for key, idea in IDEAS.items()}
    assert [(key, found[0]) for key, text in bare.items() if (found := re.search(pattern, text, re.IGNORECASE))] == []


@pytest.mark.parametrize(("flag", "pattern"), LINT.items())
def test_a_word_brings_its_flag(flag: str, pattern: str) -> None:
    found = [
        (key, hit[0])
        for key, idea in IDEAS.items()
        if flag not in idea.flags
        and (key, flag) not in SEEN
        and (hit := re.search(pattern, words_of(idea), re.IGNORECASE))
    ]
    assert found == []


@pytest.mark.parametrize("pronouns", ["she", "he", "they"])
def test_every_idea_can_be_told_of_anybody(pronouns: str) -> None:
    person = Person("Appa", pronouns)  # type: ignore[arg-type]
    for key, idea in IDEAS.items():
        for text in (idea.line, *idea.easy):
            told = speak(text, person)
            assert "{" not in told and "|" not in told, key
        assert "{" not in idea.title + idea.say, key


def test_texts_fit_a_phone() -> None:
    too_long = [
        key for key, idea in IDEAS.items() if len(idea.title) > 44 or len(idea.line) > 240 or len(idea.say) > 165
    ]
    assert too_long == []
    assert all(2 <= len(idea.easy) <= 3 and max(map(len, idea.easy)) <= 90 for idea in IDEAS.values())


GOOD = """
[[ideas]]
key = "tea"
title = "Tea at the same time"
line = "Put the kettle on in both places and pour."
easy = ["Same day", "One cup"]
say = "Kettle on at four?"
tags = ["tea_coffee"]
settings = ["remote"]
cost = 0
minutes = 15
mobility = 0
season = ["any"]
place = "indoor"
flags = ["hearing"]
best = "afternoon"
first_meeting = true
dads = true
"""


def read(text: str) -> list[dict[str, object]]:
    return rows_in([parse("ideas/food.toml", text)], INTERESTS, content.flags())


def test_one_more_idea_is_one_more_table() -> None:
    assert [row["key"] for row in read(GOOD + GOOD.replace('"tea"', '"tea_again"'))] == ["tea", "tea_again"]


@pytest.mark.parametrize(
    ("was", "is_now", "sentence"),
    [
        ('tags = ["tea_coffee"]', 'tags = ["tee"]', "ideas/food.toml ideas[0].tags (line 8) is no such thing: tee"),
        ('tags = ["tea_coffee"]', "tags = []", "ideas/food.toml ideas[0].tags (line 8) is not a list of texts"),
        ("cost = 0", "cost = 4", "ideas/food.toml ideas[0].cost (line 10) is 4, not from 0 to 3"),
        ("cost = 0\n", "", "ideas/food.toml ideas[0].cost (line 2) is missing"),
        ("cost = 0", 'cost = "0"', "ideas/food.toml ideas[0].cost (line 10) is not a number"),
        ('flags = ["hearing"]', 'flags = ["hering"]', "ideas/food.toml ideas[0].flags (line 15) is no such thing: hering"),
        ('season = ["any"]', 'season = ["fall"]', "ideas/food.toml ideas[0].season (line 13) is no such thing: fall"),
        ('place = "indoor"', 'place = "inside"', "ideas/food.toml ideas[0].place (line 14) is no such thing: inside"),
        ('say = "Kettle', 'say = "{name}, kettle', "ideas/food.toml ideas[0].say (line 7) holds a placeholder"),
        ("first_meeting = true\n", "", "ideas/food.toml ideas[0].first_meeting (line 2) is missing"),
        ("in both places", "in {both} places", "ideas/food.toml ideas[0].line (line 5) cannot be spoken: {both}"),
        ("[[ideas]]", "[[ideas", "ideas/food.toml is not TOML: "),
    ],
)  # fmt: skip
def test_a_wrong_file_is_named_with_its_line_and_the_reason(was: str, is_now: str, sentence: str) -> None:
    assert was in GOOD
    with pytest.raises(ContentError) as refused:
        read(GOOD.replace(was, is_now))
    assert str(refused.value).startswith(sentence)


def test_two_ideas_of_one_key_are_refused() -> None:
    with pytest.raises(
        ContentError, match=r"ideas/food.toml ideas\[1\].key \(line 21\) is the key of another idea: tea"
    ):
        read(GOOD + GOOD)
