"""What a person's own words say about a parent: interests, dislikes, limits, and words nobody knew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pwa.domain import places as places_
from pwa.domain.cues import PolarityWords
from pwa.domain.lexicon import Match, Phrases, match
from pwa.domain.limit_words import LimitFound, LimitRule, limits_told, without_repeats
from pwa.domain.limits import Limits, together
from pwa.domain.places import Place, PlaceWords
from pwa.domain.polarity import DISLIKED, Polarity, polarity
from pwa.domain.texts import STOP, Text, read
from pwa.domain.typos import SHORTEST, mend
from pwa.domain.weighing import CLEAR, HINT, Found, Mention, ruled_out, weigh

__all__ = ["Found", "Knowledge", "LimitFound", "Understanding", "understand"]

MOST_UNRECOGNISED = 8
# An item of a list that is one word, and perhaps "and", "her" or "plays" before it.
LONGEST_ALONE = 3
# No more words than this are looked at for slips: a long text in another language is not a long list of typos.
MOST_MENDED = 16
# With more strange words than this share, the text is in another language: no word of it is a slip of ours.
MOST_STRANGE = 0.4
# Somebody who cannot do any more what takes legs.
NO_LONGER = Limits(max_mobility=1)


@dataclass(frozen=True)
class Knowledge:
    """All that is known of words. `active`: interests that take legs; `labels`: interest → how a chip says it.

    `known`: stems of ordinary words, `spelled`: of the phrases' words; `meant`: spelling → stem, of the words
    that a slip may have been meant for.
    """

    phrases: Phrases
    polarity: PolarityWords
    rules: Sequence[LimitRule]
    known: frozenset[str]
    spelled: frozenset[str]
    meant: Mapping[str, str]
    places: Mapping[str, Place]
    place_words: PlaceWords
    labels: Mapping[str, str]
    active: frozenset[str]
    stem: Callable[[str], str]


@dataclass(frozen=True)
class Understanding:
    """`interests` are shown as understood, best first; `related` only tip the scales; `limits` are all told ones."""

    interests: tuple[Found, ...]
    related: tuple[Found, ...]
    disliked: tuple[Found, ...]
    limit_words: tuple[LimitFound, ...]
    limits: Limits
    unrecognised: tuple[str, ...]


def understand(
    typed: str, knowledge: Knowledge, chips: Sequence[str] = (), *, mother: bool | None = None
) -> Understanding:
    """Read `typed` and the `chips` (interests that were tapped). Any text will do; nothing is made up.

    `mother`: whether this is about a mother or a father, where that is known.
    """
    text = read(typed, knowledge.stem)
    heard = polarity(text, knowledge.polarity, mother)
    named = places_.find(text, knowledge.places, knowledge.place_words, knowledge.known)
    taken = {place for each in named for place in range(each.first, each.last + 1)}
    corrected, unknown = _mend(text, taken, knowledge)
    told = limits_told(text, heard, knowledge.rules)
    spent = taken.union(*(each.spent for each in told))
    matches = [
        *(hit for hit in match(text, knowledge.phrases, corrected) if _counts(hit, spent, text, heard, knowledge)),
        *_alone(text, knowledge),
    ]
    mentions = [*_mentions(text, heard, knowledge.polarity, matches), *_wholes(text, heard, knowledge)]
    disliked = ruled_out(mentions)
    shown, related = weigh(mentions, {each.interest for each in disliked}, knowledge.labels, chips)
    told = without_repeats([*told, *_further_limits(text, named, mentions, knowledge)])
    used = {place for first, last in _stretches(matches, told) for place in range(first, last + 1)}
    strange = (text.slice(place, place) for place in unknown if place not in used)
    return Understanding(
        interests=shown,
        related=related,
        disliked=disliked,
        limit_words=tuple(told),
        limits=together(each.limits for each in told),
        unrecognised=tuple(dict.fromkeys(strange))[:MOST_UNRECOGNISED],
    )


def _counts(hit: Match, spent: Collection[int], text: Text, heard: Polarity, knowledge: Knowledge) -> bool:
    """What tells a limit, or names a place or somebody, tells no liking; but what it speaks against is disliked."""
    if hit.first == hit.last and text.words[hit.first].capital and hit.first > 0:
        before = text.words[hit.first - 1].folded
        if before in knowledge.polarity.named and text.words[hit.first].before == 0:
            return False
    return heard.signs[hit.first] == DISLIKED or not all(place in spent for place in range(hit.first, hit.last + 1))


def _stretches(matches: Iterable[Match], told: Iterable[LimitFound]) -> list[tuple[int, int]]:
    return [*((hit.first, hit.last) for hit in matches), *((each.first, each.last) for each in told)]


def _alone(text: Text, knowledge: Knowledge) -> list[Match]:
    """Words of many meanings that in a list, as an item of their own, mean a pastime: "bowls, bridge and tea"."""
    found = []
    for sentence in text.sentences():
        items = [place for place in sentence if place == sentence.start or _parts(text, place)]
        for first, after in pairwise([*items, sentence.stop]) if len(items) > 1 else ():
            item = text.words[after - 1].folded
            interest = knowledge.polarity.alone.get(item)
            if interest and after - first <= LONGEST_ALONE:
                found.append(Match(after - 1, after - 1, {interest: CLEAR}))
    return found


def _parts(text: Text, place: int) -> bool:
    return bool(text.words[place].before) or text.words[place].folded in ("and", "or")


def _mend(text: Text, taken: Collection[int], knowledge: Knowledge) -> tuple[dict[int, str], list[int]]:
    """Word → the stem it was meant for; and the places of the words that stayed unknown."""
    strange = [place for place in range(len(text.words)) if place not in taken and _is_strange(text, place, knowledge)]
    mended = {}
    for place in strange[:MOST_MENDED]:
        meant = mend(text.words[place].folded, knowledge.known, knowledge.meant, knowledge.stem)
        if meant is not None:
            mended[place] = meant
    is_foreign = len(strange) > len(text.words) * MOST_STRANGE and len(mended) < len(strange[:MOST_MENDED]) / 2
    return ({}, []) if is_foreign else (mended, [place for place in strange if place not in mended])


def _is_strange(text: Text, place: int, knowledge: Knowledge) -> bool:
    """Whether it is a word that nobody knows; a name inside a sentence is none."""
    word, stem = text.words[place], text.stems[place]
    is_name = word.capital and word.before < STOP and place > 0
    return not (
        is_name
        or len(word.folded) < SHORTEST
        or any(letter.isdigit() for letter in word.folded)
        or stem in knowledge.known
        or stem in knowledge.spelled
    )


def _mentions(text: Text, signs: Polarity, words: PolarityWords, matches: Iterable[Match]) -> list[Mention]:
    return [
        Mention(
            interest,
            weight,
            signs.signs[hit.first],
            text.slice(hit.first, hit.last),
            hit.first,
            hit.first in signs.unable,
        )
        for hit in matches
        for interest, weight in (_by_the_way(hit) if _describes(hit, text, words) else hit.interests).items()
    ]


def _describes(hit: Match, text: Text, words: PolarityWords) -> bool:
    """Whether it only tells what kind of thing follows: "Thai food", but not "my Thai mum"."""
    after = hit.last + 1
    if hit.first != hit.last or words.descriptive.isdisjoint(hit.interests) or after >= len(text.words):
        return False
    folded = text.words[after].folded
    return not text.words[after].before and not any(
        folded in known for known in (words.she, words.he, words.fillers, words.joints)
    )


def _by_the_way(hit: Match) -> dict[str, float]:
    return {interest: min(weight, HINT) for interest, weight in hit.interests.items()}


def _wholes(text: Text, signs: Polarity, knowledge: Knowledge) -> list[Mention]:
    """What is covered by a dislike of the whole: "no arts and crafts"."""
    found = []
    for place, sign in enumerate(signs.signs):
        if sign != DISLIKED:
            continue
        for length in (3, 2, 1):
            if place + length > len(text.words):
                continue
            phrase = " ".join(text.words[i].folded for i in range(place, place + length))
            words = text.slice(place, place + length - 1)
            covered = knowledge.polarity.wholes.get(phrase, ())
            found += [Mention(interest, HINT, DISLIKED, words, place, unable=False) for interest in covered]
    return found


def _further_limits(
    text: Text, named: Collection[places_.Found], mentions: Iterable[Mention], knowledge: Knowledge
) -> list[LimitFound]:
    """What the places tell of the distance, and what somebody who was active cannot do any more."""
    found = [
        LimitFound(NO_LONGER, each.words, each.place, each.place)
        for each in mentions
        if each.unable and each.interest in knowledge.active and each.sign != DISLIKED
    ]
    far = places_.apart(named)
    if far is not None:
        limits, (one, other) = far
        found.append(LimitFound(limits, text.slice(one.first, other.last), one.first, other.last))
    return found
