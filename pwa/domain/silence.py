"""When a device has gone silent: push services take nudges for it, and it never says that it showed one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

IN_A_ROW = 2
LONG_ENOUGH = timedelta(hours=24)


@dataclass(frozen=True)
class Taken:
    """A nudge that a push service took for the device at `at`, and of which the device has said nothing."""

    at: datetime
    useful_until: datetime


def is_silent(unheard: Sequence[Taken], heard_at: datetime, now: datetime) -> bool:
    """heard_at: when the device last showed anything, or subscribed. What was taken before that proves nothing.

    A nudge that may still be shown counts for nothing either: not within its useful time, and not for a day.
    """
    return sum(each.at > heard_at and _is_over(each, now) for each in unheard) >= IN_A_ROW


def is_to_be_told(told_at: datetime | None, heard_at: datetime) -> bool:
    """Of one silence a person is told once; told_at: when they last took note of one."""
    return told_at is None or told_at < heard_at


def _is_over(taken: Taken, now: datetime) -> bool:
    return now >= min(taken.useful_until, taken.at + LONG_ENOUGH)
