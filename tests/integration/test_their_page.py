"""The parent's own page: what it shows, what it takes, and that nothing but an answer ever changes anything."""

from __future__ import annotations

import os
import threading
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from pwa.services import inviting, replying
from pwa.services.replying import Given
from pwa.storage import answers, database, invitations, messages, moments, nudges, pauses, ticks
from tests.support.invited import Invited, invite
from tests.support.people import Client, Clock, Person

ROUNDS, PEOPLE = (200 if os.environ.get("SOAK") else 8), 50
BOTS = (
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.24.20.86 A",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "TelegramBot (like TwitterBot)",
    "Twitterbot/1.0",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
)
VERBS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def invited(app: Flask, ana: Person, clock: Clock) -> Invited:
    return invite(app, ana, clock)


@pytest.fixture
def mom(app: Flask) -> Client:
    """Somebody who has the link and nothing else."""
    client = app.test_client()
    assert isinstance(client, Client)
    return client


def said(answer: TestResponse) -> str:
    return unescape(answer.text)


def pick(mom: Client, invited: Invited, value: str, **more: str) -> TestResponse:
    return mom.post(invited.address, data={"pick": value, **more})


def test_it_offers_three_dates_in_large_buttons_and_keeps_nothing(mom: Client, invited: Invited) -> None:
    page = mom.get(invited.address)
    assert page.status_code == 200
    for number, words in enumerate(("Saturday 7 March", "Sunday 8 March", "Wednesday 11 March")):
        assert f'data-option="{number}"' in page.text and words in page.text
    assert "11 in the morning" in page.text  # ten in UTC, in Berlin
    assert "Tea among the roses" in page.text and "The bench by the gate" in page.text
    assert "<script" not in page.text and "manifest" not in page.text
    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "script-src" not in page.headers["Content-Security-Policy"]


def test_a_tap_answers_and_all_that_follows_is_done(
    app: Flask, ana: Person, clock: Clock, mom: Client, invited: Invited
) -> None:
    assert invited.holds() == [("tentative", 1)] * 3
    answer = pick(mom, invited, "1")
    assert (answer.status_code, answer.location) == (303, invited.address)
    assert invited.standing() == ("yes", 1)
    assert invited.holds() == [("cancelled", 2), ("confirmed", 2), ("cancelled", 2)]
    page = said(mom.get(invited.address))
    assert "Sunday it is" in page and "knows already" in page and "Change my answer" in page
    with app.app_context():
        tick = ticks.find(ana.round_id, "follow_up.day_is_set")
        assert tick is not None and (tick.done, tick.by) == (True, "app")
        assert [(moment.by, moment.kind) for moment in moments.of_parent(ana.parent_id)].count(("them", "message")) == 1
        (due,) = [one for one in nudges.open_of_account(ana.account_id) if one.kind == "she_replied"]
        assert due.due_at == clock.now


def test_the_same_again_changes_nothing_and_another_is_asked_to_change_it_first(
    app: Flask, ana: Person, mom: Client, invited: Invited
) -> None:
    for _ in range(3):
        assert pick(mom, invited, "1").status_code == 303
    refused = pick(mom, invited, "2")
    assert refused.status_code == 409 and "There is an answer already" in said(refused)
    assert invited.standing() == ("yes", 1)
    with app.app_context():
        assert len(answers.of_invitation(invited.id)) == 1
        assert sum(one.kind == "she_replied" for one in nudges.open_of_account(ana.account_id)) == 1


def test_an_answer_is_taken_back_with_all_that_followed(app: Flask, ana: Person, mom: Client, invited: Invited) -> None:
    pick(mom, invited, "1")
    assert mom.post(f"{invited.address}/undo").location == invited.address
    assert mom.post(f"{invited.address}/undo").status_code == 303
    assert invited.standing() is None
    assert invited.holds() == [("tentative", 3)] * 3
    with app.app_context():
        tick = ticks.find(ana.round_id, "follow_up.day_is_set")
        assert tick is not None and not tick.done
        assert all(moment.by == "you" for moment in moments.of_parent(ana.parent_id))
    assert pick(mom, invited, "2").status_code == 303
    assert invited.standing() == ("yes", 2)


def test_whoever_answers_has_got_it_though_nobody_said_that_it_went(
    app: Flask, ana: Person, clock: Clock, mom: Client, invited: Invited
) -> None:
    with app.app_context():
        inviting.take_back(ana.account_id, invited.id, clock.now)
    assert pick(mom, invited, "1").status_code == 303
    assert "A day is set" in ana.client.get(f"/reach-out/{invited.id}").text
    with app.app_context():
        assert [one.way for one in messages.of_invitation(invited.id)] == ["other"]


def test_another_idea_is_a_line_back(app: Flask, ana: Person, mom: Client, invited: Invited) -> None:
    empty = pick(mom, invited, "other", note="  ")
    assert empty.status_code == 422 and "Write a line" in said(empty)
    assert pick(mom, invited, "other", note="Come on Monday, <b>love</b>").status_code == 303
    assert invited.standing() == ("other_time", None)
    page = mom.get(invited.address).text
    assert "Thank you for saying so" in page and "&lt;b&gt;love" in page
    assert {hold for hold, _ in invited.holds()} == {"cancelled"}


def test_not_now_is_asked_for_how_long_and_keeps_the_peace_until_then(
    app: Flask, ana: Person, clock: Clock, mom: Client, invited: Invited
) -> None:
    page = pick(mom, invited, "later")
    assert page.status_code == 200 and "A month" in page.text and invited.standing() is None
    assert pick(mom, invited, "later", days="31").status_code == 422
    assert pick(mom, invited, "later", days="30").status_code == 303
    assert invited.standing() == ("not_now", None)
    assert "quiet until 3 April" in said(mom.get(invited.address))
    with app.app_context():
        due = [one for one in nudges.open_of_account(ana.account_id) if one.kind != "she_replied"]
        assert all(one.due_at > clock.now + timedelta(days=29) for one in due)


def test_please_dont_ask_again_is_asked_once_more_and_then_binds(
    app: Flask, ana: Person, clock: Clock, mom: Client, invited: Invited
) -> None:
    asked = pick(mom, invited, "no")
    assert asked.status_code == 200 and "You would rather not be asked" in asked.text and invited.standing() is None
    assert pick(mom, invited, "no", sure="yes").status_code == 303
    assert invited.standing() == ("stop", None)
    assert "You won’t be asked again" in said(mom.get(invited.address))
    page = said(ana.client.get("/"))
    assert "We have stopped" in page
    with app.app_context():
        stop = pauses.find_stop(ana.parent_id)
        assert stop is not None and stop.by == "them"
        assert [one.kind for one in nudges.open_of_account(ana.account_id)] == ["she_replied"]
    # the person cannot undo it
    assert ana.client.submit(f"/parents/{ana.parent_id}/stop/undo").status_code == 409
    clock.forward(days=1)
    ana.client.submit("/moments", kind="call", by="them", day="today")
    assert ana.client.submit(f"/parents/{ana.parent_id}/stop/undo").status_code == 303
    with app.app_context():
        assert pauses.find_stop(ana.parent_id) is None


def test_a_stop_is_taken_whatever_stands_and_however_closed(
    app: Flask, ana: Person, clock: Clock, mom: Client, invited: Invited
) -> None:
    pick(mom, invited, "0")
    with app.app_context():
        inviting.call_off(ana.account_id, invited.id, clock.now)
    assert "This invitation is closed" in mom.get(invited.address).text
    assert pick(mom, invited, "1").status_code == 409
    assert pick(mom, invited, "no", sure="yes").status_code == 303
    assert invited.standing() == ("stop", None)
    with app.app_context():
        assert pauses.find_stop(ana.parent_id) is not None


def test_a_stop_pressed_by_mistake_is_hers_to_take_back(app: Flask, ana: Person, mom: Client, invited: Invited) -> None:
    pick(mom, invited, "no", sure="yes")
    mom.post(f"{invited.address}/undo")
    assert invited.standing() is None
    with app.app_context():
        assert pauses.find_stop(ana.parent_id) is None


def test_a_line_goes_with_the_answer(mom: Client, invited: Invited) -> None:
    assert mom.post(f"{invited.address}/line", data={"note": "hello"}).status_code == 409
    pick(mom, invited, "0")
    assert mom.post(f"{invited.address}/line", data={"note": "I bring biscuits"}).status_code == 303
    assert "I bring biscuits" in mom.get(invited.address).text
    assert mom.post(f"{invited.address}/line", data={"note": "x" * 1_001}).status_code == 422


def test_days_that_have_passed_are_not_offered(clock: Clock, mom: Client, invited: Invited) -> None:
    clock.forward(days=5)
    page = mom.get(invited.address).text
    assert "data-option" in page and "Saturday 7 March" not in page
    assert pick(mom, invited, "0").status_code == 409
    clock.forward(days=5)
    page = mom.get(invited.address).text
    assert "data-option" not in page and "These days have passed" in page
    assert pick(mom, invited, "other", note="Next week?").status_code == 303


def test_a_link_ends(app: Flask, ana: Person, clock: Clock, mom: Client, invited: Invited) -> None:
    clock.forward(days=40)
    assert "This invitation is closed" in mom.get(invited.address).text
    assert pick(mom, invited, "other", note="Still here").status_code == 409
    clock.forward(days=-40)
    with app.app_context():
        inviting.revoke_link(ana.account_id, invited.id, clock.now)
    assert "This invitation is closed" in mom.get(invited.address).text


def test_after_everything_is_deleted_the_link_leads_nowhere(ana: Person, mom: Client, invited: Invited) -> None:
    ana.client.submit("/settings/account/deletion", sure="yes")
    assert mom.get(invited.address).status_code == 404
    assert pick(mom, invited, "0").status_code == 404


def test_a_link_that_nobody_was_given_is_not_found_and_guessing_ends(mom: Client, invited: Invited) -> None:
    codes = [mom.get(f"/for/{number:022}").status_code for number in range(40)]
    assert codes[0] == 404 and codes[-1] == 429
    for token in ("", "x" * 5_000, "%00", "..%2f"):
        assert mom.get(f"/for/{token}").status_code in (404, 429)


@pytest.mark.parametrize("agent", BOTS)
def test_a_preview_never_answers(mom: Client, invited: Invited, agent: str) -> None:
    for path in ("", "/undo", "/line"):
        for verb in VERBS:
            answer = mom.open(
                invited.address + path,
                method=verb,
                data={"pick": "0", "sure": "yes", "note": "x"},
                headers={"User-Agent": agent},
            )
            assert answer.status_code < 500
    assert invited.standing() is None
    assert invited.holds() == [("tentative", 1)] * 3


def test_opening_it_never_answers(mom: Client, invited: Invited) -> None:
    for verb in ("GET", "HEAD", "OPTIONS"):
        for query in ("", "?pick=0", "?pick=no&sure=yes"):
            assert mom.open(invited.address + query, method=verb).status_code == 200
    assert invited.standing() is None


def test_the_token_is_not_in_the_database_as_it_is_sent(app: Flask, invited: Invited) -> None:
    with app.app_context():
        rows = database.db.session.execute(database.db.text("SELECT * FROM invitation")).fetchall()
        assert len(invited.token) >= 22
        assert invited.token not in repr(rows)
        assert invitations.find(invited.token) is not None


def test_it_is_shown_where_she_lives(app: Flask, ana: Person, clock: Clock, mom: Client) -> None:
    invited = invite(app, ana, clock)
    with app.app_context(), database.transaction():
        found = invitations.get(invited.id, ana.account_id)
        assert found is not None
        found.zone = "Asia/Tokyo"
    page = said(mom.get(invited.address))
    assert "7 in the evening" in page and "where you are" in page


def test_what_was_told_by_the_person_is_theirs_to_change_and_what_she_said_is_not(
    app: Flask, ana: Person, clock: Clock, mom: Client, invited: Invited
) -> None:
    with app.app_context():
        replying.report(ana.account_id, invited.id, Given("yes", number=0), clock.now)
        replying.report(ana.account_id, invited.id, Given("other_time", note="Monday"), clock.now)
        assert invited.standing() == ("other_time", None)
        replying.take_back(ana.account_id, invited.id, clock.now)
    assert invited.standing() is None
    pick(mom, invited, "0")
    with app.app_context(), pytest.raises(replying.Refused):
        replying.take_back(ana.account_id, invited.id, clock.now)
    assert invited.standing() == ("yes", 0)


def all_at_once(app: Flask, invited: Invited) -> list[int]:
    """Fifty people tap at the same moment, each on one of the three."""
    codes: list[int] = []
    gate = threading.Barrier(PEOPLE)

    def tap(number: int) -> None:
        client = app.test_client()
        gate.wait()
        codes.append(client.post(invited.address, data={"pick": str(number % 3)}).status_code)

    threads = [threading.Thread(target=tap, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_of_fifty_at_once_one_answer_stands(app: Flask, clock: Clock, invited: Invited) -> None:
    for _ in range(ROUNDS):
        codes = all_at_once(app, invited)
        assert len(codes) == PEOPLE and set(codes) <= {303, 409} and 303 in codes
        with app.app_context():
            assert sum(one.undone_at is None for one in answers.of_invitation(invited.id)) == 1
            replying.undo(invited.token, clock.now)
