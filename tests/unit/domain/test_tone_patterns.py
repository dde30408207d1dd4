"""The small grammar of the tone rules: what each part of it finds, and what isn't in it."""

from __future__ import annotations

import pytest

from pwa.domain.errors import Invalid
from pwa.domain.tone_patterns import Finder, inflected, pattern
from pwa.domain.tone_words import Spelling, draft

SPELLING = Spelling({"dont": ("do", "not"), "youre": ("you", "are")}, frozenset({"just"}), lambda _: None)
LISTS = {"sums": ["one", "two three"]}


def found(written: str, text: str) -> list[str]:
    read = draft(text, SPELLING)
    finder = Finder([(0, pattern(written, LISTS, SPELLING))])
    begins = [number == 0 or read.tokens[number - 1].word in ",." for number in range(len(read.tokens))]
    return [text[read.tokens[each.start].start : read.tokens[each.end - 1].end] for each in finder.find(read, begins)]


@pytest.mark.parametrize(
    ("written", "text", "hits"),
    [
        ("a b", "x a b", ["a b"]),
        ("a b", "a x b", []),
        ("a (b|c d)", "a c d, a b", ["a c d", "a b"]),
        ("a [b] c", "a c a b c", ["a c", "a b c"]),
        ("a *2 c", "a x c, a x x c, a x x x c", ["a x c", "a x x c"]),
        ("a *2 c", "a, c", []),
        ("a ...", "x a b c, d", ["a b c"]),
        ("call~ me", "calls me, called me, calling me, recalled me", ["calls me", "called me", "calling me"]),
        ("<sums> x", "one x, two three x, two x", ["one x", "two three x"]),
        ("a , b", "a, b", ["a, b"]),
        ("a ???", "a? a???", ["a???"]),
        ("^ a", "a, a b a", ["a", "a"]),
        ("a $", "a b a", ["a"]),
        ("don't x", "Don’t x, do not x, dont x", ["Don’t x", "do not x", "dont x"]),
        ("just a b", "a just b", ["a just b"]),
        ("# pm", "at 5 pm", ["5 pm"]),
    ],
)
def test_a_phrase_is_found(written: str, text: str, hits: list[str]) -> None:
    assert found(written, text) == hits


@pytest.mark.parametrize(
    "written", ["", "(a", "a)", "[a]", "*2 a", "... a", "<none> a", "a | b", "a {b}", "a *", "$", "(a|[b])", "a]"]
)
def test_what_is_not_in_the_grammar_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        pattern(written, LISTS, SPELLING)


def test_verbs_have_their_regular_forms() -> None:
    assert inflected("ignore") == ["ignore", "ignores", "ignored", "ignoring"]
    assert inflected("try") == ["try", "tries", "tried", "trying"]
    assert "calling" in inflected("call") and "misses" in inflected("miss")
