"""Where nudges arrive: each device by its own word, silence told once and only where it is, and switching one off from another."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask, g

from pwa.push.outcome import Outcome
from pwa.services import answering
from pwa.storage import database, sessions, subscriptions
from pwa.storage.database import db
from pwa.web import phrases
from tests.support.device import Device
from tests.support.nudged import BERLIN, Office
from tests.support.people import COOKIE, Client, Person

ENDPOINT = "https://fcm.googleapis.com/fcm/send/c0ffee"
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/151.0.0.0 Mobile Safari/537.36"
)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
NOTICE = "The last two nudges went out"


def on_another(app: Flask, person: Person, office: Office) -> Person:
    """The same person at a second browser."""
    with database.transaction(person.account_id):
        session, token = sessions.add(person.account_id, office.clock.now)  # type: ignore[arg-type]
        session.parent_id = person.parent_id
        session_id = session.id
    client = app.test_client()
    client.set_cookie(COOKIE, token)
    return replace(person, client=client, session_id=session_id)


def nudge_twice(office: Office, person: Person) -> None:
    """Two nudges are due and taken, and the time of the second is over."""
    office.plan(person)
    for _ in range(2):
        assert office.at_due(person) == {"sent": 1}
    office.clock.forward(hours=25)


def read(person: Person, page: str = "/") -> str:
    """As a request of its own: the context around the test would keep the last one's time and rows."""
    a_new_request()
    return person.client.get(page).text


def a_new_request() -> None:
    g.pop("now", None)
    db.session.expire_all()


def tells(person: Person) -> bool:
    return NOTICE in read(person)


def acknowledge(office: Office, device: Device) -> None:
    answering.acknowledge(office.tokens, office.token(device), office.clock.now)


# --- Silence ------------------------------------------------------------------------------------------------------


def test_a_silent_device_is_told_of_once_and_a_receipt_ends_it(office: Office, ana: Person) -> None:
    device = office.switch_on(ana)
    office.plan(ana)
    office.at_due(ana)
    office.clock.forward(hours=25)
    assert not tells(ana), "one nudge proves nothing"
    office.at_due(ana)
    assert not tells(ana), "the second may still be shown"
    office.clock.forward(hours=25)
    assert tells(ana)
    page = ana.client.get("/settings/devices", headers={"User-Agent": ANDROID}).text
    assert NOTICE in page and "Send a test" in page and "Has shown none yet" in page
    assert "Two have not shown here lately" in read(ana, "/settings")
    assert ana.client.submit("/settings/devices/silence/noted").location == "/"
    assert not tells(ana), "of one silence a person is told once"
    assert NOTICE in read(ana, "/settings/devices"), "there it stays to be read"
    acknowledge(office, device)
    page = read(ana, "/settings/devices")
    assert NOTICE not in page and "Last showed one today" in page
    assert "Two have not" not in read(ana, "/settings")


def test_only_the_device_that_is_silent_says_so(app: Flask, office: Office, ana: Person) -> None:
    on_laptop = on_another(app, ana, office)
    office.switch_on(ana)
    laptop = office.switch_on(on_laptop)
    office.plan(ana)
    for _ in range(2):
        office.at_due(ana)
        acknowledge(office, laptop)
    office.clock.forward(hours=25)
    assert (tells(ana), tells(on_laptop)) == (True, False)


def test_a_second_silence_is_told_again(office: Office, ana: Person) -> None:
    device = office.switch_on(ana)
    nudge_twice(office, ana)
    assert tells(ana)
    ana.client.submit("/settings/devices/silence/noted")
    office.clock.forward(hours=1)
    acknowledge(office, device)
    for _ in range(2):
        a_new_request()
        ana.client.submit("/settings/test-nudge")
        office.clock.forward(seconds=1)
        assert office.dispatch()["sent"] == 1
        office.clock.forward(minutes=11)
    assert tells(ana)


@pytest.mark.parametrize("outcome", [Outcome("refused", 400), Outcome("gone", 410), Outcome("retry", 503)])
def test_what_no_push_service_took_makes_no_silence(office: Office, ana: Person, outcome: Outcome) -> None:
    office.switch_on(ana)
    office.plan(ana)
    office.answers += [outcome] * 40
    for _ in range(2):
        office.at_due(ana)
        office.clock.forward(hours=25)
        office.dispatch()
    assert not tells(ana)


def test_a_browser_that_subscribed_anew_begins_anew(office: Office, ana: Person) -> None:
    device = office.switch_on(ana)
    nudge_twice(office, ana)
    assert tells(ana)
    a_new_request()
    fresh = {**Device(ENDPOINT).json(), "replaces": device.endpoint, "by_itself": True}
    assert ana.client.send("/push/subscriptions", fresh).status_code == 200
    assert not tells(ana)


# --- The list -----------------------------------------------------------------------------------------------------


def test_each_device_stands_there_with_its_kind_and_its_last_word(app: Flask, office: Office, ana: Person) -> None:
    phone, tablet = Device(ENDPOINT), Device(f"{ENDPOINT}-2")
    second = on_another(app, ana, office)
    ana.client.send("/push/subscriptions", phone.json(), **{"User-Agent": ANDROID})
    second.client.send("/push/subscriptions", tablet.json(), **{"User-Agent": IPHONE})
    with database.transaction(ana.account_id):
        row = subscriptions.find(tablet.endpoint)
        assert row is not None
        row.shown_at = office.clock.now - timedelta(days=1)
    office.plan(ana)
    page = ana.client.get("/settings/devices", headers={"User-Agent": ANDROID}).text
    here, there = page.split('id="elsewhere-h"')
    assert "Chrome on Android" in here and "Has shown none yet. The next is planned for Friday at 7 pm." in here
    assert "iPhone or iPad" in there and "Last showed one yesterday" in there
    assert ana.client.get("/settings").text.count("The next is planned for Friday at 7 pm.") == 1


def test_without_a_device_or_a_nudge_the_page_says_so(office: Office, ana: Person) -> None:
    page = ana.client.get("/settings/devices").text
    assert "Nudges are off here. None is planned for now." in page and "Elsewhere" not in page
    page = ana.client.get("/settings/devices", headers={"User-Agent": IPHONE}).text
    assert "told to keep Rekindle quiet. Open Settings, Notifications, Rekindle" in page
    ana.client.submit("/settings/pause")
    assert "Nudges are paused." in ana.client.get("/settings/devices").text


@pytest.mark.parametrize(
    ("days", "hours", "said"),
    [(0, 1, "today at 7:30 pm"), (1, 0, "tomorrow at 6:30 pm"), (6, 0, "Tuesday at 6:30 pm"), (7, 0, "11 March")],
)
def test_what_is_to_come_is_said_by_its_day(app: Flask, now: datetime, days: int, hours: int, said: str) -> None:
    with app.test_request_context():
        coming = now + timedelta(days=days, hours=hours)
        assert phrases.soon(coming, BERLIN, now.astimezone(BERLIN).date()) == said


@pytest.mark.parametrize(
    ("said", "first", "battery_first"),
    [(ANDROID, "Chrome on Android", True), (IPHONE, "iPhone or iPad", False), ("curl/8", "iPhone or iPad", False)],
)
def test_the_help_begins_with_the_browser_that_asks(ana: Person, said: str, first: str, battery_first: bool) -> None:
    page = ana.client.get("/settings/devices", headers={"User-Agent": said}).text
    help_ = page.split('id="help-h"')[1]
    titles = re.findall(r"<h3>([^<]*)</h3>", help_)
    assert (titles[0], len(titles), len(set(titles))) == (first, 9, 9)
    own, others = help_.split("<details")
    assert ("<h3>Battery savers</h3>" in own, "<h3>Battery savers</h3>" in others) == (battery_first, not battery_first)
    assert ("Another phone or browser" in others.partition(" open>")[2]) == (said == "curl/8")


# --- Switching one off --------------------------------------------------------------------------------------------


def endpoints(person: Person) -> list[str]:
    db.session.expire_all()
    return [row.endpoint for row in subscriptions.of_account(person.account_id)]  # type: ignore[arg-type]


def test_a_device_switched_off_from_another_stays_off_until_somebody_taps_there(
    app: Flask, office: Office, ana: Person
) -> None:
    lost, kept = Device(ENDPOINT), Device(f"{ENDPOINT}-2")
    there = on_another(app, ana, office)
    for person, device in ((there, lost), (ana, kept)):
        person.client.send("/push/subscriptions", device.json())
    row = subscriptions.find(lost.endpoint)
    assert row is not None
    assert ana.client.submit(f"/settings/devices/{row.id}/off").location == "/settings/devices"
    assert endpoints(ana) == [kept.endpoint]
    for body in (lost.json(), {**Device(f"{ENDPOINT}-3").json(), "replaces": lost.endpoint}):
        answer = there.client.send("/push/subscriptions", {**body, "by_itself": True})
        assert (answer.status_code, "from another one" in answer.json["error"]) == (404, True)
    assert endpoints(ana) == [kept.endpoint]
    assert there.client.send("/push/subscriptions", lost.json()).status_code == 201
    assert sorted(endpoints(ana)) == sorted([lost.endpoint, kept.endpoint])
    assert there.client.send("/push/subscriptions", {**lost.json(), "by_itself": True}).status_code == 200


def test_somebody_elses_device_cannot_be_switched_off(office: Office, ana: Person, ben: Person) -> None:
    device = Device(ENDPOINT)
    ana.client.send("/push/subscriptions", device.json())
    row = subscriptions.find(device.endpoint)
    assert row is not None
    assert ben.client.submit(f"/settings/devices/{row.id}/off").status_code == 404
    assert endpoints(ana) == [device.endpoint]


# --- Told anew ----------------------------------------------------------------------------------------------------


def test_a_new_endpoint_takes_the_place_of_the_old_with_what_was_chosen(office: Office, ana: Person) -> None:
    old, new = Device(ENDPOINT), Device(f"{ENDPOINT}-2")
    first = ana.client.send("/push/subscriptions", old.json()).json["device"]
    ana.client.submit("/settings/lock-screen", names="1")
    for _ in range(2):
        answer = ana.client.send("/push/subscriptions", {**new.json(), "replaces": old.endpoint, "by_itself": True})
        assert (answer.status_code, answer.json["device"]) == (200, first)
    row = subscriptions.find(new.endpoint)
    assert row is not None
    assert (endpoints(ana), row.names_shown, row.p256dh) == ([new.endpoint], True, new.p256dh)


def test_an_endpoint_that_is_there_already_is_not_there_twice(office: Office, ana: Person) -> None:
    old, new = Device(ENDPOINT), Device(f"{ENDPOINT}-2")
    for device in (old, new):
        ana.client.send("/push/subscriptions", device.json())
    ana.client.send("/push/subscriptions", {**new.json(), "replaces": old.endpoint})
    assert endpoints(ana) == [new.endpoint]


def test_nobody_replaces_somebody_elses(office: Office, ana: Person, ben: Person) -> None:
    theirs, own = Device(ENDPOINT), Device(f"{ENDPOINT}-2")
    ana.client.send("/push/subscriptions", theirs.json())
    ben.client.send("/push/subscriptions", {**own.json(), "replaces": theirs.endpoint})
    assert (endpoints(ana), endpoints(ben)) == ([theirs.endpoint], [own.endpoint])


def test_what_renews_itself_makes_no_account(cleo: Person) -> None:
    answer = cleo.client.send("/push/subscriptions", {**Device(ENDPOINT).json(), "by_itself": True})
    assert answer.status_code == 401


def known_on(client: Client, page: str) -> list[str]:
    found = re.search(r'<meta name="rekindle-push" content="([^"]*)">', client.get(page).text)
    assert found is not None
    return found.group(1).split()


@pytest.mark.parametrize("page", ["/", "/settings", "/settings/devices"])
def test_a_page_says_what_is_known_of_this_browser(office: Office, ana: Person, page: str) -> None:
    assert known_on(ana.client, page) == [office.key.public_key]
    device = Device(ENDPOINT)
    told = ana.client.send("/push/subscriptions", device.json()).json["device"]
    assert known_on(ana.client, page) == [office.key.public_key, told]
    with database.transaction(ana.account_id):
        row = subscriptions.find(device.endpoint)
        assert row is not None
        row.vapid_key_id = ""
    assert known_on(ana.client, page) == [office.key.public_key], "its browser is to tell again"
