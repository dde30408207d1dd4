"""What is made of a text as a whole: chips, weights, what nobody knew; and that no text, however odd, does harm."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pwa import content
from pwa.domain.limits import NONE
from pwa.domain.understanding import Understanding, understand

WORDS = st.sampled_from(
    [
        "She",
        "he",
        "Mum",
        "dad",
        "my",
        "sister",
        "I",
        "we",
        "loves",
        "hates",
        "not",
        "no",
        "never",
        "and",
        "or",
        "but",
        ",",
        ".",
        ";",
        ":",
        "?",
        "can’t",
        "doesn’t",
        "used",
        "to",
        "gardening",
        "opera",
        "golf",
        "crossword",
        "knee",
        "bad",
        "knees",
        "stairs",
        "deaf",
        "lives",
        "hours",
        "away",
        "in",
        "Sydney",
        "London",
        "café",
        "it",
        "bores",
        "her",
        "called",
        "Ivy",
        "30",
        "minutes",
        "a",
        "week",
        "vegan",
        "gardning",
        "zqxv",
        "without",
        "except",
    ]
)
LOW = 0.3


def read(text: str, *chips: str) -> Understanding:
    return understand(text, content.knowledge(), chips)


def test_chips_come_first_with_their_labels() -> None:
    found = read("she also loves pottery", "painting_drawing", "chess").interests
    assert [(each.interest, each.weight) for each in found] == [("painting_drawing", 1), ("chess", 1), ("pottery", 1)]
    assert found[0].words == (content.interests().by_key["painting_drawing"].label,)


def test_words_that_speak_against_a_chip_win() -> None:
    understood = read("Recently he’s gone off football", "football_soccer", "history")
    assert [each.interest for each in understood.interests] == ["history"]
    assert {each.interest: each.words for each in understood.disliked}["football_soccer"] == ("football",)


def test_a_chip_that_is_no_interest_is_left_out() -> None:
    assert read("", "nonsense", "chess", "chess").interests == read("", "chess").interests != ()


def test_what_is_loved_comes_before_what_is_only_named() -> None:
    understood = read("Plays golf. Loves opera.")
    assert [each.interest for each in understood.interests] == ["classical_opera", "golf"]
    assert understood.interests[0].weight > understood.interests[1].weight > LOW


def test_what_is_only_close_is_related_and_never_shown() -> None:
    understood = read("restores motorbikes")
    assert [each.interest for each in understood.interests] == ["motoring"]
    assert [(each.interest, each.weight <= LOW) for each in understood.related] == [("cycling", True)]


def test_a_dislike_of_a_whole_covers_its_parts_and_not_a_part_that_is_loved() -> None:
    disliked = {each.interest for each in read("he hates sport but loves golf").disliked}
    assert {"cricket", "football_soccer", "cycling"} <= disliked and "golf" not in disliked


def test_hating_a_kind_is_not_hating_all_of_it() -> None:
    understood = read("Big Motown fan, can’t stand rap")
    assert [each.interest for each in understood.interests] == ["music_listening"]
    assert understood.disliked == ()


def test_an_idiom_eats_its_words() -> None:
    assert read("she is a couch potato with a garden variety cold").interests == ()


def test_what_cannot_be_done_any_more_stays_and_asks_for_less() -> None:
    understood = read("she can’t play tennis any more")
    assert [each.interest for each in understood.interests] == ["racket_sports"]
    assert understood.limits.max_mobility == 1


def test_strange_words_are_given_back_as_typed_and_only_eight() -> None:
    assert read("She loves gongoozling, and tea, and zwibbets.").unrecognised == ("gongoozling", "zwibbets")
    strange = " ".join(f"zqx{letter * 3}y" for letter in "abcdefghijkl")
    plain = "she loves to sit in the garden and look at the flowers when it is warm and sunny outside of the house "
    assert len(read(plain + strange).unrecognised) == 8


@pytest.mark.parametrize(
    "text", ["She likes Brünnhilde", "his macular degeneration", "with my aunt Zelda", "she’s 72 yrs", "lol idk"]
)
def test_names_numbers_and_words_of_a_limit_are_not_asked_about(text: str) -> None:
    assert read(text).unrecognised == ()


def test_the_same_limit_is_told_once() -> None:
    assert [each.words for each in read("Hip replacement last spring").limit_words] == ["Hip replacement"]


@pytest.mark.parametrize(
    "text",
    [
        "", " \n\t ", "\x00\x01\x07", "\ud800 \udfff", "\u202egolf\u202c"[:1], "\u200b\u200d" * 50, "🎨🧶🎣" * 300, "%s {0} {name} {{",
        "'; DROP TABLE parents; --", "<script>alert(1)</script>", "a" * 20_000, ", " * 10_000, "\\" * 500, "0" * 5_000, "no " * 7_000,
    ],
)  # fmt: skip
def test_odd_texts_are_read_as_nothing(text: str) -> None:
    understood = read(text)
    assert understood.interests == understood.disliked == understood.limit_words == ()
    assert understood.limits == NONE


@pytest.mark.parametrize(
    "phrase",
    [
        "cant walk very ",
        "half an hour ",
        "knees is not so ",
        "she hates ",
        "not a big fan of ",
        "money is really very ",
        "zqxvy ",
        "and x, ",
    ],
)
def test_a_long_text_takes_no_long_time(phrase: str) -> None:
    began = time.process_time()
    read(phrase * (20_000 // len(phrase)))
    assert time.process_time() - began < 1


@settings(deadline=None, max_examples=150)
@given(st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=300))
def test_every_word_given_back_stands_in_the_text(text: str) -> None:
    understood = read(text)
    for found in (*understood.interests, *understood.related, *understood.disliked):
        assert found.words and all(words and words in text for words in found.words)
        assert 0 < found.weight <= 1
    assert all(told.words in text and told.limits != NONE for told in understood.limit_words)
    assert all(word in text for word in understood.unrecognised)
    shown = [each.interest for each in understood.interests]
    assert len(set(shown)) == len(shown)
    assert not set(shown) & {each.interest for each in understood.disliked}
