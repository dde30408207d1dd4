"""Keeping clear: a person's own calendars, read for the hours that are taken; nothing else of them is kept."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from uuid import UUID

from pwa.calendars import reading
from pwa.domain import dates
from pwa.domain.errors import Invalid, NotThere
from pwa.services import finding
from pwa.storage import accounts, busy_calendars, database
from pwa.storage.busy_calendars import BusyCalendar

MOST = 6
AHEAD = timedelta(days=90)
LONGEST_NAME = 60


def add_file(account_id: UUID, name: str, ics: bytes, now: datetime) -> None:
    """Reads a calendar file once. Its busy hours of the next ninety days are kept, sealed, and not its words."""
    zone = dates.zone(finding.account(account_id).zone)
    spans = reading.busy(ics, now, now + AHEAD, zone)
    with database.transaction(account_id):
        if len(busy_calendars.of_account(account_id)) >= MOST:
            raise Invalid(f"There are {MOST} calendars already. Take one away first.", "calendar")
        busy_calendars.add(
            BusyCalendar(
                account_id=account_id,
                name=" ".join(name.split())[:LONGEST_NAME] or "Calendar",
                spans=json.dumps([[span.starts_at.isoformat(), span.ends_at.isoformat()] for span in spans]),
                read_at=now,
                read_until=now + AHEAD,
            )
        )
        accounts.touch(account_id)


def forget(account_id: UUID, calendar_id: UUID) -> None:
    with database.transaction(account_id):
        calendar = busy_calendars.get(calendar_id, account_id)
        if calendar is None:
            raise NotThere
        busy_calendars.delete(calendar)
        accounts.touch(account_id)
