"""Ranking: which ideas fit this parent, this week, best first.

Limits, dislikes and refusals are filters and are never widened to fill the list. Then every place goes to
the idea that adds most: fit, less what the list already has of the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pwa.domain.ideas import Idea, allows
from pwa.domain.lessons import NOTHING_YET, Lessons
from pwa.domain.limits import NONE, Limits
from pwa.domain.rotation import freshness, week_of
from pwa.domain.seasons import timeliness

# Worth of an idea's first, second … tag.
BY_PLACE = (1.0, 0.55, 0.4, 0.3)
# An interest that the list has already counts this much for the next idea of it.
AGAIN = 0.35
# What is like an idea already there loses this much: the same main tag, the same way of being together.
SAME_MAIN, SAME_SETTING = 0.15, 0.03
FIRST_PLACES, APART_AT_LEAST = 5, 3
ONE_NEW_IN = 3
NEAR_WEIGHT = 0.2
FIRST_MEETING, ODD_FOR_A_DAD = 1.15, 0.7

FITTING, NEW, GENTLE, LOOKED_FOR = "fitting", "new", "gentle", "looked for"


@dataclass(frozen=True, kw_only=True)
class Wants:
    """What the list is made for.

    `interests`: interest → weight (0-1] of what is understood and shown; `related` only tips the scales.
    `season` as of `seasons.season`. `seed` makes the order a family's own. `gently`: contact is new, so what
    is easy comes first. `for_anyone`: interests whose gentlest ideas suit somebody of whom nothing is known.
    """

    on: date
    interests: Mapping[str, float] = field(default_factory=dict)
    related: Mapping[str, float] = field(default_factory=dict)
    disliked: frozenset[str] = frozenset()
    limits: Limits = NONE
    lessons: Lessons = NOTHING_YET
    season: str | None = None
    seed: str = ""
    gently: bool = False
    dad: bool = False
    for_anyone: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Choice:
    """`kind`: fitting, new (close to what they enjoy), gentle (for anyone), or looked for (by a search).

    `because`: the interest it serves.
    """

    idea: Idea
    score: float
    kind: str
    because: str | None


@dataclass
class _List:
    """What has been chosen so far, and how often each interest, main tag and setting was."""

    chosen: list[Choice] = field(default_factory=list)
    served: dict[str, int] = field(default_factory=dict)

    def add(self, choice: Choice) -> None:
        self.chosen.append(choice)
        for each in (*choice.idea.tags, f"main {choice.idea.tags[0]}", *choice.idea.settings):
            self.served[each] = self.served.get(each, 0) + 1

    def lowest(self) -> float:
        return min((choice.score for choice in self.chosen), default=float("inf"))


def rank(ideas: Iterable[Idea], wants: Wants, most: int) -> list[Choice]:
    """At most `most` ideas, best first; fewer where no more are allowed."""
    allowed = [idea for idea in ideas if _may(idea, wants)]
    worth = _worth(allowed, wants)
    made = _List()
    while len(made.chosen) < most:
        choice = _next(made, worth, wants)
        if choice is None:
            break
        made.add(choice)
    for idea in _gentle(allowed, worth, wants)[: most - len(made.chosen)]:
        made.add(Choice(idea, 0.0, GENTLE, None))
    return made.chosen


def suits(idea: Idea, wants: Wants) -> bool:
    """Whether no limit and no dislike speaks against it."""
    return allows(wants.limits, idea) and not wants.disliked.intersection(idea.tags)


def _may(idea: Idea, wants: Wants) -> bool:
    return suits(idea, wants) and idea.key not in wants.lessons.gone and timeliness(idea, wants.season) > 0


def _worth(allowed: Sequence[Idea], wants: Wants) -> dict[str, tuple[Idea, float]]:
    """Idea key → the idea and all that does not depend on its company, for ideas that serve an interest."""
    serving = [idea for idea in allowed if any(tag in wants.interests for tag in idea.tags)]
    by_interest: dict[str, list[str]] = {}
    for idea in serving:
        by_interest.setdefault(_best_tag(idea, wants), []).append(idea.key)
    fresh = freshness(by_interest, FIRST_PLACES, week_of(wants.on), wants.seed)
    return {idea.key: (idea, fresh[idea.key] * _timely(idea, wants)) for idea in serving}


def _timely(idea: Idea, wants: Wants) -> float:
    near = sum(wants.related.get(tag, 0.0) for tag in idea.tags)
    worth = timeliness(idea, wants.season) * (1 + NEAR_WEIGHT * min(1.0, near))
    worth *= FIRST_MEETING if wants.gently and idea.first_meeting else 1
    return worth * (ODD_FOR_A_DAD if wants.dad and not idea.dads else 1)


def _next(made: _List, worth: Mapping[str, tuple[Idea, float]], wants: Wants) -> Choice | None:
    """The idea that adds most in this place; None when no idea that serves an interest is left."""
    taken = {choice.idea.key for choice in made.chosen}
    left = [(idea, value) for key, (idea, value) in worth.items() if key not in taken]
    if _must_be_apart(made, wants):
        left = [(idea, value) for idea, value in left if idea.apart]
    if not left:
        return None
    new = [pair for pair in left if pair[0].tags[0] not in wants.interests]
    is_new_turn = len(made.chosen) % ONE_NEW_IN == ONE_NEW_IN - 1
    pool = new if is_new_turn and new and _all_served(made, left, wants) else left
    gain, idea = max(((_gain(idea, value, made, wants), idea) for idea, value in pool), key=lambda pair: pair[0])
    kind = FITTING if idea.tags[0] in wants.interests else NEW
    return Choice(idea, round(min(gain, made.lowest()), 4), kind, _best_tag(idea, wants))


def _must_be_apart(made: _List, wants: Wants) -> bool:
    if not wants.limits.mostly_remote or len(made.chosen) >= FIRST_PLACES:
        return False
    missing = APART_AT_LEAST - sum(choice.idea.apart for choice in made.chosen)
    return FIRST_PLACES - len(made.chosen) <= missing


def _all_served(made: _List, left: Sequence[tuple[Idea, float]], wants: Wants) -> bool:
    """Whether something new may come yet: not while an interest that could be served has nothing on the list."""
    can = {tag for idea, _ in left for tag in idea.tags}
    places_left = FIRST_PLACES - len(made.chosen)
    unserved = [each for each in wants.interests if each in can and each not in made.served]
    return len(unserved) < max(1, places_left)


def _gain(idea: Idea, worth: float, made: _List, wants: Wants) -> float:
    fit = sum(
        by_place * _weight(tag, wants) * AGAIN ** made.served.get(tag, 0)
        for by_place, tag in zip(BY_PLACE, idea.tags, strict=False)
    )
    same_setting = max(made.served.get(setting, 0) for setting in idea.settings)
    alike = SAME_MAIN * made.served.get(f"main {idea.tags[0]}", 0) + SAME_SETTING * same_setting
    return fit * worth / (1 + alike)


def _weight(tag: str, wants: Wants) -> float:
    return wants.interests.get(tag, 0.0) * wants.lessons.weight(tag)


def _best_tag(idea: Idea, wants: Wants) -> str:
    """The interest that an idea serves most."""
    ranked = [(by_place * _weight(tag, wants), tag) for by_place, tag in zip(BY_PLACE, idea.tags, strict=False)]
    return max(ranked, key=lambda pair: pair[0])[1]


def _gentle(allowed: Sequence[Idea], worth: Mapping[str, object], wants: Wants) -> list[Idea]:
    """What suits anyone, in this week's order: the list is filled with these, and they say what they are."""
    fitting = [
        idea
        for idea in allowed
        if idea.key not in worth and idea.first_meeting and wants.for_anyone.intersection(idea.tags[:1])
    ]
    by_interest: dict[str, list[str]] = {}
    for idea in fitting:
        by_interest.setdefault(idea.tags[0], []).append(idea.key)
    fresh = freshness(by_interest, FIRST_PLACES, week_of(wants.on), wants.seed)
    return sorted(fitting, key=lambda idea: -fresh[idea.key])
