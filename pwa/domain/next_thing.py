"""The one next thing on Today. The words for each key come from content."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pwa.domain.dates import local_date
from pwa.domain.parents import Person
from pwa.domain.persistence import FREE, Phase, Standing
from pwa.domain.rhythm import DEFAULT_RHYTHM_DAYS
from pwa.domain.steps import STEP_KEYS, Progress

KEYS = (
    "stopped",
    "paused",
    "round_done",
    "put_off",
    "waiting",
    "agreed",
    "give_room",
    "note",
    "snoozed",
    "follow_up",
    "resting",
    "lighter_round",
    *(f"step.{key}" for key in STEP_KEYS),
)

# What a snooze cannot hide: there is nothing to do in them.
QUIET = {
    Phase.STOPPED: "stopped",
    Phase.PUT_OFF: "put_off",
    Phase.WAITING: "waiting",
    Phase.AGREED: "agreed",
    Phase.ROOM: "give_room",
}
# What is asked for by where things stand, whatever step the round is at.
ASKED_FOR = {Phase.FOLLOW_UP: "follow_up", Phase.NOTE: "note"}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What Today knows about one parent.

    `standing` is today's; `last_contact_at` is the last contact of any kind, by either side. `paused_until` past or None is no pause; for one without an end, `paused=True`.
    `snoozed_until` is the local date on which the thing comes back. `today` is the date in `zone`.
    """

    person: Person
    progress: Progress
    round_number: int
    today: date
    zone: ZoneInfo
    stopped: bool = False
    paused: bool = False
    paused_until: datetime | None = None
    snoozed_until: date | None = None
    standing: Standing = FREE
    last_contact_at: datetime | None = None
    rhythm_days: int | None = DEFAULT_RHYTHM_DAYS


@dataclass(frozen=True)
class NextThing:
    """`key` is one of KEYS, `step` the step it is about.

    `days`: paused, snoozed, resting, put_off, agreed: until it is over; waiting, follow_up, give_room, note: since
    what went out last; lighter_round: since the last contact. None where nobody knows.
    """

    key: str
    step: str | None = None
    days: int | None = None


def next_thing(facts: Facts, now: datetime) -> NextThing:
    """Choose the one thing to show: rules that silence first, then what is waited for, then what to do."""
    if facts.stopped:
        return NextThing("stopped")
    if facts.paused or (facts.paused_until is not None and facts.paused_until > now):
        return NextThing("paused", days=_days_until(facts.paused_until, facts))
    if facts.progress.complete:
        return NextThing("round_done")
    return _silence(facts) or _snoozed(facts) or _to_do(facts)


def _silence(facts: Facts) -> NextThing | None:
    """Give the state in which the kind thing is to leave it with her: nothing a snooze could hide."""
    key = QUIET.get(facts.standing.phase)
    if key is None or (key == "agreed" and facts.progress.is_done("be_together")):
        return None
    return NextThing(key, _STEP_OF.get(key, "follow_up"), _days_standing(facts))


def _snoozed(facts: Facts) -> NextThing | None:
    if facts.snoozed_until is None or facts.snoozed_until <= facts.today:
        return None
    return NextThing("snoozed", _step(facts), (facts.snoozed_until - facts.today).days)


def _to_do(facts: Facts) -> NextThing:
    key = ASKED_FOR.get(facts.standing.phase)
    if key is not None:
        return NextThing(key, "follow_up", _days_standing(facts))
    if facts.round_number > 1 and not _anything_ticked(facts.progress):
        return _next_round(facts)
    return NextThing(f"step.{_step(facts)}", _step(facts))


_STEP_OF = {"stopped": None, "agreed": "be_together"}


def _days_standing(facts: Facts) -> int | None:
    """Days since what went out last while they are waited for; else until what stands is over."""
    known = facts.standing
    if known.asked_on:
        return max(0, (facts.today - known.asked_on[-1]).days)
    return (known.next_on - facts.today).days or None if known.next_on else None


def _next_round(facts: Facts) -> NextThing:
    if facts.last_contact_at is None:
        return NextThing("lighter_round", _step(facts))
    days = _days_since(facts.last_contact_at, facts)
    rhythm_days = facts.rhythm_days or DEFAULT_RHYTHM_DAYS
    if days < rhythm_days:
        return NextThing("resting", _step(facts), rhythm_days - days)
    return NextThing("lighter_round", _step(facts), days)


def _anything_ticked(progress: Progress) -> bool:
    ticks = [tick for state in progress.states for _, tick in state.tasks]
    return any(tick is not None and tick.done for tick in ticks)


def _step(facts: Facts) -> str | None:
    now = facts.progress.now
    return now.step.key if now else None


def _days_since(at: datetime, facts: Facts) -> int:
    return max(0, (facts.today - local_date(at, facts.zone)).days)


def _days_until(at: datetime | None, facts: Facts) -> int | None:
    return None if at is None else max(0, (local_date(at, facts.zone) - facts.today).days)
