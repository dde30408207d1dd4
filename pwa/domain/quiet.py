"""The hours in which nothing may buzz."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from pwa.domain.dates import local
from pwa.domain.errors import Invalid

QUARTER = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
# The longest any zone's clocks keep an open hour away: a swallowed window, a missing day, and a margin.
_FURTHEST = timedelta(days=4)


def hour_of_day(value: object, field: str = "hour") -> int:
    """Read an hour (0–23) that came from outside."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 23:
        raise Invalid("Pick an hour from 0 to 23.", field)
    return value


@dataclass(frozen=True)
class QuietHours:
    """Quiet from `from_hour` up to, and not including, `until_hour`; equal hours mean never quiet."""

    from_hour: int = 21
    until_hour: int = 9

    def __post_init__(self) -> None:
        hour_of_day(self.from_hour, "from_hour")
        hour_of_day(self.until_hour, "until_hour")

    def is_quiet(self, local_time: time | datetime) -> bool:
        """Say whether a wall-clock time lies in the quiet hours."""
        hour = local_time.hour
        if self.from_hour <= self.until_hour:
            return self.from_hour <= hour < self.until_hour
        return hour >= self.from_hour or hour < self.until_hour

    def open_hour(self, hour: int) -> int:
        """Give the hour itself, or the one at which the quiet hours around it end."""
        return self.until_hour if self.is_quiet(time(hour)) else hour

    def first_open(self, at: datetime, zone: ZoneInfo) -> datetime:
        """Give the first instant, to the minute, from `at` on that is not quiet in this zone."""
        if self._is_open(at, zone):
            return at
        minute = at.replace(second=0, microsecond=0)
        quarter = self._search(minute, QUARTER, zone)
        return self._search(quarter - QUARTER, MINUTE, zone)

    def _search(self, at: datetime, step: timedelta, zone: ZoneInfo) -> datetime:
        steps = range(1, _FURTHEST // step)
        return next(at + n * step for n in steps if self._is_open(at + n * step, zone))

    def _is_open(self, at: datetime, zone: ZoneInfo) -> bool:
        return not self.is_quiet(local(at, zone))
