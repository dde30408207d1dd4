"""Patient yet persistent, never a stalker: whether a parent may be asked, may be asked again, or must be left in peace.

One rule for the whole app. It is told all that happened between the two, by whatever way, and says where things
stand on a day; drafts, nudges and offers to ask follow from that and from nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from pwa.domain.dates import later_days, local_date
from pwa.domain.errors import Invalid

MOST_FOLLOW_UPS = 3
# Local days after the invitation on which a follow-up is due while no answer has come.
FOLLOW_UP_DAYS = (2, 5, 10)
# No two of them on neighbouring days, whatever the plan says.
APART_DAYS = 2
# So long after the last of them (or the day it was due) silence is an answer, and asking ends.
ROOM_AFTER_DAYS = 4
# Then, while nothing is heard: a kind note that asks for nothing.
FIRST_NOTE_DAYS, NEXT_NOTE_DAYS = 30, 90


class Kind(StrEnum):
    """What can happen. `until_on` is meant for AGREED (the day of it) and PUT_OFF (the first day that is all right again).

    `meeting` is meant for AGREED, where the time of it is known.
    """

    INVITED = "invited"
    WRITTEN = (
        "written"  # anything else sent by the child: it follows up what was not answered, and else asks for nothing
    )
    HEARD = "heard"  # anything by the parent, or by both: an answer, a call, a visit
    AGREED = "agreed"
    PUT_OFF = "put off"
    STOPPED = "stopped"
    LIFTED = "lifted"


class Phase(StrEnum):
    FREE = "free"  # nothing is open: an invitation may go out
    WAITING = "waiting"
    FOLLOW_UP = "follow up"  # one more kind line is due
    ROOM = "room"  # asked enough: nothing is asked any more
    NOTE = "note"  # still room; a note that asks for nothing would be kind by now
    AGREED = "agreed"
    PUT_OFF = "put off"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Meeting:
    """The time that was agreed on."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Event:
    at: datetime
    kind: Kind
    until_on: date | None = None
    meeting: Meeting | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where things stand on a day.

    `used`: follow-ups since the invitation; `most`: how many are allowed. `asked_on`: the days of the invitation
    and of what followed it while nothing came back: by whatever ways, a day counts once. `next_on`: when the phase
    changes by itself or asks for something (AGREED: the day itself), None if it does neither. `room_on`: when asking ends or ended.
    """

    phase: Phase
    most: int
    used: int = 0
    asked_on: tuple[date, ...] = ()
    next_on: date | None = None
    room_on: date | None = None
    asked_today: bool = False

    @property
    def may_invite(self) -> bool:
        return self.phase is Phase.FREE

    @property
    def may_follow_up(self) -> bool:
        """Whether one more kind line may be offered, due or not; never twice on a day."""
        return self._is_waiting and self.used < self.most and not self.asked_today

    @property
    def may_write_a_note(self) -> bool:
        """Whether a note that asks for nothing may be offered."""
        return self.phase is Phase.NOTE

    @property
    def _is_waiting(self) -> bool:
        return self.phase in (Phase.WAITING, Phase.FOLLOW_UP)


FREE = Standing(phase=Phase.FREE, most=MOST_FOLLOW_UPS)


def most_follow_ups(number: object) -> int:
    """Read how many follow-ups a person allows themselves: as many as the rule does, or fewer."""
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST_FOLLOW_UPS:
        raise Invalid(f"Pick none to {MOST_FOLLOW_UPS} follow-ups.", "most_follow_ups")
    return number


def standing(events: Iterable[Event], most: int, now: datetime, zone: ZoneInfo) -> Standing:
    """Say where things stand at `now`, by the local dates of `zone`. Events after it do not count; any order will do.

    Of two at the same instant, what was sent came before what was heard, and a stop before its lifting. A day that was
    set stands whatever else is heard; "not now" only until they are in touch again.
    """
    told, most = [event for event in events if event.at <= now], max(0, min(most, MOST_FOLLOW_UPS))
    if not told:
        return Standing(phase=Phase.FREE, most=most)
    today = local_date(now, zone)
    if _is_stopped(told):
        return Standing(phase=Phase.STOPPED, most=most)
    heard_at = max((event.at for event in told if event.kind in _HEARD), default=None)
    put_off, agreed = _newest(told, Kind.PUT_OFF), _newest(told, Kind.AGREED)
    if put_off and put_off.at == heard_at and put_off.until_on is not None and put_off.until_on > today:
        return Standing(phase=Phase.PUT_OFF, most=most, next_on=put_off.until_on)
    agreed_on = agreed.until_on if agreed and (put_off is None or put_off.at < agreed.at) else None
    if agreed_on is not None and agreed_on >= today:
        return Standing(phase=Phase.AGREED, most=most, next_on=agreed_on)
    asked_on = _asked_on([event for event in told if heard_at is None or event.at > heard_at], agreed_on, zone)
    return _asked(asked_on, most, today) if asked_on else Standing(phase=Phase.FREE, most=most)


def follow_up_days(standing: Standing) -> tuple[date, ...]:
    """The days on which a follow-up is due that has not gone yet, while no answer comes."""
    if not standing._is_waiting:
        return ()
    first, last = standing.asked_on[0], standing.asked_on[-1]
    due = [later_days(first, days) for days in FOLLOW_UP_DAYS[standing.used : standing.most]]
    return tuple(sorted({max(day, later_days(last, APART_DAYS)) for day in due}))


def note_days(standing: Standing, until: date) -> tuple[date, ...]:
    """The days up to `until` on which a note that asks for nothing is suggested, while nothing is heard."""
    if standing.room_on is None:
        return ()
    room_on, sent_on = standing.room_on, standing.asked_on[-1]
    day = later_days(sent_on, NEXT_NOTE_DAYS) if sent_on > room_on else later_days(room_on, FIRST_NOTE_DAYS)
    found = []
    while day <= until:
        found.append(day)
        day = later_days(day, NEXT_NOTE_DAYS)
    return tuple(found)


_ASKED = (Kind.INVITED, Kind.WRITTEN)
_HEARD = (Kind.HEARD, Kind.AGREED, Kind.PUT_OFF)


def _asked_on(told: list[Event], agreed_on: date | None, zone: ZoneInfo) -> tuple[date, ...]:
    """What was written before the invitation, or on the way to a day that was set, asks for nothing."""
    told = [event for event in told if agreed_on is None or local_date(event.at, zone) > agreed_on]
    invited_at = min((event.at for event in told if event.kind is Kind.INVITED), default=None)
    asked = [event.at for event in told if event.kind in _ASKED and invited_at is not None and event.at >= invited_at]
    return tuple(sorted({local_date(at, zone) for at in asked}))


def _newest(told: list[Event], kind: Kind) -> Event | None:
    return max((event for event in told if event.kind is kind), key=lambda event: event.at, default=None)


def _is_stopped(told: list[Event]) -> bool:
    stopped_at = max((event.at for event in told if event.kind is Kind.STOPPED), default=None)
    lifted_at = max((event.at for event in told if event.kind is Kind.LIFTED), default=None)
    return stopped_at is not None and (lifted_at is None or stopped_at > lifted_at)


def _asked(asked_on: tuple[date, ...], most: int, today: date) -> Standing:
    counted = _counted(asked_on, most)
    room_on = _room_on(counted, most)
    known = Standing(
        phase=Phase.WAITING,
        most=most,
        used=len(counted) - 1,
        asked_on=asked_on,
        room_on=room_on,
        asked_today=asked_on[-1] == today,
    )
    if today >= room_on:
        return _room(known, today)
    due = follow_up_days(known)
    is_due = bool(due) and due[0] <= today
    phase = Phase.FOLLOW_UP if is_due else Phase.WAITING
    return replace(known, phase=phase, next_on=room_on if is_due or not due else due[0])


def _counted(asked_on: tuple[date, ...], most: int) -> list[date]:
    """The invitation and its follow-ups; what goes out once there is room is neither, and opens nothing again."""
    counted = [asked_on[0]]
    for day in asked_on[1 : most + 1]:
        if day >= _room_on(counted, most):
            break
        counted.append(day)
    return counted


def _room_on(counted: list[date], most: int) -> date:
    first, last = counted[0], counted[-1]
    if len(counted) > most:
        return later_days(last, ROOM_AFTER_DAYS)
    last_due = max(later_days(first, FOLLOW_UP_DAYS[most - 1]), later_days(last, APART_DAYS))
    return later_days(last_due, ROOM_AFTER_DAYS)


def _room(known: Standing, today: date) -> Standing:
    days = note_days(known, later_days(today, NEXT_NOTE_DAYS + FIRST_NOTE_DAYS))
    is_note = any(day <= today for day in days)
    next_on = next((day for day in days if day > today), None)
    return replace(known, phase=Phase.NOTE if is_note else Phase.ROOM, next_on=next_on)
