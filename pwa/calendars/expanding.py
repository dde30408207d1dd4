"""Runs apart, under limits of its own: reads a checked calendar from standard input, writes busy spans as JSON."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

CPU_SECONDS, MEMORY = 8, 512 * 2**20
MOST_SPANS = 20_000


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    first, last, zone = json.loads(sys.argv[1])
    ics = sys.stdin.buffer.read()
    found = spans(ics, datetime.fromisoformat(first), datetime.fromisoformat(last), ZoneInfo(zone))
    json.dump([[one.isoformat(), other.isoformat()] for one, other in found], sys.stdout)


def spans(ics: bytes, first: datetime, last: datetime, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Give start and end (UTC) of what is taken between two instants; a ValueError for what is no calendar."""
    found: set[tuple[datetime, datetime]] = set()
    for event in _events(ics, first, last):
        if not _is_free(event):
            starts, ends = (_instant(event[name].dt, zone) for name in ("DTSTART", "DTEND"))
            if starts < last and first < ends and starts < ends:
                found.add((max(starts, first), min(ends, last)))
        if len(found) > MOST_SPANS:
            raise ValueError("too many")
    return sorted(found)


def _events(ics: bytes, first: datetime, last: datetime) -> Iterator[Any]:
    import icalendar
    import recurring_ical_events

    for calendar in icalendar.Calendar.from_ical(ics, multiple=True):
        # A day more on each side: floating times are read in the person's zone afterwards.
        margin = timedelta(days=1)
        yield from recurring_ical_events.of(calendar).between(first - margin, last + margin)


def _is_free(event: Any) -> bool:
    free = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "FREE"
    transparent = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    return free or transparent or str(event.get("STATUS", "")).upper() == "CANCELLED"


def _instant(at: date, zone: ZoneInfo) -> datetime:
    """A date begins with its first moment in the person's zone; a time without a zone is meant there."""
    moment = at if isinstance(at, datetime) else datetime.combine(at, time())
    return (moment.replace(tzinfo=zone) if moment.tzinfo is None else moment).astimezone(UTC)
