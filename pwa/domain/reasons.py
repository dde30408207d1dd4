"""Why an idea is on the list: made of facts alone, the person's own words and what the idea's attributes meet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pwa.domain.ideas import Idea
from pwa.domain.limits import Limits
from pwa.domain.ranking import GENTLE, NEW, Choice

MOST_MERITS = 2
GENTLE_WORDS = "A gentle one for anyone, not based on what you told us."


@dataclass(frozen=True)
class Words:
    """Where an interest comes from: the person's `own` words, or the label of a chip they chose."""

    said: str
    own: bool


@dataclass(frozen=True)
class Reason:
    """`known` is quoted; `merits` are what the idea keeps to, each true of its attributes."""

    kind: str
    known: Words | None
    merits: tuple[str, ...]

    def sentence(self) -> str:
        """The whole in plain text."""
        if self.kind == GENTLE:
            return GENTLE_WORDS
        if self.known is None:
            return f"{merits(self.merits)}.".capitalize() if self.merits else ""
        source = "you said" if self.known.own else "you chose"
        opening = f"Because {source} “{self.known.said}”"
        if self.kind == NEW:
            opening = f"Slightly new, and close to what {source}: “{self.known.said}”"
        return f"{opening}, and {merits(self.merits)}." if self.merits else f"{opening}."


def reason(choice: Choice, words: Mapping[str, Words], limits: Limits, without: Mapping[str, str]) -> Reason:
    """`words`: interest → where it comes from; `without`: flag → "has no crowds" and the like."""
    known = words.get(choice.because) if choice.because else None
    merits = tuple(_merits(choice.idea, limits, without))[:MOST_MERITS] if choice.kind != GENTLE else ()
    return Reason(choice.kind, known, merits)


def merits(said: Collection[str]) -> str:
    """ "it is free and can be done sitting down"."""
    return "it " + " and ".join(said)


def _merits(idea: Idea, limits: Limits, without: Mapping[str, str]) -> list[str]:
    """What the idea keeps to of what was asked, the hardest to find first."""
    met = []
    if limits.max_mobility is not None and idea.mobility <= 1:
        met.append("can be done sitting down" if idea.mobility == 0 else "needs little walking")
    if (limits.mostly_remote or limits.need) and idea.apart:
        met.append("works at a distance")
    met += [without[flag] for flag in sorted(limits.avoid - idea.flags) if flag in without]
    if limits.max_cost is not None and idea.cost <= 1:
        met.append("is free" if idea.cost == 0 else "costs little")
    if limits.max_minutes is not None:
        met.append(f"takes {idea.minutes} minutes")
    return met
