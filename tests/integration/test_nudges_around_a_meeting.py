"""The evening before a day that was set, and how it was: planned with the yes, gone with it, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from pwa.services import answering, arranging, inviting, reckoning, replying, stepping, stopping, touching
from pwa.services.replying import Given
from pwa.services.touching import Contact
from pwa.storage import database, nudges, parents, rounds, sessions
from pwa.storage.answers import NOT_NOW, OTHER_TIME, STOP, YES
from tests.support.invited import Invited, invite
from tests.support.nudged import BERLIN, Office, said
from tests.support.people import Client, Clock, Person

# In Berlin it is half past six on Wednesday 4 March; the days offered are Saturday at eleven, Sunday at three in the
# afternoon, and Wednesday 11 March at six, an hour each.
SATURDAY, SUNDAY, WEDNESDAY = (Given(YES, number=number) for number in range(3))
AROUND_SUNDAY = ["03-07 19:00 get_ready", "03-08 18:00 look_back"]


@pytest.fixture
def invited(app: Flask, ana: Person, clock: Clock, office: Office) -> Invited:
    office.switch_on(ana)
    return invite(app, ana, clock)


def planned(person: Person) -> list[str]:
    """What is to come, answers excepted, by the clocks in Berlin."""
    assert person.account_id is not None
    database.db.session.expire_all()
    waiting = [one for one in nudges.open_of_account(person.account_id) if one.kind != "she_replied"]
    return [f"{one.due_at.astimezone(BERLIN):%m-%d %H:%M} {one.kind}" for one in waiting]


def all_that_comes(office: Office, person: Person) -> list[str]:
    """Lets time pass until nothing about this meeting is planned, and says what was sent."""
    seen = []
    while any(line.endswith(("get_ready", "look_back")) for line in planned(person)):
        waiting = office.waiting(person)
        assert waiting is not None
        office.at_due(person)
        database.db.session.expire_all()
        if waiting.kind != "she_replied":
            seen.append(f"{waiting.due_at.astimezone(BERLIN):%m-%d %H:%M} {waiting.kind} {waiting.state}")
    return seen


# --- Wherever a yes comes from -----------------------------------------------------------------------------------------


def test_a_yes_on_their_page_plans_the_evening_before_and_then_looking_back(
    office: Office, app: Flask, ana: Person, invited: Invited
) -> None:
    mom = app.test_client()
    assert mom.post(invited.address, data={"pick": "1"}).status_code == 303
    assert planned(ana) == AROUND_SUNDAY[:1]
    assert all_that_comes(office, ana) == [f"{line} sent" for line in AROUND_SUNDAY]


def test_a_yes_that_was_told_does_the_same(office: Office, ana: Person, invited: Invited) -> None:
    assert ana.client.submit(f"/reach-out/{invited.id}/answer", answer="1").status_code == 303
    assert planned(ana) == AROUND_SUNDAY[:1]


def test_a_yes_that_was_read_in_their_words_does_the_same(office: Office, ana: Person, invited: Invited) -> None:
    read = ana.client.submit(f"/reach-out/{invited.id}/answer", answer="read", text="Sunday works for me")
    assert 'data-reading="yes"' in read.text and 'value="1"' in read.text
    assert planned(ana) == ["03-06 19:00 follow_up"], "reading alone keeps nothing"
    ana.client.submit(f"/reach-out/{invited.id}/answer", answer="1")
    assert planned(ana) == AROUND_SUNDAY[:1]


def test_the_account_is_asked_by_its_own_clocks_wherever_they_meet(
    office: Office, ana: Person, clock: Clock, invited: Invited
) -> None:
    """In Tokyo, Wednesday at six in Berlin is two in the night of Thursday."""
    arranging.choose_zone(ana.account_id, "Asia/Tokyo", clock.now)
    replying.answer(invited.token, WEDNESDAY, clock.now)
    assert planned(ana) == ["03-11 11:00 get_ready"], "seven in the evening there"
    office.dispatch()
    assert office.at_due(ana) == {"sent": 1}
    assert planned(ana) == ["03-12 01:00 look_back"], "nine in the morning there"
    arranging.choose_zone(ana.account_id, "Europe/Berlin", clock.now)
    assert planned(ana) == ["03-12 09:00 look_back"], "nine in the morning here"


def test_what_ends_in_the_evening_is_asked_about_in_the_morning(
    office: Office, app: Flask, ana: Person, clock: Clock
) -> None:
    late = datetime(2026, 3, 7, 18, tzinfo=UTC)
    spans = [(late + timedelta(days=n), late + timedelta(days=n, hours=2)) for n in range(3)]
    evening = invite(app, ana, clock, spans)
    replying.answer(evening.token, SATURDAY, clock.now)
    office.switch_on(ana)
    assert all_that_comes(office, ana) == ["03-06 19:00 get_ready sent", "03-08 09:00 look_back sent"]


# --- Changed, and gone -------------------------------------------------------------------------------------------------


def test_another_day_moves_both(office: Office, ana: Person, clock: Clock, invited: Invited) -> None:
    replying.report(ana.account_id, invited.id, SUNDAY, clock.now)
    replying.report(ana.account_id, invited.id, WEDNESDAY, clock.forward(hours=1))
    assert planned(ana) == ["03-10 19:00 get_ready"]
    replying.report(ana.account_id, invited.id, SUNDAY, clock.forward(hours=1))
    assert planned(ana) == AROUND_SUNDAY[:1], "what was cancelled is taken up again"


@pytest.mark.parametrize("given", [Given(OTHER_TIME, note="Monday"), Given(NOT_NOW, days=30), Given(STOP)])
def test_another_answer_takes_it_along(
    office: Office, ana: Person, clock: Clock, invited: Invited, given: Given
) -> None:
    replying.report(ana.account_id, invited.id, SUNDAY, clock.now)
    replying.report(ana.account_id, invited.id, given, clock.forward(hours=1))
    assert not set(AROUND_SUNDAY) & set(planned(ana))


def test_it_is_gone_when_they_take_it_back_and_there_again_when_they_say_yes_again(
    office: Office, ana: Person, clock: Clock, invited: Invited
) -> None:
    replying.answer(invited.token, SUNDAY, clock.now)
    replying.undo(invited.token, clock.now)
    assert planned(ana) == ["03-06 19:00 follow_up"]
    replying.answer(invited.token, SUNDAY, clock.now)
    assert planned(ana) == AROUND_SUNDAY[:1]


def test_it_is_gone_when_it_was_told_wrongly(office: Office, ana: Person, clock: Clock, invited: Invited) -> None:
    replying.report(ana.account_id, invited.id, SUNDAY, clock.now)
    replying.take_back(ana.account_id, invited.id, clock.now)
    assert planned(ana) == ["03-06 19:00 follow_up"]


def test_it_is_gone_when_it_is_called_off(office: Office, ana: Person, clock: Clock, invited: Invited) -> None:
    replying.answer(invited.token, SUNDAY, clock.now)
    inviting.call_off(ana.account_id, invited.id, clock.forward(hours=1))
    assert not set(AROUND_SUNDAY) & set(planned(ana))
    mom = parents.get(ana.parent_id, ana.account_id)
    assert mom is not None
    assert reckoning.standing_of(mom, BERLIN, clock.now).may_invite, "no day stands in the way of another"


def test_what_is_closed_after_it_has_been_is_still_asked_about(
    office: Office, ana: Person, clock: Clock, invited: Invited
) -> None:
    replying.answer(invited.token, SUNDAY, clock.now)
    clock.now = datetime(2026, 3, 8, 15, 30, tzinfo=UTC)
    office.dispatch()
    inviting.call_off(ana.account_id, invited.id, clock.now)
    assert planned(ana) == AROUND_SUNDAY[1:]


def test_a_pause_and_a_stop_silence_it(office: Office, ana: Person, clock: Clock, invited: Invited) -> None:
    replying.answer(invited.token, SUNDAY, clock.now)
    arranging.pause(ana.account_id, clock.now)
    assert planned(ana) == []
    arranging.resume(ana.account_id, clock.now)
    assert planned(ana) == AROUND_SUNDAY[:1]
    stopping.stop(ana.account_id, ana.parent_id, clock.now)
    assert planned(ana) == []


def test_picking_the_questions_and_writing_it_down_are_the_reason_gone(
    office: Office, ana: Person, clock: Clock, invited: Invited
) -> None:
    replying.answer(invited.token, SUNDAY, clock.now)
    stepping.tick(ana.account_id, ana.round_id, "be_together.pick_questions", done=True, now=clock.now)
    assert planned(ana) == AROUND_SUNDAY[1:]
    stepping.tick(ana.account_id, ana.round_id, "be_together.pick_questions", done=False, now=clock.now)
    assert planned(ana) == AROUND_SUNDAY[:1]
    clock.now = datetime(2026, 3, 8, 15, 30, tzinfo=UTC)
    assert planned(ana) == AROUND_SUNDAY[:1], "the worker was away"
    office.dispatch()
    assert planned(ana) == AROUND_SUNDAY[1:]
    moment = touching.log(ana.account_id, ana.parent_id, Contact("visit", "you", clock.now.date()), clock.now)
    assert not set(AROUND_SUNDAY) & set(planned(ana))
    touching.take_back(ana.account_id, moment, clock.now)
    assert planned(ana) == AROUND_SUNDAY[1:]
    stepping.tick(ana.account_id, ana.round_id, "look_for_good.keep_one_good_thing", done=True, now=clock.now)
    assert not set(AROUND_SUNDAY) & set(planned(ana))


def test_behind_the_plans_back_it_is_decided_again(office: Office, ana: Person, clock: Clock, invited: Invited) -> None:
    replying.answer(invited.token, SUNDAY, clock.now)
    office.dispatch()
    nudge = office.waiting(ana)
    assert nudge is not None
    with database.transaction(ana.account_id):
        found = replying.answers.find(invited.id)
        assert found is not None
        found.undone_at = clock.now
    assert office.at_due(ana) == {"cancelled": 1}
    database.db.session.expire_all()
    assert (nudge.state, nudge.reason) == ("cancelled", "taken_back")


def test_what_was_put_off_before_the_yes_does_not_keep_it_away(
    office: Office, app: Flask, ana: Person, clock: Clock
) -> None:
    """A nudge that waits for another day plans the next only when it ends: by then the evening would have passed."""
    office.switch_on(ana)
    with database.transaction(ana.account_id):
        dad = parents.add(ana.account_id, clock.now, "Dad", "he")
        rounds.add(dad.id, 1, clock.now)
    office.plan(ana)
    office.at_due(ana)
    (parent_id,) = [one.parent_id for one in nudges.open_of_account(ana.account_id) if one.reason == "one_a_day"]
    database.db.session.rollback()
    whose = Person("Ana", ana.client, ana.account_id, ana.session_id, parent_id)
    tomorrow = datetime(2026, 3, 8, 14, tzinfo=UTC)
    invited = invite(
        app, whose, clock, [(tomorrow + timedelta(hours=n), tomorrow + timedelta(hours=n + 1)) for n in range(3)]
    )
    replying.answer(invited.token, SATURDAY, clock.now)
    assert planned(ana).count("03-07 19:00 get_ready") == 1
    office.dispatch()
    clock.now = datetime(2026, 3, 7, 18, tzinfo=UTC)
    assert office.dispatch() == {"sent": 1, "cancelled": 1}


# --- One a day ---------------------------------------------------------------------------------------------------------


def test_it_wins_the_day_over_what_can_wait(
    office: Office, app: Flask, ana: Person, clock: Clock, invited: Invited
) -> None:
    replying.answer(invited.token, SUNDAY, clock.now)
    with database.transaction(ana.account_id):
        dad = parents.add(ana.account_id, datetime(2026, 3, 5, 12, tzinfo=UTC), "Dad", "he")
        rounds.add(dad.id, 1, clock.now)
    office.plan(ana)
    office.dispatch()
    assert planned(ana) == ["03-07 19:00 get_ready", "03-07 19:00 begin"]
    assert office.at_due(ana) == {"sent": 1, "deferred": 1}
    assert planned(ana) == ["03-08 18:00 look_back", "03-08 19:00 begin"]
    assert office.at_due(ana) == {"sent": 1}
    assert office.at_due(ana) == {"deferred": 1}


# --- What it says, and where it leads ----------------------------------------------------------------------------------


def test_the_words_and_the_buttons(office: Office, ana: Person, clock: Clock) -> None:
    device = office.switch_on(ana)
    invited = invite(office_app(ana), ana, clock)
    replying.report(ana.account_id, invited.id, SUNDAY, clock.now)
    all_that_comes(office, ana)
    assert said(office, device) == ["Something for tomorrow", "A minute to look back"]
    actions = [[each["action"] for each in mail["notification"]["actions"]] for mail in office.service.mail(device)]
    assert actions == [["open", "seen"], ["open", "snooze"]]


def office_app(person: Person) -> Flask:
    return person.client.application


def sent(office: Office, person: Person, clock: Clock, invited: Invited, kind: str) -> nudges.Nudge:
    """The nudge of that kind, just sent."""
    replying.report(person.account_id, invited.id, SUNDAY, clock.now)
    while (nudge := office.waiting(person)) is not None:
        assert office.at_due(person) == {"sent": 1}
        if nudge.kind == kind:
            return nudge
    raise AssertionError("it never came")


def test_a_tap_the_evening_before_leads_to_the_questions(
    office: Office, ana: Person, clock: Clock, invited: Invited
) -> None:
    nudge = sent(office, ana, clock, invited, "get_ready")
    for query in ("", "?a=open", "?a=seen"):
        answer = ana.client.get(f"/nudges/{nudge.id}{query}")
        assert (answer.status_code, answer.location) == (302, "/steps/be_together")


def test_a_tap_afterwards_is_a_page_of_two_buttons_and_the_button_leads_on(
    office: Office, ana: Person, clock: Clock, invited: Invited
) -> None:
    nudge = sent(office, ana, clock, invited, "look_back")
    page = ana.client.get(f"/nudges/{nudge.id}").text
    assert "How was it with Mom?" in page and "Lovely" in page and "Tomorrow</b>" in page
    assert "I reached out" not in page and "The kind line" not in page
    assert ana.client.get(f"/nudges/{nudge.id}?a=open").location == "/steps/look_for_good"
    opened = ana.client.submit(f"/nudges/{nudge.id}/step")
    assert (opened.status_code, opened.location) == (303, "/steps/look_for_good")


def test_later_asks_once_more_the_next_day(office: Office, ana: Person, clock: Clock, invited: Invited) -> None:
    nudge = sent(office, ana, clock, invited, "look_back")
    answering.act_as(ana.account_id, nudge.id, "snooze", clock.forward(minutes=5))
    assert planned(ana) == ["03-09 19:00 look_back"]
    assert "It comes back Mon 9 Mar at 7 pm." in ana.client.get(f"/nudges/{nudge.id}?a=open").text
    assert office.at_due(ana) == {"sent": 1}
    assert not any(line.endswith("look_back") for line in planned(ana))


def test_about_another_parent_the_room_is_changed_by_a_tap_and_not_by_looking(
    office: Office, ana: Person, clock: Clock, invited: Invited
) -> None:
    nudge = sent(office, ana, clock, invited, "get_ready")
    with database.transaction(ana.account_id):
        dad = parents.add(ana.account_id, clock.now, "Dad", "he")
        rounds.add(dad.id, 1, clock.now)
        session = sessions.get(ana.session_id)
        assert session is not None
        session.parent_id = dad.id
    page = ana.client.get(f"/nudges/{nudge.id}?a=open")
    assert page.status_code == 200 and "Tomorrow with Mom" in page.text and "Show me" in page.text
    assert shown_parent(ana) == dad.id
    assert ana.client.submit(f"/nudges/{nudge.id}/step").location == "/steps/be_together"
    assert shown_parent(ana) == ana.parent_id


def shown_parent(person: Person) -> object:
    database.db.session.expire_all()
    session = sessions.get(person.session_id)
    assert session is not None
    return session.parent_id


def test_where_contact_has_stopped_it_leads_nowhere(
    office: Office, ana: Person, clock: Clock, invited: Invited
) -> None:
    nudge = sent(office, ana, clock, invited, "get_ready")
    stopping.stop(ana.account_id, ana.parent_id, clock.now)
    page = ana.client.get(f"/nudges/{nudge.id}")
    assert page.status_code == 200 and "nothing to do" in page.text and "Show me" not in page.text


def test_the_step_is_nobody_elses_and_no_other_nudge_has_one(
    office: Office, app: Flask, ana: Person, ben: Person, clock: Clock, invited: Invited
) -> None:
    nudge = sent(office, ana, clock, invited, "get_ready")
    assert ben.client.submit(f"/nudges/{nudge.id}/step").status_code == 404
    assert ana.client.post(f"/nudges/{nudge.id}/step").status_code == 400
    stranger = app.test_client()
    assert isinstance(stranger, Client)
    assert stranger.submit(f"/nudges/{nudge.id}/step").status_code in (302, 401)
    office.plan(ben)
    other = office.waiting(ben)
    assert other is not None
    assert ben.client.submit(f"/nudges/{other.id}/step").status_code == 404
