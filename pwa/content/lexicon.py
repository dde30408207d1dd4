"""lexicon/*.txt: phrases and the interests they speak of, one a line: `phrase -> interest [weight][, …]`, or `-> -`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from pwa.content.files import ContentError
from pwa.domain.lexicon import PLURAL
from pwa.domain.texts import fold

_WEIGHT = re.compile(r"([a-z_]+)(?: (1|0\.\d+))?")

CLEAR_ENOUGH = 0.6
# Shorter words with an s are rarely plurals.
SHORTEST = 3

# First stem → (stems, interest → weight, letters), longest first: what `domain.lexicon` matches with.
Compiled = dict[str, list[tuple[list[str], dict[str, float], str]]]
Spelled = dict[str, dict[str, float]]


def phrases_in(
    files: Iterable[tuple[str, str]], interests: Collection[str], stem: Callable[[str], str]
) -> tuple[Compiled, list[str], dict[str, str]]:
    """Every phrase of the files (name, text) by its first stem; the stems of all their words; and spelling → stem
    of the words that alone speak of an interest.
    """
    by_stems: dict[tuple[str, ...], Spelled] = {}
    meant: dict[str, str] = {}
    for name, text in files:
        for phrase, weights in _lines(name, text, interests):
            stems = tuple(stem(word) for word in phrase)
            if len(phrase) == 1 and max(weights.values(), default=0.0) >= CLEAR_ENOUGH:
                meant |= {form: stems[0] for form in _forms(phrase[0]) if stem(form) == stems[0]}
            _add(by_stems.setdefault(stems, {}).setdefault(" ".join(phrase), {}), weights)
    found: Compiled = {}
    for stems, spelled in sorted(by_stems.items(), key=lambda pair: -len(pair[0])):
        found.setdefault(stems[0], []).extend((list(stems), *each) for each in _readings(spelled))
    return found, sorted({stem for stems in by_stems for stem in stems}), meant


def _forms(word: str) -> tuple[str, ...]:
    """A word and the forms in which it may be typed wrong."""
    bare = word.removesuffix("e")
    return word, f"{word}s", f"{bare}ing", f"{bare}ed", f"{bare}er", f"{word}{word[-1]}ing"


def _readings(spelled: Spelled) -> list[tuple[dict[str, float], str]]:
    """What phrases of the same stems mean: each its own by its letters, where they disagree; else all of it."""
    every: dict[str, float] = {}
    for weights in spelled.values():
        _add(every, weights)
    means = {frozenset(weights) for weights in spelled.values()}
    disagree = len(means) > 1 and not frozenset.intersection(*means)
    exact = [(weights, phrase) for phrase, weights in spelled.items()] if disagree else []
    is_plural = all(" " not in phrase and phrase.endswith(PLURAL) and len(phrase) > SHORTEST for phrase in spelled)
    return [*exact, (every, PLURAL if is_plural else "")]


def _add(kept: dict[str, float], weights: dict[str, float]) -> None:
    for interest, weight in weights.items():
        kept[interest] = max(weight, kept.get(interest, 0.0))


def _lines(name: str, text: str, interests: Collection[str]) -> Iterator[tuple[list[str], dict[str, float]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        phrase, arrow, meaning = line.partition(" -> ")
        words = re.findall(r"[^\W_]+", fold(phrase.replace("-", " ")))
        if not arrow or not words:
            raise ContentError(f"{name} line {number} is not a phrase, an arrow and interests: {line!r}")
        yield words, {} if meaning.strip() == "-" else _weights(name, number, meaning, interests)


def _weights(name: str, number: int, meaning: str, interests: Collection[str]) -> dict[str, float]:
    weights = {}
    for each in meaning.split(","):
        found = _WEIGHT.fullmatch(each.strip())
        if found is None:
            raise ContentError(
                f"{name} line {number} has no interest and weight (1, or 0.1 to 0.9) in {each.strip()!r}"
            )
        if found[1] not in interests:
            raise ContentError(f"{name} line {number} has no such interest: {found[1]}")
        weights[found[1]] = float(found[2] or 1)
    return weights
