"""A word typed wrong, mended only where no known word was typed: money is never Monet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

SHORTEST, LONGEST = 4, 24
# From this length on a word may hold two slips.
LONG = 9
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def mend(word: str, known: Collection[str], meant: Mapping[str, str], stem: Callable[[str], str]) -> str | None:
    """The stem that `word` (folded) was meant for, or None.

    `known`: stems that are words; `meant`: spelling → stem, of the words one may have meant. The first
    letter is taken to be right, as it nearly always is.
    """
    if not SHORTEST <= len(word) <= LONGEST or not word.isascii() or not word.isalpha() or stem(word) in known:
        return None
    for slips in (_likely, _wrong_letter, *((_two,) if len(word) >= LONG else ())):
        near = {meant[each] for each in slips(word) if each in meant}
        if near:
            return _likeliest(near, known)
    return None


def _likeliest(near: set[str], known: Collection[str]) -> str | None:
    """The only one; of several the only ordinary word, for names are typed less often."""
    ordinary = near if len(near) == 1 else {stem for stem in near if stem in known}
    return ordinary.pop() if len(ordinary) == 1 else None


def _likely(word: str) -> Iterator[str]:
    """A letter too many, one missing, or two that changed places."""
    for i in range(1, len(word) + 1):
        head, tail = word[:i], word[i:]
        for letter in _LETTERS:
            yield head + letter + tail
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def _wrong_letter(word: str) -> Iterator[str]:
    for i in range(1, len(word)):
        for letter in _LETTERS:
            yield word[:i] + letter + word[i + 1 :]


def _two(word: str) -> Iterator[str]:
    for once in (*_likely(word), *_wrong_letter(word)):
        yield from _doubled(once)


def _doubled(word: str) -> Iterator[str]:
    """A second slip of the commonest kind: a letter doubled, or one of a pair left out."""
    for i in range(1, len(word)):
        yield word[:i] + word[i] + word[i:]
        if word[i] == word[i - 1]:
            yield word[:i] + word[i + 1 :]
