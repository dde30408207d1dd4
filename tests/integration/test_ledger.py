"""The ledger: whatever happens to nudges, each is counted once and the sums balance, also when they are folded away."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, func, select, update

from pwa.cli import main
from pwa.push.outcome import Outcome, not_tried
from pwa.services import answering, arranging, balancing, folding, gathering, leaving, nudging, touching
from pwa.services.touching import Contact
from pwa.settings import Settings
from pwa.storage import database, folded, moments, nudges
from pwa.storage.database import db
from pwa.storage.deliveries import Delivery
from pwa.storage.folded import FoldedPast
from pwa.storage.nudges import Nudge
from tests.support.nudged import Office
from tests.support.people import Person

HOUR = timedelta(hours=1)
ANSWERS = (
    Outcome("accepted", 201),
    Outcome("accepted", 201),
    Outcome("gone", 410),
    Outcome("retry", 503),
    Outcome("retry", None, reason="the line was cut"),
    Outcome("slow_down", 429, retry_after=60),
    Outcome("refused", 400),
    not_tried(30),
)


# --- Random lives ------------------------------------------------------------------------------------------------------


class Life:
    """Months of somebody's nudges, at random: answers, silence, pauses, deaths of workers, phones that come and go."""

    def __init__(self, office: Office, people: list[Person], seed: int) -> None:
        self.office, self.people, self.chance = office, people, Random(seed)
        self.tokens: list[str] = []

    def live(self, turns: int) -> None:
        for _ in range(turns):
            person = self.chance.choice(self.people)
            self.chance.choice((self.nothing, self.nothing, self.phone, self.talk, self.pause, self.test, self.show))(
                person
            )
            self.office.plan(person)
            self.move_on(person)
            self.office.answers = [self.chance.choice(ANSWERS) for _ in range(12)]
            before = len(self.office.sent)
            if self.chance.random() < 0.15:
                self.die()
            else:
                self.office.dispatch(lease=timedelta(minutes=2))
            self.tokens += [self.token(message) for message, _ in self.office.sent[before:]]

    def nothing(self, person: Person) -> None:
        pass

    def phone(self, person: Person) -> None:
        self.office.switch_on(person)

    def talk(self, person: Person) -> None:
        on = self.office.clock.now.date() - timedelta(days=1)
        touching.log(person.account_id, person.parent_id, Contact("call", "you", on), self.office.clock.now)

    def pause(self, person: Person) -> None:
        switch = self.chance.choice((arranging.pause, arranging.resume, arranging.resume))
        switch(person.account_id, self.office.clock.now)

    def test(self, person: Person) -> None:
        self.phone(person)
        nudging.send_test(person.session_id, self.office.clock.now)

    def show(self, person: Person) -> None:
        if self.tokens:
            token = self.tokens.pop(self.chance.randrange(len(self.tokens)))
            answering.acknowledge(self.office.tokens, token, self.office.clock.now)

    def die(self) -> None:
        """A worker takes what is due and is never heard of again."""
        with database.transaction():
            nudges.claim(self.office.clock.now, "dead", timedelta(minutes=2))

    def move_on(self, person: Person) -> None:
        waiting = self.office.waiting(person)
        late = self.chance.choice((timedelta(0), timedelta(minutes=3), 3 * HOUR, 30 * HOUR))
        due_at = waiting.due_at if waiting else self.office.clock.now
        self.office.clock.now = max(due_at, self.office.clock.now) + late

    @staticmethod
    def token(message: Any) -> str:
        return str(json.loads(message.body)["notification"]["data"]["t"])


@pytest.mark.parametrize("seed", range(2))
def test_however_it_goes_every_nudge_stands_in_one_place(office: Office, ana: Person, ben: Person, seed: int) -> None:
    life = Life(office, [ana, ben], seed)
    office.switch_on(ana)
    life.live(30)
    found = balancing.balance(office.clock.now)
    rows = standing()
    assert found.balances, found.places
    assert found.places == Counter(rows)
    assert found.planned == len(rows)
    assert found.recovered == db.session.scalar(select(func.sum(Nudge.recovered)))
    assert sum((+counts for counts in found.kinds.values()), Counter()) == found.places
    assert sum((+counts for counts in found.days.values()), Counter()) == found.places
    later = office.clock.now + timedelta(days=200)
    before = asked(ana, ben)
    folding.fold(later)
    left = balancing.balance(office.clock.now)
    assert (left.places, left.kinds, left.days) == (found.places, found.kinds, found.days)
    assert (left.planned, left.recovered) == (found.planned, found.recovered)
    assert left.folded == found.planned - found.places["open"] > 0
    assert standing() == ["open"] * found.places["open"]
    assert asked(ana, ben) == before, "what the rules ask of the past is the same"


def standing() -> list[str]:
    """Where each stands, reckoned once more and another way."""
    db.session.expire_all()
    shown = set(db.session.scalars(select(Delivery.nudge_id).where(Delivery.shown_at.is_not(None))))
    names = {"scheduled": "open", "leased": "open", "sent": "accepted"}
    return [
        "shown" if row.id in shown and row.settled_at else names.get(row.state, row.state)
        for row in db.session.scalars(select(Nudge))
    ]


# --- What the rules must still know ------------------------------------------------------------------------------------


def test_what_was_sent_before_the_fold_still_counts(office: Office, ana: Person) -> None:
    office.switch_on(ana)
    office.plan(ana)
    for _ in range(2):
        office.at_due(ana)
    planned = office.waiting(ana)
    assert planned is not None
    was = planned.kind, planned.due_at
    with database.transaction(ana.account_id):
        for row in nudges.of_parent(ana.parent_id, "begin"):
            row.local_on -= timedelta(days=90)
    folding.fold(office.clock.now)
    assert nudges.of_parent(ana.parent_id, "begin") == []
    office.clock.forward(minutes=1)
    again = office.plan(ana)
    assert again is not None
    assert (again.kind, again.due_at) == was, "both beginnings count, though their rows are gone"
    known = gathering.gather([ana.account_id], office.clock.now)
    assert sum(past.count for past in known.past[ana.account_id]) == 2


def test_what_is_younger_than_sixty_days_is_kept(office: Office, ana: Person) -> None:
    office.switch_on(ana)
    nudge = office.plan(ana)
    assert nudge is not None
    office.at_due(ana)
    on = datetime.combine(nudge.local_on, time(12), UTC)
    folding.fold(on + timedelta(days=60))
    assert balancing.balance(office.clock.now).folded == 0
    folding.fold(on + timedelta(days=61))
    assert balancing.balance(office.clock.now).folded == 1


def test_folding_leaves_what_is_open_or_contradicts_itself(office: Office, ana: Person) -> None:
    office.switch_on(ana)
    office.plan(ana)
    for _ in range(2):
        office.at_due(ana)
    oldest = nudges.of_parent(ana.parent_id)[-1]
    with database.transaction(ana.account_id):
        db.session.execute(delete(Delivery).where(Delivery.nudge_id == oldest.id))
    before = balancing.balance(office.clock.now)
    assert (before.unaccounted, before.balances) == (1, False)
    folding.fold(office.clock.now + timedelta(days=400))
    left = [row.id for row in nudges.of_parent(ana.parent_id)]
    assert oldest.id in left
    assert all(row.state in ("scheduled", "sent") for row in nudges.of_parent(ana.parent_id))
    assert balancing.balance(office.clock.now).places == before.places


def test_a_moment_outlives_the_nudge_that_brought_it_about(office: Office, ana: Person) -> None:
    office.switch_on(ana)
    nudge = office.plan(ana)
    assert nudge is not None
    office.at_due(ana)
    nudge_id = nudge.id
    answering.act_as(ana.account_id, nudge_id, answering.DONE, office.clock.now)
    folding.fold(office.clock.now + timedelta(days=400))
    db.session.expire_all()
    (moment,) = moments.of_parent(ana.parent_id)
    assert moment.nudge_id is None
    assert ana.client.get(f"/nudges/{nudge_id}").status_code == 404
    assert ana.client.get("/moments").status_code == 200


def test_with_the_account_goes_what_was_folded_of_it(office: Office, ana: Person) -> None:
    office.switch_on(ana)
    office.plan(ana)
    office.at_due(ana)
    folding.fold(office.clock.now + timedelta(days=400))
    assert db.session.scalar(select(func.count()).select_from(FoldedPast)) == 1
    leaving.delete_everything(ana.account_id)
    assert db.session.scalar(select(func.count()).select_from(FoldedPast)) == 0
    assert [(day.kind, day.place, day.total) for day in folded.days()] == [("begin", "accepted", 1)], (
        "nobody's count stays"
    )


# --- The command -------------------------------------------------------------------------------------------------------


def told(settings: Settings, *arguments: str) -> Result:
    environment = {"REKINDLE_DATABASE_URL": settings.database_url, "REKINDLE_INSTANCE": str(settings.instance)}
    return CliRunner().invoke(main, ["nudges", *arguments], env=environment)


def test_the_command_reads_the_ledger_out(office: Office, settings: Settings, ana: Person) -> None:
    device = office.switch_on(ana)
    office.plan(ana)
    office.at_due(ana)
    answering.acknowledge(office.tokens, office.token(device), office.clock.now)
    office.at_due(ana)
    answer = told(settings, "--json")
    assert answer.exit_code == 0, answer.output
    said = json.loads(answer.output)
    nobody = {"expired": 0, "no_device": 0, "cancelled": 0}
    assert said["planned"] == 3
    assert said["places"] == {"open": 1, "shown": 1, "accepted": 1, **nobody}
    assert said["kinds"]["begin"] == {"open": 0, "shown": 1, "accepted": 1, **nobody}
    assert (said["balances"], said["unaccounted"], said["leases_recovered"], said["folded"]) == (True, 0, 0, 0)
    plain = told(settings)
    assert plain.exit_code == 0
    assert "3 nudges planned" in plain.output
    assert "The sums balance." in plain.output


def test_the_command_tells_of_the_oldest_that_is_due(office: Office, settings: Settings, ana: Person) -> None:
    nudge = office.plan(ana)
    assert nudge is not None
    said = json.loads(told(settings, "--json").output)
    assert said["oldest_due"]["at"] == nudge.due_at.isoformat()
    assert said["oldest_due"]["seconds"] > 0
    assert f"{nudge.due_at:%Y-%m-%d %H:%M:%S} UTC" in told(settings).output


def test_since_a_date_only_what_came_then_is_counted(office: Office, settings: Settings, ana: Person) -> None:
    office.switch_on(ana)
    office.plan(ana)
    days = []
    for _ in range(2):
        waiting = office.waiting(ana)
        assert waiting is not None
        days.append(waiting.local_on)
        office.at_due(ana)
    folding.fold(office.clock.now + timedelta(days=400))
    assert json.loads(told(settings, "--json").output)["places"]["accepted"] == 2
    assert json.loads(told(settings, "--json", "--since", str(days[1])).output)["places"]["accepted"] == 1
    assert told(settings, "--since", "yesterday").exit_code == 2


def test_when_a_row_contradicts_itself_the_command_says_so_and_fails(
    office: Office, settings: Settings, ana: Person
) -> None:
    nudge = office.plan(ana)
    assert nudge is not None
    with database.transaction():
        db.session.execute(update(Nudge).where(Nudge.id == nudge.id).values(state="sent", settled_at=nudge.due_at))
    answer = told(settings)
    assert answer.exit_code == 1
    assert "The sums do not balance: 1 of 1" in answer.output
    assert json.loads(told(settings, "--json").output)["places"]["unaccounted"] == 1


def test_without_tables_the_command_says_what_to_ask(settings: Settings) -> None:
    nowhere = replace(settings, database_url="sqlite://")
    answer = told(nowhere)
    assert answer.exit_code == 1
    assert "rekindle doctor" in answer.output


def asked(*people: Person) -> dict[tuple[object, ...], tuple[int, datetime]]:
    """How many there were and when the last was, as the rules put it together."""
    found: dict[tuple[object, ...], tuple[int, datetime]] = {}
    for past in nudges.past_of_accounts([person.account_id for person in people if person.account_id]):
        key = past.account_id, past.parent_id, past.kind, past.state
        count, last_at = found.get(key, (0, past.last_at))
        found[key] = count + past.count, max(last_at, past.last_at)
    return found
