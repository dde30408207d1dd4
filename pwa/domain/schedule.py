"""The one moment of each local date at which an account's nudges go out."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pwa.domain.dates import at_local, later_days, local, local_date
from pwa.domain.quiet import MINUTE, QuietHours

_A_DAY = 26 * 60  # minutes, with room for the clocks going back


@dataclass(frozen=True)
class Schedule:
    """An account's zone, hour (0–23) and quiet hours."""

    zone: ZoneInfo
    hour: int
    quiet: QuietHours

    def moment_on(self, on: date) -> datetime | None:
        """Give the moment (UTC) of a local date: the hour, or the end of the quiet hours it lies in.

        Where the clocks skip it: the first open minute of that date after the gap, else the last one
        before it. None for a date without any: one that does not exist, or whose open hours were skipped.
        """
        at = at_local(on, self.quiet.open_hour(self.hour), self.zone)
        if self._suits(at, on):
            return at
        opens = self.quiet.first_open(at, self.zone)
        return opens if self._suits(opens, on) else self._last_before(at, on)

    def first_from(self, on: date) -> datetime:
        """Give the moment of this local date, or of the first one after it that has one."""
        return self.moment_on(on) or self.first_from(later_days(on, 1))

    def next_from(self, on: date, after: datetime) -> datetime:
        """Give the first moment of this local date or a later one that is strictly after an instant."""
        day = max(on, local_date(after, self.zone))
        while (moment := self.first_from(day)) <= after:
            day = later_days(day, 1)
        return moment

    def _last_before(self, at: datetime, on: date) -> datetime | None:
        minutes = (at - n * MINUTE for n in range(1, _A_DAY))
        return next((minute for minute in minutes if self._suits(minute, on)), None)

    def _suits(self, at: datetime, on: date) -> bool:
        wall = local(at, self.zone)
        return wall.date() == on and not self.quiet.is_quiet(wall)
