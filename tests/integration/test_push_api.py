"""The JSON addresses of push: what a browser and its worker may say, and what a hostile one is told."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from pwa.push import base64url
from pwa.storage import accounts, database, deliveries, moments, nudges, sessions, subscriptions
from pwa.storage.subscriptions import AT_MOST
from tests.support.device import Device
from tests.support.nudged import Office
from tests.support.people import Person

ENDPOINT = "https://fcm.googleapis.com/fcm/send/c0ffee"
DEEP = "[" * 100_000


@pytest.fixture
def device() -> Device:
    return Device(f"{ENDPOINT}-{uuid4().hex}")


def rows(app: Flask, person: Person) -> int:
    with app.app_context():
        assert person.account_id is not None
        return subscriptions.count(person.account_id)


# --- Subscribing --------------------------------------------------------------------------------------------------


def test_the_key_is_the_public_half(ana: Person, cleo: Person) -> None:
    key = cleo.client.get("/push/key").json["key"]
    raw = base64url.decode(key)
    assert (len(raw), raw[0]) == (65, 4)
    assert ana.client.get("/push/key").json == {"key": key}


def test_a_browser_is_new_once_and_known_after_that(app: Flask, ana: Person, device: Device) -> None:
    statuses = [ana.client.send("/push/subscriptions", device.json()).status_code for _ in range(3)]
    assert statuses == [201, 200, 200]
    assert rows(app, ana) == 1


def test_renewed_keys_replace_the_old_ones(app: Flask, ana: Person, device: Device) -> None:
    ana.client.send("/push/subscriptions", device.json())
    fresh = Device(device.endpoint)
    assert ana.client.send("/push/subscriptions", fresh.json()).status_code == 200
    with app.app_context():
        row = subscriptions.find(device.endpoint)
        assert row is not None
        assert (row.p256dh, row.auth) == (fresh.p256dh, fresh.auth)


def test_a_stranger_who_switches_nudges_on_gets_an_account(app: Flask, cleo: Person, device: Device) -> None:
    answer = cleo.client.send("/push/subscriptions", {**device.json(), "zone": "Asia/Karachi"})
    assert answer.status_code == 201
    with app.app_context():
        row = subscriptions.find(device.endpoint)
        assert row is not None
        account = accounts.get(row.account_id)
        assert account is not None
        assert account.zone == "Asia/Karachi"
    again = cleo.client.send("/push/subscriptions", device.json())
    assert again.status_code == 200, "the cookie that came with the first answer is theirs"


def test_a_stranger_with_bad_input_leaves_no_account(app: Flask, cleo: Person) -> None:
    for body in ({}, {"endpoint": ENDPOINT}, {"endpoint": "https://evil.example/x", "keys": {}}):
        assert cleo.client.send("/push/subscriptions", body).status_code == 422
    with app.app_context():
        assert accounts.count() == 0


def test_a_stranger_with_an_unknown_zone_is_told(app: Flask, cleo: Person, device: Device) -> None:
    answer = cleo.client.send("/push/subscriptions", {**device.json(), "zone": "A" * 5000})
    assert (answer.status_code, "zone" in answer.json["error"]) == (422, True)
    with app.app_context():
        assert accounts.count() == 0


def test_somebody_elses_browser_moves_to_who_holds_it_now(app: Flask, ana: Person, ben: Person, device: Device) -> None:
    ana.client.send("/push/subscriptions", device.json())
    with app.app_context(), database.transaction():
        row = subscriptions.find(device.endpoint)
        assert row is not None
        row.names_shown = True
    assert ben.client.send("/push/subscriptions", device.json()).status_code == 201
    assert (rows(app, ana), rows(app, ben)) == (0, 1)
    with app.app_context():
        row = subscriptions.find(device.endpoint)
        assert row is not None
        assert (row.session_id, row.names_shown) == (ben.session_id, False)


def test_an_account_has_twenty_devices_at_most(app: Flask, ana: Person) -> None:
    known = [Device(f"{ENDPOINT}-{number}") for number in range(AT_MOST)]
    for each in known:
        assert ana.client.send("/push/subscriptions", each.json()).status_code == 201
    one_more = ana.client.send("/push/subscriptions", Device(f"{ENDPOINT}-more").json())
    assert one_more.status_code == 409
    assert "20 devices" in one_more.json["error"]
    assert ana.client.send("/push/subscriptions", known[0].json()).status_code == 200
    assert rows(app, ana) == AT_MOST


def test_endpoint_and_secret_do_not_lie_readable_in_the_database(app: Flask, ana: Person, device: Device) -> None:
    ana.client.send("/push/subscriptions", device.json())
    with app.app_context():
        raw = database.db.session.connection().exec_driver_sql("SELECT * FROM subscription").all()
    assert device.endpoint not in repr(raw)
    assert device.auth not in repr(raw)


# --- Unsubscribing ------------------------------------------------------------------------------------------------


def test_switching_off_forgets_ones_own_browser(app: Flask, ana: Person, device: Device) -> None:
    ana.client.send("/push/subscriptions", device.json())
    for _ in range(2):
        answer = ana.client.send("/push/subscriptions", {"endpoint": device.endpoint}, method="DELETE")
        assert (answer.status_code, answer.data) == (204, b"")
    assert rows(app, ana) == 0


def test_switching_off_somebody_elses_browser_changes_nothing_and_tells_nothing(
    app: Flask, ana: Person, ben: Person, device: Device
) -> None:
    ana.client.send("/push/subscriptions", device.json())
    theirs = ben.client.send("/push/subscriptions", {"endpoint": device.endpoint}, method="DELETE")
    nobodys = ben.client.send("/push/subscriptions", {"endpoint": ENDPOINT}, method="DELETE")
    assert (theirs.status_code, theirs.data) == (nobodys.status_code, nobodys.data) == (204, b"")
    assert rows(app, ana) == 1


# --- Who may ask --------------------------------------------------------------------------------------------------

OURS_ONLY = [
    ("POST", "/push/subscriptions"),
    ("DELETE", "/push/subscriptions"),
    ("POST", "/push/test"),
]


ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {},
]


def test_a_page_elsewhere_is_not_heard(ana: Person) -> None:
    for method, path in OURS_ONLY:
        for headers in ELSEWHERE:
            answer = ana.client.open(path, method=method, json={}, headers=headers)
            assert (answer.status_code, list(answer.json)) == (403, ["error"]), (path, headers)


def test_our_own_page_is_known_by_its_origin_where_a_browser_says_no_more(ana: Person, device: Device) -> None:
    own = {"Origin": "http://localhost"}
    answer = ana.client.post("/push/subscriptions", json=device.json(), headers=own)
    assert answer.status_code == 201


def test_only_json_is_read(ana: Person) -> None:
    own = {"Sec-Fetch-Site": "same-origin"}
    for method, path in OURS_ONLY:
        answer = ana.client.open(path, method=method, data={"endpoint": "x"}, headers=own)
        assert answer.status_code == 415


def test_a_stranger_can_neither_switch_off_nor_test(cleo: Person) -> None:
    assert cleo.client.send("/push/test", {}).status_code == 401
    assert cleo.client.send("/push/subscriptions", {"endpoint": ENDPOINT}, method="DELETE").status_code == 401


# --- Receipts and answers by token --------------------------------------------------------------------------------

BY_TOKEN = ("/push/receipts", "/nudges/act")


@pytest.fixture
def token(office: Office, ana: Person) -> str:
    """What Ana's phone was just sent with its first nudge."""
    device = office.switch_on(ana)
    office.plan(ana)
    office.at_due(ana)
    return office.token(device)


def test_a_receipt_is_written_down_and_the_first_one_counts(
    office: Office, ana: Person, cleo: Person, token: str
) -> None:
    shown_at = office.clock.forward(seconds=2)
    assert cleo.client.post("/push/receipts", json={"token": token}).status_code == 204
    office.clock.forward(minutes=10)
    assert cleo.client.post("/push/receipts", json={"token": token}).status_code == 204
    assert ana.parent_id is not None and ana.session_id is not None
    nudge = next(one for one in nudges.of_parent(ana.parent_id) if one.state == "sent")
    (delivery,) = office.deliveries(nudge.id)
    assert (delivery.state, delivery.shown_at) == (deliveries.SHOWN, shown_at)
    assert [device.shown_at for device in subscriptions.of_session(ana.session_id)] == [shown_at]


@pytest.mark.parametrize("action", ["done", "snooze"])
def test_a_button_in_the_notification_needs_no_session(
    office: Office, ana: Person, cleo: Person, token: str, action: str
) -> None:
    for _ in range(3):
        answer = cleo.client.post("/nudges/act", json={"token": token, "action": action})
        assert (answer.status_code, answer.json) == (200, {"result": action})
    assert ana.parent_id is not None
    assert len(moments.of_parent(ana.parent_id)) == (action == "done")


def test_an_action_the_notification_does_not_offer_is_refused(cleo: Person, token: str) -> None:
    for action in ("delete", "", None, 3, ["done"], {"a": 1}):
        answer = cleo.client.post("/nudges/act", json={"token": token, "action": action})
        assert (answer.status_code, bool(answer.json["error"])) == (422, True)


def test_a_token_that_is_not_ours_is_refused_with_a_sentence(cleo: Person, token: str) -> None:
    for path in BY_TOKEN:
        for bad in (
            token[:-1],
            token + "x",
            token[1:],
            "",
            "x.y",
            "é",
            None,
            7,
            [token],
            {"t": token},
            "\x00",
            "A" * 9_000,
        ):
            answer = cleo.client.post(path, json={"token": bad, "action": "done"})
            assert (answer.status_code, bool(answer.json["error"])) == (422, True), (path, bad)


def test_a_token_of_an_account_that_is_gone_finds_nothing(
    office: Office, ana: Person, cleo: Person, token: str
) -> None:
    with database.transaction(ana.account_id):
        account = accounts.get(ana.account_id)
        assert account is not None
        accounts.delete(account)
    for path in BY_TOKEN:
        answer = cleo.client.post(path, json={"token": token, "action": "done"})
        assert (answer.status_code, bool(answer.json["error"])) == (404, True)


def test_an_answer_after_a_month_comes_too_late(office: Office, ana: Person, cleo: Person, token: str) -> None:
    office.clock.forward(days=31)
    answer = cleo.client.post("/nudges/act", json={"token": token, "action": "done"})
    assert (answer.status_code, "too long ago" in answer.json["error"]) == (409, True)
    assert moments.of_parent(ana.parent_id) == []


def test_a_session_that_ended_does_not_take_the_buttons_away(
    office: Office, ana: Person, cleo: Person, token: str
) -> None:
    with database.transaction():
        sessions.forget(ana.session_id)
    assert cleo.client.post("/nudges/act", json={"token": token, "action": "done"}).status_code == 200


def test_reading_changes_nothing(office: Office, ana: Person, cleo: Person, token: str) -> None:
    for path in BY_TOKEN:
        for method in ("GET", "HEAD", "PUT", "DELETE"):
            answer = cleo.client.open(path, method=method, json={"token": token, "action": "done"})
            assert answer.status_code in (401, 404, 405)
    assert moments.of_parent(ana.parent_id) == []


def test_a_test_nudge_is_on_its_way(office: Office, ana: Person) -> None:
    office.switch_on(ana)
    answer = ana.client.send("/push/test", {})
    assert (answer.status_code, answer.json) == (202, {"result": "on its way"})
    assert office.dispatch() == {"sent": 1}


def test_a_test_nudge_where_nudges_are_off_is_refused_with_a_sentence(ana: Person) -> None:
    answer = ana.client.send("/push/test", {})
    assert (answer.status_code, "not on for this phone" in answer.json["error"]) == (409, True)


# --- Bad input ----------------------------------------------------------------------------------------------------

ADDRESSES = [
    ("POST", "/push/subscriptions"),
    ("DELETE", "/push/subscriptions"),
    ("POST", "/push/receipts"),
    ("POST", "/nudges/act"),
]
BODIES = {
    "nothing": b"",
    "not JSON": b"{",
    "not UTF-8": b'{"endpoint": "\xff"}',
    "a lone surrogate": b'{"endpoint": "https://fcm.googleapis.com/\\ud800", "token": "\\ud800"}',
    "a lone surrogate as a name": b'{"\\udfff": 1}',
    "deep": DEEP.encode(),
    "deep in a name": ('{"a":' * 20_000).encode(),
    "not a number": b'{"endpoint": NaN, "token": Infinity}',
    "a huge number": b'{"endpoint": ' + b"9" * 6_000 + b"}",
    "an overflow": b'{"token": 1e999, "endpoint": 1e999}',
    "null": b"null",
    "a list": b"[1, 2]",
    "a text": b'"push"',
    "a number": b"8030",
    "no names": b"{}",
    "nulls": b'{"endpoint": null, "keys": null, "token": null, "action": null}',
    "wrong types": b'{"endpoint": [], "keys": "x", "token": {}, "action": true}',
    "NUL": b'{"endpoint": "\\u0000", "token": "\\u0000", "action": "\\u0000"}',
    "a text of 200 kB": b'{"token": "' + b"a" * 200_000 + b'", "endpoint": "' + b"b" * 20_000 + b'"}',
}


def test_bad_input_is_answered_with_a_sentence(ana: Person) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
    for method, path in ADDRESSES:
        for name, body in BODIES.items():
            answer = ana.client.open(path, method=method, data=body, headers=headers)
            if (method, answer.status_code) == ("DELETE", 204):
                continue  # an address that nobody has, forgotten: nothing is wrong with that
            assert answer.status_code in (400, 422), (method, path, name, answer.text)
            assert answer.json["error"].endswith((".", "”")), (method, path, name)


def test_five_megabytes_are_not_read(ana: Person) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
    for method, path in ADDRESSES:
        answer = ana.client.open(path, method=method, data=b"x" * 5_000_000, headers=headers)
        assert (answer.status_code, "too large" in answer.json["error"]) == (413, True), path


POINT = Device(ENDPOINT).p256dh
AUTH = Device(ENDPOINT).auth
OFF_CURVE = base64url.encode(b"\x04" + b"\x01" * 64)
KEYS: dict[str, Any] = {
    "off the curve": {"p256dh": OFF_CURVE, "auth": AUTH},
    "a compressed point": {"p256dh": base64url.encode(b"\x02" + b"\x01" * 32), "auth": AUTH},
    "at infinity": {"p256dh": base64url.encode(b"\x00"), "auth": AUTH},
    "not base64": {"p256dh": "§" * 87, "auth": AUTH},
    "a short secret": {"p256dh": POINT, "auth": base64url.encode(b"x" * 15)},
    "a number": {"p256dh": 5, "auth": AUTH},
    "a list": {"p256dh": [POINT], "auth": AUTH},
    "a surrogate pair": {"p256dh": "😀" * 43, "auth": AUTH},
    "none": {},
    "no object": POINT,
    "swapped": {"p256dh": AUTH, "auth": POINT},
}


HOSTILE = [
    "http://127.0.0.1:5000/x",
    "https://169.254.169.254/latest/fcm.googleapis.com/",
    "https://user@fcm.googleapis.com/x",
    "https://evilfcm.googleapis.com/x",
    "https://fcm.googleapis.com:8443/x",
    "https://fcm.googleapis.com.evil.example/x",
    "file:///etc/passwd",
    "//fcm.googleapis.com/x",
    "https://fcm.googleapis.com/" + "x" * 3_000,
    "https://fcm.googleapis.com/\r\nHost: evil",
    "https://[::1]/x",
    "",
]


def test_keys_that_cannot_be_are_refused(app: Flask, ana: Person, device: Device) -> None:
    for name, keys in KEYS.items():
        answer = ana.client.send("/push/subscriptions", {"endpoint": device.endpoint, "keys": keys})
        assert (answer.status_code, bool(answer.json["error"])) == (422, True), name
    assert rows(app, ana) == 0


def test_a_hostile_endpoint_is_refused(app: Flask, ana: Person, device: Device) -> None:
    for endpoint in HOSTILE:
        answer = ana.client.send("/push/subscriptions", {**device.json(), "endpoint": endpoint})
        assert (answer.status_code, bool(answer.json["error"])) == (422, True), endpoint
    assert rows(app, ana) == 0


def test_what_more_a_browser_says_is_left_aside(app: Flask, ana: Person, device: Device) -> None:
    body = {**device.json(), "expirationTime": 1e12, "extra": {"deep": [1, 2, 3]}, "account_id": str(uuid4())}
    answer = ana.client.open(
        "/push/subscriptions",
        method="POST",
        data=json.dumps(body),
        headers={"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json; charset=utf-8"},
    )
    assert answer.status_code == 201
    assert rows(app, ana) == 1
