"""Folding: nudges that are long over become counts, a few hundred at a time, so that others can write in between."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from pwa.domain.ledger import Place, Reach, place
from pwa.storage import database, folded, ledger, nudges
from pwa.storage.folded import Day, Whose
from pwa.storage.ledger import Old

KEPT = timedelta(days=60)
BATCH = 100
SECONDS = 120.0
REST = 0.05  # seconds between batches


def fold(now: datetime, seconds: float = SECONDS) -> None:
    """For so many seconds at most; the rest the next time."""
    before_on, ends = (now - KEPT).date(), time.monotonic() + seconds
    after: tuple[date, UUID] | None = None
    while time.monotonic() < ends and (found := ledger.foldable(before_on, after, BATCH)):
        _fold([row[1] for row in found], {row[2] for row in found}, before_on)
        after = found[-1][0], found[-1][1]
        time.sleep(REST)
    database.rest()


def _fold(ids: Collection[UUID], account_ids: Collection[UUID], before_on: date) -> None:
    """In one transaction. What contradicts itself stays, to be seen."""
    with database.transaction(*account_ids):
        rows = ledger.old_ones(ids, before_on)
        placed = [(row, at) for row in rows if (at := place(row.state, ended=True, reach=Reach(row.reach)))]
        folded.add_days(_days(placed))
        folded.add_pasts(_pasts(row for row, _ in placed))
        ledger.forget([row.id for row, _ in placed])


def _days(placed: Iterable[tuple[Old, Place]]) -> list[Day]:
    counts: Counter[tuple[date, str, str]] = Counter()
    recovered: Counter[tuple[date, str, str]] = Counter()
    for row, at in placed:
        key = (row.local_on, row.kind, at.value)
        counts[key] += 1
        recovered[key] += row.recovered
    return [Day(*key, count, recovered[key]) for key, count in counts.items()]


def _pasts(rows: Iterable[Old]) -> dict[Whose, tuple[int, datetime]]:
    """Of those of which the rules ask how many there were, and when the last was."""
    found: dict[Whose, tuple[int, datetime]] = {}
    for row in rows:
        if row.state in (nudges.SENT, nudges.NO_DEVICE):
            whose = Whose(row.account_id, row.parent_id, row.kind, row.state)
            count, last_at = found.get(whose, (0, row.settled_at))
            found[whose] = (count + 1, max(last_at, row.settled_at))
    return found
