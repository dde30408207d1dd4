"""How far apart two people live, by the names of places in what was written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from pwa.domain.limits import Limits
from pwa.domain.texts import Text

EARTH_KM = 6371
# Another country, and not across the border: a visit is a journey. Within one: half a day's drive.
ABROAD_KM, OVERSEAS_KM, FAR_KM = 250, 1500, 160
LONGEST_NAME = 4

Place = tuple[str, float, float]
"""Country, latitude, longitude."""


@dataclass(frozen=True)
class Found:
    """A place named by the words from `first` to `last`; `own`: it is where the writer lives."""

    first: int
    last: int
    place: Place
    own: bool


@dataclass(frozen=True)
class PlaceWords:
    """`own`: words that stand for the writer; `theirs`: for the parent; `there`: that say where somebody lives;
    `elsewhere`: that name a place for another reason."""

    own: frozenset[str]
    theirs: frozenset[str]
    there: frozenset[str]
    elsewhere: frozenset[str]


def find(text: Text, places: Mapping[str, Place], words: PlaceWords, known: Collection[str]) -> list[Found]:
    found = []
    place = 0
    while place < len(text.words):
        hit = _named(text, place, places, words, known)
        if hit is None:
            place += 1
            continue
        found.append(hit)
        place = hit.last + 1
    return found


def apart(found: Collection[Found]) -> tuple[Limits, list[Found]] | None:
    """What the distance asks for and the two places that say so, when both are told."""
    for own in (each for each in found if each.own):
        for theirs in (each for each in found if not each.own):
            limits = _limits(own.place, theirs.place)
            if limits is not None:
                return limits, sorted((own, theirs), key=lambda each: each.first)
    return None


def _limits(one: Place, other: Place) -> Limits | None:
    km = _km(one, other)
    if (one[0] != other[0] and km >= ABROAD_KM) or km >= OVERSEAS_KM:
        return Limits(need=frozenset({"remote"}))
    return Limits(mostly_remote=True) if km >= FAR_KM else None


def _named(
    text: Text, first: int, places: Mapping[str, Place], words: PlaceWords, known: Collection[str]
) -> Found | None:
    if not text.words[first].capital:
        return None
    for last in range(min(first + LONGEST_NAME, len(text.words)) - 1, first - 1, -1):
        if any(text.words[i].before for i in range(first + 1, last + 1)):
            continue
        place = places.get(" ".join(text.words[i].folded for i in range(first, last + 1)))
        if place is not None:
            own = _whose(text, first, words, ordinary=first == last and text.stems[first] in known)
            return None if own is None else Found(first, last, place, own)
    return None


def _whose(text: Text, first: int, words: PlaceWords, *, ordinary: bool) -> bool | None:
    """True for the writer's, False for the parent's, None where nobody is said to live there."""
    before = _clause_before(text, first)
    if any(word in words.elsewhere for word in before):
        return None
    if ordinary and not (before and before[-1] in words.there):
        return None
    for word in reversed(before):
        if word in words.own:
            return True
        if word in words.theirs:
            return False
    return False


def _clause_before(text: Text, first: int) -> list[str]:
    """The words before `first` of the same sentence, back to the last who lives somewhere else."""
    words: list[str] = []
    for place in range(first - 1, -1, -1):
        if text.words[place + 1].before == 2:
            break
        words.insert(0, text.words[place].folded)
    return words


def _km(one: Place, other: Place) -> float:
    (_, lat1, lon1), (_, lat2, lon2) = one, other
    across, along = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    return 2 * EARTH_KM * asin(sqrt(sin(across) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(along) ** 2))
