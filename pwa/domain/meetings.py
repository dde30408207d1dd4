"""A meeting that was agreed on: the evening before it, and looking back once it is over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pwa.domain.dates import at_local, later, later_days, local_date
from pwa.domain.persistence import Event, Kind, Meeting
from pwa.domain.quiet import MINUTE
from pwa.domain.schedule import Schedule

# An account's own hour, where it lies in the evening and is not quiet; else this one.
EVENING_FROM, EVENING = 17, 19
LOOK_BACK_AFTER = timedelta(hours=2)
# Put off for longer than this, "how was it?" comes out of nowhere.
LOOK_BACK_WITHIN = timedelta(hours=36)


def agreed(events: Iterable[Event], at: datetime) -> list[Meeting]:
    """List the meetings agreed on by that instant and not put off before they began, by when they begin."""
    told = [event for event in events if event.at <= at]
    if not told:
        return []
    put_off = [event.at for event in told if event.kind is Kind.PUT_OFF]
    found = {
        event.meeting
        for event in told
        if event.kind is Kind.AGREED
        and event.meeting is not None
        and not any(event.at <= off_at < event.meeting.starts_at for off_at in put_off)
    }
    return sorted(found, key=lambda meeting: (meeting.starts_at, meeting.ends_at))


def evening(schedule: Schedule) -> Schedule:
    """Give the schedule by which evenings go."""
    hours = (
        hour for hour in (schedule.hour, EVENING) if hour >= EVENING_FROM and not schedule.quiet.is_quiet(time(hour))
    )
    return replace(schedule, hour=next(hours, EVENING))


def eve_of(meeting: Meeting, zone: ZoneInfo) -> date:
    return later_days(local_date(meeting.starts_at, zone), -1)


def last_minute(on: date, zone: ZoneInfo) -> datetime:
    """Give the last minute of a local date: until then "tomorrow" means what it says."""
    return later(at_local(later_days(on, 1), 0, zone), -MINUTE)


def look_back_at(meeting: Meeting, schedule: Schedule) -> datetime:
    """Two hours after it ends, or when the quiet hours around that are over."""
    return schedule.quiet.first_open(later(meeting.ends_at, LOOK_BACK_AFTER), schedule.zone)


def is_ready(meeting: Meeting, others: Iterable[Meeting], ready_at: datetime | None) -> bool:
    """Say whether what is there to bring was picked for this meeting, and not for an earlier one."""
    earlier = [other.ends_at for other in others if other.ends_at <= meeting.starts_at]
    return ready_at is not None and all(ready_at > ended_at for ended_at in earlier)


def is_looked_back_on(
    meeting: Meeting, zone: ZoneInfo, visited_at: datetime | None, looked_back_at: datetime | None
) -> bool:
    """Say whether how it was is written down: a visit on that day or later, or anything since it began."""
    if looked_back_at is not None and looked_back_at >= meeting.starts_at:
        return True
    return visited_at is not None and local_date(visited_at, zone) >= local_date(meeting.starts_at, zone)
