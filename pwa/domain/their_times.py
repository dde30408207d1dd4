"""Times that never suit a parent, read from what somebody wrote: "Thursday evening, Sunday mornings, before 11"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

from pwa.domain.texts import fold

PARTS = {"morning": (time(5), time(12)), "afternoon": (time(12), time(17)), "evening": (time(17), time(23, 59))}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = {name[:length]: place for place, name in enumerate(DAYS) for length in (3, 4, 5)}
_GROUPS = {"weekday": range(5), "weekend": range(5, 7), "day": range(7)}
_WORD = re.compile(r"[a-z]+|\d{1,2}(?::\d\d)?\s*(?:am|pm)?")
_ITEMS = re.compile(r"[,;.\n/]|\band\b(?=\s+\w*(?:day|end)s?\b)")
_AFTER, _BEFORE = ("after", "from", "past"), ("before", "until", "till")


@dataclass(frozen=True)
class Bad:
    """A stretch of the week: weekdays (Monday is 0) from a time until another."""

    days: frozenset[int]
    begins: time
    ends: time

    def covers(self, starts: datetime, ends: datetime) -> bool:
        """Whether any of a stretch on one local day lies in it. Wall-clock times."""
        until = ends.time() if ends.date() == starts.date() else time.max
        return starts.weekday() in self.days and starts.time() < self.ends and until > self.begins


def times_in(text: str | None) -> tuple[Bad, ...]:
    """Read what can be understood; the rest is left alone."""
    found = []
    for item in _ITEMS.split(fold(text or "")[:2_000].replace("'", "")):
        found += list(_item(item))
    return tuple(found)


def _item(item: str) -> Iterator[Bad]:
    words = _WORD.findall(item)
    days = {day for word in words for day in _days(word)}
    parts = [part for word in words for part in PARTS if word in (part, f"{part}s")]
    if "night" in words or "nights" in words or "tonight" in words:
        parts.append("evening")
    hours = _hours(words)
    if not days and not parts and not hours:
        return
    whole = frozenset(days or range(7))
    for part in parts:
        yield Bad(whole, *PARTS[part])
    if hours:
        yield Bad(whole, *hours)
    if not parts and not hours:
        yield Bad(whole, time.min, time.max)


def _days(word: str) -> range | tuple[int, ...]:
    bare = word.removesuffix("s")
    if bare in ("weekday", "weekend"):
        return _GROUPS[bare]
    if bare in DAYS:
        return (DAYS.index(bare),)
    known = _SHORT.get(word)
    return (known,) if known is not None else ()


def _hours(words: list[str]) -> tuple[time, time] | None:
    for before, word in itertools.pairwise(words):
        at = _time(word)
        if at is not None and before in _AFTER:
            return at, time.max
        if at is not None and before in _BEFORE:
            return time.min, at
    return None


def _time(word: str) -> time | None:
    found = re.fullmatch(r"(\d{1,2})(?::(\d\d))?\s*(am|pm)?", word)
    if not found:
        return {"noon": time(12), "lunch": time(14), "midday": time(12)}.get(word)
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] == "pm" and hour < 12:
        hour += 12
    return time(hour % 24, minute) if hour <= 24 and minute < 60 else None
