"""What a person answers to a nudge, the test nudge, and devices that change hands."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pwa.domain.errors import Refused
from pwa.domain.steps import INVITED
from pwa.services import answering, nudging, stepping
from pwa.storage import database, moments, nudges, pauses, sessions, subscriptions, ticks
from tests.support.nudged import Office, at_home, said
from tests.support.people import Person

HOUR = timedelta(hours=1)


# --- Answers -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def nudged(office: Office, ana: Person) -> nudges.Nudge:
    """Ana's phone was just sent the first nudge."""
    office.switch_on(ana)
    nudge = office.plan(ana)
    assert nudge is not None
    office.at_due(ana)
    return nudge


def test_i_reached_out_is_written_down_once_and_moves_the_clock(
    office: Office, ana: Person, nudged: nudges.Nudge
) -> None:
    office.clock.forward(minutes=5)
    for fresh in (True, False, False):
        answer = answering.act_as(ana.account_id, nudged.id, "done", office.clock.now)
        assert answer == answering.Answer("done", fresh)
    (moment,) = moments.of_parent(ana.parent_id)
    assert (moment.happened_at, moment.by, moment.nudge_id) == (office.clock.now, "you", nudged.id)
    assert at_home(office.waiting(ana)) == "03-08 19:00 follow_up"
    tick = ticks.find(ana.round_id, INVITED)
    assert tick is not None
    assert (tick.done, tick.by) == (True, "app")


def test_tomorrow_moves_it_one_local_day(office: Office, ana: Person, nudged: nudges.Nudge) -> None:
    office.clock.forward(minutes=5)
    for fresh in (True, False):
        assert answering.act_as(ana.account_id, nudged.id, "snooze", office.clock.now).fresh is fresh
    assert at_home(office.waiting(ana)) == "03-07 19:00 begin"
    snooze = pauses.find_snooze(ana.parent_id)
    assert snooze is not None
    assert f"{snooze.until_on}" == "2026-03-07"


def test_tomorrow_said_after_midnight_means_the_day_after(office: Office, ana: Person, nudged: nudges.Nudge) -> None:
    office.clock.forward(hours=6)
    answering.act_as(ana.account_id, nudged.id, "snooze", office.clock.now)
    assert at_home(office.waiting(ana)) == "03-08 19:00 begin"


def test_having_reached_out_outweighs_tomorrow(office: Office, ana: Person, nudged: nudges.Nudge) -> None:
    answering.act_as(ana.account_id, nudged.id, "snooze", office.clock.now)
    assert answering.act_as(ana.account_id, nudged.id, "done", office.clock.now).result == "done"
    assert answering.act_as(ana.account_id, nudged.id, "snooze", office.clock.now).result == "done"
    assert len(moments.of_parent(ana.parent_id)) == 1


@pytest.mark.parametrize("action", ["done", "snooze"])
def test_an_answer_can_be_taken_back(office: Office, ana: Person, nudged: nudges.Nudge, action: str) -> None:
    before = at_home(office.waiting(ana))
    answering.act_as(ana.account_id, nudged.id, action, office.clock.now)
    assert at_home(office.waiting(ana)) != before
    answering.undo(ana.account_id, nudged.id, office.clock.now)
    assert at_home(office.waiting(ana)) == before
    assert moments.of_parent(ana.parent_id) == []
    tick = ticks.find(ana.round_id, INVITED)
    assert tick is None or not tick.done
    answering.undo(ana.account_id, nudged.id, office.clock.now)
    assert answering.act_as(ana.account_id, nudged.id, action, office.clock.now).fresh


def test_taking_it_back_leaves_what_was_ticked_by_hand(office: Office, ana: Person, nudged: nudges.Nudge) -> None:
    stepping.tick(ana.account_id, ana.round_id, INVITED, done=True, now=office.clock.now)
    answering.act_as(ana.account_id, nudged.id, "done", office.clock.now)
    answering.undo(ana.account_id, nudged.id, office.clock.now)
    tick = ticks.find(ana.round_id, INVITED)
    assert tick is not None
    assert tick.done


# --- The test nudge, and devices that change hands ---------------------------------------------------------------------


def test_a_test_nudge_goes_to_this_device_alone_and_at_once(office: Office, ana: Person) -> None:
    with database.transaction(ana.account_id):
        other, _ = sessions.add(ana.account_id, office.clock.now)
    here = office.switch_on(ana)
    there = office.switch_on(Person("Ana", ana.client, ana.account_id, other.id))
    test = nudging.send_test(ana.session_id, office.clock.now)
    assert nudging.send_test(ana.session_id, office.clock.now) == test, "asked twice, it is one"
    assert office.dispatch() == {"sent": 1}
    assert [len(said(office, each)) for each in (here, there)] == [1, 0]


def test_a_test_nudge_does_not_use_up_the_day(office: Office, ana: Person) -> None:
    device = office.switch_on(ana)
    nudge = office.plan(ana)
    assert nudge is not None
    office.clock.now = nudge.due_at
    nudging.send_test(ana.session_id, office.clock.now)
    assert office.dispatch() == {"sent": 2}
    assert len(said(office, device)) == 2


def test_a_test_nudge_in_the_quiet_hours_still_comes(office: Office, ana: Person) -> None:
    office.switch_on(ana)
    office.clock.forward(hours=5)
    nudging.send_test(ana.session_id, office.clock.now)
    assert office.dispatch() == {"sent": 1}


def test_a_test_nudge_without_a_device_is_refused_with_a_sentence(office: Office, ana: Person, now: datetime) -> None:
    with pytest.raises(Refused, match="not on for this phone"):
        nudging.send_test(ana.session_id, now)


def test_a_browser_that_changes_hands_gets_nothing_of_its_last_owner(office: Office, ana: Person, ben: Person) -> None:
    device = office.switch_on(ana)
    office.plan(ana)
    office.switch_on(ben, device)
    assert office.at_due(ana) == {"no_device": 1}
    assert said(office, device) == []
    row = subscriptions.find(device.endpoint)
    assert row is not None
    assert (row.account_id, row.session_id) == (ben.account_id, ben.session_id)


def test_signing_out_forgets_the_device(office: Office, ana: Person) -> None:
    device = office.switch_on(ana)
    with database.transaction():
        sessions.forget(ana.session_id)
    assert subscriptions.find(device.endpoint) is None
