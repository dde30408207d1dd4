"""Whether a nudge that has fallen due may go out: decided again at the moment of sending."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pwa.domain import meetings
from pwa.domain.dates import later_days, local_date
from pwa.domain.persistence import Meeting, Phase
from pwa.domain.planning import (
    BEGIN_DAYS,
    USEFUL,
    USEFULNESS,
    Due,
    Kind,
    Planning,
    asked_again,
    contact_due_on,
    in_touch_since_set_up,
    is_looked_back_on,
    is_ready,
    keep_on,
    look_back_sent_at,
    look_back_until,
    next_due,
    schedule,
    standing_at,
    useful_until,
)

__all__ = [
    "USEFUL",
    "USEFULNESS",
    "Decision",
    "Defer",
    "Drop",
    "Due",
    "Facts",
    "Kind",
    "Planning",
    "Reason",
    "Send",
    "decide",
    "next_due",
    "precedence",
]


class Reason(StrEnum):
    """Why a nudge was put off or dropped: kept with the nudge, never shown to a person."""

    STOPPED = "stopped"
    PAUSED = "paused"
    IN_TOUCH = "in_touch"
    DONE = "done"
    ENOUGH = "enough"
    NOT_WANTED = "not_wanted"
    TOO_LATE = "too_late"
    SNOOZED = "snoozed"
    EARLY = "early"
    QUIET = "quiet"
    ONE_A_DAY = "one_a_day"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, kw_only=True)
class Facts(Planning):
    """What is known when a nudge has fallen due.

    kind, local_on, due_at, useful_until    as planned (`Due`)
    sent_today               a kind in USEFULNESS was sent to this account, about any parent, on the local date of now
    taken_back               the answer that it tells of does not stand any more
    more_useful_due_today    one that comes before it by `precedence` waits for the same account and local date
    """

    kind: Kind
    local_on: date
    due_at: datetime
    useful_until: datetime
    sent_today: bool = False
    more_useful_due_today: bool = False
    taken_back: bool = False


@dataclass(frozen=True)
class Send:
    """Send it now."""


@dataclass(frozen=True)
class Defer:
    """Decide again at `until_at`. The other two replace what the nudge was planned with."""

    until_at: datetime
    reason: Reason
    local_on: date
    useful_until: datetime


@dataclass(frozen=True)
class Drop:
    """Never send it; plan the next with `next_due`."""

    reason: Reason


Decision = Send | Defer | Drop


def precedence(kind: Kind, due_at: datetime, nudge_id: str) -> tuple[int, datetime, str]:
    """Order the scheduled nudges of one account and date: the lowest wins the day."""
    return USEFULNESS.index(kind), due_at, nudge_id


def decide(facts: Facts, now: datetime) -> Decision:
    """Decide, at the moment of sending, what becomes of a nudge."""
    if facts.kind not in USEFULNESS:
        return _at_once(facts, now)
    reason = _silenced(facts) or _gone(facts, now)
    if reason:
        return Drop(reason)
    return _snoozed(facts, now) or _untimely(facts, now) or _one_a_day(facts, now) or Send()


def _at_once(facts: Facts, now: datetime) -> Decision:
    """A test that was asked for; an answer, which is news and no nudge to do anything. A pause silences that too."""
    if facts.paused and facts.kind is Kind.SHE_REPLIED:
        return Drop(Reason.PAUSED)
    if facts.taken_back:
        return Drop(Reason.TAKEN_BACK)
    return Drop(Reason.TOO_LATE) if now > facts.useful_until else Send()


def _silenced(facts: Facts) -> Reason | None:
    if facts.stopped:
        return Reason.STOPPED
    return Reason.PAUSED if facts.paused else None


def _gone(facts: Facts, now: datetime) -> Reason | None:
    """Say why there is no reason left to send."""
    at = max(now, facts.due_at)
    if facts.kind is Kind.GET_READY:
        return _ready_gone(facts, at)
    if facts.kind is Kind.LOOK_BACK:
        return _look_back_gone(facts, at)
    known = standing_at(facts, at)
    if known.phase not in _MEANT_IN[facts.kind]:
        return Reason.ENOUGH if known.phase in (Phase.ROOM, Phase.NOTE) else Reason.IN_TOUCH
    if facts.kind in (Kind.FOLLOW_UP, Kind.GIVE_ROOM):
        return None
    if facts.kind is Kind.BEGIN:
        return _begin_gone(facts)
    after_contact, after_nudge = contact_due_on(facts), keep_on(facts)
    if after_contact is None or after_nudge is None:
        return Reason.NOT_WANTED
    today = max(facts.local_on, local_date(now, facts.zone))
    if today < after_contact:
        return Reason.IN_TOUCH
    return Reason.ENOUGH if today < after_nudge else None


_MEANT_IN = {
    Kind.FOLLOW_UP: (Phase.FOLLOW_UP,),
    Kind.GIVE_ROOM: (Phase.ROOM, Phase.NOTE),
    Kind.BEGIN: (Phase.FREE,),
    Kind.KEEP_IN_TOUCH: (Phase.FREE,),
}


def _begin_gone(facts: Facts) -> Reason | None:
    if in_touch_since_set_up(facts):
        return Reason.IN_TOUCH
    enough = facts.begins_sent >= len(BEGIN_DAYS) and not asked_again(facts, Kind.BEGIN)
    return Reason.ENOUGH if enough else None


def _ready_gone(facts: Facts, at: datetime) -> Reason | None:
    agreed = meetings.agreed(facts.events, at)
    tomorrow = [meeting for meeting in agreed if meetings.eve_of(meeting, facts.zone) == facts.local_on]
    if not tomorrow:
        return Reason.TAKEN_BACK
    return Reason.DONE if is_ready(facts, tomorrow[0]) else None


def _look_back_gone(facts: Facts, at: datetime) -> Reason | None:
    meeting = _met(facts, at)
    if meeting is None:
        return Reason.TAKEN_BACK
    if is_looked_back_on(facts, meeting):
        return Reason.DONE
    enough = look_back_sent_at(facts, meeting) is not None and not asked_again(facts, Kind.LOOK_BACK)
    return Reason.ENOUGH if enough else None


def _met(facts: Facts, at: datetime) -> Meeting | None:
    """Give the newest meeting that is over."""
    over = [meeting for meeting in meetings.agreed(facts.events, at) if meeting.ends_at <= at]
    return max(over, key=lambda meeting: meeting.ends_at, default=None)


def _snoozed(facts: Facts, now: datetime) -> Defer | Drop | None:
    if facts.snoozed_until is None or facts.snoozed_until <= local_date(now, facts.zone):
        return None
    return _put_off(facts, schedule(facts).first_from(facts.snoozed_until), Reason.SNOOZED)


def _untimely(facts: Facts, now: datetime) -> Defer | Drop | None:
    """Hold back what is early (the clock or the person moved) or quiet; drop what is too late."""
    moment = _moment(facts, now)
    if moment > now:
        return _put_off(facts, moment, Reason.EARLY)
    open_at = facts.quiet.first_open(now, facts.zone)
    if open_at > min(facts.useful_until, useful_until(facts.kind, moment, facts.zone)):
        return Drop(Reason.TOO_LATE)
    if open_at > now:
        return Defer(open_at, Reason.QUIET, facts.local_on, facts.useful_until)
    return None


def _moment(facts: Facts, now: datetime) -> datetime:
    """Give the moment of the nudge's local date, as the account is now."""
    if facts.kind is Kind.GET_READY:
        return meetings.evening(schedule(facts)).first_from(facts.local_on)
    meeting = _met(facts, max(now, facts.due_at)) if facts.kind is Kind.LOOK_BACK else None
    if meeting is not None:
        at = meetings.look_back_at(meeting, schedule(facts))
        if facts.local_on <= local_date(at, facts.zone):
            return at
    return schedule(facts).first_from(facts.local_on)


def _one_a_day(facts: Facts, now: datetime) -> Defer | Drop | None:
    if not facts.sent_today and not facts.more_useful_due_today:
        return None
    next_day = later_days(local_date(now, facts.zone), 1)
    return _put_off(facts, schedule(facts).next_from(next_day, now), Reason.ONE_A_DAY)


def _put_off(facts: Facts, moment: datetime, reason: Reason) -> Defer | Drop:
    """Put it off until then; what belongs to one day is dropped where that would be too late for it."""
    until, meeting = None, _met(facts, moment)
    if facts.kind is Kind.GET_READY:
        until = meetings.last_minute(facts.local_on, facts.zone)
    elif facts.kind is Kind.LOOK_BACK and meeting is not None:
        until = look_back_until(facts, meeting)
    if until is not None and moment > until:
        return Drop(reason)
    on = local_date(moment, facts.zone)
    return Defer(moment, reason, on, useful_until(facts.kind, moment, facts.zone))
