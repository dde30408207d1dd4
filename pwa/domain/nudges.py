"""Which nudge falls due when, and whether one that has fallen due may go out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from pwa.domain.dates import later_days, local_date
from pwa.domain.quiet import QuietHours
from pwa.domain.schedule import Schedule


class Kind(StrEnum):
    BEGIN = "begin"
    KEEP_IN_TOUCH = "keep_in_touch"
    TEST = "test"


# Most useful first. Kinds that are not here (test; later, her replies) go out whenever they are made
# and do not count towards the one a day.
USEFULNESS = (Kind.BEGIN, Kind.KEEP_IN_TOUCH)
BEGIN_DAYS = (2, 5)
USEFUL = timedelta(hours=12)


class Reason(StrEnum):
    """Why a nudge was put off or dropped: kept with the nudge, never shown to a person."""

    STOPPED = "stopped"
    PAUSED = "paused"
    IN_TOUCH = "in_touch"
    ENOUGH = "enough"
    NOT_WANTED = "not_wanted"
    TOO_LATE = "too_late"
    SNOOZED = "snoozed"
    EARLY = "early"
    QUIET = "quiet"
    ONE_A_DAY = "one_a_day"


@dataclass(frozen=True, kw_only=True)
class Planning:
    """What is known of one parent and the account, whatever nudge is thought of.

    zone, hour (0–23), quiet    the account's own, as they are now and not as they were when planned
    set_up_at                   when the parent was set up
    last_sent                   of each kind, when one about this parent was last sent; kinds never sent are absent
    begins_sent                 how many begin nudges about this parent were ever sent
    reached_out_at              the last time the child reached out, in any round
    last_contact_at             the last contact of any kind, by either side
    rhythm_days                 days between contacts; None: not wanted
    snoozed_until               the local date of the newest snooze, also when it lies in the past
    paused, paused_until        of the parent or the account, whichever lasts longer; None: no end set
    """

    zone: ZoneInfo
    hour: int
    quiet: QuietHours
    set_up_at: datetime
    last_sent: Mapping[Kind, datetime]
    begins_sent: int = 0
    reached_out_at: datetime | None = None
    last_contact_at: datetime | None = None
    rhythm_days: int | None = None
    snoozed_until: date | None = None
    paused: bool = False
    paused_until: datetime | None = None
    stopped: bool = False


@dataclass(frozen=True, kw_only=True)
class Facts(Planning):
    """What is known when a nudge has fallen due.

    kind, local_on, due_at, useful_until    as planned (`Due`)
    sent_today               a kind in USEFULNESS was sent to this account, about any parent, on the local date of now
    more_useful_due_today    one that comes before it by `precedence` waits for the same account and local date
    """

    kind: Kind
    local_on: date
    due_at: datetime
    useful_until: datetime
    sent_today: bool = False
    more_useful_due_today: bool = False


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


@dataclass(frozen=True)
class Due:
    """A nudge to come: `local_on` is the date of `due_at` in the account's zone."""

    kind: Kind
    local_on: date
    due_at: datetime
    useful_until: datetime


def precedence(kind: Kind, due_at: datetime, nudge_id: str) -> tuple[int, datetime, str]:
    """Order the scheduled nudges of one account and date: the lowest wins the day."""
    return USEFULNESS.index(kind), due_at, nudge_id


def next_due(planning: Planning, now: datetime) -> Due | None:
    """Plan the next nudge about one parent, of whatever kind comes first; always strictly after now.

    One is planned at a time: plan again, in place of what is planned, whenever anything in `Planning`
    changes (a contact, a snooze, a pause, a stop, a move) and whenever a nudge was sent or dropped.
    """
    if planning.stopped or (planning.paused and planning.paused_until is None):
        return None
    after = max(now, planning.paused_until or now) if planning.paused else now
    found = [
        _due(kind, moment, planning.zone)
        for kind, moments in ((Kind.BEGIN, _begin_moments), (Kind.KEEP_IN_TOUCH, _keep_moments))
        for moment in moments(planning, after)
    ]
    return min(found, key=lambda due: (due.due_at, USEFULNESS.index(due.kind)), default=None)


def _due(kind: Kind, moment: datetime, zone: ZoneInfo) -> Due:
    return Due(kind, local_date(moment, zone), moment, moment + USEFUL)


def _begin_moments(planning: Planning, after: datetime) -> list[datetime]:
    """List the begin nudges still to come. One whose day went by unsent is gone, not made up for."""
    if _in_touch_since_set_up(planning):
        return []
    set_up_on = local_date(planning.set_up_at, planning.zone)
    days = [later_days(set_up_on, days) for days in BEGIN_DAYS[planning.begins_sent :]]
    if planning.snoozed_until:
        days = [max(day, planning.snoozed_until) for day in days]
        if _asked_again(planning, Kind.BEGIN):
            days.append(planning.snoozed_until)
    moments = [_schedule(planning).first_from(day) for day in days]
    return [moment for moment in moments if moment > after]


def _keep_moments(planning: Planning, after: datetime) -> list[datetime]:
    due_on = _keep_on(planning)
    if due_on is None:
        return []
    day = max(due_on, planning.snoozed_until or due_on)
    return [_schedule(planning).next_from(day, after)]


def _keep_on(planning: Planning) -> date | None:
    """Give the date from which on keeping in touch is due: a rhythm after the last contact or nudge."""
    contact_due_on = _contact_due_on(planning)
    sent_at = planning.last_sent.get(Kind.KEEP_IN_TOUCH)
    if contact_due_on is None or planning.rhythm_days is None:
        return None
    if sent_at is None or _asked_again(planning, Kind.KEEP_IN_TOUCH):
        return contact_due_on
    return max(contact_due_on, later_days(local_date(sent_at, planning.zone), planning.rhythm_days))


def _contact_due_on(planning: Planning) -> date | None:
    if planning.rhythm_days is None:
        return None
    contacts = (planning.set_up_at, planning.reached_out_at, planning.last_contact_at)
    last_at = max(at for at in contacts if at is not None)
    return later_days(local_date(last_at, planning.zone), planning.rhythm_days)


def _in_touch_since_set_up(planning: Planning) -> bool:
    contact_at = planning.last_contact_at
    return planning.reached_out_at is not None or (contact_at is not None and contact_at > planning.set_up_at)


def _asked_again(planning: Planning, kind: Kind) -> bool:
    """Say whether *Tomorrow* was the answer to the last nudge, and that was of this kind."""
    if planning.snoozed_until is None or not planning.last_sent:
        return False
    last_kind = max(planning.last_sent, key=lambda k: planning.last_sent[k])
    sent_on = local_date(planning.last_sent[last_kind], planning.zone)
    return last_kind is kind and planning.snoozed_until > sent_on


def _schedule(planning: Planning) -> Schedule:
    return Schedule(planning.zone, planning.hour, planning.quiet)


def decide(facts: Facts, now: datetime) -> Send | Defer | Drop:
    """Decide, at the moment of sending, what becomes of a nudge."""
    if facts.kind not in USEFULNESS:
        return Drop(Reason.TOO_LATE) if now > facts.useful_until else Send()
    reason = _silenced(facts) or _gone(facts, now)
    if reason:
        return Drop(reason)
    return _snoozed(facts, now) or _untimely(facts, now) or _one_a_day(facts, now) or Send()


def _silenced(facts: Facts) -> Reason | None:
    if facts.stopped:
        return Reason.STOPPED
    return Reason.PAUSED if facts.paused else None


def _gone(facts: Facts, now: datetime) -> Reason | None:
    """Say why there is no reason left to send."""
    if facts.kind is Kind.BEGIN:
        return _begin_gone(facts)
    contact_due_on, keep_on = _contact_due_on(facts), _keep_on(facts)
    if contact_due_on is None or keep_on is None:
        return Reason.NOT_WANTED
    today = max(facts.local_on, local_date(now, facts.zone))
    if today < contact_due_on:
        return Reason.IN_TOUCH
    return Reason.ENOUGH if today < keep_on else None


def _begin_gone(facts: Facts) -> Reason | None:
    if _in_touch_since_set_up(facts):
        return Reason.IN_TOUCH
    enough = facts.begins_sent >= len(BEGIN_DAYS) and not _asked_again(facts, Kind.BEGIN)
    return Reason.ENOUGH if enough else None


def _snoozed(facts: Facts, now: datetime) -> Defer | None:
    if facts.snoozed_until is None or facts.snoozed_until <= local_date(now, facts.zone):
        return None
    return _put_off(facts, _schedule(facts).first_from(facts.snoozed_until), Reason.SNOOZED)


def _untimely(facts: Facts, now: datetime) -> Defer | Drop | None:
    """Hold back what is early (the clock or the person moved) or quiet; drop what is too late."""
    moment = _schedule(facts).first_from(facts.local_on)
    if moment > now:
        return _put_off(facts, moment, Reason.EARLY)
    open_at = facts.quiet.first_open(now, facts.zone)
    if open_at > min(facts.useful_until, moment + USEFUL):
        return Drop(Reason.TOO_LATE)
    if open_at > now:
        return Defer(open_at, Reason.QUIET, facts.local_on, facts.useful_until)
    return None


def _one_a_day(facts: Facts, now: datetime) -> Defer | None:
    if not facts.sent_today and not facts.more_useful_due_today:
        return None
    next_day = later_days(local_date(now, facts.zone), 1)
    return _put_off(facts, _schedule(facts).next_from(next_day, now), Reason.ONE_A_DAY)


def _put_off(facts: Facts, moment: datetime, reason: Reason) -> Defer:
    return Defer(moment, reason, local_date(moment, facts.zone), moment + USEFUL)
