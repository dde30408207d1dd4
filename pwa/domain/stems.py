"""A word's stem, under which its forms meet and other words do not: "baking" is "bakes", but "beautiful" is not "beauty"."""

from __future__ import annotations

from collections.abc import Callable

_VOWELS = frozenset("aeiouy")
# A plural or a verb's form is never shorter than this.
_SHORTEST = 4


def gentle(stem: Callable[[str], str]) -> Callable[[str], str]:
    """`stem`, held back where it takes off more than an ending: such a word keeps what makes it another word."""

    def gently(word: str) -> str:
        far, near = stem(word), _base(word)
        is_doer = near.endswith("er") and far == near[:-2]
        return far if is_doer or len(near) - len(far) <= 1 else near

    return gently


def _base(word: str) -> str:
    """Without the ending of a plural, of -ing or of -ed, and with -y as -i."""
    word = _singular(word)
    for ending in ("ing", "ed"):
        if word.endswith(ending) and not _VOWELS.isdisjoint(word[: -len(ending)]) and len(word) > len(ending) + 2:
            word = _undoubled(word[: -len(ending)])
            break
    if len(word) > _SHORTEST and word[-1] == "y" and word[-2] not in _VOWELS:
        return word[:-1] + "i"
    return word[:-1] if len(word) > _SHORTEST and word[-1] == "e" else word


def _singular(word: str) -> str:
    if len(word) < _SHORTEST or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]


def _undoubled(word: str) -> str:
    return word[:-1] if len(word) > 2 and word[-1] == word[-2] and word[-1] not in "lsz" else word
