"""Balancing: the ledger read out. Every nudge ever planned is counted once, in the place where it stands."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from pwa.domain.ledger import Place, Reach, place
from pwa.storage import folded, ledger
from pwa.storage.folded import Day

UNACCOUNTED = "unaccounted"
_ENDS = frozenset(Place) - {Place.OPEN}


@dataclass
class Balance:
    """`kinds` and `days`: how many of each stand where. `folded`: those of which only the count is left."""

    planned: int = 0
    places: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    days: dict[date, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    recovered: int = 0
    folded: int = 0
    oldest_due_at: datetime | None = None

    @property
    def unaccounted(self) -> int:
        """Those that stand nowhere, for their rows contradict themselves."""
        return self.places[UNACCOUNTED]

    @property
    def balances(self) -> bool:
        return self.unaccounted == 0 and self.planned == sum(self.places.values())


def balance(now: datetime, since: date | None = None) -> Balance:
    """All nudges, or those whose local date is `since` or later."""
    found = Balance(oldest_due_at=ledger.oldest_due_at(now))
    for tally in ledger.tally(since):
        stands = place(tally.state, ended=tally.ended, reach=Reach(tally.reach))
        _count(found, Day(tally.local_on, tally.kind, stands or UNACCOUNTED, tally.total, tally.recovered))
    for day in folded.days(since):
        _count(found, day if day.place in _ENDS else day._replace(place=UNACCOUNTED))
        found.folded += day.total
    return found


def _count(found: Balance, day: Day) -> None:
    found.planned += day.total
    found.recovered += day.recovered
    for counts in (found.places, found.kinds[day.kind], found.days[day.local_on]):
        counts[day.place] += day.total
