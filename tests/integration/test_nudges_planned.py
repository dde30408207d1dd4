"""What is planned: which nudge comes next, and when, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pwa.services import arranging, stopping, touching
from pwa.services.touching import Contact
from tests.support.nudged import Office, at_home
from tests.support.people import Person

HOUR = timedelta(hours=1)


# --- Planning ----------------------------------------------------------------------------------------------------------


def test_the_first_nudge_comes_two_days_after_setup_at_the_hour(office: Office, ana: Person) -> None:
    assert at_home(office.plan(ana)) == "03-06 19:00 begin"


def test_planning_again_changes_nothing(office: Office, ana: Person) -> None:
    first = office.plan(ana)
    second = office.plan(ana)
    assert first is not None and second is not None
    assert (first.id, office.history(ana)) == (second.id, [("begin", "scheduled")])


def test_another_hour_moves_what_is_planned(office: Office, ana: Person, now: datetime) -> None:
    first = office.plan(ana)
    arranging.choose_hour(ana.account_id, 8, now)
    moved = office.waiting(ana)
    assert first is not None and moved is not None
    assert moved.id == first.id
    assert at_home(moved) == "03-06 09:00 begin", "eight lies in the quiet hours, which end at nine"


def test_a_contact_takes_the_place_of_beginning(office: Office, ana: Person, now: datetime) -> None:
    office.plan(ana)
    touching.log(ana.account_id, ana.parent_id, Contact("call", "them", now.date()), now + HOUR)
    assert at_home(office.waiting(ana)) == "03-25 19:00 keep_in_touch"
    assert office.history(ana)[0] == ("begin", "cancelled")


def test_a_plan_that_was_cancelled_is_taken_up_again(office: Office, ana: Person, now: datetime) -> None:
    office.plan(ana)
    moment = touching.log(ana.account_id, ana.parent_id, Contact("call", "you", now.date()), now + HOUR)
    touching.take_back(ana.account_id, moment, now)
    assert at_home(office.waiting(ana)) == "03-06 19:00 begin"


def test_a_pause_and_a_stop_leave_nothing_planned(office: Office, ana: Person, now: datetime) -> None:
    office.plan(ana)
    arranging.pause(ana.account_id, now)
    assert office.waiting(ana) is None
    arranging.resume(ana.account_id, now)
    assert at_home(office.waiting(ana)) == "03-06 19:00 begin"
    stopping.stop(ana.account_id, ana.parent_id, now)
    assert office.waiting(ana) is None


def test_what_is_due_already_is_not_planned_away(office: Office, ana: Person) -> None:
    """Someone opens the app while the worker is down: the nudge of an hour ago still comes."""
    due = office.plan(ana)
    assert due is not None
    office.clock.now = due.due_at + HOUR
    assert office.plan(ana) == due


def test_dates_are_utc(office: Office, ana: Person) -> None:
    nudge = office.plan(ana)
    assert nudge is not None
    assert nudge.due_at.tzinfo is UTC
