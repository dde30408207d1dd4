"""Wall-clock dates and hours in a person's zone, against instants in UTC. Sums are done in UTC."""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from pwa.domain.errors import Invalid
from pwa.domain.zones import REGIONS, SUPERSEDED

# Files in the zone folder that name no place, or follow the machine instead of the person.
NOT_PLACES = frozenset({"localtime", "Factory", "posixrules"})
_NO_SUCH_DATE = "That date is further away than a calendar goes."


def zone(name: object) -> ZoneInfo:
    """Find a time zone by its IANA name; anything else is Invalid, however it is shaped."""
    if not isinstance(name, str) or name not in _known():
        raise Invalid("We do not know that time zone. Pick one from the list.", "zone")
    return ZoneInfo(name)


def zone_names(chosen: str = "") -> list[str]:
    """List the zones that a select offers: Region/City, sorted, each place once.

    `chosen` is listed too where it is a zone, whatever its spelling: browsers still say Asia/Calcutta.
    """
    return sorted(_offered() | ({chosen} & _known()))


@cache
def _offered() -> frozenset[str]:
    return frozenset(n for n in _known() if n.startswith(REGIONS) and n not in SUPERSEDED)


@cache
def _known() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones()) - NOT_PLACES


def at_local(on: date, hour: int, zone: ZoneInfo, minute: int = 0) -> datetime:
    """Give the instant (UTC) at which the clocks of a zone show this date and time.

    Skipped by the clocks: the first instant after the gap, which may lie on a later date (a missing
    day, a gap that ends at midnight), never on an earlier one. Shown twice: the first time.
    """
    wall = datetime.combine(on, time(hour, minute))
    try:
        at = wall.replace(tzinfo=zone).astimezone(UTC)
        if at.astimezone(zone).replace(tzinfo=None) == wall:
            return at
        return _end_of_gap(wall, zone)
    except OverflowError:
        raise Invalid(_NO_SUCH_DATE) from None


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    # fold=0 reads a skipped time with the offset before the gap, fold=1 with the one after it:
    # the clocks change somewhere between those two instants.
    after = wall.replace(tzinfo=zone).astimezone(UTC)
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    new_offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == new_offset:
            after = middle
        else:
            before = middle
    return after


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """Give what the clocks of a zone show at an instant."""
    if at.tzinfo is None:
        raise TypeError("an instant must know its zone")
    try:
        return at.astimezone(zone)
    except OverflowError:
        raise Invalid(_NO_SUCH_DATE) from None


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """Give the date that a calendar on the wall shows at an instant."""
    return local(at, zone).date()


def later(at: datetime, by: timedelta) -> datetime:
    """Give the instant that much time after another."""
    try:
        return at + by
    except OverflowError:
        raise Invalid(_NO_SUCH_DATE) from None


def later_days(on: date, days: int) -> date:
    """Count days on the calendar."""
    try:
        return on + timedelta(days=days)
    except OverflowError:
        raise Invalid(_NO_SUCH_DATE) from None


def tomorrow(now: datetime, zone: ZoneInfo) -> date:
    """Give the local date that *Tomorrow* means: what a snooze made now lasts until."""
    return later_days(local_date(now, zone), 1)
