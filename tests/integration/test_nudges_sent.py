"""What goes out, what push services answer, and what becomes of it when a worker dies in between."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask

from pwa.push.outcome import Outcome
from pwa.services import answering, arranging, preparing, settling
from pwa.services.arriving import Sent
from pwa.services.dispatching import Dispatcher, Terms
from pwa.services.preparing import Prepared
from pwa.services.settling import Returned
from pwa.storage import accounts, database, deliveries, moments, nudges, parents, pauses, rounds, subscriptions
from pwa.storage.database import db
from pwa.storage.nudges import Occurrence
from tests.support.nudged import Office, at_home, said
from tests.support.people import Person, settle_in

HOUR = timedelta(hours=1)


# --- Going out ---------------------------------------------------------------------------------------------------------


def test_a_nudge_arrives_encrypted_at_the_device(office: Office, ana: Person) -> None:
    device = office.switch_on(ana)
    nudge = office.plan(ana)
    assert nudge is not None
    assert office.at_due(ana) == {"sent": 1}
    (message,) = office.service.mail(device)
    assert message["web_push"] == 8030
    notification: Any = message["notification"]
    assert notification["title"] == "A small thing for today"
    assert notification["navigate"] == f"{office.settings.base_url}/nudges/{nudge.id}"
    assert [each["action"] for each in notification["actions"]] == ["done", "snooze"]
    (delivery,) = office.deliveries(nudge.id)
    assert (delivery.state, delivery.status, delivery.attempt) == ("accepted", 201, 1)


def test_nothing_goes_out_before_its_time(office: Office, ana: Person) -> None:
    office.switch_on(ana)
    nudge = office.plan(ana)
    assert nudge is not None
    assert office.at(nudge.due_at - timedelta(seconds=1)) == {}
    assert office.sent == []


def test_the_lock_screen_names_nobody_unless_that_device_may(office: Office, ana: Person, now: datetime) -> None:
    with database.transaction(ana.account_id):
        mum = parents.get(ana.parent_id, ana.account_id)
        assert mum is not None
        mum.name = "Wilhelmine"
    device = office.switch_on(ana)
    office.plan(ana)
    office.at_due(ana)
    arranging.show_names(ana.session_id, shown=True)
    office.at_due(ana)
    first, second = (str(message) for message in office.service.mail(device))
    assert "Wilhelmine" not in first
    assert "Wilhelmine" in second


def test_every_device_of_the_account_gets_it_and_no_other(
    office: Office, ana: Person, ben: Person, now: datetime
) -> None:
    phone, laptop, bens = office.switch_on(ana), office.switch_on(ana), office.switch_on(ben)
    office.plan(ana)
    office.at_due(ana)
    assert [len(said(office, each)) for each in (phone, laptop, bens)] == [1, 1, 0]


def test_after_the_first_the_second_comes_three_days_later_and_then_silence(office: Office, ana: Person) -> None:
    office.switch_on(ana)
    office.plan(ana)
    seen = []
    for _ in range(3):
        seen.append(at_home(office.waiting(ana)))
        assert office.at_due(ana) == {"sent": 1}
    assert seen == ["03-06 19:00 begin", "03-09 19:00 begin", "03-25 19:00 keep_in_touch"]
    assert at_home(office.waiting(ana)) == "04-15 19:00 keep_in_touch", "the clocks went forward in between"


def test_words_change_from_one_nudge_to_the_next(office: Office, ana: Person) -> None:
    device = office.switch_on(ana)
    office.plan(ana)
    for _ in range(2):
        office.at_due(ana)
    bodies = [str(message["notification"]["body"]) for message in office.service.mail(device)]
    assert bodies[0] != bodies[1]


def test_a_day_has_one_nudge_and_the_next_parent_waits(office: Office, ana: Person, now: datetime) -> None:
    device = office.switch_on(ana)
    with database.transaction(ana.account_id):
        dad = parents.add(ana.account_id, now, "Dad", "he")
        rounds.add(dad.id, 1, now)
    office.plan(ana)
    assert office.at_due(ana) == {"sent": 1, "deferred": 1}
    assert len(said(office, device)) == 1
    assert at_home(office.waiting(ana)) == "03-07 19:00 begin"
    assert office.at_due(ana) == {"sent": 1}
    assert len(said(office, device)) == 2


def test_one_that_goes_out_the_next_morning_uses_up_that_day(office: Office, ana: Person) -> None:
    with database.transaction(ana.account_id):
        account = accounts.get(ana.account_id)
        assert account is not None
        account.nudge_hour, account.quiet_from_hour, account.quiet_until_hour = 23, 0, 0
    office.switch_on(ana)
    office.plan(ana)
    assert office.at_due(ana, late=3 * HOUR) == {"sent": 1}, "at two in the morning"
    with database.transaction(ana.account_id):
        dad = parents.add(ana.account_id, office.clock.now - timedelta(days=2), "Dad", "he")
        rounds.add(dad.id, 1, office.clock.now)
    assert at_home(office.plan(ana)) == "03-07 23:00 begin"
    assert office.at_due(ana) == {"deferred": 1}


def test_the_reason_is_looked_at_again_when_it_falls_due(office: Office, ana: Person, now: datetime) -> None:
    device = office.switch_on(ana)
    office.plan(ana)
    with database.transaction(ana.account_id):  # behind the plan's back
        moments.add(ana.parent_id, now + HOUR, "call", "you", None, None)
    assert office.at_due(ana) == {"cancelled": 1}
    assert said(office, device) == []
    assert office.waiting(ana) is not None, "the next is planned"


def test_a_snooze_behind_its_back_puts_it_off_by_a_day(office: Office, ana: Person) -> None:
    office.switch_on(ana)
    nudge = office.plan(ana)
    assert nudge is not None
    with database.transaction(ana.account_id):
        pauses.save_snooze(ana.parent_id, nudge.local_on + timedelta(days=1), nudge.due_at, 1, "")
    assert office.at_due(ana) == {"deferred": 1}
    assert at_home(office.waiting(ana)) == "03-07 19:00 begin"
    assert office.at_due(ana) == {"sent": 1}


def test_without_a_device_it_ends_as_such_and_life_goes_on(office: Office, ana: Person) -> None:
    office.plan(ana)
    assert office.at_due(ana) == {"no_device": 1}
    assert at_home(office.waiting(ana)) == "03-09 19:00 begin"


def test_after_twelve_hours_it_is_dropped(office: Office, ana: Person) -> None:
    device = office.switch_on(ana)
    office.plan(ana)
    assert office.at_due(ana, late=timedelta(hours=15)) == {"expired": 1}
    assert said(office, device) == []


def test_an_hour_late_is_better_than_never(office: Office, ana: Person) -> None:
    device = office.switch_on(ana)
    office.plan(ana)
    assert office.at_due(ana, late=HOUR) == {"sent": 1}
    assert len(said(office, device)) == 1


def test_after_a_month_of_downtime_there_is_no_flood(office: Office, ana: Person) -> None:
    device = office.switch_on(ana)
    office.plan(ana)
    office.clock.forward(days=30, hours=5)
    while office.dispatch():
        pass
    assert said(office, device) == []
    assert office.waiting(ana) is not None
    assert office.waiting(ana).due_at > office.clock.now


# --- What push services answer -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten_and_only_that_one(office: Office, ana: Person, status: int) -> None:
    gone, alive = office.switch_on(ana), office.switch_on(ana)
    office.plan(ana)
    office.answers = [Outcome("gone", status), Outcome("accepted", 201)]
    assert office.at_due(ana) == {"sent": 1}
    assert subscriptions.find(gone.endpoint) is None
    assert subscriptions.find(alive.endpoint) is not None


def test_a_nudge_for_devices_that_are_all_gone_had_no_device(office: Office, ana: Person) -> None:
    device = office.switch_on(ana)
    office.plan(ana)
    office.service.drop(device.endpoint)
    assert office.at_due(ana) == {"no_device": 1}
    assert subscriptions.count(ana.account_id) == 0


def test_a_410_for_keys_that_were_renewed_meanwhile_forgets_nothing(office: Office, ana: Person) -> None:
    device = office.switch_on(ana)
    office.plan(ana)
    nudge = office.waiting(ana)
    assert nudge is not None
    office.clock.now = nudge.due_at
    held = settling.claim(office.clock.now, "worker-1", HOUR, 10)
    prepared = preparing.prepare(held, office.clock.now, office.post)
    fresh = type(device)(device.endpoint)
    with database.transaction(ana.account_id):
        row = subscriptions.find(device.endpoint)
        assert row is not None
        row.p256dh, row.auth = fresh.p256dh, fresh.auth
    assert settle(office, held[0], prepared, Outcome("gone", 410)) == {"no_device": 1}
    assert subscriptions.find(device.endpoint) is not None


def settle(office: Office, held: Occurrence, prepared: Prepared, outcome: Outcome) -> Counter[str]:
    (parcel,) = prepared.parcels
    returned = Returned(held, [Sent(parcel, outcome)], prepared.known)
    return settling.settle([returned], office.clock.now, lambda: 0.5)


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome("misconfigured", 403, reason="BadJwtToken"),
        Outcome("misconfigured", 401),
        Outcome("slow_down", 429, retry_after=300),
        Outcome("retry", 503),
        Outcome("retry", reason="too slow"),
        Outcome("retry", reason="no connection", left=False),
    ],
    ids=lambda outcome: f"{outcome.kind}-{outcome.status or outcome.reason}",
)
def test_what_may_pass_is_tried_again_and_the_device_stays(office: Office, ana: Person, outcome: Outcome) -> None:
    device = office.switch_on(ana)
    nudge = office.plan(ana)
    assert nudge is not None
    office.answers = [outcome]
    assert office.at_due(ana) == {"deferred": 1}
    later = office.waiting(ana)
    assert later is not None
    assert later.id == nudge.id
    wait = later.due_at - office.clock.now
    assert timedelta(seconds=max(15, outcome.retry_after or 0)) <= wait <= timedelta(minutes=10)
    assert subscriptions.find(device.endpoint) is not None
    assert office.at_due(ana) == {"sent": 1}
    assert len(said(office, device)) == 1


@pytest.mark.parametrize("outcome", [Outcome("refused", 400), Outcome("too_big", 413)], ids=["400", "413"])
def test_what_is_refused_for_good_is_not_tried_again_and_the_device_stays(
    office: Office, ana: Person, outcome: Outcome
) -> None:
    device = office.switch_on(ana)
    nudge = office.plan(ana)
    assert nudge is not None
    office.answers = [outcome]
    assert office.at_due(ana) == {"expired": 1}
    assert subscriptions.find(device.endpoint) is not None
    assert len(office.sent) == 1


def test_trying_ends_when_it_would_be_of_no_use(office: Office, ana: Person) -> None:
    office.switch_on(ana)
    nudge = office.plan(ana)
    assert nudge is not None
    office.answers = [Outcome("retry", 503)] * 50
    while nudge.state not in ("expired", "sent"):
        office.at_due(ana)
        db.session.expire_all()
    assert nudge.state == "expired"
    assert office.clock.now <= nudge.useful_until
    assert 5 < len(office.sent) < 30
    assert [delivery.state for delivery in office.deliveries(nudge.id)] == ["expired"]


def test_only_the_device_that_missed_it_is_tried_again(office: Office, ana: Person) -> None:
    first, second = office.switch_on(ana), office.switch_on(ana)
    office.plan(ana)
    office.answers = [Outcome("accepted", 201), Outcome("retry", 503)]
    assert office.at_due(ana) == {"deferred": 1}
    assert office.at_due(ana) == {"sent": 1}
    assert [to.endpoint for _, to in office.sent[2:]] == [second.endpoint]
    assert [len(said(office, each)) for each in (first, second)] == [0, 1], "the first was only said to be accepted"


# --- Dying in between --------------------------------------------------------------------------------------------------


def die_while_sending(office: Office, person: Person) -> nudges.Nudge:
    """A worker that claims, writes down, and is never heard of again."""
    nudge = office.waiting(person)
    assert nudge is not None
    office.clock.now = nudge.due_at
    held = settling.claim(office.clock.now, "dead", timedelta(seconds=60), 10)
    preparing.prepare(held, office.clock.now, office.post)
    return nudge


def test_what_a_dead_worker_held_is_sent_by_another_when_the_lease_is_over(office: Office, ana: Person) -> None:
    device = office.switch_on(ana)
    office.plan(ana)
    die_while_sending(office, ana)
    assert office.dispatch() == {}
    office.clock.forward(seconds=61)
    assert office.dispatch() == {"sent": 1}
    assert len(said(office, device)) == 1


def test_what_a_device_has_acknowledged_is_never_sent_again(office: Office, ana: Person) -> None:
    device = office.switch_on(ana)
    office.plan(ana)
    nudge = die_while_sending(office, ana)
    (delivery,) = office.deliveries(nudge.id)
    answering.acknowledge(office.tokens, office.tokens.write(delivery.id, ()), office.clock.now)
    office.clock.forward(seconds=61)
    assert office.dispatch() == {"sent": 1}
    assert office.sent == []
    assert said(office, device) == []


def test_an_apple_device_is_never_sent_to_twice_where_the_first_may_have_gone_out(office: Office, ana: Person) -> None:
    device = office.service.device()
    apple = type(device)("https://web.push.apple.com/QGuQyavXutnMH", device.key, device.secret)
    office.switch_on(ana, apple)
    office.plan(ana)
    die_while_sending(office, ana)
    office.clock.forward(seconds=61)
    assert office.dispatch() == {"sent": 1}
    assert office.sent == []


@pytest.mark.parametrize("left", [True, False])
def test_to_apple_only_what_provably_never_left_is_sent_again(office: Office, ana: Person, left: bool) -> None:
    device = office.service.device()
    apple = type(device)("https://web.push.apple.com/QGuQyavXutnMH", device.key, device.secret)
    office.switch_on(ana, apple)
    office.plan(ana)
    office.answers = [Outcome("retry", reason="too slow", left=left), Outcome("accepted", 201)]
    while office.dispatch() or (office.waiting(ana) and office.waiting(ana).kind == "begin" and len(office.sent) < 2):
        office.at_due(ana)
        if office.history(ana)[0][1] == "sent":
            break
    assert len(office.sent) == (1 if left else 2)


def test_a_worker_that_lost_its_lease_settles_nothing(office: Office, ana: Person) -> None:
    office.switch_on(ana)
    office.plan(ana)
    nudge = office.waiting(ana)
    assert nudge is not None
    office.clock.now = nudge.due_at
    slow = settling.claim(office.clock.now, "slow", timedelta(seconds=60), 10)
    prepared = preparing.prepare(slow, office.clock.now, office.post)
    office.clock.forward(seconds=61)
    office.answers = [Outcome("retry", 503)]
    assert office.dispatch() == {"deferred": 1}
    assert settle(office, slow[0], prepared, Outcome("gone", 410)) == {"taken_over": 1}
    assert office.waiting(ana).state == "scheduled"


def test_a_nudge_that_cannot_be_worked_off_does_not_stop_the_others(office: Office, ana: Person, ben: Person) -> None:
    office.switch_on(ana)
    device = office.switch_on(ben)
    broken = office.plan(ana)
    office.plan(ben)
    assert broken is not None
    with database.transaction(ana.account_id):
        row = nudges.get(broken.id)
        assert row is not None
        row.kind = "no such kind"
    assert office.at_due(ben) == {"sent": 1, "postponed": 1}
    assert len(said(office, device)) == 1
    db.session.expire_all()
    assert broken.due_at == office.clock.now + HOUR
    assert office.at(broken.useful_until + HOUR) == {"postponed": 1}
    db.session.expire_all()
    assert broken.state == "expired", "not postponed for ever"


def test_a_worker_told_to_stop_gives_back_what_it_has_not_begun(office: Office, ana: Person) -> None:
    device = office.switch_on(ana)
    nudge = office.plan(ana)
    assert nudge is not None
    due_at = nudge.due_at
    office.clock.now = due_at
    dispatcher = Dispatcher(office.post, Terms("worker-1", Random(1)))
    assert dispatcher.take(due_at)
    dispatcher.recall()
    dispatcher.bring_home(due_at, 0)
    assert dispatcher.counts == {"deferred": 1}
    assert not dispatcher.is_busy
    assert said(office, device) == []
    back = office.waiting(ana)
    assert back is not None
    assert (back.state, back.due_at) == ("scheduled", due_at)
    assert office.dispatch() == {"sent": 1}


def test_two_workers_never_hold_the_same_nudge(office: Office, ana: Person) -> None:
    nudge = office.plan(ana)
    assert nudge is not None
    assert len(settling.claim(nudge.due_at, "one", HOUR, 10)) == 1
    assert settling.claim(nudge.due_at, "two", HOUR, 10) == []


def test_every_nudge_ends_in_exactly_one_way(in_app: Flask, office: Office) -> None:
    """Six accounts, each met with another answer, for four weeks: what was made is what ended or waits."""
    outcomes = [Outcome("accepted", 201), Outcome("gone", 410), Outcome("retry", 503), Outcome("refused", 400)]
    people = [settle_in(in_app, f"P{number}", office.clock.now, "Mom") for number in range(6)]
    for number, person in enumerate(people):
        if number % 5:
            office.switch_on(person)
        office.plan(person)
    for day in range(28 * 4):
        office.answers = [outcomes[(day + turn) % 4] for turn in range(60)]
        while office.dispatch():
            pass
        office.clock.forward(hours=6)
    ends = {"sent", "expired", "cancelled", "no_device"}
    for person in people:
        states = [state for _, state in office.history(person)]
        assert sum(state not in ends for state in states) == 1, "one is planned at a time"
        for nudge in nudges.of_parent(person.parent_id):
            open_ = [one for one in deliveries.of_nudges([nudge.id])[nudge.id] if one.settled_at is None]
            assert nudge.state == "scheduled" or open_ == []
