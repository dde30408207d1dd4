"""The one moment of each local date at which an account's nudges go out."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pwa.domain.dates import at_local, later_days, local, local_date
from pwa.domain.quiet import MINUTE, QuietHours


@dataclass(frozen=True)
class Schedule:
    """An account's zone, hour (0–23) and quiet hours."""

    zone: ZoneInfo
    hour: int
    quiet: QuietHours

    def moment_on(self, on: date) -> datetime | None:
        """Give the moment (UTC) of a local date: the hour, or the end of the quiet hours it lies in.

        Where the clocks skip it, the first instant after the gap; should that be quiet or on another
        date, the last minute before the gap. None if neither is open: a date that does not exist.
        """
        at = at_local(on, self.quiet.open_hour(self.hour), self.zone)
        return next((m for m in (at, at - MINUTE) if self._suits(m, on)), None)

    def first_from(self, on: date) -> datetime:
        """Give the moment of this local date, or of the first one after it that has one."""
        return self.moment_on(on) or self.first_from(later_days(on, 1))

    def next_from(self, on: date, after: datetime) -> datetime:
        """Give the first moment of this local date or a later one that is strictly after an instant."""
        day = max(on, local_date(after, self.zone))
        while (moment := self.first_from(day)) <= after:
            day = later_days(day, 1)
        return moment

    def _suits(self, at: datetime, on: date) -> bool:
        wall = local(at, self.zone)
        return wall.date() == on and not self.quiet.is_quiet(wall)
