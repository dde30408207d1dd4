"""Phrases and what they speak of: the longest that fits is taken, and its words are used up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pwa.domain.texts import Text

# A phrase's stems, the interests (with weights) it speaks of, and its letters where they matter: "" where only the
# stems do; "…s" where it is a plural only ("cards"); the whole phrase where other words have its stems ("go fish").
Phrase = tuple[Sequence[str], Mapping[str, float], str]
PLURAL = "s"
# An empty `interests` eats its words and means nothing.
Phrases = Mapping[str, Sequence[Phrase]]
# What one of a thing counts that is a pastime only as many: a card, a bowl.
SINGLE = 0.5


@dataclass(frozen=True)
class Match:
    """The words from `first` to `last` (both counted in), and the interests they speak of."""

    first: int
    last: int
    interests: Mapping[str, float]


def match(text: Text, phrases: Phrases, corrected: Mapping[int, str]) -> list[Match]:
    """`phrases`: first stem → the phrases that begin with it, longest first. `corrected`: word → its stem, mended."""
    stems = [corrected.get(place, stem) for place, stem in enumerate(text.stems)]
    found = []
    place = 0
    while place < len(stems):
        hit = _longest(stems, text, place, phrases)
        if hit is None:
            place += 1
            continue
        found.append(hit)
        place = hit.last + 1
    return found


def _longest(stems: Sequence[str], text: Text, place: int, phrases: Phrases) -> Match | None:
    for phrase, interests, letters in phrases.get(stems[place], ()):
        last = place + len(phrase) - 1
        if not _stands(stems, text, place, phrase):
            continue
        if letters == PLURAL and not text.words[last].folded.endswith(PLURAL):
            return Match(place, last, {interest: weight * SINGLE for interest, weight in interests.items()})
        if letters in ("", PLURAL) or letters == text.plain(range(place, last + 1)):
            return Match(place, last, interests)
    return None


def _stands(stems: Sequence[str], text: Text, place: int, phrase: Sequence[str]) -> bool:
    end = place + len(phrase)
    if end > len(stems) or any(stems[place + i] != part for i, part in enumerate(phrase)):
        return False
    return not any(text.words[i].before for i in range(place + 1, end))
