"""Surveying: what stands with one parent, loaded and put to the rules. It reads and never writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from pwa import content
from pwa.domain import dates
from pwa.domain.next_thing import Facts, NextThing, next_thing
from pwa.domain.parents import Person, Pronouns
from pwa.domain.persistence import Event, standing
from pwa.domain.rhythm import DEFAULT_RHYTHM_DAYS
from pwa.domain.steps import Progress, TickState, progress
from pwa.services import reckoning
from pwa.services.planning import last_contact_at
from pwa.storage import pauses, rounds, ticks
from pwa.storage.accounts import Account
from pwa.storage.parents import Parent
from pwa.storage.rounds import Round
from pwa.storage.ticks import Tick


@dataclass(frozen=True)
class Survey:
    """One parent's room today. `counts`: task key → the counter of its last write."""

    parent: Parent
    person: Person
    round: Round
    progress: Progress
    counts: Mapping[str, int]
    zone: ZoneInfo
    today: date
    stopped: bool


@dataclass(frozen=True)
class Outlook:
    """The one next thing, and the counter of the snooze that may hide it.

    `ahead`: the next thing once every step before that key is done, and under "" once all are, so that a tick
    can bring it without asking again.
    """

    thing: NextThing
    snooze_n: int
    ahead: Mapping[str, NextThing]


def look(account: Account, parent: Parent, now: datetime) -> Survey:
    zone = dates.zone(account.zone)
    round_ = rounds.current(parent.id)
    written = ticks.of_round(round_.id)
    return Survey(
        parent=parent,
        person=person_of(parent),
        round=round_,
        progress=_progress(round_, written),
        counts={tick.task: tick.n for tick in written},
        zone=zone,
        today=dates.local_date(now, zone),
        stopped=pauses.find_stop(parent.id) is not None,
    )


def outlook(account: Account, survey: Survey, now: datetime) -> Outlook:
    """What to show as the next thing in the room that was looked at."""
    parent = survey.parent
    pause = pauses.find_pause(account.id, now)
    snooze = pauses.find_snooze(parent.id)
    told = reckoning.told_of(parent.id, survey.zone)
    facts = Facts(
        person=survey.person,
        progress=survey.progress,
        round_number=survey.round.number,
        today=survey.today,
        zone=survey.zone,
        stopped=survey.stopped,
        paused=pause is not None,
        paused_until=pause.until_at if pause else None,
        snoozed_until=snooze.until_on if snooze else None,
        last_contact_at=last_contact_at(parent.id),
        rhythm_days=parent.rhythm_days or DEFAULT_RHYTHM_DAYS,
    )
    facts = _standing(facts, survey, told, now)
    return Outlook(next_thing(facts, now), snooze.n if snooze else 0, _ahead(facts, survey, told, now))


def _standing(facts: Facts, survey: Survey, told: list[Event], now: datetime) -> Facts:
    """The facts with where things stand, by the ticks of their progress."""
    events = reckoning.with_ticks(told, _ticks_of(facts.progress))
    return replace(facts, standing=standing(events, survey.parent.most_follow_ups, now, survey.zone))


def _ahead(facts: Facts, survey: Survey, told: list[Event], now: datetime) -> dict[str, NextThing]:
    states = survey.progress.states
    stepped = TickState(True, now, "you")
    written = _ticks_of(survey.progress)
    found = {}
    for state in (*states, None):
        reached = progress(content.steps(), written, survey.round.number)
        key = state.step.key if state else ""
        if key == (reached.now.step.key if reached.now else ""):
            found[key] = next_thing(_standing(replace(facts, progress=reached), survey, told, now), now)
        if state is not None:
            written |= {task.key: stepped for task, tick in state.tasks if tick is None or not tick.done}
    return found


def _ticks_of(of_round: Progress) -> dict[str, TickState]:
    """Task key → its last word."""
    return {task.key: tick for state in of_round.states for task, tick in state.tasks if tick is not None}


def person_of(parent: Parent) -> Person:
    """Who the texts speak of."""
    return Person(parent.name, cast("Pronouns", parent.pronouns))


def progress_of(round_: Round) -> Progress:
    return _progress(round_, ticks.of_round(round_.id))


def _progress(round_: Round, written: list[Tick]) -> Progress:
    states = {tick.task: TickState(tick.done, tick.changed_at, tick.by) for tick in written}
    return progress(content.steps(), states, round_.number)
