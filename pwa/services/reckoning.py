"""Reckoning: all that happened between somebody and a parent, put to the rule that says when asking must end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from pwa.domain.dates import local_date
from pwa.domain.persistence import Event, Kind, Standing, standing
from pwa.domain.steps import ASKED_TASKS, HEARD_TASKS, TickState
from pwa.storage import answers, messages, moments, pauses, rounds, ticks
from pwa.storage.answers import Answer
from pwa.storage.moments import Moment
from pwa.storage.options import Option
from pwa.storage.parents import Parent

BY_HAND = "you"


def standing_of(parent: Parent, zone: ZoneInfo, now: datetime) -> Standing:
    """Where things stand with this parent, by the account's zone."""
    return standing(events_of(parent.id, zone), parent.most_follow_ups, now, zone)


def events_of(parent_id: UUID, zone: ZoneInfo) -> list[Event]:
    """All that is known, by whatever way it was told."""
    written = ticks.of_round(rounds.current(parent_id).id)
    states = {tick.task: TickState(tick.done, tick.changed_at, tick.by) for tick in written}
    return with_ticks(told_of(parent_id, zone), states, zone)


def told_of(parent_id: UUID, zone: ZoneInfo) -> list[Event]:
    """All but the ticks of the round that is open."""
    found = [Event(message.sent_at, Kind.ASKED) for message in messages.of_parent(parent_id)]
    found += [_answered(answer, option, zone) for answer, option in answers.of_parent(parent_id)]
    found += [_contact(moment) for moment in moments.of_parent(parent_id) if not _is_told(moment)]
    found += [Event(round_.closed_at, Kind.HEARD) for round_ in rounds.of_parent(parent_id) if round_.closed_at]
    for stop in pauses.stops_of(parent_id):
        found.append(Event(stop.made_at, Kind.STOPPED))
        found += [Event(stop.lifted_at, Kind.LIFTED)] if stop.lifted_at else []
    return found


def with_ticks(told: Iterable[Event], states: Mapping[str, TickState], zone: ZoneInfo) -> list[Event]:
    """The same with what ticks made by hand say: task key → its last word. What was told otherwise is not counted twice."""
    found = list(told)
    asked_on = {local_date(event.at, zone) for event in found if event.kind is Kind.ASKED}
    ticked = {task: tick for task, tick in states.items() if tick.done and tick.by == BY_HAND}
    for task in ASKED_TASKS:
        if task in ticked and local_date(ticked[task].at, zone) not in asked_on:
            found.append(Event(ticked[task].at, Kind.ASKED))
            asked_on.add(local_date(ticked[task].at, zone))
    return found + [Event(ticked[task].at, Kind.HEARD) for task in HEARD_TASKS if task in ticked]


def _is_told(moment: Moment) -> bool:
    return moment.message_id is not None or moment.answer_id is not None


def _contact(moment: Moment) -> Event:
    """A message of one's own asks; a call, a visit and anything of theirs is an answer."""
    asks = moment.by == "you" and moment.kind == "message"
    return Event(moment.happened_at, Kind.ASKED if asks else Kind.HEARD)


def _answered(answer: Answer, option: Option | None, zone: ZoneInfo) -> Event:
    if answer.kind == answers.YES and option is not None:
        return Event(answer.made_at, Kind.AGREED, local_date(option.ends_at, zone))
    if answer.kind == answers.NOT_NOW:
        return Event(answer.made_at, Kind.PUT_OFF, answer.until_on)
    return Event(answer.made_at, Kind.HEARD)
