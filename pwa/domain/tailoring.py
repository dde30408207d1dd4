"""What is known of a parent put together: what the words say, what was put right, and what was answered, in that order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from pwa.domain.errors import Invalid
from pwa.domain.ideas import Idea
from pwa.domain.limits import Limits
from pwa.domain.reasons import Words
from pwa.domain.understanding import Understanding

ANYWHERE, SOMETIMES, AT_HOME, APART = "anywhere", "sometimes", "at_home", "apart"
VISITS = (ANYWHERE, SOMETIMES, AT_HOME, APART)
GRADES = range(4)
# Until it is told: gentle, cheap, and no alcohol. Somebody active may be on their feet for half an hour.
CAREFUL_MOBILITY, ACTIVE_MOBILITY, CAREFUL_COST = 1, 2, 1
# Minutes that a list can be held to when an idea was too long.
SPANS = (30, 60, 90, 120, 180)
# What somebody told us a word is like, when we asked.
WORD_PUT_RIGHT = 0.9
ALCOHOL = "alcohol"

_VISITING = {
    ANYWHERE: Limits(),
    SOMETIMES: Limits(mostly_remote=True),
    AT_HOME: Limits(need=frozenset({"remote", "home"})),
    APART: Limits(need=frozenset({"remote"})),
}
# What setup asked about distance, as far as it limits.
_FROM_DISTANCE = {"long_way": SOMETIMES}


@dataclass(frozen=True)
class Answers:
    """The four questions, each None until it is answered: then it stands, whatever the words say.

    `visiting` is one of VISITS, `mobility` and `cost` 0-3 as in the taxonomy, `avoid` flags.
    """

    visiting: str | None = None
    mobility: int | None = None
    cost: int | None = None
    avoid: frozenset[str] | None = None
    minutes: int | None = None

    def __post_init__(self) -> None:
        if self.visiting not in (None, *VISITS):
            raise Invalid("Pick one of the ways you can see each other.", "visiting")
        for name in ("mobility", "cost"):
            if getattr(self, name) not in (None, *GRADES):
                raise Invalid("Pick one of these.", name)

    def less_than(self, idea: Idea, why: str | None) -> Answers:
        """The answers that keep out whatever asks as much as an idea that asked too much."""
        if why == "too_tiring":
            return replace(self, mobility=_lower(self.mobility, idea.mobility))
        if why == "too_dear":
            return replace(self, cost=_lower(self.cost, idea.cost))
        if why == "too_long":
            shorter = max((span for span in SPANS if span < idea.minutes), default=SPANS[0])
            return replace(self, minutes=min(shorter, self.minutes or shorter))
        if why == "too_far":
            return replace(self, visiting=AT_HOME)
        raise Invalid("This reason asks for no limit.", "why")


@dataclass(frozen=True)
class PutRight:
    """What a person corrected: it is remembered and wins.

    `kept`: interests they looked at and kept. `not_these`: understood, and wrong. `words`: what was not
    recognised → the interest it is like, or "" for none.
    """

    kept: frozenset[str] = frozenset()
    not_these: frozenset[str] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)
    answers: Answers = Answers()


@dataclass(frozen=True)
class Bounds:
    """The limits in force; those of them that were told; and which were assumed for want of an answer."""

    limits: Limits
    told: Limits
    assumed: tuple[str, ...] = ()


def bounds(
    told: Limits, distance: str, answers: Answers, interests: Collection[str], active: Collection[str]
) -> Bounds:
    """`told`: what the words ask for; `distance`: setup's answer; `active`: interests of people on their feet."""
    limits = said = _answered(_near(told, distance, answers), answers)
    assumed = []
    if limits.max_mobility is None and answers.mobility is None:
        on_foot = any(interest in active for interest in interests)
        limits = replace(limits, max_mobility=ACTIVE_MOBILITY if on_foot else CAREFUL_MOBILITY)
        assumed.append("mobility")
    if limits.max_cost is None and answers.cost is None:
        limits = replace(limits, max_cost=CAREFUL_COST)
        assumed.append("cost")
    if answers.avoid is None and "wine_beer" not in interests and ALCOHOL not in limits.avoid:
        limits = replace(limits, avoid=limits.avoid | {ALCOHOL})
        assumed.append(ALCOHOL)
    return Bounds(limits, said, tuple(assumed))


def visiting(told: Limits, distance: str) -> str | None:
    """How far they can see each other, as far as words and setup tell: it fills the question in."""
    if told.need:
        return APART if told.need == {"remote"} else AT_HOME
    return SOMETIMES if told.mostly_remote else _FROM_DISTANCE.get(distance)


def _lower(stands: int | None, asked: int) -> int:
    """Less than was asked, and never less strict than before."""
    return max(0, asked - 1 if stands is None else min(stands, asked - 1))


def _near(told: Limits, distance: str, answers: Answers) -> Limits:
    if answers.visiting is not None:
        return replace(told, need=frozenset(), mostly_remote=False) | _VISITING[answers.visiting]
    return told | _VISITING[_FROM_DISTANCE.get(distance, ANYWHERE)]


def _answered(limits: Limits, answers: Answers) -> Limits:
    """An answer replaces what the words said of the same; 3 of 3 is no limit."""
    if answers.mobility is not None:
        limits = replace(limits, max_mobility=answers.mobility if answers.mobility < max(GRADES) else None)
    if answers.cost is not None:
        limits = replace(limits, max_cost=answers.cost if answers.cost < max(GRADES) else None)
    if answers.avoid is not None:
        limits = replace(limits, avoid=answers.avoid)
    if answers.minutes is not None:
        limits = replace(limits, max_minutes=answers.minutes)
    return limits


NOTHING_PUT_RIGHT = PutRight()


@dataclass(frozen=True)
class Portrait:
    """What the list is made from. `weights`: interest → (0-1], best first; `words`: where each comes from."""

    weights: Mapping[str, float]
    words: Mapping[str, Words]
    related: Mapping[str, float]
    disliked: frozenset[str]
    bounds: Bounds


def portray(
    understanding: Understanding,
    chips: Collection[str],
    put_right: PutRight,
    bounds: Bounds,
    *,
    settled: bool = False,
) -> Portrait:
    """Corrections win over words. `settled`: only what was tapped counts as theirs, the words tip the scales."""
    found = {each.interest: each for each in understanding.interests if each.interest not in put_right.not_these}
    shown = {key: each for key, each in found.items() if not settled or key in chips}
    weights = {key: each.weight for key, each in shown.items()}
    words = {key: Words(each.words[0], own=key not in chips) for key, each in shown.items()}
    for said, interest in put_right.words.items():
        if interest:
            weights.setdefault(interest, WORD_PUT_RIGHT)
            words.setdefault(interest, Words(said, own=True))
    near = [*understanding.related, *(each for key, each in found.items() if key not in shown)]
    disliked = {each.interest for each in understanding.disliked} | put_right.not_these
    return Portrait(
        weights=weights,
        words=words,
        related={each.interest: each.weight for each in near},
        disliked=frozenset(disliked - put_right.kept),
        bounds=bounds,
    )
