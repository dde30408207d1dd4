"""From single mentions to what is shown: which interests the words speak for, which they only touch, which they rule out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pwa.domain.polarity import DISLIKED, LIKED, NEUTRAL, OTHERS

# An interest is shown when what speaks for it adds up to this; what is only close to it never does alone.
SHOWN_FROM = 0.5
# Said of nobody's liking in particular, a phrase counts a little less than said with love.
SAID_PLAINLY = 0.9
CLEAR = 1.0
# What was merely hinted at: enough to tip the scales.
HINT = 0.3


@dataclass(frozen=True)
class Mention:
    """Words that speak of an interest, how clearly, and how they are meant; `unable`: cannot do it any more."""

    interest: str
    weight: float
    sign: int
    words: str
    place: int
    unable: bool


@dataclass(frozen=True)
class Found:
    """An interest, how surely (0-1] it is meant, and the words that say so: exactly as typed, or a chip's label."""

    interest: str
    weight: float
    words: tuple[str, ...]


def ruled_out(mentions: Iterable[Mention]) -> tuple[Found, ...]:
    """What the words speak against, unless others speak for it as clearly: hating rap is not hating music."""
    against: dict[str, list[Mention]] = {}
    kept: dict[str, set[tuple[str, int]]] = {}
    for each in mentions:
        if each.sign == DISLIKED and each.weight >= HINT:
            against.setdefault(each.interest, []).append(each)
        elif each.sign in (LIKED, NEUTRAL) and each.weight == CLEAR:
            kept.setdefault(each.interest, set()).add((each.words.casefold(), each.sign))
    return tuple(
        Found(interest, CLEAR, _words(said))
        for interest, said in against.items()
        if not _outweighed({each.words.casefold() for each in said}, kept.get(interest, ()))
    )


def _outweighed(against: Collection[str], kept: Iterable[tuple[str, int]]) -> bool:
    return any(sign == LIKED or words not in against for words, sign in kept)


def weigh(
    mentions: Iterable[Mention], out: Collection[str], labels: Mapping[str, str], chips: Sequence[str]
) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
    """The interests that are shown, chips first and then by weight and place; and those that are only close."""
    by_interest: dict[str, list[Mention]] = {}
    for each in mentions:
        if each.sign not in (DISLIKED, OTHERS) and each.interest not in out and each.interest not in chips:
            by_interest.setdefault(each.interest, []).append(each)
    ranked = sorted(
        ((_weight(said), said) for said in by_interest.values()), key=lambda pair: (-pair[0], pair[1][0].place)
    )
    tapped = [
        Found(chip, CLEAR, (labels[chip],)) for chip in dict.fromkeys(chips) if chip in labels and chip not in out
    ]
    shown, related = list(tapped), list[Found]()
    for weight, said in ranked:
        best = sorted(said, key=lambda each: (-each.weight, each.place))
        found = Found(said[0].interest, round(weight, 3), _words(best))
        (shown if weight >= SHOWN_FROM and best[0].weight > HINT else related).append(found)
    return tuple(shown), tuple(related)


def _weight(said: Iterable[Mention]) -> float:
    """What several mentions add up to: each takes its share of the doubt that is left."""
    doubt = 1.0
    for each in {mention.words: mention for mention in said}.values():
        doubt *= 1 - each.weight * (1.0 if each.sign == LIKED else SAID_PLAINLY)
    return 1 - doubt


def _words(said: Iterable[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.words for each in said))
