"""Calendar files and feeds as RFC 5545 has them: instants in UTC, so that no reader needs our zones."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import icalendar
from icalendar import Alarm, Calendar, vDuration, vText

TENTATIVE, CONFIRMED, CANCELLED = "TENTATIVE", "CONFIRMED", "CANCELLED"
PRODUCT = "-//Rekindle//Rekindle 1//EN"
# How often a subscribed calendar is asked to look again.
REFRESH = timedelta(hours=1)
LONGEST = 500


@dataclass(frozen=True, kw_only=True)
class Event:
    """`uid` stays the same for the life of the event, `sequence` grows with each change of it.

    `changed_at` is what DTSTAMP says: the same event is always the same bytes. `alarms`: how long before the start.
    `takes_time`: whether it makes the person busy.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    changed_at: datetime
    status: str = CONFIRMED
    sequence: int = 0
    place: str = ""
    description: str = ""
    takes_time: bool = True
    alarms: tuple[timedelta, ...] = field(default=())


def write(events: Iterable[Event], name: str = "", *, is_feed: bool = False) -> bytes:
    """The calendar as bytes. `name` is what a reader shows for a feed."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    if is_feed:
        made.add("name", plain(name))
        made.add("x-wr-calname", plain(name))
        made.add("refresh-interval", vDuration(REFRESH, params={"VALUE": "DURATION"}))
        made.add("x-published-ttl", vDuration(REFRESH))
    for event in events:
        made.add_component(_component(event))
    return bytes(made.to_ical())


def plain(text: str) -> str:
    """Without control characters, which some readers take for the end of a line; cut to what a calendar shows."""
    kept = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter for letter in text)
    return " ".join(kept.split())[:LONGEST]


def _component(event: Event) -> icalendar.Event:
    made = icalendar.Event()
    made.add("uid", event.uid)
    made.add("dtstamp", event.changed_at.astimezone(UTC))
    made.add("last-modified", event.changed_at.astimezone(UTC))
    made.add("dtstart", event.starts_at.astimezone(UTC))
    made.add("dtend", event.ends_at.astimezone(UTC))
    made.add("summary", vText(plain(event.summary)))
    made.add("status", event.status)
    made.add("sequence", event.sequence)
    made.add("transp", "OPAQUE" if event.takes_time and event.status != CANCELLED else "TRANSPARENT")
    made.add("class", "PRIVATE")
    if event.place:
        made.add("location", vText(plain(event.place)))
    if event.description:
        made.add("description", vText(plain(event.description)))
    if event.status != CANCELLED:
        for before in event.alarms:
            made.add_component(_alarm(before, event.summary))
    return made


def _alarm(before: timedelta, summary: str) -> Alarm:
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", vText(plain(summary)))
    made.add("trigger", -before)
    return made
