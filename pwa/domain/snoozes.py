"""How long *Tomorrow* can last."""

from datetime import date

from pwa.domain.dates import later_days
from pwa.domain.errors import Invalid

LONGEST_DAYS = 31


def snooze_until(until: date, today: date) -> date:
    """Read the local date, come from outside, that a snooze made by `today` lasts until. A past one is harmless."""
    if until > later_days(today, LONGEST_DAYS):
        raise Invalid("That is further away than a nudge can be put off.", "until")
    return until
