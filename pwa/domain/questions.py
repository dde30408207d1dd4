"""Questions to bring: three for this parent and this stage, light before deep, each with the reason it is there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b

GROUPS = ("now", "projects", "pastimes", "past", "hopes", "becoming")
LIGHT, WARM, DEEP = DEPTHS = (1, 2, 3)
CALL, TOGETHER, PHOTOGRAPHS = FITS = ("call", "together", "photographs")
A_HAND = 3
# Of the three, so that at least one is about the person and not the pastime.
MOST_BY_INTEREST = 2
# No word face to face or by voice for longer: the next meeting is a first one.
LONG_SILENCE = timedelta(days=60)


@dataclass(frozen=True)
class Question:
    """One question, and the one that asks more; both are said to the parent as they stand.

    `depth` 1 light to 3 deep; `interests` are the taxonomy's, for whom it is meant (none: for anybody); `fits`: where it
    can be asked, any of FITS; `dads`: it fits a dad as well.
    """

    key: str
    text: str
    follow_up: str
    group: str
    depth: int
    interests: tuple[str, ...]
    fits: frozenset[str]
    dads: bool


class Why(StrEnum):
    """What a question stands there for."""

    KEPT = "kept"
    INTEREST = "interest"
    OPENER = "opener"
    LIGHT = "light"
    WARM = "warm"
    DEEP = "deep"


# Beside an interest stand the person's own words for it.
WHY_WORDS = {
    Why.KEPT: "You kept this one for later.",
    Why.OPENER: "A light one, to begin with.",
    Why.LIGHT: "Light, and easy to answer after some time apart.",
    Why.WARM: "A little closer, for when the talk is flowing.",
    Why.DEEP: "A deeper one, for when there is time. Leave it if the moment isn’t right.",
}


@dataclass(frozen=True)
class Stage:
    """How near the two are. `met_at`: when they last saw or heard each other; `has_come`: the step's turn is now or was.

    `is_agreed`: a day to meet is set.
    """

    round_number: int
    met_at: datetime | None
    is_agreed: bool
    has_come: bool

    @property
    def is_settled(self) -> bool:
        """Whether the three stay for the round; before that they follow whatever is told."""
        return self.has_come or self.is_agreed


@dataclass(frozen=True)
class Wants:
    """What is known of the parent, of the stage, and of the questions that were on the table.

    `interests`: interest → how sure; `kin`: interest → the group it belongs to, of which one question is enough; `shown`: question → when it last was on the table; `kept` in an earlier round,
    which comes first now; `aside`: kept in this one, which waits; `seed`: the family's own order.
    """

    interests: Mapping[str, float]
    kin: Mapping[str, str]
    disliked: Collection[str]
    places: Collection[str]
    dad: bool
    deepest: int
    shown: Mapping[str, datetime]
    kept: Collection[str]
    aside: Collection[str]
    seed: str


@dataclass(frozen=True)
class Pick:
    """A question on the table; `place` counts from 0. `interest`: the one it is there for, where `why` says so."""

    place: int
    question: Question
    why: Why
    interest: str | None = None


def deepest(stage: Stage, now: datetime) -> int:
    """How deep a question may go: nothing deep at a first meeting after a long silence, and light alone before one is set."""
    if stage.met_at is None or now - stage.met_at > LONG_SILENCE:
        return WARM if stage.is_agreed else LIGHT
    return WARM if stage.round_number == 1 else DEEP


def suits(question: Question, wants: Wants) -> bool:
    """Whether it may be asked of this parent now at all."""
    return (
        question.depth <= wants.deepest
        and (question.dads or not wants.dad)
        and not question.fits.isdisjoint(wants.places)
        and not set(question.interests) & set(wants.disliked)
        and (not question.interests or any(interest in wants.interests for interest in question.interests))
    )


def pick(questions: Iterable[Question], wants: Wants, held: Mapping[int, str]) -> tuple[Pick, ...]:
    """The three, in their places. What is `held` (place → question) stays there as long as it still suits.

    Every other place gets the best that suits: what was kept; then what was never shown, and after all of that what
    was shown longest ago; another group and another kind of interest than its neighbours'; the interest that is surest. The
    first is light; none is deeper than its place.
    """
    suiting = {question.key: question for question in questions if suits(question, wants)}
    most = (LIGHT, min(WARM, wants.deepest), wants.deepest)
    table = {place: suiting[key] for place, key in held.items() if key in suiting and suiting[key].depth <= most[place]}
    for place in range(A_HAND):
        if place not in table:
            taken = {*wants.aside, *(each.key for each in table.values())}
            free = [each for each in suiting.values() if each.key not in taken and each.depth <= most[place]]
            if free:
                table[place] = min(free, key=lambda each: _order(each, most[place], list(table.values()), wants))
    return tuple(_told(place, table[place], wants) for place in sorted(table))


def _order(question: Question, depth: int, beside: list[Question], wants: Wants) -> tuple[object, ...]:
    shown_at = wants.shown.get(question.key)
    near = set().union(*(_kin(each, wants) for each in beside))
    is_alike = any(each.group == question.group for each in beside) or bool(near & _kin(question, wants))
    by_interest = sum(bool(each.interests) for each in beside)
    worth = _surest(question, wants)[1] if by_interest < MOST_BY_INTEREST else -len(question.interests)
    return (
        question.key not in wants.kept,
        shown_at.timestamp() if shown_at else float("-inf"),
        is_alike,
        -worth,
        depth - question.depth,
        blake2b(question.key.encode(), key=wants.seed.encode()[:64], digest_size=8).digest(),
    )


def _kin(question: Question, wants: Wants) -> set[str]:
    return {wants.kin.get(interest, interest) for interest in question.interests}


def _told(place: int, question: Question, wants: Wants) -> Pick:
    if question.key in wants.kept:
        return Pick(place, question, Why.KEPT)
    interest = _surest(question, wants)[0]
    if interest is not None:
        return Pick(place, question, Why.INTEREST, interest)
    return Pick(place, question, Why.OPENER if place == 0 else (Why.LIGHT, Why.WARM, Why.DEEP)[question.depth - 1])


def _surest(question: Question, wants: Wants) -> tuple[str | None, float]:
    """Which of its interests is known best, and how well."""
    known = [(wants.interests[each], each) for each in question.interests if each in wants.interests]
    weight, interest = max(known, default=(0.0, None))
    return interest, weight
