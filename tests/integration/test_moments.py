"""Moments: contacts written down, read newest first, private, and taken back."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from pwa.domain.steps import STEP_KEYS
from pwa.storage import moments
from pwa.storage.moments import Moment
from tests.integration.test_today import tick_all
from tests.support.people import Clock, Person


def log(person: Person, **fields: object) -> TestResponse:
    return person.client.submit("/moments", **{"kind": "call", "by": "you", "day": "today", **fields})


def kept(app: Flask, person: Person) -> list[Moment]:
    with app.app_context():
        assert person.parent_id is not None
        return moments.of_parent(person.parent_id)


def test_a_contact_is_written_down_with_its_note(app: Flask, ana: Person, clock: Clock) -> None:
    assert log(ana, note="She sang.\nTwice.").location == "/moments"
    (moment,) = kept(app, ana)
    assert (moment.kind, moment.by, moment.note, moment.happened_at) == ("call", "you", "She sang.\nTwice.", clock.now)
    page = ana.client.get("/moments")
    assert "You called Mom" in page.text and "She sang.\nTwice." in page.text
    assert page.headers["Cache-Control"] == "private, no-store"


def test_a_contact_of_another_day_stands_at_noon_of_it(app: Flask, ana: Person) -> None:
    log(ana, day="yesterday", by="them", kind="message")
    log(ana, day="other", on="2026-02-01", kind="visit")
    yesterday, february = kept(app, ana)
    assert yesterday.happened_at.isoformat() == "2026-03-03T11:00:00+00:00"
    assert february.happened_at.isoformat() == "2026-02-01T11:00:00+00:00"
    page = ana.client.get("/moments").text
    assert re.findall(r"<h2[^>]*>(March|February)</h2>", page) == ["March", "February"]
    assert "Mom wrote to you" in page and "You went to see Mom" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": ""}, "Pick how"),
        ({"kind": "fax"}, "Pick how"),
        ({"by": "nobody"}, "Say who"),
        ({"day": "someday"}, "Say when"),
        ({"day": "other", "on": ""}, "Write the date like this"),
        ({"day": "other", "on": "31/05/2026"}, "Write the date like this"),
        ({"day": "other", "on": "0001-01-01"}, "Write the date like this"),
        ({"day": "other", "on": "9999-12-31"}, "still to come"),
        ({"day": "other", "on": "2026-03-05"}, "still to come"),
        ({"note": "n" * 2_001}, "longer than fits here"),
        ({"note": "a\0b"}, "cannot be kept"),
    ],
)
def test_a_contact_that_makes_no_sense_is_asked_about_and_nothing_is_lost(
    app: Flask, ana: Person, fields: dict[str, str], sentence: str
) -> None:
    answer = log(ana, **{"note": "She sang.", **fields})
    assert answer.status_code == 422 and sentence in answer.text
    assert fields.get("note", "She sang.").replace("\0", "") in answer.text.replace("\0", "")
    assert kept(app, ana) == []


def test_a_contact_is_taken_back_after_a_question(app: Flask, ana: Person) -> None:
    log(ana)
    (moment,) = kept(app, ana)
    address = f"/moments/{moment.id}/deletion"
    assert address in ana.client.get("/moments").text
    assert "Take this back?" in ana.client.get(address).text
    assert ana.client.submit(address).location == "/moments"
    assert kept(app, ana) == []
    assert ana.client.submit(address).status_code == 404


def test_a_finished_round_is_a_moment_too(ana: Person) -> None:
    tick_all(ana, *STEP_KEYS)
    ana.client.submit("/rounds", round=ana.round_id)
    assert "All five steps" in ana.client.get("/moments").text


@pytest.mark.parametrize(
    ("by", "then"),
    [("them", "Settle on a day"), ("you", "Leave it with her")],
    ids=["an answer asks for a day", "another message asks for patience"],
)
def test_a_contact_moves_the_next_thing(ana: Person, clock: Clock, by: str, then: str) -> None:
    tick_all(ana, "perspective", "reach_out")
    clock.forward(days=3)
    assert _next(ana) == "Follow up, kindly"
    log(ana, kind="message", by=by)
    assert _next(ana) == then


def _next(person: Person) -> str:
    found = re.search(r'<section class="stone".*?<h2 id="next">(.*?)</h2>', person.client.get("/").text, re.DOTALL)
    assert found is not None
    return found.group(1)
