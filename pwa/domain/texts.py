"""A person's words as the rules read them: folded, cut into words that know where they stand, and into sentences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

# More than anyone tells of a parent; what comes after is not read.
MOST_WORDS = 1_500
COMMA, STOP, COLON = 1, 2, 3

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# A full stop in a number is none, and a new line before a bullet goes on with the list.
_STOPS = re.compile(r"\.(?!\d)|[!?;\r…]|\n(?!\s*[-*•–]\s)|—| - | – ")
_FACE = re.compile(r":[-')(DPp/]")
_COMMAS = re.compile(r"[\n,–()/&+•*|\[\]{}\"“”]")


@dataclass(frozen=True)
class Word:
    """`start` and `end` are places in the text as typed; `before` is 0, COMMA, STOP or COLON: what parts it from the last."""

    start: int
    end: int
    folded: str
    before: int
    capital: bool


@dataclass(frozen=True)
class Text:
    typed: str
    words: tuple[Word, ...]
    stems: tuple[str, ...]

    def slice(self, first: int, last: int) -> str:
        """The words from `first` to `last` (both counted in) exactly as typed."""
        return self.typed[self.words[first].start : self.words[last].end]

    def sentences(self) -> list[range]:
        """Ranges of words."""
        starts = [place for place, word in enumerate(self.words) if place == 0 or word.before == STOP]
        return [range(start, end) for start, end in pairwise([*starts, len(self.words)])]

    def plain(self, words: range) -> str:
        """A stretch as folded words, with " , " where a comma parts them."""
        return " ".join(
            (", " if self.words[i].before == COMMA and i > words.start else "") + self.words[i].folded for i in words
        )


def fold(text: str) -> str:
    """Lower case, without accents and apostrophes: "Don’t" is "dont", "Mamá" is "mama"."""
    if text.isascii():
        return text.lower().replace("'", "")
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "").replace("'", ""))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def read(typed: str, stem: Callable[[str], str]) -> Text:
    """Cut `typed` into words; `stem` turns a folded word into its stem."""
    words = []
    end = 0
    for found in _WORD.finditer(typed):
        between = typed[end : found.start()]
        end = found.end()
        words.append(Word(found.start(), end, fold(found.group()), _parting(between), found.group()[0].isupper()))
        if len(words) == MOST_WORDS:
            break
    return Text(typed, tuple(words), tuple(stem(word.folded) for word in words))


def _parting(between: str) -> int:
    if ":" in between and not _FACE.search(between):
        return COLON
    if _STOPS.search(between):
        return STOP
    return COMMA if _COMMAS.search(between) else 0
