"""A step's page, its ticks without scripts, and the longer view: optional in every part, sealed, and taken back."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import text

from pwa import content
from pwa.domain.parents import Person as Parent
from pwa.domain.parents import speak
from pwa.domain.steps import STEP_KEYS, Step
from pwa.storage import accounts, nudges, perspectives, ticks
from pwa.storage.database import db
from pwa.storage.ticks import Tick
from tests.support.people import Clock, Person

MOM = Parent("Mom", "she")
TASK = "reach_out.offer_three_dates"
VIEW = "/steps/perspective/longer-view"


def kept_tick(app: Flask, person: Person, task: str = TASK) -> Tick | None:
    with app.app_context():
        assert person.round_id is not None
        return ticks.find(person.round_id, task)


def tick(person: Person, task: str = TASK, **fields: object) -> object:
    step = task.partition(".")[0]
    return person.client.submit(f"/steps/{step}/tasks/{task}", **{"parent": person.parent_id, "done": "1", **fields})


def revision(app: Flask, person: Person) -> int:
    with app.app_context():
        account = accounts.get(person.account_id)  # type: ignore[arg-type]
        assert account is not None
        return account.revision


@pytest.mark.parametrize("step", content.steps(), ids=STEP_KEYS)
def test_a_step_says_why_lists_its_tasks_and_cites_one_fact(ana: Person, step: Step) -> None:
    page = ana.client.get(f"/steps/{step.key}").text
    for words in (*step.why, step.fact.text, step.fact.limit, *(task.title for task in step.tasks)):
        assert speak(words, MOM).replace("&", "&amp;").replace("'", "&#39;") in page
    assert step.fact.cite in page
    assert [f"{task.key}" for task in step.tasks] == re.findall(r'data-task="([\w.]+)"', page)
    assert f'data-step="{step.key}"' in page
    assert "I have a reason not to be in touch" in page


@pytest.mark.parametrize("key", ["nonsense", "x" * 4_000, "1", "perspective.longer_view"])
def test_a_step_that_is_not_there_is_not_found(ana: Person, key: str) -> None:
    assert ana.client.get(f"/steps/{key}").status_code == 404


def test_a_tick_without_scripts_is_set_and_shown(app: Flask, ana: Person) -> None:
    answer = tick(ana)
    assert (answer.status_code, answer.location) == (303, "/steps/reach_out")
    kept = kept_tick(app, ana)
    assert kept is not None and (kept.done, kept.n, kept.device, kept.by) == (True, 1, "", "you")
    assert re.search(rf'data-task="{TASK}"[^>]* data-n="1"[^>]* checked', ana.client.get("/steps/reach_out").text)


def test_a_tick_made_on_today_leads_back_to_today(ana: Person) -> None:
    client = ana.client
    answer = client.post(
        f"/steps/reach_out/tasks/{TASK}",
        data={"csrf_token": client.form_token(), "parent": str(ana.parent_id), "done": "1"},
        headers={"Referer": "http://localhost/"},
    )
    assert answer.location == "/"


def test_ticking_sets_and_never_toggles(app: Flask, ana: Person) -> None:
    for done in ("1", "1", "", "0", "1"):
        tick(ana, done=done)
    kept = kept_tick(app, ana)
    assert kept is not None and kept.done and kept.n == 3


def test_a_tick_makes_the_page_newer_and_plans_anew(app: Flask, ana: Person, clock: Clock) -> None:
    before = revision(app, ana)
    tick(ana, "reach_out.send_invitation")
    assert revision(app, ana) == before + 1
    with app.app_context():
        assert ana.account_id is not None
        assert all(nudge.kind != "begin" for nudge in nudges.open_of_account(ana.account_id))


@pytest.mark.parametrize("task", ["reach_out.nonsense", "perspective.longer_view", "x" * 3_000])
def test_a_task_that_the_step_does_not_have_is_not_found(ana: Person, task: str) -> None:
    answer = ana.client.submit(f"/steps/reach_out/tasks/{task}", parent=ana.parent_id, done="1")
    assert answer.status_code == 404


def test_the_longer_view_is_kept_sealed_and_ticks_its_task(app: Flask, ana: Person) -> None:
    words = {"feeling": "a bit hurt", "friend": "We both miss it.", "instead": "Tea on Sundays"}
    answer = ana.client.submit(VIEW, feelings=["hopeful", "sad"], reasons="money", **words)
    assert (answer.status_code, answer.location) == (303, VIEW)
    page = ana.client.get(VIEW)
    assert all(said in page.text for said in words.values())
    assert 'value="hopeful" checked' in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    kept = kept_tick(app, ana, "perspective.longer_view")
    assert kept is not None and kept.done and kept.by == "app"
    with app.app_context():
        row = db.session.execute(text("SELECT * FROM perspective")).one()
        assert not any(said.encode() in bytes(str(row), "utf-8") for said in words.values())
    assert "ticked for you" in ana.client.get("/steps/perspective").text


def test_every_part_of_the_longer_view_may_be_left_out(ana: Person) -> None:
    assert ana.client.submit(VIEW).status_code == 303


def test_the_longer_view_is_deleted_when_asked(app: Flask, ana: Person) -> None:
    ana.client.submit(VIEW, friend="We both miss it.")
    answer = ana.client.submit(f"{VIEW}/deletion")
    assert answer.location == VIEW
    assert "We both miss it." not in ana.client.get(VIEW).text
    with app.app_context():
        assert ana.round_id is not None
        assert perspectives.find(ana.round_id) is None


def test_words_too_long_for_the_longer_view_are_not_lost(ana: Person) -> None:
    words = "w" * 2_001
    answer = ana.client.submit(VIEW, friend=words, feelings="hopeful")
    assert answer.status_code == 422
    assert words in answer.text and "longer than fits here" in answer.text
    assert 'value="hopeful" checked' in answer.text


def test_three_reasons_are_shown_and_stay_the_same_for_the_round(ana: Person) -> None:
    shown = [re.findall(r'name="reasons" value="(\w+)"', ana.client.get(VIEW).text) for _ in range(2)]
    assert shown[0] == shown[1] and len(shown[0]) == 3


def test_each_text_uses_the_name_and_pronouns_of_its_parent(ben: Person) -> None:
    page = ben.client.get("/steps/reach_out").text.partition("<main")[2].partition("</main>")[0]
    assert "convenient for him" in page and "not tested on Dad" in page
    assert " she " not in page and "{" not in page
