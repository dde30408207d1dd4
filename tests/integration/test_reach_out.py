"""Reaching out: from an idea to three dates, to words, to waiting; the follow-ups, the room, and what they answered."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from pwa.storage import answers, database, invitations, messages, moments, nudges, options, parents, pauses, ticks
from tests.support.invited import IDEA, Invited, invite
from tests.support.people import Client, Clock, Person

ID = re.compile(r"/reach-out/([0-9a-f-]{36})")


def page(person: Person, address: str) -> str:
    answer = person.client.get(address)
    assert answer.status_code == 200, (address, answer.status_code, answer.location)
    return unescape(answer.text)


def fields_of(html: str) -> dict[str, str]:
    """The three dates as the form holds them."""
    return dict(re.findall(r'name="((?:on|at)_\d)" value="([^"]*)"', html))


def begin(person: Person, **changes: str) -> UUID:
    sent = {"idea": IDEA, "venue": "hers", "with_holds": "on", **fields_of(page(person, f"/reach-out?idea={IDEA}"))}
    answer = person.client.submit("/reach-out", **{**sent, **changes})
    assert answer.status_code == 303, answer.text
    found = ID.search(answer.location)
    assert found is not None
    return UUID(found[1])


def of(app: Flask, invitation_id: UUID, person: Person) -> dict[str, Any]:
    with app.app_context():
        assert person.account_id is not None
        found = invitations.get(invitation_id, person.account_id)
        assert found is not None
        held = [one.hold for one in options.of_invitation(found.id)]
        return {
            "words": found.words,
            "sent": found.sent_at,
            "holds": held,
            "venue": found.venue,
            "fear": (found.awkward, found.glad),
        }


def done(app: Flask, person: Person) -> set[str]:
    with app.app_context():
        assert person.round_id is not None
        return {tick.task for tick in ticks.of_round(person.round_id) if tick.done}


def test_three_dates_are_proposed_each_with_its_reason_and_nothing_is_written_yet(app: Flask, ana: Person) -> None:
    html = page(ana, f"/reach-out?idea={IDEA}")
    assert len(fields_of(html)) == 6
    assert [f'data-option="{n}"' in html for n in range(3)] == [True] * 3
    assert fields_of(page(ana, f"/reach-out?idea={IDEA}")) == fields_of(html)
    others = fields_of(page(ana, f"/reach-out?idea={IDEA}&turn=1"))
    both = [{(form[f"on_{n}"], form[f"at_{n}"]) for n in range(3)} for form in (fields_of(html), others)]
    assert both[0].isdisjoint(both[1])
    with app.app_context():
        assert invitations.of_parent(ana.parent_id) == []


def test_from_an_idea_to_a_ready_text(app: Flask, ana: Person) -> None:
    made = begin(ana)
    html = page(ana, f"/reach-out/{made}/words")
    assert "Hi Mom" in html or "Hello Mom" in html or "Mom, hello" in html
    assert "/for/" in html and 'value="text"' in html and "Send as a text" in html
    assert of(app, made, ana)["holds"] == ["tentative"] * 3
    assert done(app, ana) == {"reach_out.pick_something", "reach_out.offer_three_dates", "reach_out.hold_the_dates"}


def test_dates_that_were_changed_are_kept_and_what_speaks_against_one_is_said_once(app: Flask, ana: Person) -> None:
    proposed = fields_of(page(ana, f"/reach-out?idea={IDEA}"))
    late = {**proposed, "at_1": "23:30", "idea": IDEA, "venue": "halfway"}
    asked = ana.client.submit("/reach-out", **late)
    assert asked.status_code == 422 and "quiet hours" in asked.text and 'name="sure"' in asked.text
    kept = ana.client.submit("/reach-out", **late, sure="yes")
    assert kept.status_code == 303
    found = ID.search(kept.location)
    assert found is not None and of(app, UUID(found[1]), ana)["venue"] == "halfway"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"on_0": "2020-01-01"}, "has passed"),
        ({"on_0": "2031-01-01"}, "more than a year away"),
        ({"on_0": ""}, "needs a day and a time"),
        ({"at_2": "25:00"}, "needs a day and a time"),
        ({"at_2": "11:00+02:00"}, "needs a day and a time"),
        ({"venue": "the moon"}, "Pick where"),
        ({"place": "x" * 121}, "Use up to 120"),
        ({"zone": "Mars/Olympus"}, "time zone"),
    ],
)
def test_a_date_that_cannot_be_offered_is_told_and_nothing_is_lost(
    app: Flask, ana: Person, changes: dict[str, str], sentence: str
) -> None:
    sent = {"idea": IDEA, "venue": "hers", **fields_of(page(ana, f"/reach-out?idea={IDEA}")), **changes}
    answer = ana.client.submit("/reach-out", **sent)
    assert answer.status_code == 422, answer.location
    assert sentence in unescape(answer.text)
    assert sent["on_1"] in answer.text and sent["at_1"] in answer.text
    with app.app_context():
        assert invitations.of_parent(ana.parent_id) == []


def test_two_dates_that_are_one_are_refused(ana: Person) -> None:
    sent = {"idea": IDEA, "venue": "hers", **fields_of(page(ana, f"/reach-out?idea={IDEA}"))}
    answer = ana.client.submit("/reach-out", **{**sent, "on_1": sent["on_0"], "at_1": sent["at_0"], "sure": "yes"})
    assert answer.status_code == 422 and "three different times" in answer.text


def test_words_are_kept_as_one_types_and_drafted_anew_on_request(app: Flask, ana: Person) -> None:
    made = begin(ana)
    address = f"/reach-out/{made}"
    assert ana.client.send(f"{address}/draft", {"words": "Hello Mom, my own words"}).status_code == 200
    assert "my own words" in page(ana, f"{address}/words")
    fresh = {"fresh": "yes", "warmth": "open", "signature": "Ana", "has_link_choice": "1"}
    assert ana.client.submit(f"{address}/words", **fresh).status_code == 303
    html = page(ana, f"{address}/words")
    assert "my own words" not in html and "Ana" in html and "/for/" not in html
    assert ana.client.submit(f"{address}/words", words="x" * 4_001, warmth="warm").status_code == 422
    assert ana.client.submit(f"{address}/words", words="x", warmth="boiling").status_code == 400


def test_without_scripts_the_coach_answers_to_a_button(ana: Person) -> None:
    made = begin(ana)
    said = "You never call me. Here are three days."
    answer = ana.client.submit(f"/reach-out/{made}/words", words=said, warmth="warm")
    assert answer.status_code == 200
    assert "This may land as blame" in answer.text and "You never call me" in answer.text


def test_the_coach_speaks_to_our_own_page_alone(ana: Person, cleo: Person) -> None:
    told = ana.client.send("/reach-out/tone", {"text": "😊 You never call me."}).get_json()
    (flag,) = told["flags"]
    assert (flag["category"], flag["start"], flag["phrase"]) == ("blame", 3, "You never call me.")
    assert told["missing"]
    assert cleo.client.send("/reach-out/tone", {"text": "x"}).status_code == 401
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert ana.client.send("/reach-out/tone", {"text": "x"}, **elsewhere).status_code == 403
    for text in (None, 7, "", "x" * 100_000):
        assert ana.client.send("/reach-out/tone", {"text": text}).status_code == 200


def test_it_has_gone_out_once_and_is_waited_for(app: Flask, ana: Person, clock: Clock) -> None:
    made = begin(ana)
    for _ in range(2):
        sent = ana.client.submit(f"/reach-out/{made}/sent", words="Any of these?", way="text", warmth="warm")
        assert sent.location == f"/reach-out/{made}/sent"
    assert "It is with her now" in page(ana, f"/reach-out/{made}/sent")
    with app.app_context():
        assert [one.words for one in messages.of_invitation(made)] == ["Any of these?"]
        assert [(one.kind, one.by) for one in moments.of_parent(ana.parent_id)] == [("message", "you")]
        (due,) = nudges.open_of_account(ana.account_id)
        assert (due.kind, f"{due.local_on}") == ("follow_up", "2026-03-06")
    assert "reach_out.send_invitation" in done(app, ana)
    assert "Leave it with her" in page(ana, "/")
    waiting = page(ana, f"/reach-out/{made}")
    assert "0 of 3 used" in waiting and "Friday 6 March" in waiting and "The ready note" not in waiting
    assert ana.client.get(f"/reach-out?idea={IDEA}").location == f"/reach-out/{made}"
    refused = ana.client.submit("/reach-out", idea=IDEA, venue="hers", **fields_of(""))
    assert refused.status_code in (303, 422)


def test_what_was_feared_is_kept_and_optional(app: Flask, ana: Person, clock: Clock) -> None:
    invited = invite(app, ana, clock)
    address = f"/reach-out/{invited.id}/feared"
    assert ana.client.submit(address, awkward="4", glad="").status_code == 303
    assert of(app, invited.id, ana)["fear"] == (4, None)
    assert ana.client.submit(address, awkward="9").status_code == 422


def test_it_can_be_taken_back_until_something_came_of_it(app: Flask, ana: Person, clock: Clock) -> None:
    invited = invite(app, ana, clock)
    undo = f"/reach-out/{invited.id}/sent/undo"
    assert ana.client.submit(undo).location == f"/reach-out/{invited.id}/words"
    assert "reach_out.send_invitation" not in done(app, ana)
    ana.client.submit(f"/reach-out/{invited.id}/sent", way="email")
    ana.client.submit(f"/reach-out/{invited.id}/answer", answer="0")
    assert ana.client.submit(undo).status_code == 409


def follow_up(ana: Person, invited: Invited) -> int:
    html = page(ana, f"/reach-out/{invited.id}")
    found = re.search(r'name="number" value="(\d)"', html)
    assert found is not None, html
    sent = {"number": found[1], "way": "text", "words": "A kind line"}
    return ana.client.submit(f"/reach-out/{invited.id}/follow-up", **sent).status_code


def test_follow_ups_differ_are_counted_and_end(app: Flask, ana: Person, clock: Clock) -> None:
    invited = invite(app, ana, clock)
    seen = set()
    for days, used in ((2, 1), (3, 2), (5, 3)):
        clock.forward(days=days)
        html = page(ana, f"/reach-out/{invited.id}")
        (words,) = re.findall(r'<p class="bubble words">([^<]*)</p>', html)
        seen.add(words)
        assert "One kind line is ready" in html
        assert follow_up(ana, invited) == 303
        assert f"{used} of 3 used" in page(ana, f"/reach-out/{invited.id}")
    assert len(seen) == 3 and any("call" in words for words in seen)
    clock.forward(days=4)
    html = page(ana, f"/reach-out/{invited.id}")
    assert "Time to give Mom some room" in html and "bubble" not in html
    assert ana.client.get(f"/reach-out/{invited.id}/follow-up").status_code == 302
    more = {"number": "4", "way": "text"}
    assert ana.client.submit(f"/reach-out/{invited.id}/follow-up", **more).status_code == 409
    assert ana.client.get(f"/reach-out?idea={IDEA}").status_code == 302
    clock.forward(days=30)
    html = page(ana, f"/reach-out/{invited.id}")
    (note,) = re.findall(r'<p class="bubble words">([^<]*)</p>', html)
    assert "?" not in note and "/for/" not in note


def test_a_follow_up_sent_from_two_phones_went_once(app: Flask, ana: Person, clock: Clock) -> None:
    invited = invite(app, ana, clock)
    clock.forward(days=2)
    for _ in range(2):
        answer = ana.client.submit(f"/reach-out/{invited.id}/follow-up", number="1", way="text", words="x")
        assert answer.status_code == 303
    with app.app_context():
        assert len(messages.of_invitation(invited.id)) == 2


def test_a_person_may_allow_themselves_fewer(app: Flask, ana: Person, clock: Clock) -> None:
    with app.app_context(), database.transaction():
        mom = parents.get(ana.parent_id, ana.account_id)
        assert mom is not None
        mom.most_follow_ups = 0
    invited = invite(app, ana, clock)
    clock.forward(days=2)
    assert "bubble" not in page(ana, f"/reach-out/{invited.id}")
    assert ana.client.submit(f"/reach-out/{invited.id}/follow-up", number="1", way="text").status_code == 409


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"answer": "2"}, ("yes", 2)),
        ({"answer": "other_time", "note": "Monday"}, ("other_time", None)),
        ({"answer": "not_now", "days": "30"}, ("not_now", None)),
        ({"answer": "stop", "sure": "yes"}, ("stop", None)),
    ],
)
def test_an_answer_that_came_another_way_is_four_taps(
    app: Flask, ana: Person, clock: Clock, fields: dict[str, str], kind: tuple[str, int | None]
) -> None:
    invited = invite(app, ana, clock)
    assert ana.client.submit(f"/reach-out/{invited.id}/answer", **fields).status_code == 303
    assert invited.standing() == kind
    with app.app_context():
        assert [one.kind for one in nudges.open_of_account(ana.account_id)].count("she_replied") == 0
        if kind[0] == "stop":
            stop = pauses.find_stop(ana.parent_id)
            assert stop is not None and stop.by == "them"


def test_a_stop_is_asked_about_before_it_binds(app: Flask, ana: Person, clock: Clock) -> None:
    invited = invite(app, ana, clock)
    asked = ana.client.submit(f"/reach-out/{invited.id}/answer", answer="stop")
    assert asked.status_code == 200 and "asked you to stop" in asked.text
    assert invited.standing() is None


@pytest.mark.parametrize(
    ("text", "reading", "words"),
    [
        ("Sunday works for me", "yes", "Yes, Sunday 8 March"),
        ("Could you come on Thursday instead?", "other_time", "Another time"),
        ("Not right now, give me a few weeks", "not_now", "Not now"),
        ("Please stop contacting me", "stop", "asked me to stop"),
        ("Hm", "unclear", "could mean several things"),
    ],
)
def test_pasted_words_are_read_asked_about_and_not_kept(
    app: Flask, ana: Person, clock: Clock, text: str, reading: str, words: str
) -> None:
    invited = invite(app, ana, clock)
    answer = ana.client.submit(f"/reach-out/{invited.id}/answer", answer="read", text=text)
    assert answer.status_code == 200
    assert f'data-reading="{reading}"' in answer.text and words in unescape(answer.text)
    assert invited.standing() is None
    if reading == "unclear":
        assert answer.text.count('<p class="muted">') >= 3


def test_what_was_told_wrongly_is_taken_back(app: Flask, ana: Person, clock: Clock) -> None:
    invited = invite(app, ana, clock)
    ana.client.submit(f"/reach-out/{invited.id}/answer", answer="1")
    assert "A day is set" in page(ana, f"/reach-out/{invited.id}")
    assert "A day is set" in page(ana, "/")
    ana.client.submit(f"/reach-out/{invited.id}/answer/undo")
    assert invited.standing() is None and invited.holds() == [("tentative", 3)] * 3
    with app.app_context():
        assert len(answers.of_invitation(invited.id)) == 1


def test_calling_it_off_ends_the_link_and_the_holds_and_what_was_asked_still_counts(
    app: Flask, ana: Person, clock: Clock
) -> None:
    invited = invite(app, ana, clock)
    assert ana.client.submit(f"/reach-out/{invited.id}/end").location == "/"
    assert {hold for hold, _ in invited.holds()} == {"cancelled"}
    mom = app.test_client()
    assert isinstance(mom, Client)
    assert "This invitation is closed" in mom.get(invited.address).text
    clock.forward(days=1)
    assert "Leave it with her" in page(ana, "/")


def test_after_a_stop_no_page_offers_to_ask(app: Flask, ana: Person, clock: Clock) -> None:
    invited = invite(app, ana, clock)
    ana.client.submit(f"/reach-out/{invited.id}/answer", answer="stop", sure="yes")
    clock.forward(days=3)
    for address in (f"/reach-out?idea={IDEA}", f"/reach-out/{invited.id}/follow-up", "/ideas"):
        answer = ana.client.get(address)
        assert "Send as a text" not in answer.text and "bubble" not in answer.text
    assert "bubble" not in page(ana, f"/reach-out/{invited.id}")
    refused = ana.client.submit(f"/reach-out/{invited.id}/follow-up", number="1", way="text")
    assert refused.status_code == 409


def test_hesitation_is_met_with_a_warm_up(ana: Person) -> None:
    assert "warm-up" not in page(ana, f"/reach-out?idea={IDEA}")
    begin(ana)
    assert "/reach-out/warm-up" in page(ana, f"/reach-out?idea={IDEA}")
    assert "Somebody easy first" in page(ana, "/reach-out/warm-up")
