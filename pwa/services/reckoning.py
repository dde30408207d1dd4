"""Reckoning: all that happened between somebody and a parent, put to the rule that says when asking must end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
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
from pwa.storage.moments import Contact
from pwa.storage.options import Option
from pwa.storage.parents import Parent
from pwa.storage.pauses import Stop

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
    return told(Records.of([parent_id]), {parent_id: zone})[parent_id]


@dataclass(frozen=True)
class Records:
    """What was written down about some parents: one query each, however many they are."""

    messages: Sequence[tuple[UUID, Message]]
    answers: Sequence[tuple[Answer, Invitation, Option | None]]
    contacts: Sequence[Contact]
    closed: Sequence[tuple[UUID, datetime]]
    stops: Sequence[Stop]

    @classmethod
    def of(cls, parent_ids: Collection[UUID]) -> Records:
        return cls(
            messages.of_parents(parent_ids),
            answers.of_parents(parent_ids),
            moments.contacts_of(parent_ids),
            rounds.closed_of(parent_ids),
            pauses.stops_of(parent_ids),
        )


def told(records: Records, zones: Mapping[UUID, ZoneInfo]) -> dict[UUID, list[Event]]:
    """zones: of the account of each of the parents."""
    found: dict[UUID, list[Event]] = {parent_id: [] for parent_id in zones}
    for parent_id, message in records.messages:
        found[parent_id].append(_sent(message))
    for answer, invitation, option in records.answers:
        found[invitation.parent_id].append(_answered(answer, invitation, option, zones[invitation.parent_id]))
    for contact in records.contacts:
        if not contact.is_told:
            found[contact.parent_id].append(_contact(contact))
    for parent_id, closed_at in records.closed:
        found[parent_id].append(Event(closed_at, Kind.HEARD))
    for stop in records.stops:
        found[stop.parent_id].append(Event(stop.made_at, Kind.STOPPED))
        if stop.lifted_at:
            found[stop.parent_id].append(Event(stop.lifted_at, Kind.LIFTED))
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


def _contact(contact: Contact) -> Event:
    """A message of one's own; a call, a visit and anything of theirs is an answer."""
    is_written = contact.by == "you" and contact.kind == "message"
    return Event(contact.happened_at, Kind.WRITTEN if is_written else Kind.HEARD)


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
