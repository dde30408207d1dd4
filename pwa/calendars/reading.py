"""Busy time from a calendar that somebody else wrote: bounded before it is parsed, parsed apart."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pwa.domain.errors import Invalid
from pwa.domain.proposing import Span

LARGEST, LONGEST_LINE, MOST_EVENTS, MOST_COUNT, DEEPEST = 2**20, 20_000, 5000, 400, 3
MOST_DATES = 2000
SECONDS = 10
_RULE = re.compile(rb"^(?:RRULE|EXRULE)[^:\n]*:(.*)$", re.MULTILINE | re.IGNORECASE)
_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_BAD = "That calendar cannot be read."
_AGAIN, _SHORTER = "Export it again as .ics, and try that.", "Export a shorter time of it."


class Unreadable(Invalid):
    """`fact`: what is wrong with it, without what to do about a file. `is_calendar`: whether it is one at all."""

    def __init__(self, fact: str, advice: str = _AGAIN, *, is_calendar: bool = True) -> None:
        super().__init__(f"{fact} {advice}", "calendar")
        self.fact, self.is_calendar = fact, is_calendar


def busy(ics: bytes, starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> list[Span]:
    """Give the taken spans (UTC) between two instants, in order of time.

    Transparent and cancelled events are free; an all-day event is busy unless it is transparent, for that is
    how calendar programs mark one that takes no time. Floating times are meant in `zone`. Raises Unreadable.
    """
    _check(ics)
    asked = json.dumps([starts_at.astimezone(UTC).isoformat(), ends_at.astimezone(UTC).isoformat(), zone.key])
    command = [sys.executable, "-I", "-c", _start(), asked]
    try:
        told = subprocess.run(command, input=ics, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603  our own module, no shell
    except subprocess.TimeoutExpired:
        raise Unreadable("That calendar takes too long to read.", _SHORTER) from None
    if told.returncode != 0:
        raise Unreadable(_BAD)
    instants = ((datetime.fromisoformat(one), datetime.fromisoformat(other)) for one, other in json.loads(told.stdout))
    return [Span(one, other) for one, other in instants]


def _start() -> str:
    """The worker's program: it finds this package where we did, for -I leaves the working folder out."""
    from pathlib import Path

    root = str(Path(__file__).resolve().parent.parent.parent)
    return f"import sys; sys.path.insert(0, {root!r}); from pwa.calendars.expanding import main; main()"


def _check(ics: bytes) -> None:
    if len(ics) > LARGEST:
        raise Unreadable("That calendar is above 1 MB.", _SHORTER)
    text = re.sub(rb"\r?\n[ \t]", b"", ics)
    lines = text.splitlines()
    if b"\0" in ics or not text.lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(b"BEGIN:VCALENDAR"):
        raise Unreadable("That is no calendar.", "Choose a file that ends in .ics.", is_calendar=False)
    if max(map(len, lines)) > LONGEST_LINE:
        raise Unreadable("That calendar holds a line too long to read.")
    if sum(line.upper().startswith(b"BEGIN:VEVENT") for line in lines) > MOST_EVENTS:
        raise Unreadable(f"That calendar holds more than {MOST_EVENTS} events.", _SHORTER)
    if sum(line.count(b",") + 1 for line in lines if line.upper().startswith((b"RDATE", b"EXDATE"))) > MOST_DATES:
        raise Unreadable("That calendar lists too many single dates.", _SHORTER)
    _check_depth(lines)
    _check_rules(rule.decode("ascii", "replace") for rule in _RULE.findall(text))


def _check_depth(lines: list[bytes]) -> None:
    depth = 0
    for line in lines:
        depth += line.upper().startswith(b"BEGIN:") - line.upper().startswith(b"END:")
        if not 0 <= depth <= DEEPEST:
            raise Unreadable(_BAD)
    if depth:
        raise Unreadable("That calendar breaks off before its end.")


def _check_rules(rules: Iterable[str]) -> None:
    for rule in rules:
        parts = dict(part.upper().strip().partition("=")[::2] for part in rule.split(";"))
        count, interval = parts.get("COUNT", "1"), parts.get("INTERVAL", "1")
        numbers = all(number.isascii() and number.isdigit() and len(number) < 6 for number in (count, interval))
        fine = {"BYSECOND", "BYMINUTE", "BYHOUR"} & set(parts)
        if parts.get("FREQ") not in _FREQUENCIES or fine or not numbers or int(interval) < 1:
            raise Unreadable("That calendar repeats an event in a way we do not read.", "Leave that event out.")
        if int(count) > MOST_COUNT:
            raise Unreadable(f"That calendar repeats an event more than {MOST_COUNT} times.", "Leave that event out.")
