"""Today: one next thing, the five steps, and the room of the parent that was chosen."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask

from pwa import content
from pwa.domain.steps import STEP_KEYS
from pwa.services import setting_up
from pwa.services.setting_up import Naming
from tests.support.people import Clock, Person

Queries = Callable[[], AbstractContextManager[list[str]]]


def add_dad(app: Flask, person: Person, clock: Clock) -> str:
    with app.app_context():
        assert person.session_id is not None
        return str(setting_up.add_parent(person.session_id, Naming("Dad", "he"), clock.now))


def states(page: str) -> list[str]:
    return re.findall(r'data-step="\w+" data-state="(\w+)"', page)


def tick_all(person: Person, *steps: str) -> None:
    for step in content.steps():
        for task in step.tasks:
            if step.key in steps:
                person.client.submit(f"/steps/{step.key}/tasks/{task.key}", parent=person.parent_id, done="1")


def test_a_first_day_shows_the_first_step_with_its_tasks(ana: Person) -> None:
    page = ana.client.get("/").text
    assert "Five steps to a fire" in page and "Put it in perspective" in page
    assert states(page) == ["now", "later", "later", "later", "later"]
    assert re.search(r'<body[^>]*data-fire="0"', page)
    assert 'data-task="perspective.longer_view"' in page


def test_the_date_is_the_accounts_own_and_said_as_its_reader_says_it(ana: Person, clock: Clock) -> None:
    clock.forward(hours=6)  # half past midnight in Berlin, still the day before in London
    assert "Thu 5 Mar" in ana.client.get("/").text
    assert "Thu, Mar 5" in ana.client.get("/", headers={"Accept-Language": "en-US"}).text


def test_the_page_says_whose_it_is_and_how_new(ana: Person) -> None:
    answer = ana.client.get("/")
    tag = answer.headers["Rekindle-Account"]
    assert f'name="rekindle-account" content="{tag}"' in answer.text
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in answer.headers["Vary"]


def test_each_finished_step_lights_the_fire(ana: Person) -> None:
    for count, key in enumerate(STEP_KEYS, start=1):
        tick_all(ana, key)
        page = ana.client.get("/").text
        assert re.search(rf'<body[^>]*data-fire="{count}"', page)
        assert states(page).count("done") == count


def test_reaching_out_is_followed_by_leaving_it_with_her(ana: Person, clock: Clock) -> None:
    tick_all(ana, "perspective", "reach_out")
    assert "Leave it with her" in ana.client.get("/").text
    clock.forward(days=2)
    assert "Follow up, kindly" in ana.client.get("/").text
    clock.forward(days=12)
    assert "Time to give Mom some room" in ana.client.get("/").text


def test_tomorrow_puts_it_off_until_tomorrow(ana: Person, clock: Clock) -> None:
    answer = ana.client.submit(f"/parents/{ana.parent_id}/snooze")
    assert answer.location == "/"
    assert "It can wait" in ana.client.get("/").text
    clock.forward(days=1)
    assert "It can wait" not in ana.client.get("/").text


def test_a_round_that_is_done_is_closed_and_a_lighter_one_begins(ana: Person, clock: Clock) -> None:
    tick_all(ana, *STEP_KEYS)
    page = ana.client.get("/").text
    assert "The fire is steady" in page
    answer = ana.client.submit("/rounds", round=ana.round_id)
    assert answer.location == "/"
    page = ana.client.get("/").text
    assert "Second round, lighter" in page
    assert states(page)[0] == "done" and "Skipped this round" in page
    assert re.search(r'<body[^>]*data-fire="2"', page) and "data-banked" in page


def test_closing_a_round_twice_begins_one_round(ana: Person) -> None:
    tick_all(ana, *STEP_KEYS)
    for _ in range(2):
        assert ana.client.submit("/rounds", round=ana.round_id).status_code == 303
    assert "Second round, lighter" in ana.client.get("/").text


def test_a_round_with_an_open_step_cannot_be_closed(ana: Person) -> None:
    answer = ana.client.submit("/rounds", round=ana.round_id)
    assert answer.status_code == 409
    assert "still a step open" in answer.text


def test_several_parents_have_a_room_each_and_the_chosen_one_is_shown(app: Flask, ana: Person, clock: Clock) -> None:
    assert "change parent" not in ana.client.get("/").text
    add_dad(app, ana, clock)
    page = ana.client.get("/").text
    assert "Dad" in page and 'data-room="dusk"' in page and "change parent" in page
    assert ana.client.submit("/parent", parent=ana.parent_id).location == "/"
    page = ana.client.get("/").text
    assert 'data-room="sage"' in page


def test_a_stopped_parents_room_shows_no_steps(ana: Person) -> None:
    assert ana.client.submit(f"/parents/{ana.parent_id}/stop").location == "/help"
    page = ana.client.get("/").text
    assert "We have stopped here" in page
    assert "data-step" not in page and "data-task" not in page
    assert ana.client.get("/steps/reach_out").location == "/"
    assert ana.client.get("/steps/perspective/longer-view").location == "/"
    ana.client.submit(f"/parents/{ana.parent_id}/stop/undo")
    assert "Put it in perspective" in ana.client.get("/").text


def test_a_pause_asks_nothing(ana: Person) -> None:
    ana.client.submit("/settings/pause")
    assert "Resting for now" in ana.client.get("/").text
    answer = ana.client.submit("/settings/pause/undo", **{"from": "today"})
    assert answer.location == "/"
    assert "Resting for now" not in ana.client.get("/").text


@pytest.mark.parametrize("said", ["", "nonsense", "9" * 5_000, "00000000-0000-0000-0000-000000000000"])
def test_a_parent_that_is_nobodys_is_not_found(ana: Person, said: str) -> None:
    assert ana.client.submit("/parent", parent=said).status_code == 404


@pytest.mark.parametrize(("page", "most"), [("/", 16), ("/steps/reach_out", 7), ("/settings", 9), ("/moments", 8)])
def test_a_page_asks_the_database_a_few_times_however_much_there_is(
    app: Flask, ana: Person, clock: Clock, queries: Queries, page: str, most: int
) -> None:
    with queries() as bare:
        ana.client.get(page)
    tick_all(ana, *STEP_KEYS)
    ana.client.submit("/rounds", round=ana.round_id)
    for _ in range(5):
        add_dad(app, ana, clock)
        ana.client.submit("/moments", kind="call", by="you", day="today")
    ana.client.submit("/parent", parent=ana.parent_id)
    with queries() as full:
        ana.client.get(page)
    assert len(full) <= len(bare) <= most, full


def test_a_round_that_was_closed_rests_until_the_rhythm_comes_round(ana: Person, clock: Clock) -> None:
    tick_all(ana, *STEP_KEYS)
    ana.client.submit("/rounds", round=ana.round_id)
    assert "Nothing to do" in ana.client.get("/").text
    clock.forward(days=22)
    assert "A word to Mom" in ana.client.get("/").text


def test_the_page_holds_what_comes_next_after_each_step(ana: Person) -> None:
    page = ana.client.get("/").text
    after = re.findall(r'<template data-next-after="(\w*)">(.*?)</template>', page, re.DOTALL)
    assert [key for key, _ in after] == [*STEP_KEYS, ""]
    titles = [re.search(r'<h2 id="next">(.*?)</h2>', card).group(1) for _, card in after]  # type: ignore[union-attr]
    assert titles[0] == "Put it in perspective"
    assert titles[1] == "Reach out today"
    assert titles[-1] == "The fire is steady"
    assert len(set(titles)) == len(titles)
