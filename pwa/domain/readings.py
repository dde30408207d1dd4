"""When a calendar that lies at an address is read again, and what is said when that fails."""

from datetime import datetime, timedelta

AHEAD = timedelta(days=90)
"""How far a reading looks."""
EVERY, SELDOM = timedelta(hours=3), timedelta(hours=24)
SPREAD = 0.25
# Nobody's calendar is asked for while its owner stays away.
WANTED = timedelta(days=30)
# An unchanged calendar is worked out anew after so long, for what repeats reaches further by then.
UNCHANGED = timedelta(days=7)
LONG = timedelta(days=7)


def next_due(now: datetime, failing_since: datetime | None, chance: float) -> datetime:
    """After a failure as long again as it has been failing, within bounds. `chance`: 0 to 1, so that not all come at once."""
    wait = EVERY if failing_since is None else min(max(now - failing_since, EVERY), SELDOM)
    return now + wait * (1 + SPREAD * chance)


def may_stand(read_until: datetime, now: datetime) -> bool:
    """Whether "nothing changed" is answer enough."""
    return read_until - now > AHEAD - UNCHANGED


def fails_long(failing_since: datetime | None, now: datetime) -> bool:
    return failing_since is not None and now - failing_since >= LONG
