"""Calendar files made to hang or fill a server: each is refused, or answered with bounded work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pwa.calendars.reading import busy
from pwa.domain.errors import Invalid
from pwa.domain.proposing import Span

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 20, 8, tzinfo=UTC)


def calendar(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *lines, "END:VCALENDAR", ""]).encode()


def event(*lines: str, starts: str = "20260323T180000") -> list[str]:
    return [
        "BEGIN:VEVENT",
        "UID:1",
        "DTSTAMP:20260101T000000Z",
        f"DTSTART:{starts}",
        "DURATION:PT1H",
        *lines,
        "END:VEVENT",
    ]


def read(ics: bytes) -> list[Span]:
    return busy(ics, NOW, NOW + timedelta(days=16), ZONE)


REFUSED = {
    "each second": calendar(*event("RRULE:FREQ=SECONDLY")),
    "each minute, folded": calendar(*event("RRULE:FREQ=MINU\r\n TELY")),
    "no interval": calendar(*event("RRULE:FREQ=DAILY;INTERVAL=0")),
    "a huge interval": calendar(*event("RRULE:FREQ=DAILY;INTERVAL=99999999999999999999")),
    "a huge count": calendar(*event("RRULE:FREQ=DAILY;COUNT=99999999")),
    "by the second": calendar(*event("RRULE:FREQ=DAILY;BYSECOND=" + ",".join(map(str, range(60))))),
    "a line of ten megabytes": calendar(*event("SUMMARY:" + "x" * 10_000_000)),
    "a line just under the size": calendar(*event("SUMMARY:" + "x" * 1_000_000)),
    "a hundred thousand events": calendar(*["BEGIN:VEVENT", "END:VEVENT"] * 100_000),
    "too many short events": calendar(*["BEGIN:VEVENT", "END:VEVENT"] * 6_000),
    "nested": calendar(*["BEGIN:VEVENT"] * 5_000),
    "NUL": calendar(*event("SUMMARY:a\0b")),
    "not a calendar": b"PK\x03\x04 hello",
    "nothing": b"",
    "a flood of dates": calendar(*event("RDATE:" + ",".join(["20260324T180000"] * 1200), "RDATE:" + ",".join(["20260324T180000"] * 1200))),
    "a date that is none": calendar(*event(starts="20261399T990000")),
}  # fmt: skip
BOUNDED = {
    "until the year 9999": calendar(*event("RRULE:FREQ=DAILY;UNTIL=99991231T000000Z")),
    "since the year 1": calendar(*event("RRULE:FREQ=DAILY", starts="00010101T000000")),
    "never fits": calendar(*event("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")),
    "positions": calendar(*event("RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=" + ",".join(map(str, range(1, 260))))),
    "four thousand rules": calendar(*[line for n in range(4000) for line in event("RRULE:FREQ=DAILY")]),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_bomb_is_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(Invalid) as told:
        read(REFUSED[name])
    assert told.value.sentence.endswith(".") and told.value.field == "calendar"


@pytest.mark.parametrize("name", BOUNDED)
def test_a_calendar_that_never_ends_is_refused_or_answered(name: str) -> None:
    try:
        spans = read(BOUNDED[name])
    except Invalid:
        return
    assert len(spans) <= 20_000 and all(NOW <= span.starts_at < span.ends_at for span in spans)


def test_busy_time_is_read_and_free_time_is_not() -> None:
    ics = calendar(
        *event("RRULE:FREQ=WEEKLY;BYDAY=MO", "EXDATE:20260330T180000"),
        *event("TRANSP:TRANSPARENT", starts="20260324T180000"),
        *event("STATUS:CANCELLED", starts="20260325T180000"),
    )
    assert read(ics) == [Span(datetime(2026, 3, 23, 17, tzinfo=UTC), datetime(2026, 3, 23, 18, tzinfo=UTC))]
