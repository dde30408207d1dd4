"""Whatever is sent, and wherever: a clear no with a sentence, never a fault of ours, and nothing lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from pwa.storage import accounts, parents
from pwa.web.security import HEADERS
from tests.support.people import Client, Person

HOSTILE_JSON = {
    "deep": b"[" * 100_000,
    "deep object": b'{"a":' * 50_000,
    "null": b"null",
    "a number": b"1e400",
    "not a number": b"NaN",
    "a lone surrogate": b'{"token":"\\ud800","action":"\\udfff","device":"\\ud800","ops":["\\ud800"]}',
    "a huge number": b'{"device":' + b"9" * 5_000 + b',"ops":' + b"9" * 5_000 + b"}",
    "wrong types": b'{"endpoint":[],"keys":7,"token":{},"action":[],"ops":{"a":1},"device":null}',
    "broken utf-8": b'{"token":"\xff\xfe"}',
    "nothing": b"",
}
HOSTILE_WORDS = {
    "a lone surrogate": b"%ED%A0%80",
    "broken utf-8": b"%FF%FE",
    "nul": b"Mom%00",
    "long": b"A" * 100_000,
    "a path": b"..%2F..%2Fetc%2Fpasswd",
    "markup": b"%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "a huge number": b"9" * 400,
    "below nothing": b"-1",
    "the end of time": b"9999-12-31",
    "an unknown zone": b"Atlantis%2FCity",
    "a folder of zones": b"Europe",
    "nothing": b"",
}
FIELDS = (
    b"name pronouns zone likes interests distance channel bad_times hour from_hour until_hour quiet_from quiet_until "
    b"parent parent_id round done kind by when on note theme country rhythm rhythm_days room answer until feelings "
    b"reasons feeling reason friend instead names_shown chosen"
).split()
SQLITE_IS_ENOUGH = pytest.mark.parametrize("databases_of_kind", ["sqlite"], indirect=True)
HOSTILE_IDS = ("0", "9" * 400, "00000000-0000-0000-0000-000000000000", "%00", "%ED%A0%80", "..%2f..%2fetc")


@pytest.fixture(params=["ana", "cleo"])
def anyone(request: pytest.FixtureRequest) -> Person:
    return request.getfixturevalue(request.param)


@SQLITE_IS_ENOUGH
@pytest.mark.parametrize("body", HOSTILE_JSON.values(), ids=HOSTILE_JSON.keys())
def test_hostile_json_is_answered_with_a_sentence(app: Flask, anyone: Person, body: bytes) -> None:
    for rule, method in _writing(app):
        headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
        _assert_clear(anyone.client.open(_fill(rule), method=method, data=body, headers=headers), rule)


@pytest.mark.parametrize("word", HOSTILE_WORDS.values(), ids=HOSTILE_WORDS.keys())
def test_hostile_fields_are_answered_with_a_sentence(app: Flask, ana: Person, word: bytes) -> None:
    for rule, method in _writing(app):
        if "deletion" in rule.rule or "sign-out" in rule.rule:
            continue  # they read no field; they would end the session that the others need
        token = ana.client.form_token().encode()
        fields = b"&".join((b"csrf_token=" + token, *(name + b"=" + word for name in FIELDS)))
        answer = ana.client.open(
            _fill(rule, ana), method=method, data=fields, content_type="application/x-www-form-urlencoded"
        )
        _assert_clear(answer, rule)


@SQLITE_IS_ENOUGH
@pytest.mark.parametrize("hostile", HOSTILE_IDS)
def test_a_hostile_id_is_the_same_as_an_unknown_one(app: Flask, ana: Person, hostile: str) -> None:
    for rule in app.url_map.iter_rules():
        if not rule.arguments or rule.endpoint == "static":
            continue
        for method in rule.methods & {"GET", "POST"}:  # type: ignore[operator]  # werkzeug fills it in
            answer = ana.client.open(_fill(rule, value=hostile), method=method, data=_form(ana.client))
            _assert_clear(answer, rule)


@SQLITE_IS_ENOUGH
@pytest.mark.parametrize("word", [word.decode() for word in HOSTILE_WORDS.values()], ids=HOSTILE_WORDS.keys())
def test_a_hostile_query_or_cookie_is_answered(app: Flask, cleo: Person, ana: Person, word: str) -> None:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.rule != "/up":
            query = "&".join(f"{name.decode()}={word}" for name in FIELDS)
            _assert_clear(ana.client.get(f"{rule.rule}?{query}"), rule)
            _assert_clear(cleo.client.get(rule.rule, headers={"Cookie": f"rekindle={word[:4000]}"}), rule)


@SQLITE_IS_ENOUGH
@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/setup/name", "application/x-www-form-urlencoded"),
        ("/moments", "application/x-www-form-urlencoded"),
        ("/sync", "application/json"),
        ("/push/subscriptions", "application/json"),
        ("/nudges/act", "application/json"),
    ],
)
def test_five_megabytes_are_too_large(ana: Person, path: str, content_type: str) -> None:
    headers = {"Content-Type": content_type, "Sec-Fetch-Site": "same-origin"}
    answer = ana.client.post(path, data=b"a" * 5_000_000, headers=headers)
    assert answer.status_code == 413
    assert "too large" in _sentence(answer)


def test_what_was_there_is_there_after_it_all(app: Flask, ana: Person) -> None:
    for body in HOSTILE_JSON.values():
        for path in ("/sync", "/push/subscriptions", "/nudges/act", "/push/receipts"):
            ana.client.post(path, data=body, headers={"Content-Type": "application/json"})
    with app.app_context():
        assert ana.account_id is not None
        assert [parent.name for parent in parents.of_account(ana.account_id)] == ["Mom"]


def test_another_servers_name_is_refused(client: Client) -> None:
    answer = client.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.text
    assert "does not answer to that name" in answer.text


def test_reading_makes_nothing(app: Flask, client: Client) -> None:
    for path in ("/", "/help", "/offline", "/manifest.webmanifest", "/sw.js", "/push/key", "/up"):
        answer = client.get(path)
        assert "Set-Cookie" not in answer.headers, path
    for path in ("/setup", "/setup/name"):
        cookies = client.get(path).headers.getlist("Set-Cookie")
        assert all(cookie.startswith("rekindle-form=") for cookie in cookies), "only what guards the form"
    with app.app_context():
        assert accounts.count() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
    ],
)
def test_json_from_elsewhere_is_refused(ana: Person, headers: dict[str, str]) -> None:
    answer = ana.client.post("/sync", json={"device": "d", "ops": []}, headers=headers)
    assert answer.status_code == 403


def test_a_form_without_its_token_is_refused(app: Flask, ana: Person) -> None:
    for rule, method in _writing(app):
        answer = ana.client.open(_fill(rule, ana), method=method, data={"name": "Mom", "done": "1"})
        assert 400 <= answer.status_code < 500, rule.rule
    with app.app_context():
        assert accounts.count() == 1


@SQLITE_IS_ENOUGH
def test_every_answer_says_the_headers(app: Flask, ana: Person, cleo: Person) -> None:
    asset = app.jinja_env.globals["asset"]
    with app.test_request_context():
        sheet = asset("css/app.css")  # type: ignore[operator]  # a function in the templates' globals
    paths = ("/", "/setup", "/nope", "/sync", "/up", "/sw.js", "/manifest.webmanifest", "/offline", sheet, "/static/no")
    for path in paths:
        for person in (ana, cleo):
            for method in ("GET", "POST", "PUT"):
                answer = person.client.open(path, method=method)
                assert answer.headers["X-Content-Type-Options"] == "nosniff", (method, path)
                assert "unsafe" not in answer.headers["Content-Security-Policy"]
                assert HEADERS.keys() <= set(answer.headers.keys())


def _writing(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"POST", "PUT", "DELETE", "PATCH"}):
            yield rule, method


def _fill(rule: Rule, person: Person | None = None, value: str = "") -> str:
    """The address of the rule with `value` in every gap, or with something that fits."""
    path = rule.rule
    for argument in rule.arguments:
        found = value or _fitting(argument, person)
        start = path.rfind("<", 0, path.index(argument + ">"))
        path = path[:start] + found + path[path.index(argument + ">") + len(argument) + 1 :]
    return path


def _fitting(argument: str, person: Person | None) -> str:
    fitting = {"key": "reach_out", "task": "reach_out.send_invitation", "parent_id": str(person and person.parent_id)}
    return fitting.get(argument, str(UUID(int=7)))


def _form(client: Client) -> dict[str, str]:
    return {"csrf_token": client.form_token()}


def _assert_clear(answer: TestResponse, rule: Rule) -> None:
    assert answer.status_code < 500, f"{rule.rule}: {answer.status_code}"
    if answer.status_code >= 400:
        assert len(_sentence(answer)) > 15, f"{rule.rule}: no sentence"


def _sentence(answer: TestResponse) -> str:
    if answer.mimetype == "application/json":
        return str(json.loads(answer.data)["error"])
    words = _Words()
    words.feed(answer.text)
    return " ".join(words.found)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data.strip())
