"""What *love it* and *not for her* teach. Only the verdicts are kept: what follows from them is reckoned anew each time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp

from pwa.domain.ideas import Idea

LOVED, REFUSED = "loved", "refused"
NOT_THEIR_THING, NOT_NOW = "not_their_thing", "not_now"
# These speak of a limit, not of the interest.
ASKS_TOO_MUCH = ("too_tiring", "too_far", "too_dear", "too_long")
WHYS = (NOT_THEIR_THING, *ASKS_TOO_MUCH, NOT_NOW)

# Steps on a logarithm, so that one bad day never erases an interest that was confirmed.
LIKED_MORE, LIKED_LESS = 0.25, -0.7
SECOND_TAG = 0.4
MOST, LEAST = 1.0, -2.0
LOVED_RETURNS_AFTER = timedelta(weeks=8)
NOT_NOW_RETURNS_AFTER = timedelta(weeks=4)


@dataclass(frozen=True)
class Verdict:
    """What was said of one idea, on a local date. `why` is one of WHYS, or None while unsaid."""

    idea: str
    verdict: str
    on: date
    why: str | None = None


@dataclass(frozen=True)
class Lessons:
    """`leanings`: interest → logarithm of its weight. `gone`: ideas that stay away on that day."""

    leanings: Mapping[str, float]
    gone: frozenset[str]

    def weight(self, interest: str) -> float:
        return exp(self.leanings.get(interest, 0.0))


NOTHING_YET = Lessons({}, frozenset())


def learn(verdicts: Iterable[Verdict], ideas: Mapping[str, Idea], today: date) -> Lessons:
    """Add up the verdicts as of `today`; one about an idea that no longer exists teaches nothing."""
    leanings: dict[str, float] = {}
    gone = set()
    for verdict in verdicts:
        if _keeps_away(verdict, today):
            gone.add(verdict.idea)
        for interest, step in _steps(verdict, ideas.get(verdict.idea)):
            leanings[interest] = min(MOST, max(LEAST, leanings.get(interest, 0.0) + step))
    return Lessons(leanings, frozenset(gone))


def _keeps_away(verdict: Verdict, today: date) -> bool:
    if verdict.verdict == LOVED:
        return today < verdict.on + LOVED_RETURNS_AFTER
    return verdict.why != NOT_NOW or today < verdict.on + NOT_NOW_RETURNS_AFTER


def _steps(verdict: Verdict, idea: Idea | None) -> list[tuple[str, float]]:
    if idea is None or (verdict.verdict == REFUSED and verdict.why not in (None, NOT_THEIR_THING)):
        return []
    step = LIKED_MORE if verdict.verdict == LOVED else LIKED_LESS
    return [(tag, step * SECOND_TAG**place) for place, tag in enumerate(idea.tags[:2])]
