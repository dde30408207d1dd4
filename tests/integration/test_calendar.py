"""Calendar files and the private feed: read by two other parsers, the same for the same, neutral unless asked."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import ics
import pytest
import vobject
from flask import Flask

from pwa.calendars.reading import busy
from pwa.calendars.writing import CANCELLED, CONFIRMED, TENTATIVE, Event, write
from pwa.domain.dates import zone as zone_of
from pwa.services import publishing, replying
from pwa.storage import busy_calendars, feeds
from tests.support.invited import SPANS, Invited, invite
from tests.support.people import Client, Clock, Person

AT = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
HOSTILE = "Tea, biscuits; and ❤️ “roses”\\n\r\nBEGIN:VEVENT\r\nX:\x00\x0bboo 日本語 " + "é" * 90


def event(**changes: Any) -> Event:
    plain: dict[str, Any] = {
        "uid": "one@rekindle", "starts_at": AT, "ends_at": AT + timedelta(hours=1), "summary": "Tea", "changed_at": AT
    }  # fmt: skip
    return Event(**{**plain, **changes})


def parsed(body: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(body).walk("VEVENT"))


# --- The file itself ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["Tea", HOSTILE, "a" * 3_000, "", "שלום, אמא"])
@pytest.mark.parametrize("status", [TENTATIVE, CONFIRMED, CANCELLED])
def test_two_other_parsers_read_what_was_written(words: str, status: str) -> None:
    made = event(summary=words, place=words, description=words, status=status, sequence=3, alarms=(timedelta(hours=2),))
    body = write([made])
    (own,) = parsed(body)
    (second,) = ics.Calendar(body.decode()).events
    (third,) = [one for one in vobject.readOne(body.decode()).getChildren() if one.name == "VEVENT"]
    assert own["UID"] == second.uid == third.uid.value == "one@rekindle"
    assert own["DTSTART"].dt == second.begin.datetime == third.dtstart.value == AT
    assert own["DTEND"].dt == second.end.datetime == third.dtend.value == made.ends_at
    assert own["STATUS"] == second.status == third.status.value == status
    assert own["SEQUENCE"] == 3 and third.sequence.value == "3"
    said = {str(own["SUMMARY"]), third.summary.value}
    assert len(said) == 1 and not any(ord(letter) < 32 for letter in said.pop())
    assert len(own.walk("VALARM")) == (0 if status == CANCELLED else 1)


def test_lines_are_folded_and_nothing_is_smuggled_in() -> None:
    body = write([event(summary=HOSTILE)])
    lines = body.split(b"\r\n")
    assert max(map(len, lines)) <= 75 and b"\n" not in body.replace(b"\r\n", b"")
    assert body.count(b"\r\nBEGIN:VEVENT\r\n") == 1 and b"\x00" not in body and b"\x0b" not in body
    assert "日本語" in str(parsed(body)[0]["SUMMARY"])


def test_the_same_events_are_the_same_bytes() -> None:
    assert write([event()]) == write([event()]) != write([event(sequence=1)])


def test_an_hour_that_the_clocks_skip_or_show_twice_is_the_instant_it_was() -> None:
    for name in ("Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca"):
        zone = zone_of(name)
        for at in (AT, datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)):
            (read,) = parsed(
                write([event(starts_at=at.astimezone(zone), ends_at=(at + timedelta(hours=1)).astimezone(zone))])
            )
            assert (read["DTSTART"].dt, read["DTEND"].dt) == (at, at + timedelta(hours=1))


# --- The feed -----------------------------------------------------------------------------------------------------


@pytest.fixture
def reader(app: Flask) -> Client:
    """A calendar program: it has the address and nothing else."""
    client = app.test_client()
    assert isinstance(client, Client)
    return client


@pytest.fixture
def address(app: Flask, ana: Person, clock: Clock) -> Iterator[str]:
    with app.app_context():
        publishing.make_feed(ana.account_id, clock.now)
        feed = feeds.get(ana.account_id)
        assert feed is not None
        token = feed.token
    return f"/calendar/{token}.ics"


@pytest.fixture
def invited(app: Flask, ana: Person, clock: Clock) -> Invited:
    return invite(app, ana, clock)


def statuses(reader: Client, address: str) -> list[tuple[str, int]]:
    return [(str(one["STATUS"]), one["SEQUENCE"]) for one in parsed(reader.get(address).data)]


def test_three_are_tentative_and_an_answer_confirms_one_and_cancels_two(
    app: Flask, clock: Clock, reader: Client, address: str, invited: Invited
) -> None:
    before = parsed(reader.get(address).data)
    assert statuses(reader, address) == [("TENTATIVE", 1)] * 3
    assert [(one["DTSTART"].dt, one["DTEND"].dt) for one in before] == list(SPANS)
    reader.post(invited.address, data={"pick": "1"})
    assert statuses(reader, address) == [("CANCELLED", 2), ("CONFIRMED", 2), ("CANCELLED", 2)]
    assert [one["UID"] for one in parsed(reader.get(address).data)] == [one["UID"] for one in before]
    with app.app_context():
        replying.undo(invited.token, clock.now)
    assert statuses(reader, address) == [("TENTATIVE", 3)] * 3


def test_it_names_nobody_unless_that_was_asked_for(ana: Person, reader: Client, address: str, invited: Invited) -> None:
    assert invited.token
    plain = reader.get(address).text
    for word in ("Mom", "roses", "bench", invited.token):
        assert word not in plain
    ana.client.submit("/settings/calendar/choices", named="on")
    named = reader.get(address).text
    assert "Tea among the roses with Mom" in named and invited.token not in named


def test_it_is_read_again_only_when_something_changed(reader: Client, address: str, invited: Invited) -> None:
    first = reader.get(address)
    assert first.content_type.startswith("text/calendar") and "Set-Cookie" not in first.headers
    again = reader.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    reader.post(invited.address, data={"pick": "0"})
    assert reader.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert reader.head(address).status_code == 200


def test_nudge_times_stand_in_it_for_phones_that_cannot_be_nudged(ana: Person, reader: Client, address: str) -> None:
    ana.client.submit("/settings/hour", hour="19")
    assert parsed(reader.get(address).data) == []
    ana.client.submit("/settings/calendar/choices", alarms="on")
    (due,) = parsed(reader.get(address).data)
    assert str(due["SUMMARY"]) == "A small thing for today" and due["TRANSP"] == "TRANSPARENT"
    assert len(due.walk("VALARM")) == 1


def test_a_new_address_ends_the_old_one_and_an_ended_one_is_gone(ana: Person, reader: Client, address: str) -> None:
    ana.client.submit("/settings/calendar")
    assert reader.get(address).status_code == 404
    assert "/calendar/" in ana.client.get("/settings/calendar").text
    ana.client.submit("/settings/calendar/deletion")
    assert "Make a private address" in ana.client.get("/settings/calendar").text


def test_after_everything_is_deleted_the_address_leads_nowhere(ana: Person, reader: Client, address: str) -> None:
    ana.client.submit("/settings/account/deletion", sure="yes")
    assert reader.get(address).status_code == 404


def test_whoever_guesses_is_turned_away(reader: Client) -> None:
    codes = [reader.get(f"/calendar/{number:022}.ics").status_code for number in range(40)]
    assert codes[0] == 404 and codes[-1] == 429


def test_each_takes_a_file_of_their_own(ana: Person, reader: Client, invited: Invited) -> None:
    held = ana.client.get(f"/reach-out/{invited.id}/calendar.ics")
    assert [str(one["STATUS"]) for one in parsed(held.data)] == ["TENTATIVE"] * 3
    assert "with Mom\\, perhaps" in held.text
    assert reader.get(f"{invited.address}/calendar.ics").status_code == 404
    reader.post(invited.address, data={"pick": "2"})
    (hers,) = parsed(reader.get(f"{invited.address}/calendar.ics").data)
    assert hers["DTSTART"].dt == SPANS[2][0] and "Mom" not in str(hers["SUMMARY"])
    page = ana.client.get(f"/reach-out/{invited.id}/calendar").text
    assert page.count("delete this one") == 2 and "calendar.google.com" in page and "outlook.live.com" in page


# --- One's own calendar -------------------------------------------------------------------------------------------

WORK = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//x//EN
BEGIN:VTIMEZONE
TZID:My Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:1
DTSTART;TZID=My Berlin:20260302T090000
DURATION:PT8H
RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
EXDATE;TZID=My Berlin:20260305T090000
SUMMARY:Secret work
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20260307
DTEND;VALUE=DATE:20260308
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART:20260308T100000
DTEND:20260308T110000
STATUS:CANCELLED
END:VEVENT
BEGIN:VEVENT
UID:4
DTSTART:20260308T150000
DTEND:20260308T160000
END:VEVENT
END:VCALENDAR
""".replace(b"\n", b"\r\n")


def test_what_is_taken_is_read_from_a_calendar_with_its_own_zone_and_repetitions() -> None:
    first = datetime(2026, 3, 4, tzinfo=UTC)
    spans = busy(WORK, first, first + timedelta(days=6), zone_of("Europe/Berlin"))
    assert [(f"{one.starts_at:%d %H}", f"{one.ends_at:%d %H}") for one in spans] == [
        ("04 08", "04 16"),
        ("06 08", "06 16"),
        ("08 14", "08 15"),
        ("09 08", "09 16"),
    ]
    summer = datetime(2026, 3, 30, tzinfo=UTC)
    (monday,) = busy(WORK, summer, summer + timedelta(days=1), zone_of("Europe/Berlin"))
    assert monday.starts_at == datetime(2026, 3, 30, 7, tzinfo=UTC)


def upload(person: Person, body: bytes, name: str = "mine.ics") -> int:
    fields = {"csrf_token": person.client.form_token(), "calendar": (io.BytesIO(body), name)}
    sent = person.client.post("/settings/calendar/busy", data=fields, content_type="multipart/form-data")
    return sent.status_code


def test_one_gives_it_a_file_and_proposals_keep_clear_of_it(app: Flask, ana: Person, ben: Person) -> None:
    assert upload(ana, WORK) == 303
    assert "mine.ics" in ana.client.get("/settings/calendar").text
    with app.app_context():
        (kept,) = busy_calendars.of_account(ana.account_id)
        assert "Secret" not in kept.spans and kept.address is None
        calendar_id = kept.id
    assert "kept clear" in ana.client.get("/reach-out?idea=tea_among_the_roses").text
    take_away = f"/settings/calendar/busy/{calendar_id}/deletion"
    assert ben.client.submit(take_away).status_code == 404
    assert ana.client.submit(take_away).status_code == 303
    with app.app_context():
        assert busy_calendars.of_account(ana.account_id) == []


@pytest.mark.parametrize(
    "body", [b"", b"hello", b"BEGIN:VCALENDAR\r\n", b"\x00" * 500, b"BEGIN:VCALENDAR\r\nX:" + b"a" * 2**20]
)
def test_what_is_no_calendar_is_told_and_nothing_is_kept(app: Flask, ana: Person, body: bytes) -> None:
    assert upload(ana, body) in (303, 413, 422)
    assert upload(ana, b"hello") == 422
    with app.app_context():
        assert all(one.spans == "[]" for one in busy_calendars.of_account(ana.account_id))


def test_a_calendar_may_be_larger_than_a_page_and_still_needs_the_pages_token(ana: Person) -> None:
    lines = b"".join(b"X-NOTE:%d\r\n" % number for number in range(40_000))
    large = WORK.replace(b"END:VCALENDAR", lines + b"END:VCALENDAR")
    assert len(large) > 400_000 and upload(ana, large) == 303
    assert upload(ana, b"BEGIN:VCALENDAR\r\n" + b"a" * 2_000_000) == 413
    sent = ana.client.post("/settings/calendar/busy", data={"calendar": (io.BytesIO(WORK), "mine.ics")})
    assert sent.status_code == 400


def test_there_is_an_end_to_how_many(ana: Person) -> None:
    assert [upload(ana, WORK) for _ in range(7)] == [303] * 6 + [422]
