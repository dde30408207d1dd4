"""Keeping clear: a person's own calendars, read for the hours that are taken; nothing else of them is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import random
from uuid import UUID

from pwa.calendars import reading
from pwa.calendars.reading import Unreadable
from pwa.domain import dates, readings
from pwa.domain.errors import Invalid, NotThere
from pwa.domain.readings import AHEAD
from pwa.net import urls
from pwa.net.fetching import Fetched, Unanswered
from pwa.net.urls import Url
from pwa.services import finding
from pwa.storage import accounts, busy_calendars, database
from pwa.storage.busy_calendars import BusyCalendar

MOST = 6
LONGEST_NAME = 60
# From a URL, with the most bytes and the tag of what is known, to what lies there now; None when that is the same.
Fetch = Callable[[Url, int, str | None], Fetched | None]

_ANOTHER = "Copy the calendar’s iCal address; most end in .ics."
_A_FILE = "A file of its next months may do instead."


@dataclass(frozen=True)
class Look:
    """What was found at an address: the taken hours as they are kept."""

    spans: str = field(repr=False)
    etag: str | None = field(repr=False)


def add_file(account_id: UUID, name: str, ics: bytes, now: datetime) -> None:
    """Reads a calendar file once. Its busy hours of the next ninety days are kept, sealed, and not its words."""
    zone = finding.account(account_id).zone
    spans = _taken(ics, zone, now)
    name = " ".join(name.split())[:LONGEST_NAME] or "Calendar"
    _keep(BusyCalendar(account_id=account_id, name=name, spans=spans, read_at=now, read_until=now + AHEAD))


def add_address(account_id: UUID, said: str, now: datetime, fetch: Fetch) -> None:
    """Reads the calendar that lies at an address, and from then on again and again. Raises Invalid with what to do.

    The address is kept sealed: whoever has it can read the whole calendar.
    """
    url = urls.check(said)
    zone = finding.account(account_id).zone
    _refuse_more(account_id, url.text)
    database.rest()
    try:
        found = look(url, None, zone, now, fetch)
    except Unanswered as fault:
        raise Invalid(f"{fault.sentence} Try again later.", fault.field) from None
    if found is None:
        raise Invalid("The server there says nothing of that calendar. Try again later.", "address")
    _keep(
        BusyCalendar(
            account_id=account_id,
            name=url.host,
            address=url.text,
            spans=found.spans,
            read_at=now,
            read_until=now + AHEAD,
            etag=found.etag,
            due_at=readings.next_due(now, None, random()),  # noqa: S311 it spreads the readings
        )
    )


def look(url: Url, etag: str | None, zone: str, now: datetime, fetch: Fetch) -> Look | None:
    """What is taken by what lies there now; None when it is what `etag` names. Raises Invalid with why not."""
    fetched = fetch(url, reading.LARGEST, etag)
    if fetched is None:
        return None
    try:
        return Look(_taken(fetched.body, zone, now), fetched.etag)
    except Unreadable as fault:
        raise Invalid(f"{fault.fact} {_A_FILE if fault.is_calendar else _ANOTHER}", "address") from None


def forget(account_id: UUID, calendar_id: UUID) -> None:
    with database.transaction(account_id):
        calendar = busy_calendars.get(calendar_id, account_id)
        if calendar is None:
            raise NotThere
        busy_calendars.delete(calendar)
        accounts.touch(account_id)


def _taken(ics: bytes, zone: str, now: datetime) -> str:
    spans = reading.busy(ics, now, now + AHEAD, dates.zone(zone))
    return json.dumps([[span.starts_at.isoformat(), span.ends_at.isoformat()] for span in spans])


def _keep(calendar: BusyCalendar) -> None:
    with database.transaction(calendar.account_id):
        _refuse_more(calendar.account_id, calendar.address)
        busy_calendars.add(calendar)
        accounts.touch(calendar.account_id)


def _refuse_more(account_id: UUID, address: str | None) -> None:
    known = busy_calendars.of_account(account_id)
    if len(known) >= MOST:
        raise Invalid(f"There are {MOST} calendars already. Take one away first.", "calendar")
    if address is not None and any(each.address == address for each in known):
        raise Invalid("That calendar is here already.", "address")
