"""One's own calendar by its address: read at once and again by the worker, over TLS to a server of the test's own."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from pwa.domain.readings import EVERY, SELDOM, SPREAD
from pwa.services import rereading
from pwa.storage import busy_calendars
from pwa.storage.busy_calendars import BusyCalendar
from pwa.storage.database import db
from pwa.worker.recurring import TABLE
from tests.support.calendar_host import HOST, CalendarHost, open_host
from tests.support.people import Clock, Person
from tests.support.raw_service import answer

PATH = "/private-5ecret/basic.ics"
ADDRESS = f"https://{HOST}{PATH}"
PAGE = "/settings/calendar"
ADD = "/settings/calendar/busy/addresses"
DATES = "/reach-out?idea=tea_among_the_roses"


def calendar(*busy: tuple[datetime, datetime]) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x"]
    for number, (starts_at, ends_at) in enumerate(busy):
        lines += ["BEGIN:VEVENT", f"UID:{number}", f"DTSTART:{starts_at:%Y%m%dT%H%M%SZ}", f"DTEND:{ends_at:%Y%m%dT%H%M%SZ}",
                  "SUMMARY:Very private", "END:VEVENT"]  # fmt: skip
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


@dataclass
class Ana:
    """Somebody at the settings, whose worker is asked to look again."""

    app: Flask
    person: Person
    clock: Clock
    host: CalendarHost

    def give(self, address: str = ADDRESS) -> TestResponse:
        return self.person.client.submit(ADD, address=address)

    def page(self) -> str:
        return " ".join(self.person.client.get(PAGE).text.split())

    def reread(self, **later: float) -> None:
        now = self.clock.forward(**later)
        with self.app.app_context():
            rereading.reread(now, self.host.fetch, chance=lambda: 0.5)

    def kept(self) -> list[BusyCalendar]:
        with self.app.app_context():
            return busy_calendars.of_account(self.person.account_id)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[CalendarHost]:
    with open_host(tmp_path) as host:
        yield host


@pytest.fixture
def here(app: Flask, ana: Person, clock: Clock, host: CalendarHost) -> Ana:
    app.extensions["rekindle.fetch"] = host.fetch
    host.holds(PATH, calendar((clock.now, clock.now + timedelta(hours=1))))
    return Ana(app, ana, clock, host)


# --- Adding -------------------------------------------------------------------------------------------------------


def test_proposals_keep_clear_of_a_calendar_that_lies_at_an_address(here: Ana) -> None:
    before = here.person.client.get(DATES).text
    first = before.split('name="on_0" value="')[1][:10]
    day = datetime.fromisoformat(f"{first}T00:00:00+00:00")
    here.host.holds(PATH, calendar((day - timedelta(hours=3), day + timedelta(hours=27))))
    assert here.give().status_code == 303
    after = here.person.client.get(DATES).text
    assert f'value="{first}"' in before and f'value="{first}"' not in after
    assert "Your calendar is kept clear" in after


def test_only_the_server_is_shown_and_only_taken_hours_are_kept(here: Ana) -> None:
    assert here.give(f"webcal://{HOST}{PATH}").status_code == 303
    page = here.page()
    assert HOST in page and "5ecret" not in page
    assert "Read today at 6:30 pm, and again every few hours." in page
    (kept,) = here.kept()
    assert kept.address == ADDRESS and "private" not in kept.spans and kept.read_at == here.clock.now
    with here.app.app_context():
        row = db.session.execute(text("SELECT * FROM busy_calendar")).one()
    assert not any(word in str(row) for word in ("5ecret", HOST, "Very private"))


def test_it_is_read_of_one_s_own_accord_only(here: Ana, ben: Person) -> None:
    here.give()
    (kept,) = here.kept()
    take_away = f"/settings/calendar/busy/{kept.id}/deletion"
    assert HOST not in ben.client.get(PAGE).text
    assert ben.client.submit(take_away).status_code == 404
    assert here.person.client.submit(take_away).status_code == 303
    assert here.kept() == []
    here.reread(days=2)
    assert here.host.connections == 1


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "web address"),
        ("my calendar", "web address"),
        (f"http://{HOST}{PATH}", "kept private"),
        ("https://127.0.0.1/a.ics", "web address"),
        (f"https://{HOST}/gone.ics", "closed"),
        (f"https://{HOST}/page", "iCal address"),
        (f"https://{HOST}/large", "above 1 MB. A file of its next months"),
        (f"https://{HOST}/half", "breaks off before its end"),
        (f"https://{HOST}/busy", "at the moment. Try again later."),
        (f"https://{HOST}/same", "Try again later."),
        ("https://" + "a" * 3_000, "too long"),
    ],
)
def test_what_cannot_be_read_is_told_at_once_and_not_kept(here: Ana, address: str, why: str) -> None:
    here.host.says("/page", answer(200, b"<!doctype html><title>Sign in</title>"))
    here.host.says("/large", answer(200, b"BEGIN:VCALENDAR\r\n" + b"X-A:b\r\n" * 200_000))
    here.host.says("/half", answer(200, calendar()[:30]))
    here.host.says("/busy", answer(503))
    here.host.says("/same", answer(304))
    told = here.give(address)
    assert told.status_code == 422 and 'role="alert"' in told.text
    assert why in told.text and (not address or address not in told.text)
    assert here.kept() == []


def test_the_same_one_twice_or_a_seventh_is_not_taken(here: Ana) -> None:
    assert [here.give().status_code, here.give().status_code] == [303, 422]
    for number in range(6):
        here.host.holds(f"/{number}", calendar())
    codes = [here.give(f"https://{HOST}/{number}").status_code for number in range(6)]
    assert codes == [303] * 5 + [422]
    assert here.host.connections == 6


def test_nobody_sends_us_round_the_world_all_day(here: Ana) -> None:
    codes = [here.give(f"https://{HOST}/none").status_code for _ in range(25)]
    assert codes == [422] * 20 + [429] * 5
    assert here.host.connections == 20


def test_slow_servers_do_not_hold_every_thread(here: Ana) -> None:
    codes: list[int] = []

    def slow(*asked: Any) -> Any:
        """While it goes there, somebody gives the next address."""
        codes.append(here.give(f"https://{HOST}/none").status_code)
        return here.host.fetch(*asked)

    here.app.extensions["rekindle.fetch"] = slow
    assert here.give().status_code == 303
    assert codes == [429, 422], "the third at once is turned away, the second is read"
    here.app.extensions["rekindle.fetch"] = here.host.fetch
    assert here.give(f"https://{HOST}/none").status_code == 422


# --- Reading again ------------------------------------------------------------------------------------------------


def test_the_worker_looks_for_them_by_itself(now: datetime) -> None:
    (entry,) = [entry for entry in TABLE if entry.run is rereading.reread]
    hour = now.replace(minute=0)
    assert sum(entry.when(hour + timedelta(minutes=minute)) for minute in range(60)) == 6


def spans(here: Ana) -> str:
    return here.kept()[0].spans


def test_it_is_read_again_after_a_few_hours_and_not_before(here: Ana) -> None:
    here.give()
    before = spans(here)
    moved = here.clock.now + timedelta(days=1)
    here.host.holds(PATH, calendar((moved, moved + timedelta(hours=2))))
    here.reread(hours=2)
    assert spans(here) == before and here.host.connections == 1
    here.reread(hours=2)
    assert moved.isoformat() in spans(here) and here.host.connections == 2
    (kept,) = here.kept()
    assert kept.due_at == here.clock.now + EVERY * (1 + SPREAD / 2)
    here.reread()
    assert here.host.connections == 2


def test_what_has_not_changed_counts_as_read_until_a_week_is_over(here: Ana) -> None:
    here.host.holds(PATH, calendar(), etag='"one"')
    here.give()
    first = here.kept()[0]
    here.reread(hours=5)
    (kept,) = here.kept()
    assert b'If-None-Match: "one"' in here.host.requests[-1]
    assert (kept.read_at, kept.read_until) == (here.clock.now, first.read_until)
    here.reread(days=7)
    assert b"If-None-Match" not in here.host.requests[-1]
    assert here.kept()[0].read_until > first.read_until


def test_a_stale_copy_serves_while_it_fails_and_the_page_says_so(here: Ana) -> None:
    here.give()
    before = spans(here)
    here.host.says(PATH, answer(503))
    here.reread(hours=26)
    page = here.page()
    assert "Read yesterday, up to" in page and "The last reading failed. The server there can’t give it" in page
    assert "Your calendar needs a look" in here.person.client.get(DATES).text
    here.reread(days=8)
    page = here.page()
    assert "It could not be read since 5 March" in page and "Read 4 March, up to 2 June" in page
    assert "take it away and give its address anew" in page
    assert spans(here) == before
    here.host.holds(PATH, calendar())
    here.reread(days=2)
    assert "Read today" in here.page() and "could not be read" not in here.page() and spans(here) == "[]"


def test_a_failing_one_is_asked_less_and_less_often(here: Ana) -> None:
    here.give()
    here.host.says(PATH, b"")
    waits = []
    for _ in range(8):
        here.clock.now = here.kept()[0].due_at or here.clock.now
        here.reread()
        waits.append((here.kept()[0].due_at or here.clock.now) - here.clock.now)
    longer = 1 + SPREAD / 2
    assert waits == sorted(waits) and (waits[0], waits[-1]) == (EVERY * longer, SELDOM * longer)
    assert here.host.connections == 9


@pytest.mark.parametrize("body", [b"<!doctype html>", b"BEGIN:VCALENDAR\r\n", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"])
def test_what_is_no_calendar_any_more_does_not_wipe_what_was_read(here: Ana, body: bytes) -> None:
    here.give()
    before = spans(here)
    here.host.holds(PATH, body)
    here.reread(hours=5)
    assert spans(here) == before and here.kept()[0].failing_since == here.clock.now


def test_nobody_s_calendar_is_asked_for_while_they_stay_away(here: Ana) -> None:
    here.give()
    here.reread(days=40)
    assert here.host.connections == 1
    here.person.client.get("/")
    here.reread()
    assert here.host.connections == 2


def test_one_that_cannot_be_opened_does_not_stand_before_the_others(here: Ana) -> None:
    here.give()
    with here.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE busy_calendar SET address = :junk"), {"junk": b"junk"})
    here.clock.forward(hours=5)
    with pytest.raises(RuntimeError):
        here.reread()
    here.reread()
    assert here.host.connections == 1


def test_a_calendar_taken_away_while_it_is_read_stays_away(here: Ana) -> None:
    here.give()
    (kept,) = here.kept()

    def slow(*asked: object) -> object:
        here.person.client.submit(f"/settings/calendar/busy/{kept.id}/deletion")
        return here.host.fetch(*asked)

    with here.app.app_context():
        rereading.reread(here.clock.forward(hours=5), slow)  # type: ignore[arg-type]
    assert here.kept() == [] and here.host.connections == 2


def test_no_transaction_is_open_while_a_socket_is(here: Ana) -> None:
    open_ones: list[bool] = []

    def watched(*asked: Any) -> Any:
        open_ones.append(db.session().in_transaction())
        return here.host.fetch(*asked)

    here.app.extensions["rekindle.fetch"] = watched
    here.give()
    with here.app.app_context():
        rereading.reread(here.clock.forward(hours=5), watched)
    assert open_ones == [False, False]


def test_the_address_is_in_no_log(here: Ana, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    here.give()
    here.give(f"https://{HOST}/5ecret-two")
    here.host.says(PATH, b"")
    here.reread(hours=5)
    assert "5ecret" not in caplog.text
