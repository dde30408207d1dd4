"""Ideas: things a grown child and a parent could do, what each asks of the parent, and which limits allow it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pwa.domain.limits import Limits

SETTINGS = ("remote", "home", "out")
SEASONS = ("spring", "summer", "autumn", "winter")
PLACES = ("indoor", "outdoor", "either")
TIMES = ("any", "morning", "afternoon", "evening")
# What a list can be narrowed to with a tap.
FILTERS = ("sitting", "free", "short", "indoors", "apart")
UNDER_AN_HOUR = 59


@dataclass(frozen=True)
class Idea:
    """One activity. The attributes are the taxonomy's; `tags[0]` is the main interest.

    `season` empty is any; `cost` 0-3 as in the taxonomy, `mobility` 0-3, `minutes` typical. `line` and
    `easy` hold placeholders of `domain.parents.speak`; `title` and `say` (spoken to the parent) hold none.
    """

    key: str
    title: str
    line: str
    easy: tuple[str, ...]
    say: str
    tags: tuple[str, ...]
    settings: frozenset[str]
    cost: int
    minutes: int
    mobility: int
    season: frozenset[str]
    place: str
    flags: frozenset[str]
    best: str
    first_meeting: bool
    dads: bool

    @property
    def apart(self) -> bool:
        return "remote" in self.settings


def allows(limits: Limits, idea: Idea) -> bool:
    """Whether the idea breaks none of the limits. `mostly_remote` is about a whole list: see `ranking`."""
    return not (
        _above(idea.mobility, limits.max_mobility)
        or _above(idea.cost, limits.max_cost)
        or _above(idea.minutes, limits.max_minutes)
        or (limits.need and not limits.need & idea.settings)
        or limits.avoid & idea.flags
    )


def passes(idea: Idea, filters: Collection[str]) -> bool:
    """Whether the idea is all that the chosen FILTERS ask for."""
    is_so = {
        "sitting": idea.mobility == 0,
        "free": idea.cost == 0,
        "short": idea.minutes <= UNDER_AN_HOUR,
        "indoors": idea.place != "outdoor",
        "apart": idea.apart,
    }
    return all(is_so[each] for each in filters)


def _above(value: int, most: int | None) -> bool:
    return most is not None and value > most
