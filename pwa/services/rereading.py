"""Rereading: the calendars that lie at an address are read again while somebody needs them; a stale copy serves meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import random
from uuid import UUID

from pwa.domain import readings
from pwa.domain.errors import Invalid
from pwa.domain.readings import AHEAD, WANTED
from pwa.net import fetching, urls
from pwa.services import finding
from pwa.services.keeping_clear import Fetch, Look, look
from pwa.storage import accounts, busy_calendars, database
from pwa.storage.busy_calendars import BusyCalendar

# Whoever dies with one in hand leaves it due again after this.
LEASE = timedelta(minutes=15)
SECONDS = 240.0


@dataclass(frozen=True)
class _Due:
    calendar_id: UUID
    account_id: UUID
    address: str = field(repr=False)
    etag: str | None = field(repr=False)
    zone: str


def reread(
    now: datetime, fetch: Fetch = fetching.get, chance: Callable[[], float] = random, seconds: float = SECONDS
) -> None:
    """Reads what is due at `now`, one after the other, for so many seconds; the rest is due still."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and (due := _claim(now)) is not None:
        why, found = "", None
        try:
            found = look(urls.check(due.address), due.etag, due.zone, now, fetch)
        except Invalid as fault:
            why = fault.sentence
        with database.transaction(due.account_id):
            row = busy_calendars.get(due.calendar_id, due.account_id)
            if row is not None:  # else it was taken away meanwhile
                _note(row, found, why, now)
                row.due_at = readings.next_due(now, row.failing_since, chance())
                accounts.touch(due.account_id)


def _claim(now: datetime) -> _Due | None:
    """Taken before it is opened: one that cannot be opened must not stand before the others for ever."""
    with database.transaction():
        calendar_id = busy_calendars.claim(now, now + LEASE, now - WANTED)
    row = busy_calendars.find(calendar_id) if calendar_id else None
    if row is None or row.address is None:
        return None
    etag = row.etag if readings.may_stand(row.read_until, now) else None
    due = _Due(row.id, row.account_id, row.address, etag, finding.account(row.account_id).zone)
    database.rest()
    return due


def _note(row: BusyCalendar, found: Look | None, why: str, now: datetime) -> None:
    """`why`: why it could not be read; what was read before stands then."""
    if why:
        row.fault, row.failing_since = why, row.failing_since or now
        return
    row.read_at, row.fault, row.failing_since = now, None, None
    if found is not None:
        row.spans, row.etag, row.read_until = found.spans, found.etag, now + AHEAD
