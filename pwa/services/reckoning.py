"""Reckoning: all that happened between somebody and a parent, put to the rule that says when asking must end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from pwa.domain.dates import local_date
from pwa.domain.persistence import Event, Kind, Meeting, Standing, standing
from pwa.domain.steps import HEARD_TASKS, INVITED, WRITTEN_AGAIN, TickState
from pwa.storage import answers, messages, moments, pauses, rounds, ticks
from pwa.storage.answers import Answer
from pwa.storage.invitations import Invitation
from pwa.storage.messages import Message
from pwa.storage.moments import Moment
from pwa.storage.options import Option
from pwa.storage.parents import Parent

KINDS = {INVITED: Kind.INVITED, WRITTEN_AGAIN: Kind.WRITTEN} | dict.fromkeys(HEARD_TASKS, Kind.HEARD)


def standing_of(parent: Parent, zone: ZoneInfo, now: datetime) -> Standing:
    """Where things stand with this parent, by the account's zone."""
    return standing(events_of(parent.id, zone), parent.most_follow_ups, now, zone)


def events_of(parent_id: UUID, zone: ZoneInfo) -> list[Event]:
    """All that is known, by whatever way it was told."""
    written = ticks.of_round(rounds.current(parent_id).id)
    states = {tick.task: TickState(tick.done, tick.changed_at, tick.by) for tick in written}
    return with_ticks(told_of(parent_id, zone), states)


def told_of(parent_id: UUID, zone: ZoneInfo) -> list[Event]:
    """All but the ticks of the round that is open."""
    found = [_sent(message) for message in messages.of_parent(parent_id)]
    found += [_answered(*answered, zone) for answered in answers.of_parent(parent_id)]
    found += [_contact(moment) for moment in moments.of_parent(parent_id) if not _is_told(moment)]
    found += [Event(round_.closed_at, Kind.HEARD) for round_ in rounds.of_parent(parent_id) if round_.closed_at]
    for stop in pauses.stops_of(parent_id):
        found.append(Event(stop.made_at, Kind.STOPPED))
        found += [Event(stop.lifted_at, Kind.LIFTED)] if stop.lifted_at else []
    return found


def with_ticks(told: Iterable[Event], states: Mapping[str, TickState]) -> list[Event]:
    """The same with what ticks say: task key → its last word."""
    found = list(told)
    for task, tick in states.items():
        if tick.done and task in KINDS:
            found.append(Event(tick.at, KINDS[task]))
    return found


def _sent(message: Message) -> Event:
    return Event(message.sent_at, Kind.WRITTEN if message.number else Kind.INVITED)


def _is_told(moment: Moment) -> bool:
    return moment.message_id is not None or moment.answer_id is not None


def _contact(moment: Moment) -> Event:
    """A message of one's own; a call, a visit and anything of theirs is an answer."""
    is_written = moment.by == "you" and moment.kind == "message"
    return Event(moment.happened_at, Kind.WRITTEN if is_written else Kind.HEARD)


def _answered(answer: Answer, invitation: Invitation, option: Option | None, zone: ZoneInfo) -> Event:
    """A yes is one as long as the day has not been called off."""
    if answer.kind == answers.YES and option is not None and not _is_off(invitation, option):
        meeting = Meeting(option.starts_at, option.ends_at)
        return Event(answer.made_at, Kind.AGREED, local_date(option.ends_at, zone), meeting)
    if answer.kind == answers.NOT_NOW:
        return Event(answer.made_at, Kind.PUT_OFF, answer.until_on)
    return Event(answer.made_at, Kind.HEARD)


def _is_off(invitation: Invitation, option: Option) -> bool:
    return invitation.closed_at is not None and invitation.closed_at < option.starts_at
