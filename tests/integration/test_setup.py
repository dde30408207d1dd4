"""Setup: the first write makes the account, each question may be skipped, and nothing typed is lost."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from pwa.storage import accounts, database, parents, pauses, rounds
from pwa.storage.parents import Parent
from tests.support.people import COOKIE, Client, Person

PAGES_FOR_STRANGERS = ("/", "/setup", "/setup/name", "/help")
STRANGE_ZONES = ("Europe", "Mars/Base", "A" * 5_000, "../../etc/passwd", "localtime", "Europe/Berlin\0", "\ud800")


def name(client: Client, **fields: object) -> TestResponse:
    return client.submit("/setup/name", **{"zone": "Europe/Berlin", **fields})


def only_parent(app: Flask) -> Parent:
    with app.app_context():
        found = database.db.session.query(Parent).all()
        assert len(found) == 1
        return found[0]


@pytest.mark.parametrize("page", PAGES_FOR_STRANGERS)
def test_looking_around_makes_no_account_and_signs_nobody_in(app: Flask, client: Client, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 200
    assert client.get_cookie(COOKIE) is None
    with app.app_context():
        assert accounts.count() == 0


def test_the_welcome_page_sets_no_cookie_at_all(client: Client) -> None:
    assert "Set-Cookie" not in client.get("/").headers


def test_yes_leads_to_the_name_and_is_written_nowhere(app: Flask, client: Client) -> None:
    answer = client.submit("/setup", answer="yes")
    assert (answer.status_code, answer.location) == (303, "/setup/name")
    with app.app_context():
        assert accounts.count() == 0


def test_no_leads_to_people_who_can_help_and_makes_no_account(app: Flask, client: Client) -> None:
    answer = client.submit("/setup", answer="no")
    assert (answer.status_code, answer.location) == (303, "/help")
    page = client.get("/help?country=CA").text
    assert "tel:911" in page and "No account was made" in page
    with app.app_context():
        assert accounts.count() == 0


def test_no_answer_to_the_quiet_question_is_asked_again(client: Client) -> None:
    answer = client.submit("/setup", answer="perhaps")
    assert answer.status_code == 422
    assert "Pick one of the two" in answer.text


def test_one_tap_on_a_name_makes_account_session_parent_and_round(app: Flask, client: Client) -> None:
    answer = name(client, chip="Mom")
    parent = only_parent(app)
    assert answer.location == f"/setup/{parent.id}/enjoys"
    assert (parent.name, parent.pronouns) == ("Mom", "she")
    with app.app_context():
        account = accounts.get(parent.account_id)
        assert account is not None and account.zone == "Europe/Berlin"
        assert rounds.current(parent.id).number == 1
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None and cookie.http_only and cookie.same_site == "Lax" and cookie.path == "/"


@pytest.mark.parametrize(
    ("typed", "picked", "kept"),
    [("Baba Joe", "", "he"), ("Robin", "", "they"), ("Robin", "she", "she"), ("Mama", "they", "they")],
)
def test_a_typed_name_brings_its_pronouns_along_unless_they_are_picked(
    app: Flask, client: Client, typed: str, picked: str, kept: str
) -> None:
    name(client, name=f"  {typed} ", pronouns=picked)
    parent = only_parent(app)
    assert (parent.name, parent.pronouns) == (typed, kept)


def test_skipping_the_name_makes_a_nameless_parent(app: Flask, client: Client) -> None:
    name(client, skip="1")
    assert (only_parent(app).name, only_parent(app).pronouns) == (None, "they")
    assert "Your parent" in client.get("/").text


def test_a_name_that_looks_like_a_placeholder_or_like_markup_stays_as_it_is(client: Client) -> None:
    name(client, name="{they} <b>")
    assert "{they} &lt;b&gt;" in client.get("/").text


def test_next_without_a_name_asks_for_one(app: Flask, client: Client) -> None:
    answer = name(client, name="   ")
    assert answer.status_code == 422 and "Write what you call them" in answer.text
    with app.app_context():
        assert accounts.count() == 0


@pytest.mark.parametrize("typed", ["x" * 61, "x" * 50_000])
def test_a_name_too_long_is_kept_on_the_page_and_told_so(app: Flask, client: Client, typed: str) -> None:
    answer = name(client, name=typed)
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text and "That name is long" in answer.text
    with app.app_context():
        assert accounts.count() == 0


@pytest.mark.parametrize("zone", STRANGE_ZONES)
def test_an_unknown_zone_is_asked_for_and_nothing_typed_is_lost(app: Flask, client: Client, zone: str) -> None:
    answer = name(client, name="Robin", pronouns="he", zone=zone.encode("utf-8", "replace"))
    assert answer.status_code == 422
    assert "We do not know that time zone" in answer.text
    assert '<option value="Europe/Berlin">' in answer.text
    assert 'value="Robin"' in answer.text
    assert 'value="he" checked' in answer.text
    with app.app_context():
        assert accounts.count() == 0


def test_without_scripts_nobody_tells_the_zone_and_setup_goes_on(app: Flask, client: Client) -> None:
    assert name(client, chip="Mum", zone="").status_code == 303
    assert only_parent(app).name == "Mum"


def test_what_they_enjoy_and_the_persons_own_words_are_kept(app: Flask, ana: Person) -> None:
    words = "loves her roses,\r\nold Bollywood films"
    answer = ana.client.submit(f"/setup/{ana.parent_id}/enjoys", interests=["gardening", "films"], likes=words)
    assert answer.location == f"/setup/{ana.parent_id}/distance"
    parent = only_parent(app)
    assert parent.interests == ["gardening", "films"]
    assert parent.likes == "loves her roses,\nold Bollywood films"


def test_how_far_and_how_they_talk_is_kept(app: Flask, ana: Person) -> None:
    answer = ana.client.submit(
        f"/setup/{ana.parent_id}/distance",
        distance="same_town",
        channels=["text", "call"],
        bad_times="Thursday evening",
    )
    assert answer.location == "/"
    parent = only_parent(app)
    assert (parent.distance, parent.channel, parent.bad_times) == ("same_town", "text,call", "Thursday evening")


@pytest.mark.parametrize("page", ["enjoys", "distance"])
def test_each_question_may_be_left_empty(ana: Person, page: str) -> None:
    assert ana.client.submit(f"/setup/{ana.parent_id}/{page}").status_code == 303


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"likes": "x" * 2_001}, "longer than fits here"),
        ({"likes": "a\0b"}, "cannot be kept"),
        ({"interests": "skydiving"}, "Pick any of these"),
    ],
)
def test_words_that_cannot_be_kept_are_shown_again_with_the_reason(
    app: Flask, ana: Person, fields: dict[str, str], sentence: str
) -> None:
    answer = ana.client.submit(f"/setup/{ana.parent_id}/enjoys", **{"likes": "her roses", **fields})
    assert answer.status_code == 422 and sentence in answer.text
    assert fields.get("likes", "her roses").replace("\0", "") in answer.text.replace("\0", "")
    assert only_parent(app).likes is None


def test_somebody_signed_in_adds_another_parent_with_a_room_of_its_own(app: Flask, ana: Person) -> None:
    assert ana.client.get("/parents/new").location == "/setup"
    name(ana.client, chip="Dad")
    with app.app_context():
        assert ana.account_id is not None
        mom, dad = parents.of_account(ana.account_id)
        assert (mom.room, dad.room) == ("sage", "dusk")
        assert mom.mantel != dad.mantel
        assert pauses.find_stop(dad.id) is None
    assert "Dad" in ana.client.get("/").text


def test_somebody_without_a_parent_yet_is_led_to_setup(app: Flask, ana: Person) -> None:
    with app.app_context(), database.transaction():
        assert ana.parent_id is not None and ana.account_id is not None
        found = parents.get(ana.parent_id, ana.account_id)
        assert found is not None
        parents.delete(found)
    assert ana.client.get("/").location == "/setup"
    assert ana.client.get("/settings").status_code == 200
    assert ana.client.get("/moments").status_code == 404
