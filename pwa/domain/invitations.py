"""Invitations: where one could meet, how long a link to the parent's page holds, and what that page still takes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from pwa.domain.errors import Invalid

# What is easiest for them comes first.
VENUES = ("hers", "near_hers", "halfway", "phone", "video")
APART = ("phone", "video")
# After the last of the dates; by then there is nothing left to answer.
LINK_KEPT = timedelta(days=30)
LONGEST_PLACE, LONGEST_WORDS, LONGEST_NOTE = 120, 4_000, 1_000
# What "not now" can be put off by, in days.
PUT_OFF_DAYS = (14, 30, 90)
FEARS = range(1, 6)


class Page(StrEnum):
    """What the parent's page is at a moment."""

    OPEN = "open"
    PASSED = "passed"  # every date is over: any answer but a date is still welcome
    ANSWERED = "answered"
    CLOSED = "closed"  # called off, replaced, or too long ago: nothing is taken but a wish not to be asked


def venue_of(settings: Collection[str], *, far: bool) -> str:
    """Where an idea of those settings is easiest for them; `far`: they live a long way off."""
    if "remote" in settings and (far or len(settings) == 1):
        return "phone"
    return "hers" if "home" in settings else "near_hers"


def venue(text: object) -> str:
    """Read one of VENUES."""
    if text not in VENUES:
        raise Invalid("Pick where from the list.", "venue")
    return str(text)


def fear(number: object) -> int | None:
    """Read how awkward, or how glad, from 1 to 5; None when it was left out."""
    if number in (None, ""):
        return None
    if isinstance(number, str) and number.isascii() and number.isdigit() and int(number[:3]) in FEARS:
        return int(number)
    raise Invalid("Pick one of the five.", "fear")


def put_off_days(text: object) -> int:
    """Read for how long not to be asked."""
    found = next((days for days in PUT_OFF_DAYS if str(days) == text), None)
    if found is None:
        raise Invalid("Pick how long from the list.", "days")
    return found


def link_until(ends: Sequence[datetime]) -> datetime:
    """Until when the link holds, by the ends of the dates it offers."""
    return max(ends) + LINK_KEPT


def page_at(*, answered: bool, closed: bool, link_until: datetime, starts: Sequence[datetime], now: datetime) -> Page:
    """`starts`: of the dates offered; `closed`: called off, replaced, or the link was revoked."""
    if closed or now >= link_until:
        return Page.CLOSED
    if answered:
        return Page.ANSWERED
    return Page.OPEN if any(start > now for start in starts) else Page.PASSED
