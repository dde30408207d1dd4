"""Clocks that jump, and machines that were off: nothing comes up twice, nothing late is sent, and no day brings a flood."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from pwa.push.outcome import Outcome
from pwa.services import answering, preparing, settling
from pwa.services.arriving import Sent
from pwa.services.settling import Returned
from pwa.storage import accounts, database
from pwa.storage.database import db
from pwa.storage.nudges import Nudge
from tests.support.nudged import BERLIN, Office, said
from tests.support.people import Person, settle_in

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


# --- Clock jumps -------------------------------------------------------------------------------------------------------


def test_when_the_clock_goes_back_an_hour_nothing_is_sent_again(office: Office, ana: Person) -> None:
    device = office.switch_on(ana)
    office.plan(ana)
    assert office.at_due(ana) == {"sent": 1}
    sent_at = office.clock.now
    office.clock.now -= HOUR
    office.plan(ana)
    for _ in range(3 * 60):
        assert office.dispatch() == {}
        office.clock.forward(minutes=1)
    assert office.clock.now > sent_at
    assert len(said(office, device)) == 1


def test_a_lease_from_before_the_clock_went_back_ends_late_and_the_nudge_goes_out_once(
    office: Office, ana: Person
) -> None:
    device = office.switch_on(ana)
    nudge = office.plan(ana)
    assert nudge is not None
    office.clock.now = nudge.due_at
    (claim,) = settling.claim(office.clock.now, "dead", timedelta(seconds=60), 10)
    preparing.prepare([claim], office.clock.now, office.post)
    office.clock.now -= HOUR
    assert office.dispatch() == {}
    office.clock.forward(hours=1, seconds=61)
    assert office.dispatch() == {"sent": 1}
    assert len(said(office, device)) == 1


def test_when_the_clock_leaps_three_days_what_was_due_is_dropped_and_nothing_piles_up(
    office: Office, ana: Person
) -> None:
    device = office.switch_on(ana)
    nudge = office.plan(ana)
    assert nudge is not None
    assert office.at(nudge.due_at + 3 * DAY) == {"expired": 1}
    assert office.dispatch() == {}
    waiting = office.waiting(ana)
    assert waiting is not None
    assert waiting.due_at > office.clock.now
    assert said(office, device) == []
    office.clock.now -= 3 * DAY  # and is put right
    assert office.dispatch() == {}
    assert said(office, device) == []


def test_when_the_clock_leaps_while_it_is_being_sent_it_is_not_sent_again(office: Office, ana: Person) -> None:
    office.switch_on(ana)
    nudge = office.plan(ana)
    assert nudge is not None
    office.clock.now = nudge.due_at
    (claim,) = settling.claim(office.clock.now, "slow", timedelta(seconds=60), 10)
    prepared = preparing.prepare([claim], office.clock.now, office.post)
    (parcel,) = prepared.parcels
    answering.acknowledge(office.tokens, office.tokens.write(parcel.delivery_id, ()), office.clock.now)
    office.clock.now += 3 * DAY
    assert office.dispatch() == {"sent": 1}, "its lease is over by this clock; the device has shown it"
    returned = Returned(claim, [Sent(parcel, Outcome("accepted", 201))], prepared.known)
    assert settling.settle([returned], office.clock.now, lambda: 0.5) == {"taken_over": 1}
    assert office.sent == []


# --- Downtime ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("off", "some_fresh", "some_stale"),
    [(3 * HOUR, True, False), (18 * HOUR, True, True), (3 * DAY, False, True)],
    ids=["three hours", "eighteen hours", "three days"],
)
def test_after_downtime_each_account_gets_one_nudge_a_day_at_most_and_none_that_is_stale(
    in_app: Flask, office: Office, off: timedelta, some_fresh: bool, some_stale: bool
) -> None:
    """Forty people whose hours are spread over the day on which their first nudge is due."""
    people = [_somebody(in_app, office, number) for number in range(40)]
    began = min(nudge.due_at for person in people for nudge in _open(person))
    back = office.clock.now = began + off
    overdue = [nudge for person in people for nudge in _open(person) if nudge.due_at <= back]
    fresh = {nudge.id for nudge in overdue if back <= nudge.useful_until}
    stale = {nudge.id for nudge in overdue} - fresh
    assert (bool(fresh), bool(stale)) == (some_fresh, some_stale)
    while office.dispatch():
        pass
    ends = {nudge.id: nudge.state for person in people for nudge in _all(person)}
    assert {ends[nudge_id] for nudge_id in fresh} <= {"sent"}
    assert {ends[nudge_id] for nudge_id in stale} <= {"expired"}
    while office.clock.now < back + 2 * DAY:
        office.clock.forward(hours=1)
        while office.dispatch():
            pass
    for person in people:
        sent = [nudge for nudge in _all(person) if nudge.state == "sent"]
        days = Counter(nudge.settled_at.astimezone(BERLIN).date() for nudge in sent if nudge.settled_at)
        assert max(days.values(), default=0) <= 1, person.name
        assert all(nudge.due_at <= nudge.settled_at <= nudge.useful_until for nudge in sent if nudge.settled_at)


def _somebody(app: Flask, office: Office, number: int) -> Person:
    person = settle_in(app, f"P{number}", office.clock.now, "Mom")
    with database.transaction(person.account_id):
        account = accounts.get(person.account_id)
        assert account is not None
        account.nudge_hour, account.quiet_from_hour, account.quiet_until_hour = number * 7 % 24, 0, 0
    office.switch_on(person)
    office.plan(person)
    return person


def _all(person: Person) -> list[Nudge]:
    db.session.expire_all()
    return list(db.session.scalars(select(Nudge).where(Nudge.account_id == person.account_id)))


def _open(person: Person) -> list[Nudge]:
    return [nudge for nudge in _all(person) if nudge.state == "scheduled"]
