"""Which nudge about a parent comes next, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pwa.domain import meetings
from pwa.domain.dates import later, later_days, local_date
from pwa.domain.persistence import (
    MOST_FOLLOW_UPS,
    Event,
    Meeting,
    Phase,
    Standing,
    follow_up_days,
    note_days,
    standing,
)
from pwa.domain.quiet import QuietHours
from pwa.domain.schedule import Schedule


class Kind(StrEnum):
    GET_READY = "get_ready"
    LOOK_BACK = "look_back"
    FOLLOW_UP = "follow_up"
    GIVE_ROOM = "give_room"
    BEGIN = "begin"
    KEEP_IN_TOUCH = "keep_in_touch"
    SHE_REPLIED = "she_replied"
    TEST = "test"


# Most useful first: what belongs to one day cannot wait for another. Kinds that are not here (a test, her replies)
# go out whenever they are made and do not count towards the one a day.
USEFULNESS = (Kind.GET_READY, Kind.LOOK_BACK, Kind.FOLLOW_UP, Kind.GIVE_ROOM, Kind.BEGIN, Kind.KEEP_IN_TOUCH)
BEGIN_DAYS = (2, 5)
# How far ahead notes that ask for nothing are planned.
NOTES_AHEAD_DAYS = 200
USEFUL = timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class Planning:
    """What is known of one parent and the account, whatever nudge is thought of.

    zone, hour (0–23), quiet    the account's own, as they are now and not as they were when planned
    set_up_at                   when the parent was set up
    last_sent                   of each kind, when one about this parent last went out, or would have if there
                                had been a device; kinds that never did are absent. While one nudge is
                                decided on it does not count as sent itself
    begins_sent                 how many begin nudges about this parent were ever sent
    reached_out_at              the last time the child reached out, in any round
    last_contact_at             the last contact of any kind, by either side
    ready_at                    when the questions to bring were picked, in the round that is open
    visited_at                  the newest visit that was written down
    looked_back_at              the newest call or good thing that was written down
    rhythm_days                 days between contacts; None: not wanted
    snoozed_until               the local date of the newest snooze, also when it lies in the past
    paused, paused_until        of the account; None: no end set
    events, most_follow_ups     what `persistence.standing` is told
    """

    zone: ZoneInfo
    hour: int
    quiet: QuietHours
    set_up_at: datetime
    last_sent: Mapping[Kind, datetime]
    begins_sent: int = 0
    reached_out_at: datetime | None = None
    last_contact_at: datetime | None = None
    ready_at: datetime | None = None
    visited_at: datetime | None = None
    looked_back_at: datetime | None = None
    rhythm_days: int | None = None
    snoozed_until: date | None = None
    paused: bool = False
    paused_until: datetime | None = None
    stopped: bool = False
    events: Sequence[Event] = ()
    most_follow_ups: int = MOST_FOLLOW_UPS


@dataclass(frozen=True)
class Due:
    """A nudge to come: `local_on` is the date of `due_at` in the account's zone."""

    kind: Kind
    local_on: date
    due_at: datetime
    useful_until: datetime


def next_due(planning: Planning, now: datetime) -> Due | None:
    """Plan the next nudge about one parent, of whatever kind comes first; always strictly after now.

    One is planned at a time: plan again, in place of what is planned, whenever anything in `Planning`
    changes (a contact, a snooze, a pause, a stop, a move) and whenever a nudge was sent or dropped.
    """
    if planning.stopped or (planning.paused and planning.paused_until is None):
        return None
    after = max(now, planning.paused_until or now) if planning.paused else now
    found = [
        _due(kind, moment, planning.zone) for kind, moments in _MOMENTS.items() for moment in moments(planning, after)
    ]
    return min(found, key=lambda due: (due.due_at, USEFULNESS.index(due.kind)), default=None)


def _due(kind: Kind, moment: datetime, zone: ZoneInfo) -> Due:
    return Due(kind, local_date(moment, zone), moment, useful_until(kind, moment, zone))


def useful_until(kind: Kind, moment: datetime, zone: ZoneInfo) -> datetime:
    until = later(moment, USEFUL)
    return min(until, meetings.last_minute(local_date(moment, zone), zone)) if kind is Kind.GET_READY else until


def standing_at(planning: Planning, at: datetime) -> Standing:
    """Where things stand at that instant, if nothing else happens until then."""
    return standing(planning.events, planning.most_follow_ups, at, planning.zone)


def stands(planning: Planning, at: datetime, phase: Phase) -> bool:
    return standing_at(planning, at).phase is phase


def _ready_moments(planning: Planning, after: datetime) -> list[datetime]:
    """One for the evening before each meeting. An evening that has passed, or is hushed, is not made up for."""
    ahead = [meeting for meeting in meetings.agreed(planning.events, after) if not is_ready(planning, meeting)]
    eves = [meetings.eve_of(meeting, planning.zone) for meeting in ahead]
    open_eves = [eve for eve in eves if planning.snoozed_until is None or planning.snoozed_until <= eve]
    moments = [meetings.evening(schedule(planning)).moment_on(eve) for eve in open_eves]
    return [moment for moment in moments if moment is not None and moment > after]


def _look_back_moments(planning: Planning, after: datetime) -> list[datetime]:
    found = []
    for meeting in meetings.agreed(planning.events, after):
        moment = _look_back_moment(planning, meeting)
        if moment is not None and after < moment <= look_back_until(planning, meeting):
            found.append(moment)
    return found


def _look_back_moment(planning: Planning, meeting: Meeting) -> datetime | None:
    """Once for each meeting, and again when *Tomorrow* is said to it."""
    if is_looked_back_on(planning, meeting):
        return None
    was_sent = look_back_sent_at(planning, meeting) is not None
    if was_sent and not asked_again(planning, Kind.LOOK_BACK):
        return None
    moment, snoozed_until = meetings.look_back_at(meeting, schedule(planning)), planning.snoozed_until
    if snoozed_until is not None and (was_sent or snoozed_until > local_date(moment, planning.zone)):
        return schedule(planning).first_from(snoozed_until)
    return moment


def look_back_sent_at(planning: Planning, meeting: Meeting) -> datetime | None:
    sent_at = planning.last_sent.get(Kind.LOOK_BACK)
    return sent_at if sent_at is not None and sent_at >= meeting.ends_at else None


def look_back_until(planning: Planning, meeting: Meeting) -> datetime:
    """Give the last instant for which asking how it was may be put off."""
    moment = meetings.look_back_at(meeting, schedule(planning))
    return later(max(moment, look_back_sent_at(planning, meeting) or moment), meetings.LOOK_BACK_WITHIN)


def is_ready(planning: Planning, meeting: Meeting) -> bool:
    return meetings.is_ready(meeting, meetings.agreed(planning.events, meeting.starts_at), planning.ready_at)


def is_looked_back_on(planning: Planning, meeting: Meeting) -> bool:
    return meetings.is_looked_back_on(meeting, planning.zone, planning.visited_at, planning.looked_back_at)


def _follow_up_moments(planning: Planning, after: datetime) -> list[datetime]:
    """List the follow-ups still to come while no answer does. A day that went by unsent is not made up for."""
    days = follow_up_days(standing_at(planning, after))
    if planning.snoozed_until:
        days = tuple(max(day, planning.snoozed_until) for day in days)
        if asked_again(planning, Kind.FOLLOW_UP):
            days = (*days, planning.snoozed_until)
    moments = [schedule(planning).first_from(day) for day in days]
    return [moment for moment in moments if moment > after and stands(planning, moment, Phase.FOLLOW_UP)]


def _room_moments(planning: Planning, after: datetime) -> list[datetime]:
    """When room begins, that is said once; then the notes that ask for nothing have their days."""
    known = standing_at(planning, after)
    if known.room_on is None:
        return []
    days = (known.room_on, *note_days(known, later_days(local_date(after, planning.zone), NOTES_AHEAD_DAYS)))
    moments = [schedule(planning).first_from(max(day, planning.snoozed_until or day)) for day in days]
    return [moment for moment in moments if moment > after]


def _begin_moments(planning: Planning, after: datetime) -> list[datetime]:
    """List the begin nudges still to come. One whose day went by unsent is gone, not made up for.

    From the day on which keeping in touch is due, that takes over: or both would come, a day apart.
    """
    if in_touch_since_set_up(planning):
        return []
    set_up_on = local_date(planning.set_up_at, planning.zone)
    days = [later_days(set_up_on, days) for days in BEGIN_DAYS[planning.begins_sent :]]
    if planning.snoozed_until:
        days = [max(day, planning.snoozed_until) for day in days]
        if asked_again(planning, Kind.BEGIN):
            days.append(planning.snoozed_until)
    keep_due_on = keep_on(planning)
    moments = [schedule(planning).first_from(day) for day in days if keep_due_on is None or day < keep_due_on]
    return [moment for moment in moments if moment > after and stands(planning, moment, Phase.FREE)]


def _keep_moments(planning: Planning, after: datetime) -> list[datetime]:
    due_on, free_on = keep_on(planning), _free_on(planning, after)
    if due_on is None or free_on is None:
        return []
    day = max(due_on, free_on, planning.snoozed_until or due_on)
    return [schedule(planning).next_from(day, after)]


def _free_on(planning: Planning, after: datetime) -> date | None:
    """Give the first date from which on nothing stands in the way of being in touch; None while only they can change it."""
    known = standing_at(planning, after)
    if known.phase is Phase.FREE:
        return local_date(after, planning.zone)
    if known.phase is Phase.AGREED and known.next_on is not None:
        return later_days(known.next_on, 1)
    return known.next_on if known.phase is Phase.PUT_OFF else None


def keep_on(planning: Planning) -> date | None:
    """Give the date from which on keeping in touch is due: a rhythm after the last contact or nudge."""
    after_contact = contact_due_on(planning)
    sent_at = planning.last_sent.get(Kind.KEEP_IN_TOUCH)
    if after_contact is None or planning.rhythm_days is None:
        return None
    if sent_at is None or asked_again(planning, Kind.KEEP_IN_TOUCH):
        return after_contact
    return max(after_contact, later_days(local_date(sent_at, planning.zone), planning.rhythm_days))


def contact_due_on(planning: Planning) -> date | None:
    if planning.rhythm_days is None:
        return None
    contacts = (planning.set_up_at, planning.reached_out_at, planning.last_contact_at)
    last_at = max(at for at in contacts if at is not None)
    return later_days(local_date(last_at, planning.zone), planning.rhythm_days)


def in_touch_since_set_up(planning: Planning) -> bool:
    contact_at = planning.last_contact_at
    return planning.reached_out_at is not None or (contact_at is not None and contact_at > planning.set_up_at)


def asked_again(planning: Planning, kind: Kind) -> bool:
    """Say whether *Tomorrow* was said since the last nudge of this kind, and not followed up yet."""
    sent_at = planning.last_sent.get(kind)
    if sent_at is None or planning.snoozed_until is None:
        return False
    return planning.snoozed_until > local_date(sent_at, planning.zone)


def schedule(planning: Planning) -> Schedule:
    return Schedule(planning.zone, planning.hour, planning.quiet)


_MOMENTS = {
    Kind.GET_READY: _ready_moments,
    Kind.LOOK_BACK: _look_back_moments,
    Kind.FOLLOW_UP: _follow_up_moments,
    Kind.GIVE_ROOM: _room_moments,
    Kind.BEGIN: _begin_moments,
    Kind.KEEP_IN_TOUCH: _keep_moments,
}
