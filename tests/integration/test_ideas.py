"""Ideas on the page: this week's list, filters, search, what was understood, what was learnt, and an invitation."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import event

from pwa import content
from pwa.storage import parents, tastes, verdicts
from pwa.storage.database import db
from tests.support.people import Clock, Person

WORDS = "loves her roses, old Bollywood films, plays the quaxophonium, bad knees, hates crowds"


@pytest.fixture
def told(ana: Person) -> Person:
    """Ana has said what Mom enjoys."""
    ana.client.submit(f"/setup/{ana.parent_id}/enjoys", likes=WORDS)
    return ana


def listed(person: Person, address: str = "/ideas") -> list[str]:
    return re.findall(r'data-idea="([a-z0-9_]+)"', person.client.get(address).text)


def say(person: Person, key: str, verdict: str, **more: str) -> str | None:
    return person.client.submit(f"/ideas/{key}/verdict", verdict=verdict, **more).location


def test_the_list_says_what_it_was_chosen_for_and_why_each_is_there(told: Person) -> None:
    page = told.client.get("/ideas").text
    assert "Ideas for Mom" in page and "A fresh list on Monday" in page
    assert re.search(r"Chosen for roses(,| and) (old )?Bollywood", page)
    assert "<b>“roses”</b>" in page
    assert "Until you say otherwise: little money, no alcohol." in page
    ideas = content.catalogue().ideas
    chosen = [ideas[key] for key in listed(told)]
    assert len(chosen) == 6
    assert all(idea.mobility <= 1 and not {"crowds", "alcohol"} & idea.flags and idea.cost <= 1 for idea in chosen)


def test_of_somebody_unknown_the_list_says_that_it_knows_nothing(ana: Person) -> None:
    page = ana.client.get("/ideas").text
    assert "A gentle one for anyone, not based on what you told us." in page
    assert "Say what she enjoys" in page


def test_the_list_is_the_same_until_monday(told: Person, clock: Clock) -> None:
    wednesday = listed(told)
    clock.forward(days=4)
    assert listed(told) == wednesday
    clock.forward(days=1)
    assert len(set(listed(told)) & set(wednesday)) <= 1


@pytest.mark.parametrize("only", ["sitting", "free", "short", "indoors", "apart"])
def test_a_filter_narrows_the_list_and_stays_chosen(told: Person, only: str) -> None:
    address = f"/ideas?only={only}&only=nonsense"
    ideas = [content.catalogue().ideas[key] for key in listed(told, address)]
    keeps = {
        "sitting": lambda idea: idea.mobility == 0,
        "free": lambda idea: idea.cost == 0,
        "short": lambda idea: idea.minutes < 60,
        "indoors": lambda idea: idea.place != "outdoor",
        "apart": lambda idea: idea.apart,
    }[only]
    assert ideas and all(keeps(idea) for idea in ideas)
    assert f'value="{only}" checked' in told.client.get(address).text


def test_a_search_finds_by_words_and_says_what_limits_left_out(told: Person) -> None:
    found = [content.catalogue().ideas[key] for key in listed(told, "/ideas?q=Market")]
    assert all("market" in f"{idea.title} {idea.line}".lower() for idea in found)
    assert "left out, by the limits you gave or we assumed" in told.client.get("/ideas?q=hill").text
    nothing = told.client.get("/ideas?q=zzzz")
    assert nothing.status_code == 200 and "Nothing fits all of that" in nothing.text


@pytest.mark.parametrize("asked", ["<script>alert(1)</script>", "%", "\\", "a" * 5_000, "\u202e", "🌹", "' OR 1=1 --"])
def test_a_hostile_search_finds_nothing_and_breaks_nothing(told: Person, asked: str) -> None:
    answer = told.client.get("/ideas", query_string={"q": asked})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_an_idea_has_a_page_and_an_unknown_one_is_nowhere(told: Person) -> None:
    key = listed(told)[0]
    page = told.client.get(f"/ideas/{key}").text
    assert "A way to say it" in page and "Make it easy" in page and "Invite Mom to this" in page
    assert told.client.get("/ideas/no_such_idea").status_code == 404
    assert told.client.submit("/ideas/no_such_idea/verdict", verdict="loved").status_code == 404


def test_a_page_says_where_an_idea_asks_too_much(told: Person) -> None:
    said = "asks for more than you told us"
    assert said in told.client.get("/ideas/a_hill_that_earns_its_lunch").text
    assert said not in told.client.get(f"/ideas/{listed(told)[0]}").text


def test_a_search_leaves_out_what_is_disliked(told: Person) -> None:
    told.client.submit("/ideas/understood", likes="loves tea, hates trains")
    assert not [key for key in listed(told, "/ideas?q=train") if "trains" in content.catalogue().ideas[key].tags]


def test_love_is_kept_shown_and_taken_back(told: Person, app: Flask) -> None:
    key = listed(told)[1]
    assert say(told, key, "loved") == f"/ideas#{key}"
    assert 'aria-pressed="true"' in told.client.get("/ideas").text
    assert "More of" in told.client.get("/ideas/learnt").text
    assert told.client.submit(f"/ideas/{key}/verdict/deletion", **{"from": "learnt"}).location == "/ideas/learnt"
    assert "Nothing yet" in told.client.get("/ideas/learnt").text
    with app.app_context():
        assert verdicts.of_parent(told.parent_id) == []  # type: ignore[arg-type]


def test_a_refusal_folds_away_asks_why_and_another_comes(told: Person) -> None:
    before = listed(told)
    assert say(told, before[2], "refused") == f"/ideas#{before[2]}"
    page = told.client.get("/ideas").text
    after = listed(told)
    assert after[:6] == before and len(after) == 7
    assert "Not for her, then." in page and "Too dear" in page
    say(told, before[2], "refused", why="not_their_thing")
    assert "Not her thing." in told.client.get("/ideas").text
    assert "Less of" in told.client.get("/ideas/learnt").text


def test_what_was_refused_never_comes_back(told: Person, clock: Clock) -> None:
    key = listed(told)[0]
    say(told, key, "refused")
    for _ in range(12):
        clock.forward(days=7)
        assert key not in listed(told, "/ideas?more=1")


def test_a_reason_can_be_made_a_limit(told: Person) -> None:
    dear = next(key for key in listed(told, "/ideas?more=1") if content.catalogue().ideas[key].cost == 1)
    say(told, dear, "refused", why="too_dear")
    assert "Nothing like that again" in told.client.get("/ideas?more=1").text
    assert told.client.submit(f"/ideas/{dear}/limit").status_code == 303
    ideas = content.catalogue().ideas
    shown = [ideas[key] for key in listed(told, "/ideas?more=1") if key != dear]
    assert shown and all(idea.cost == 0 for idea in shown)


def test_a_verdict_that_is_none_is_refused(told: Person) -> None:
    key = listed(told)[0]
    assert told.client.submit(f"/ideas/{key}/verdict", verdict="meh").status_code == 400
    assert told.client.submit(f"/ideas/{key}/verdict", verdict="refused", why="because").status_code == 400
    assert told.client.submit(f"/ideas/{key}/limit").status_code == 404


def test_what_was_understood_is_shown_in_her_own_words_and_put_right(told: Person, app: Flask) -> None:
    page = told.client.get("/ideas/understood")
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Gardening &amp; growing food (“roses”)" in page.text
    assert "We don’t know “quaxophonium”" in page.text
    assert "bad knees" in page.text
    answer = told.client.submit(
        "/ideas/understood",
        likes=WORDS,
        interests=["gardening"],
        visiting="apart",
        mobility="0",
        cost="0",
        avoid=["crowds", "screens"],
        **{"means:quaxophonium": "instrument"},
    )
    assert answer.location == "/ideas"
    ideas = [content.catalogue().ideas[key] for key in listed(told, "/ideas?more=1")]
    assert ideas
    for idea in ideas:
        assert idea.apart and idea.mobility == 0 and idea.cost == 0 and not {"crowds", "screens"} & idea.flags
        assert "bollywood" not in idea.tags
    assert {tag for idea in ideas for tag in idea.tags} >= {"gardening", "instrument"}
    again = told.client.get("/ideas/understood").text
    assert "We don’t know" not in again
    with app.app_context():
        assert parents.get(told.parent_id, told.account_id).interests == ["gardening"]  # type: ignore[union-attr, arg-type]


def test_what_was_put_right_lies_sealed(told: Person, app: Flask) -> None:
    told.client.submit("/ideas/understood", likes=WORDS, avoid=["crowds"])
    with app.app_context():
        raw = db.session.connection().exec_driver_sql("SELECT put_right FROM taste").scalar_one()
        assert b"crowds" not in bytes(raw)
        assert "crowds" in tastes.find(told.parent_id).put_right  # type: ignore[union-attr, arg-type]


@pytest.mark.parametrize(
    "fields",
    [
        {"interests": "skydiving"},
        {"visiting": "teleport"},
        {"mobility": "9"},
        {"cost": "-1"},
        {"avoid": "everything"},
        {"minutes": "7"},
        {"likes": "x" * 2_001},
    ],
)
def test_a_wrong_answer_is_told_and_nothing_is_lost(told: Person, fields: dict[str, str]) -> None:
    answer = told.client.submit("/ideas/understood", **{"likes": WORDS, **fields})
    assert answer.status_code == 422
    assert "err" in answer.text
    assert told.client.get("/ideas/understood").text.count("quaxophonium") >= 1


def test_an_interest_beyond_setups_few_is_not_lost_on_the_other_pages(told: Person, app: Flask) -> None:
    told.client.submit("/ideas/understood", likes=WORDS, interests=["gardening", "instrument"])
    assert "Playing an instrument" in told.client.get(f"/setup/{told.parent_id}/enjoys").text
    assert "Playing an instrument" in told.client.get(f"/parents/{told.parent_id}").text
    assert "Playing an instrument" in told.client.get("/settings").text


def test_nothing_is_drafted_where_everything_has_stopped(told: Person) -> None:
    key = listed(told)[0]
    told.client.submit(f"/parents/{told.parent_id}/stop")
    for address in ("/ideas", f"/ideas/{key}", f"/reach-out?idea={key}"):
        assert told.client.get(address).location == "/"
    assert told.client.get("/reach-out").location == "/"


def test_nothing_is_drafted_while_it_is_with_her(told: Person) -> None:
    key = listed(told)[0]
    for task in ("pick_something", "offer_three_dates", "hold_the_dates", "send_invitation"):
        told.client.submit(f"/steps/reach_out/tasks/reach_out.{task}", parent=str(told.parent_id), done="1")
    page = told.client.get(f"/reach-out?idea={key}").text
    assert "sms:" not in page


def test_the_page_asks_the_database_a_few_times_whatever_was_said(told: Person, app: Flask) -> None:
    def asked() -> int:
        count: list[str] = []
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", lambda *args: count.append(args[2]))
        told.client.get("/ideas")
        return len(count)

    few = asked()
    for key in listed(told)[:5]:
        say(told, key, "loved")
    assert few <= 14
