"""Every zone name there is, every change of its clocks from 2026 to 2030, the minutes of the days around it.

What a zone's clocks show at each minute is read off in UTC, where nothing is skipped or doubled, and is the
measure. Names whose clocks change alike are tried once, at a sample of the minutes; with SOAK=1 in the
environment each name is tried by itself, at every minute and every hour (under three minutes).
"""

import os
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from pwa.domain.dates import NOT_PLACES, at_local, local_date
from pwa.domain.nudges import Facts, Kind, Send, decide, next_due
from pwa.domain.persistence import Event, Meeting
from pwa.domain.persistence import Kind as Told
from pwa.domain.planning import Planning
from pwa.domain.quiet import QuietHours
from pwa.domain.schedule import Schedule

SOAK = bool(os.environ.get("SOAK"))
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NAMES = sorted(zoneinfo.available_timezones() - NOT_PLACES)

QUIETS = [
    QuietHours(21, 9),
    QuietHours(0, 0),
    QuietHours(1, 3),
    QuietHours(22, 0),
    QuietHours(3, 2),
    QuietHours(0, 23),
    QuietHours(2, 1),
]


@dataclass(frozen=True)
class Change:
    """The clocks of a zone jump at an instant; around it the offset is one thing before, another after."""

    at: datetime
    before: timedelta
    after: timedelta

    def shows(self, at: datetime) -> datetime:
        """What the clocks show, without asking zoneinfo again."""
        return at.replace(tzinfo=None) + (self.before if at < self.at else self.after)

    def first(self, on: date, at_time: time) -> datetime | None:
        """The first instant that shows this date and time; None where the clocks skip it."""
        wall = datetime.combine(on, at_time, UTC)
        if wall - self.before < self.at:
            return wall - self.before
        return wall - self.after if wall - self.after >= self.at else None

    @property
    def dates(self) -> list[date]:
        """The local date of the change, and the day before and after."""
        on = self.shows(self.at).date()
        return sorted({on - 2 * DAY, on - DAY, on, on + DAY})[-4:]


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _changes(name: str) -> tuple[Change, ...]:
    zone = ZoneInfo(name)
    days = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]
    offsets = [_offset(day, zone) for day in days]
    jumps = ((day, *two) for day, two in zip(days, pairwise(offsets), strict=False))
    return tuple(
        Change(_first_minute(zone, day, after), before, after) for day, before, after in jumps if before != after
    )


def _first_minute(zone: ZoneInfo, low: datetime, offset: timedelta) -> datetime:
    """The first minute of this offset in the day after `low`."""
    high = low + DAY
    while high - low > MINUTE:
        middle = low + (high - low) // MINUTE // 2 * MINUTE
        low, high = (low, middle) if _offset(middle, zone) == offset else (middle, high)
    return high


@cache
def _zones() -> dict[str, tuple[Change, ...]]:
    return {name: _changes(name) for name in NAMES}


def _tried() -> Iterator[tuple[ZoneInfo, Change]]:
    """Each change of each zone; of the names that share all their changes, one (SOAK: all)."""
    seen = set()
    for name, changes in _zones().items():
        if SOAK or changes not in seen:
            seen.add(changes)
            yield from ((ZoneInfo(name), change) for change in changes)


def _minutes(change: Change) -> Iterator[tuple[date, time]]:
    near = [change.shows(change.at - MINUTE), change.shows(change.at)]
    for on in change.dates:
        for minute in range(24 * 60):
            wall = datetime.combine(on, time(minute // 60, minute % 60))
            by_the_change = any(abs(wall - edge) <= 2 * MINUTE for edge in near)
            if SOAK or by_the_change or minute % 30 == 0:
                yield on, wall.time()


def test_the_measure_covers_the_database() -> None:
    zones = _zones()
    assert len(zones) > 590
    assert sum(len(changes) for changes in zones.values()) > 1800
    offsets = {name: _offset(FIRST, ZoneInfo(name)) for name in zones}
    apart = [b.at - a.at for changes in zones.values() for a, b in pairwise(changes)]
    assert min(apart) > 10 * DAY  # so that around each change there is one offset before and one after
    still = [name for name, changes in zones.items() if not changes]
    assert all(_offset(FIRST + n * 97 * DAY, ZoneInfo(name)) == offsets[name] for name in still for n in range(18))


@pytest.mark.timeout(1200)
def test_each_minute_of_the_days_around_a_change_is_found_at_its_first_instant() -> None:
    wrong, tried = [], 0
    for zone, change in _tried():
        for on, at_time in _minutes(change):
            tried += 1
            expected = change.first(on, at_time) or change.at
            got = at_local(on, at_time.hour, zone, at_time.minute)
            if got != expected or local_date(got, zone) < on:
                wrong.append((zone.key, on, at_time, got, expected))
    assert wrong == []
    assert tried > 20_000


@pytest.mark.timeout(1200)
def test_each_local_date_has_one_moment_at_its_hour_and_never_in_quiet_hours() -> None:
    wrong = []
    for zone, change in _tried():
        for quiet in QUIETS:
            for hour in range(24) if SOAK else (0, 1, 2, 19, 23):
                schedule = Schedule(zone, hour, quiet)
                for on in change.dates:
                    at = schedule.moment_on(on)
                    if not _is_right(at, on, schedule, change):
                        wrong.append((zone.key, quiet, hour, on, at))
    assert wrong == []


def _is_right(at: datetime | None, on: date, schedule: Schedule, change: Change) -> bool:
    quiet = schedule.quiet
    hour = quiet.until_hour if quiet.is_quiet(time(schedule.hour)) else schedule.hour
    wanted = change.first(on, time(hour))
    if wanted:
        return at == wanted
    if at is None:
        return not _open_minutes(on, quiet, change)
    return change.shows(at).date() == on and not quiet.is_quiet(change.shows(at))


def _open_minutes(on: date, quiet: QuietHours, change: Change) -> list[time]:
    minutes = [time(n // 60, n % 60) for n in range(24 * 60)]
    return [minute for minute in minutes if not quiet.is_quiet(minute) and change.first(on, minute)]


@pytest.mark.timeout(1200)
def test_a_nudge_wanted_every_day_goes_out_once_on_each_date_whatever_the_clocks_do() -> None:
    wrong = []
    for zone, change in _tried():
        for hour, quiet in ((19, QUIETS[0]), (2, QUIETS[1]), (23, QUIETS[1]), (0, QUIETS[1]), (1, QUIETS[4])):
            dates = [on for on, _ in _every_day(zone, hour, quiet, change)]
            all_dates = [dates[0] + n * DAY for n in range((dates[-1] - dates[0]).days + 1)]
            missed = [on for on in all_dates if on not in dates and _open_minutes(on, quiet, change)]
            if missed or dates != sorted(set(dates)):
                wrong.append((zone.key, hour, quiet, dates))
    assert wrong == []


def _every_day(zone: ZoneInfo, hour: int, quiet: QuietHours, change: Change) -> Iterator[tuple[date, datetime]]:
    """Plan, decide and send with a rhythm of one day, from three days before a change of the clocks."""
    now = change.at - 3 * DAY
    last_sent = {Kind.KEEP_IN_TOUCH: now - 2 * DAY}
    for _ in range(6):
        planning = Planning(
            zone=zone, hour=hour, quiet=quiet, set_up_at=FIRST, last_sent=last_sent, rhythm_days=1, begins_sent=2
        )
        due = next_due(planning, now)
        assert due is not None and due.due_at > now
        facts = Facts(**vars(planning), **vars(due))
        assert decide(facts, due.due_at) == Send()
        assert not quiet.is_quiet(change.shows(due.due_at))
        assert change.shows(due.due_at).date() == due.local_on
        yield due.local_on, due.due_at
        now = due.due_at
        last_sent = {Kind.KEEP_IN_TOUCH: now}


@pytest.mark.timeout(1200)
def test_a_meeting_has_its_evening_before_and_is_asked_about_once_whatever_the_clocks_do() -> None:
    wrong, tried = [], 0
    for zone, change in _tried():
        for quiet in QUIETS if SOAK else QUIETS[:2]:
            for hours in range(-30, 31) if SOAK else (-26, -3, -1, 0, 1, 13):
                meeting = Meeting(change.at + hours * HOUR, change.at + (hours + 1) * HOUR)
                tried += 1
                got = _around(meeting, zone, quiet, change)
                if got != [_evening_before(meeting, quiet, change), _open_after(meeting, quiet, change)]:
                    wrong.append((zone.key, quiet, hours, got))
    assert wrong == []
    assert tried > 1_000


def _around(meeting: Meeting, zone: ZoneInfo, quiet: QuietHours, change: Change) -> list[datetime]:
    """Plan, decide and send all there is about a meeting that was agreed on days before."""
    now, found = meeting.starts_at - 5 * DAY, []
    agreed = Event(now, Told.AGREED, change.shows(meeting.ends_at).date(), meeting)
    last_sent: dict[Kind, datetime] = {}
    while True:
        planning = Planning(
            zone=zone, hour=19, quiet=quiet, set_up_at=FIRST, last_sent=last_sent, reached_out_at=now, events=(agreed,)
        )
        due = next_due(planning, now)
        if due is None:
            return found
        assert decide(Facts(**vars(planning), **vars(due)), due.due_at) == Send()
        assert due.local_on == change.shows(due.due_at).date()
        found.append(due.due_at)
        now, last_sent = due.due_at, {**last_sent, due.kind: due.due_at}


def _evening_before(meeting: Meeting, quiet: QuietHours, change: Change) -> datetime | None:
    """No clocks change in the evening: seven is seven, on the date before."""
    assert not quiet.is_quiet(time(19))
    return change.first(change.shows(meeting.starts_at).date() - DAY, time(19))


def _open_after(meeting: Meeting, quiet: QuietHours, change: Change) -> datetime:
    at = meeting.ends_at + 2 * HOUR
    while quiet.is_quiet(change.shows(at)):
        at += MINUTE
    return at


def test_a_missing_day_has_no_nudge_and_the_days_around_it_have_one_each() -> None:
    schedule = Schedule(ZoneInfo("Pacific/Apia"), 19, QuietHours())
    assert schedule.moment_on(date(2011, 12, 30)) is None
    assert schedule.first_from(date(2011, 12, 30)) == datetime(2011, 12, 31, 5, tzinfo=UTC)
    before = schedule.moment_on(date(2011, 12, 29))
    assert before == datetime(2011, 12, 30, 5, tzinfo=UTC)
    assert schedule.next_from(date(2011, 12, 29), before) == datetime(2011, 12, 31, 5, tzinfo=UTC)
