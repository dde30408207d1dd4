"""`rekindle dates`: three dates to offer, without an account or a database."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from pwa.calendars import reading
from pwa.domain import dates
from pwa.domain.errors import Invalid
from pwa.domain.proposing import Span, Wishes, propose

# The last day that is proposed, and the way home from it.
AHEAD = timedelta(days=17)
LONGEST = 1_440


def print_options(zone_name: str, said_now: str, busy_file: str | None, minutes: int) -> None:
    """JSON on one line; what cannot be meant ends the command with a sentence."""
    try:
        zone = dates.zone(zone_name)
        now = instant(said_now, zone)
        if not 5 <= minutes <= LONGEST:
            raise Invalid(f"--minutes is a number from 5 to {LONGEST}.", "minutes")
        taken = () if busy_file is None else _taken(busy_file, now, zone)
        wishes = Wishes(zone=zone, minutes=minutes, busy=taken, has_calendar=busy_file is not None)
        click.echo(json.dumps(options(wishes, now), ensure_ascii=False))
    except Invalid as fault:
        sys.exit(f"rekindle: {fault.sentence}")
    except OSError as fault:
        sys.exit(f"rekindle: {busy_file} cannot be read: {fault.strerror}")


def options(wishes: Wishes, now: datetime) -> dict[str, list[dict[str, str]]]:
    """The JSON of the command: times as the zone's clocks show them, with the offset."""
    return {
        "options": [
            {
                "starts_at": dates.local(option.starts_at, wishes.zone).isoformat(),
                "ends_at": dates.local(option.ends_at, wishes.zone).isoformat(),
                "why": option.why,
            }
            for option in propose(wishes, now)
        ]
    }


def _taken(path: str, now: datetime, zone: ZoneInfo) -> tuple[Span, ...]:
    with Path(path).open("rb") as file:
        ics = file.read(reading.LARGEST + 1)
    return tuple(reading.busy(ics, now, dates.later(now, AHEAD), zone))


def instant(said: str, zone: ZoneInfo) -> datetime:
    """Read an ISO date or time; one without an offset is meant in the zone."""
    try:
        at = datetime.fromisoformat(said)
        return (at.replace(tzinfo=zone) if at.tzinfo is None else at).astimezone(UTC)
    except (ValueError, OverflowError) as fault:
        raise Invalid("--from is a time such as 2026-03-01T09:00 or 2026-03-01T09:00+01:00.", "from") from fault
