"""The words by which somebody says how they like a thing, and whose liking it is; and how such words are found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pwa.domain.texts import Text

# What a cue does: by its place in polarity.toml.
PROTECTED, QUIET, LIKE, DISLIKE, AFTER, NOT, INABILITY, CONTRAST, LAST = range(9)


@dataclass(frozen=True)
class PolarityWords:
    """`cues`: first word, or first two of more → (words, what they do), longest first. `wholes`: phrase → the interests it covers;
    `alone`: word → the interest it means as an item of a list; `named`: a name follows; `descriptive`: interests of
    words that may only describe what follows.

    `joints` begin clauses, `selves` begin what is said of the writer, `ends` end what a dislike speaks of, `its` stand for what was named before, `fillers`
    name nothing. `she`, `he`: parents; `step`: who is the parent only where no parent is named; `shared`: both.
    """

    cues: Mapping[str, Sequence[tuple[Sequence[str], int]]]
    joints: frozenset[str]
    ends: frozenset[str]
    list_ends: frozenset[str]
    its: frozenset[str]
    selves: frozenset[str]
    fillers: frozenset[str]
    she: frozenset[str]
    he: frozenset[str]
    step: frozenset[str]
    others: frozenset[str]
    shared: frozenset[str]
    possessives: frozenset[str]
    describing: frozenset[str]
    gone: frozenset[str]
    grand: frozenset[str]
    objects: frozenset[str]
    after_objects: frozenset[str]
    named: frozenset[str]
    descriptive: frozenset[str]
    wholes: Mapping[str, Sequence[str]]
    alone: Mapping[str, str]


def cue(text: Text, place: int, stop: int, words: PolarityWords) -> tuple[int, int | None]:
    """How many words the cue at `place` has, and what it does; one word and None where there is none before `stop`."""
    first = text.words[place].folded
    second = text.words[place + 1].folded if place + 1 < stop else ""
    for said, does in (*words.cues.get(f"{first} {second}", ()), *words.cues.get(first, ())):
        end = place + len(said)
        if end > stop or any(text.words[place + i].folded != part for i, part in enumerate(said)):
            continue
        if does != LAST:
            return len(said), does
        if end == stop or text.words[end].before:
            return len(said), AFTER
    return 1, None
