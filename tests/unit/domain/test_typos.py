"""Slips are mended, known words never are."""

from __future__ import annotations

import pytest

from pwa import content
from pwa.domain.typos import mend
from pwa.domain.understanding import understand


@pytest.mark.parametrize(
    ("typed", "interest"),
    [
        ("gardning", "gardening"), ("knittting", "knit_crochet"), ("crosswrods", "word_puzzles"), ("opra", "classical_opera"),
        ("photograpy", "photography"), ("bakeing", "baking"), ("fising", "fishing"), ("poettery", "pottery"), ("crotchet", "knit_crochet"),
        ("swiming", "swimming"), ("jigsaaw", "jigsaw"), ("dominos", "board_games"),
    ],
)  # fmt: skip
def test_a_slip_is_mended(typed: str, interest: str) -> None:
    understood = understand(f"she loves {typed}", content.knowledge())
    assert next((each.interest, each.words) for each in understood.interests) == (interest, (typed,))


@pytest.mark.parametrize("word", ["money", "hearing", "plain", "bead", "cooled", "gold", "train station", "wood"])
def test_a_known_word_is_no_slip(word: str) -> None:
    interests = {each.interest for each in understand(f"she has her {word}", content.knowledge()).interests}
    assert not interests & {"museums_art", "fishing", "baking", "golf", "cooking"}


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("gardn", "garden"), ("gradne", None), ("gaarden", "garden"), ("gadren", "garden"), ("garten", "garden"),
        ("arden", None), ("gar", None), ("g4rden", None), ("cardan", None), ("known", None),
    ],
)  # fmt: skip
def test_one_slip_and_the_first_letter_right(word: str, meant: str | None) -> None:
    assert mend(word, {"known"}, {"garden": "garden"}, str) == meant


def test_a_word_without_end_is_left_alone() -> None:
    assert mend("g" * 20_000, set(), {"g" * 19_999: "long"}, str) is None


def test_two_words_equally_near_are_neither() -> None:
    assert mend("boat", set(), {"boot": "boot", "bolt": "bolt"}, str) is None


def test_a_text_in_another_language_is_not_a_list_of_slips() -> None:
    understood = understand("Elle est toujours trop fatiguee pour sortir quelque part", content.knowledge())
    assert understood.interests == () and understood.unrecognised == ()
