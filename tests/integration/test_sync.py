"""What a device did without signal arrives once, in an order all devices agree on, and only at its own account."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from pwa.domain.sync import MAX_N
from pwa.services import stepping
from pwa.storage import accounts, database, ops, pauses, rounds, ticks
from pwa.web import access
from tests.support.people import Clock, Person, settle_in

TASK = "reach_out.offer_three_dates"
OTHER = "perspective.longer_view"
PHONE, LAPTOP = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"


def tick(person: Person, task: str = TASK, *, done: bool = True, n: int = 1, **more: Any) -> dict[str, Any]:
    """An op as the page writes it down."""
    said = {"id": str(uuid4()), "kind": "tick", "task": task, "round": str(person.round_id)}
    return {**said, "done": done, "at": "2026-03-04T17:29:00.000Z", "n": n, **more}


def snooze(person: Person, until: str = "2026-03-05", *, n: int = 1, **more: Any) -> dict[str, Any]:
    said = {"id": str(uuid4()), "kind": "snooze", "parent": str(person.parent_id), "until": until}
    return {**said, "at": "2026-03-04T17:29:00.000Z", "n": n, **more}


def send(person: Person, *sent: dict[str, Any], device: str = PHONE) -> dict[str, Any]:
    answer = person.client.send("/sync", {"device": device, "ops": list(sent)})
    assert answer.status_code == 200, answer.text
    return answer.json


def verdicts(answer: dict[str, Any]) -> list[str]:
    return [result["result"] for result in answer["results"]]


@pytest.fixture
def standing(app: Flask) -> Callable[..., ticks.Tick | None]:
    """The word that stands for one of a person's tasks."""

    def look(person: Person, task: str = TASK) -> ticks.Tick | None:
        with app.app_context():
            assert person.round_id is not None
            return ticks.find(person.round_id, task)

    return look


# --- Arriving -----------------------------------------------------------------------------------------------------


def test_a_tick_made_elsewhere_arrives(ana: Person, standing: Callable[..., ticks.Tick | None]) -> None:
    op = tick(ana)
    answer = send(ana, op)
    assert answer == {"results": [{"id": op["id"], "result": "applied"}], "revision": 1}
    word = standing(ana)
    assert word is not None
    assert (word.done, word.n, word.device, word.by) == (True, 1, PHONE, "you")


def test_an_untick_arrives_as_a_word_of_its_own(ana: Person, standing: Callable[..., ticks.Tick | None]) -> None:
    assert verdicts(send(ana, tick(ana), tick(ana, done=False, n=2))) == ["applied", "applied"]
    assert standing(ana).done is False


def test_a_tick_counts_from_when_it_was_made(ana: Person, clock: Clock, standing: Any) -> None:
    clock.forward(hours=5)
    send(ana, tick(ana, at="2026-03-04T18:00:00Z"))
    assert standing(ana).changed_at == datetime(2026, 3, 4, 18, tzinfo=UTC)


@pytest.mark.parametrize("at", ["1970-01-01T00:00:00Z", "2031-01-01T00:00:00Z", "2026-03-04T16:00:00+14:00"])
def test_a_clock_that_cannot_be_right_is_not_believed(ana: Person, now: datetime, standing: Any, at: str) -> None:
    send(ana, tick(ana, at=at))
    assert standing(ana).changed_at == now


def test_a_snooze_made_elsewhere_arrives(ana: Person, app: Flask) -> None:
    assert verdicts(send(ana, snooze(ana, "2026-03-06"))) == ["applied"]
    with app.app_context():
        kept = pauses.find_snooze(ana.parent_id)
        assert kept is not None
        assert (kept.until_on, kept.n, kept.device) == (date(2026, 3, 6), 1, PHONE)


def test_nothing_at_all_is_taken_in_quietly(ana: Person) -> None:
    assert send(ana) == {"results": [], "revision": 0}


def test_the_revision_grows_with_what_changed_and_with_nothing_else(ana: Person) -> None:
    first = tick(ana)
    assert send(ana, first, tick(ana, OTHER))["revision"] == 1
    assert send(ana, first)["revision"] == 1
    assert send(ana, tick(ana, done=False, n=2))["revision"] == 2


def test_the_page_rendered_afterwards_is_as_new_as_the_answer(ana: Person, app: Flask) -> None:
    revision = send(ana, tick(ana))["revision"]
    with app.app_context():
        assert accounts.get(ana.account_id).revision == revision


# --- Once ---------------------------------------------------------------------------------------------------------


def test_the_same_op_sent_again_is_a_duplicate(ana: Person, standing: Any) -> None:
    op = tick(ana)
    send(ana, op)
    again = send(ana, op)
    assert again["results"] == [{"id": op["id"], "result": "duplicate", "now": {"done": True, "n": 1}}]
    assert standing(ana).n == 1


def test_the_same_op_twice_in_one_request_counts_once(ana: Person) -> None:
    op = tick(ana)
    assert verdicts(send(ana, op, op)) == ["applied", "duplicate"]


def test_an_old_op_sent_again_does_not_undo_what_came_after(ana: Person, standing: Any) -> None:
    op = tick(ana)
    send(ana, op)
    send(ana, tick(ana, done=False, n=2), device=LAPTOP)
    again = send(ana, op)
    assert again["results"][0]["result"] == "duplicate"
    assert again["results"][0]["now"] == {"done": False, "n": 2}
    assert standing(ana).done is False


def test_the_same_op_at_the_same_moment_counts_once(ana: Person, app: Flask) -> None:
    op = tick(ana)
    token = ana.client.get_cookie("rekindle").value

    def replay(_: int) -> str:
        browser = app.test_client()
        browser.set_cookie("rekindle", token)
        answer = browser.send("/sync", {"device": PHONE, "ops": [op]})
        return answer.json["results"][0]["result"]

    with ThreadPoolExecutor(5) as pool:
        assert sorted(pool.map(replay, range(5))) == ["applied", *["duplicate"] * 4]
    with app.app_context():
        assert ops.results(ana.account_id, [UUID(op["id"])]) == {UUID(op["id"]): "applied"}


# --- One order ----------------------------------------------------------------------------------------------------


def test_the_higher_counter_stands_whoever_comes_first(ana: Person, standing: Any) -> None:
    late, early = tick(ana, done=False, n=5), tick(ana, done=True, n=4)
    assert verdicts(send(ana, late)) == ["applied"]
    answer = send(ana, early, device=LAPTOP)
    assert answer["results"] == [{"id": early["id"], "result": "superseded", "now": {"done": False, "n": 5}}]
    assert standing(ana).done is False


def test_every_order_of_arrival_ends_the_same(app: Flask, now: datetime) -> None:
    """Three devices, two of them with the same counters, every order and every op sent a second time at the end."""
    wishes = [(PHONE, True, 1), (LAPTOP, False, 1), (PHONE, False, 2), (LAPTOP, True, 2)]
    ends = set()
    for number, order in enumerate(permutations(wishes)):
        person = settle_in(app, f"Ana {number}", now, "Mom")
        made = [(device, tick(person, done=done, n=n)) for device, done, n in order]
        for device, op in [*made, *made]:
            send(person, op, device=device)
        with app.app_context():
            word = ticks.find(person.round_id, TASK)
            ends.add((word.done, word.n, word.device))
    assert ends == {(True, 2, LAPTOP)}


def test_two_devices_see_the_same_after_both_have_sent(ana: Person, standing: Any) -> None:
    """The one whose wish lost is told which word stands, and shows that."""
    first = send(ana, tick(ana, done=True, n=1), device=LAPTOP)
    second = send(ana, tick(ana, done=False, n=1), device=PHONE)
    assert verdicts(first) == ["applied"]
    assert second["results"][0]["now"] == {"done": standing(ana).done, "n": standing(ana).n}


def test_a_form_without_script_counts_past_what_was_sent(ana: Person, app: Flask, now: datetime, standing: Any) -> None:
    send(ana, tick(ana, n=7))
    with app.app_context():
        stepping.tick(ana.account_id, ana.round_id, TASK, done=False, now=now)
    assert (standing(ana).done, standing(ana).n) == (False, 8)
    assert verdicts(send(ana, tick(ana, n=7), device=LAPTOP)) == ["superseded"]


def test_a_snooze_that_would_silence_for_years_is_refused(ana: Person, app: Flask) -> None:
    farthest, too_far = snooze(ana, "2026-04-04"), snooze(ana, "2026-04-05", n=2)
    answer = send(ana, farthest, too_far, snooze(ana, "2199-01-01", n=3))
    assert verdicts(answer) == ["applied", "refused", "refused"]
    assert "further away" in answer["results"][1]["reason"]
    with app.app_context():
        assert pauses.find_snooze(ana.parent_id).until_on == date(2026, 4, 4)


def test_a_later_snooze_stands(ana: Person, app: Flask) -> None:
    assert verdicts(send(ana, snooze(ana, "2026-03-06", n=2))) == ["applied"]
    assert verdicts(send(ana, snooze(ana, "2026-03-09", n=1), device=LAPTOP)) == ["superseded"]
    with app.app_context():
        assert pauses.find_snooze(ana.parent_id).until_on == date(2026, 3, 6)


# --- Only at its own account --------------------------------------------------------------------------------------


def test_somebody_elses_round_is_as_gone_as_none(ana: Person, ben: Person, standing: Any) -> None:
    theirs, none = tick(ana, round=str(ben.round_id)), tick(ana, round=str(uuid4()))
    answers = send(ana, theirs, none)["results"]
    assert [{**answer, "id": ""} for answer in answers] == [{"id": "", "result": "gone"}] * 2
    assert standing(ben) is None


def test_somebody_elses_parent_is_as_gone_as_none(ana: Person, ben: Person, app: Flask) -> None:
    answers = send(ana, snooze(ana, parent=str(ben.parent_id)), snooze(ana, parent=str(uuid4())))
    assert verdicts(answers) == ["gone", "gone"]
    with app.app_context():
        assert pauses.find_snooze(ben.parent_id) is None


def test_the_ids_of_one_account_say_nothing_about_anothers(ana: Person, ben: Person) -> None:
    op = tick(ana)
    send(ana, op)
    assert verdicts(send(ben, {**op, "round": str(ben.round_id)})) == ["applied"]


def test_a_queue_of_another_account_is_sent_back_untouched(app: Flask, ana: Person, ben: Person, standing: Any) -> None:
    with app.app_context():
        tag = access.account_tag(ben.account_id)
    body = {"device": PHONE, "ops": [tick(ana)]}
    answer = ana.client.send("/sync", body, **{"Rekindle-Account": tag})
    assert answer.status_code == 409
    assert answer.json["error"]
    assert standing(ana) is None


def test_the_own_tag_is_heard(app: Flask, ana: Person) -> None:
    with app.app_context():
        tag = access.account_tag(ana.account_id)
    body = {"device": PHONE, "ops": [tick(ana)]}
    assert ana.client.send("/sync", body, **{"Rekindle-Account": tag}).status_code == 200


def test_a_stranger_is_asked_to_sign_in(cleo: Person) -> None:
    answer = cleo.client.send("/sync", {"device": PHONE, "ops": []})
    assert answer.status_code == 401
    assert answer.json["error"]


# --- Refused in words, the others still heard ---------------------------------------------------------------------


def test_a_closed_round_takes_no_more_ticks(ana: Person, app: Flask, now: datetime) -> None:
    with app.app_context(), database.transaction(ana.account_id):
        rounds.get(ana.round_id, ana.account_id).closed_at = now
    answer = send(ana, tick(ana))
    assert answer["results"][0]["result"] == "refused"
    assert answer["results"][0]["reason"] == "That round is closed. Open Today to see the one you are in."


NONSENSE: list[dict[str, Any]] = [
    {"task": "reach_out.no_such_thing"},
    {"task": "x" * 5000},
    {"task": "reach_out.\x00"},
    {"task": None},
    {"done": "yes"},
    {"done": 1},
    {"done": None},
    {"n": -1},
    {"n": 1.5},
    {"n": True},
    {"n": "1"},
    {"n": MAX_N + 1},
    {"n": 2**63},
    {"n": 10**300},
    {"at": "yesterday"},
    {"at": 0},
    {"at": "0001-01-01T00:00:00+14:00"},
    {"round": "1"},
    {"round": 2**70},
    {"round": "{00000000-0000-4000-8000-000000000001}"},
    {"kind": "moment"},
    {"kind": ["tick"]},
    {"kind": None},
]
NO_DAY = ["tomorrow", "9999-12-31", "0001-01-01", "2026-02-30", "", None, 20260305, "2026-03-05\x00"]


def test_an_op_that_makes_no_sense_is_refused_and_the_next_one_counts(ana: Person, standing: Any) -> None:
    ops = [*(tick(ana, **wrong) for wrong in NONSENSE), *({**snooze(ana), "until": until} for until in NO_DAY)]
    answer = send(ana, *ops, tick(ana, OTHER))
    assert [result for result in answer["results"][:-1] if result["result"] != "refused"] == []
    assert all(result["reason"].endswith(".") for result in answer["results"][:-1])
    assert answer["results"][-1]["result"] == "applied"
    assert standing(ana) is None


def test_a_refusal_is_looked_at_anew_each_time(ana: Person) -> None:
    op = tick(ana, "reach_out.no_such_thing")
    assert verdicts(send(ana, op)) == verdicts(send(ana, op)) == ["refused"]
    assert verdicts(send(ana, {**op, "task": TASK})) == ["applied"]


@pytest.mark.parametrize("n", [0, MAX_N])
def test_a_counter_of_any_honest_size_is_kept(ana: Person, standing: Any, n: int) -> None:
    assert verdicts(send(ana, tick(ana, n=n))) == ["applied"]
    assert standing(ana).n == n


# --- The request as a whole ---------------------------------------------------------------------------------------

LONE = f'{{"device":"{PHONE}","ops":[{{"id":"{PHONE}","kind":"\\ud800"}}]}}'


UNREADABLE = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"ops"',
    b"[" * 100_000,
    b'{"device":' * 20_000,
    b'{"device":NaN,"ops":[]}',
    b'{"device":1e999,"ops":[]}',
    b'{"device":' + b"9" * 5000 + b',"ops":[]}',
    b"\xff\xfe{}",
    LONE.encode(),
    b'{"ops":[]}',
    b'{"device":"me","ops":[]}',
    f'{{"device":"{PHONE}"}}'.encode(),
    f'{{"device":"{PHONE}","ops":{{}}}}'.encode(),
    f'{{"device":"{PHONE}","ops":[1]}}'.encode(),
    f'{{"device":"{PHONE}","ops":[{{}}]}}'.encode(),
    f'{{"device":"{PHONE}","ops":[{{"id":{2**70}}}]}}'.encode(),
    f'{{"device":"{PHONE}","ops":[{{"id":"{"a" * 5000}"}}]}}'.encode(),
]


def test_a_request_that_cannot_be_read_gets_a_sentence(ana: Person) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
    for body in UNREADABLE:
        answer = ana.client.post("/sync", data=body, headers=headers)
        assert answer.status_code == 400, body[:60]
        assert answer.json["error"].endswith(".")


def test_five_megabytes_get_a_sentence(ana: Person) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
    answer = ana.client.post("/sync", data=b"[" + b" " * 5_000_000 + b"]", headers=headers)
    assert answer.status_code == 413
    assert answer.json["error"].endswith(".")


def test_more_ops_than_a_request_holds_are_sent_back(ana: Person) -> None:
    body = {"device": PHONE, "ops": [tick(ana, n=n) for n in range(201)]}
    answer = ana.client.send("/sync", body)
    assert answer.status_code == 400
    assert "200" in answer.json["error"]


def test_as_many_as_it_holds_are_taken(ana: Person, standing: Any) -> None:
    answer = send(ana, *(tick(ana, done=n % 2 == 0, n=n) for n in range(200)))
    assert verdicts(answer) == ["applied"] * 200
    assert standing(ana).n == 199


def test_one_tick_asks_the_database_little(
    ana: Person, queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    send(ana, tick(ana))
    with queries() as one:
        send(ana, tick(ana, n=2))
    with queries() as eleven:
        send(ana, *(tick(ana, n=n) for n in range(3, 14)))
    assert len(eleven) - len(one) <= 10 * 5


# --- Only from our own pages --------------------------------------------------------------------------------------


ELSEWHERE = [
    {"Content-Type": "application/json"},
    {"Content-Type": "application/json", "Origin": "https://evil.example"},
    {"Content-Type": "application/json", "Origin": "null"},
    {"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"},
    {"Content-Type": "application/json", "Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    {"Content-Type": "application/json", "Sec-Fetch-Site": "none"},
    {"Content-Type": "text/plain", "Origin": "https://evil.example"},
    {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "cross-site"},
]


def test_another_site_is_not_heard(ana: Person, standing: Any) -> None:
    body = json.dumps({"device": PHONE, "ops": [tick(ana)]})
    for headers in ELSEWHERE:
        assert ana.client.post("/sync", data=body, headers=headers).status_code == 403, headers
    assert standing(ana) is None


def test_an_older_browser_is_known_by_its_origin(ana: Person) -> None:
    body = {"device": PHONE, "ops": [tick(ana)]}
    assert ana.client.post("/sync", json=body, headers={"Origin": "http://localhost"}).status_code == 200


def test_only_json_is_taken(ana: Person) -> None:
    answer = ana.client.post(
        "/sync", data="{}", headers={"Sec-Fetch-Site": "same-origin", "Content-Type": "text/plain"}
    )
    assert answer.status_code == 415


def test_no_stale_form_token_stands_in_the_way(ana: Person, clock: Clock) -> None:
    """A page that was open, or cached, for months sends no form token at all."""
    clock.forward(days=60)
    assert verdicts(send(ana, tick(ana))) == ["applied"]


def test_reading_the_address_changes_nothing(ana: Person) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH"):
        assert ana.client.open("/sync", method=method).status_code == 405
