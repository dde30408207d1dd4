"""Three questions to bring, on the step they belong to: picked for her, kept for the round, swapped, kept for later; on both databases."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from flask import Flask

from pwa import content
from pwa.services import closing, stepping, touching
from pwa.services.touching import Contact
from pwa.storage import database, parents, questions, rounds, ticks
from pwa.storage.database import db
from tests.support.people import Clock, Person

PAGE = "/steps/be_together"
TASK = "be_together.pick_questions"
CATALOGUE = content.questions().by_key


def listed(person: Person) -> list[str]:
    return re.findall(r'data-question="([a-z0-9_]+)"', person.client.get(PAGE).text)


def act(person: Person, key: str, what: str) -> int:
    return person.client.submit(f"/questions/{key}/{what}", parent=person.parent_id).status_code


def rows(app: Flask, person: Person) -> dict[str, tuple[int | None, bool]]:
    """Question → its place on the table, and whether it is kept."""
    with app.app_context():
        assert person.parent_id is not None
        return {row.question: (row.place, row.kept_at is not None) for row in questions.of_parent(person.parent_id)}


def finish(app: Flask, person: Person, clock: Clock) -> None:
    """Ticks all of the round that is open, and begins the next."""
    with app.app_context():
        assert person.account_id is not None and person.parent_id is not None
        round_ = rounds.current(person.parent_id)
        for task in stepping.tasks_of(round_):
            stepping.tick(person.account_id, round_.id, task, done=True, now=clock.now)
        closing.begin_next(person.account_id, round_.id, clock.now)


@pytest.fixture
def set_out(app: Flask, ana: Person, clock: Clock) -> Person:
    """Ana has said what Mom loves, and a day is set."""
    ana.client.submit(f"/setup/{ana.parent_id}/enjoys", likes="loves her roses, old Bollywood films")
    with app.app_context():
        stepping.tick(ana.account_id, ana.round_id, "follow_up.day_is_set", done=True, now=clock.now)
    return ana


def test_three_are_there_with_their_follow_up_and_their_reason(set_out: Person) -> None:
    page = set_out.client.get(PAGE)
    three = [CATALOGUE[key] for key in listed(set_out)]
    assert len(three) == 3 and len({each.group for each in three}) == 3
    assert three[0].depth == 1 and max(each.depth for each in three) <= 2
    assert all(each.text in page.text and f"“{each.follow_up}”" in page.text for each in three)
    assert "Because you said <b>“roses”</b>." in page.text
    assert "Three questions for Mom" in page.text and "Her " in page.text
    assert "no-store" not in page.headers["Cache-Control"]


def test_they_stay_for_the_round_whatever_is_told_later(set_out: Person, clock: Clock) -> None:
    first = listed(set_out)
    clock.forward(days=9)
    set_out.client.submit(f"/setup/{set_out.parent_id}/enjoys", likes="loves her roses, old Bollywood films, her dog")
    assert listed(set_out) == first


def test_before_its_turn_all_is_light_and_follows_what_is_told(app: Flask, ana: Person, clock: Clock) -> None:
    early = listed(ana)
    assert [CATALOGUE[key].depth for key in early] == [1, 1, 1]
    assert listed(ana) == early
    ana.client.submit(f"/setup/{ana.parent_id}/enjoys", likes="loves her roses, old Bollywood films")
    told = listed(ana)
    assert "Because you said <b>“roses”</b>." in ana.client.get(PAGE).text
    with app.app_context():
        stepping.tick(ana.account_id, ana.round_id, "follow_up.day_is_set", done=True, now=clock.now)
    agreed = listed(ana)
    assert max(CATALOGUE[key].depth for key in agreed) == 2
    left = (set(early) | set(told)) - set(agreed)
    assert {place for key, (place, _) in rows(app, ana).items() if key in left} == {None}


def test_looking_again_writes_nothing(set_out: Person, app: Flask) -> None:
    listed(set_out)
    with app.app_context():
        before = [(row.id, row.shown_at) for row in questions.of_parent(set_out.parent_id)]
    listed(set_out)
    with app.app_context():
        assert [(row.id, row.shown_at) for row in questions.of_parent(set_out.parent_id)] == before


def test_another_takes_its_place_and_the_others_stay(set_out: Person, clock: Clock) -> None:
    first = listed(set_out)
    clock.forward(minutes=1)
    answer = set_out.client.submit(f"/questions/{first[1]}/swap", parent=set_out.parent_id)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}#questions")
    after = listed(set_out)
    assert (after[0], after[2]) == (first[0], first[2])
    assert after[1] not in first


def test_a_second_tap_on_one_that_has_left_changes_nothing(set_out: Person, app: Flask) -> None:
    first = listed(set_out)
    act(set_out, first[0], "swap")
    once = rows(app, set_out)
    assert act(set_out, first[0], "swap") == 303
    assert act(set_out, first[0], "keeping") == 303
    assert rows(app, set_out) == once


def test_no_question_comes_twice_while_others_are_left(set_out: Person, clock: Clock) -> None:
    seen = set(listed(set_out))
    for _ in range(12):
        clock.forward(minutes=1)
        before = listed(set_out)
        act(set_out, before[2], "swap")
        fresh = set(listed(set_out)) - set(before)
        assert len(fresh) == 1 and not fresh & seen
        seen |= fresh


def test_a_later_round_brings_others(app: Flask, set_out: Person, clock: Clock) -> None:
    seen: set[str] = set()
    for _ in range(4):
        three = set(listed(set_out))
        assert len(three) == 3 and not three & seen
        seen |= three
        clock.forward(days=7)
        finish(app, set_out, clock)


def test_one_that_is_kept_makes_room_and_comes_first_in_the_next_round(
    app: Flask, set_out: Person, clock: Clock
) -> None:
    first = listed(set_out)
    act(set_out, first[1], "keeping")
    page = set_out.client.get(PAGE).text
    assert first[1] not in listed(set_out) and len(listed(set_out)) == 3
    assert "Kept for later" in page and CATALOGUE[first[1]].text in page
    assert rows(app, set_out)[first[1]] == (None, True)
    finish(app, set_out, clock)
    clock.forward(days=1)
    page = set_out.client.get(PAGE).text
    assert first[1] in listed(set_out)
    assert "You kept this one for later." in page and ">Kept for later</h3>" not in page


def test_one_that_is_let_go_is_kept_no_longer(app: Flask, set_out: Person) -> None:
    first = listed(set_out)
    act(set_out, first[1], "keeping")
    assert act(set_out, first[1], "keeping/deletion") == 303
    assert ">Kept for later</h3>" not in set_out.client.get(PAGE).text
    assert rows(app, set_out)[first[1]] == (None, False)
    assert act(set_out, first[1], "keeping/deletion") == 303


def test_a_swap_before_its_turn_writes_the_table_down(app: Flask, ana: Person) -> None:
    first = listed(ana)
    act(ana, first[0], "swap")
    after = listed(ana)
    assert after[1:] == first[1:] and after[0] != first[0]
    assert sorted(place for place, _ in rows(app, ana).values() if place is not None) == [0, 1, 2]


def test_bringing_them_ticks_the_task_without_scripts(app: Flask, set_out: Person) -> None:
    page = set_out.client.get(PAGE).text
    assert "I’ll bring these" in page
    set_out.client.submit(f"{PAGE}/tasks/{TASK}", parent=set_out.parent_id, done="1")
    with app.app_context():
        tick = ticks.find(set_out.round_id, TASK)  # type: ignore[arg-type]
        assert tick is not None and tick.done
    assert "I’ll bring these" not in set_out.client.get(PAGE).text


def test_somebody_met_lately_in_a_later_round_may_be_asked_something_deep(
    app: Flask, set_out: Person, clock: Clock
) -> None:
    assert CATALOGUE[listed(set_out)[2]].depth <= 2
    finish(app, set_out, clock)
    with app.app_context():
        met = Contact("visit", "you", clock.now.date())
        touching.log(set_out.account_id, set_out.parent_id, met, clock.now)
    assert max(CATALOGUE[key].depth for key in listed(set_out)) == 3


def test_a_dad_is_brought_what_fits_a_dad_and_far_away_what_can_be_asked_on_a_call(app: Flask, ana: Person) -> None:
    with app.app_context(), database.transaction(ana.account_id):
        mom = parents.get(ana.parent_id, ana.account_id)  # type: ignore[arg-type]
        assert mom is not None
        mom.pronouns, mom.distance = "he", "long_way"
    three = [CATALOGUE[key] for key in listed(ana)]
    assert all(each.dads and "call" in each.fits for each in three)


@pytest.mark.parametrize("what", ["swap", "keeping", "keeping/deletion"])
def test_another_account_finds_nothing_and_changes_nothing(
    app: Flask, set_out: Person, ben: Person, cleo: Person, what: str
) -> None:
    key = listed(set_out)[0]
    before = rows(app, set_out)
    assert ben.client.submit(f"/questions/{key}/{what}", parent=set_out.parent_id).status_code == 404
    assert cleo.client.submit(f"/questions/{key}/{what}", parent=set_out.parent_id).status_code == 401
    assert set_out.client.post(f"/questions/{key}/{what}", data={"parent": set_out.parent_id}).status_code == 400
    assert rows(app, set_out) == before


def test_a_question_or_a_parent_that_is_none_is_not_found(set_out: Person) -> None:
    key = listed(set_out)[0]
    assert act(set_out, "no_such_question", "swap") == 404
    for parent in ("", "nonsense", str(uuid4())):
        assert set_out.client.submit(f"/questions/{key}/swap", parent=parent).status_code == 404


def test_what_was_brought_goes_with_the_parent(app: Flask, set_out: Person) -> None:
    listed(set_out)
    with app.app_context():
        with database.transaction(set_out.account_id):
            parents.delete(parents.get(set_out.parent_id, set_out.account_id))  # type: ignore[arg-type]
        assert list(db.session.scalars(db.select(questions.BroughtQuestion))) == []
