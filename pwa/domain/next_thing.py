"""The one next thing on Today. The words for each key come from content."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pwa.domain.dates import local_date
from pwa.domain.parents import Person
from pwa.domain.rhythm import DEFAULT_RHYTHM_DAYS
from pwa.domain.steps import STEP_KEYS, Progress

KEYS = (
    "stopped",
    "paused",
    "round_done",
    "waiting",
    "give_room",
    "snoozed",
    "follow_up",
    "resting",
    "lighter_round",
    *(f"step.{key}" for key in STEP_KEYS),
)

# Local days after reaching out: from the first on, a kind follow-up; past the last, no more asking.
FOLLOW_UP_DAYS = 2
LAST_FOLLOW_UP_DAYS = 10


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What Today knows about one parent.

    `reached_out_at` is this round's (None: when the step was done); `last_contact_at` is the last contact
    of any kind, by either side; `heard_at` the last one in which the parent had a part: a call, a visit,
    or anything by them. `paused_until` past or None is no pause; for one without an end, `paused=True`.
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
    reached_out_at: datetime | None = None
    last_contact_at: datetime | None = None
    heard_at: datetime | None = None
    rhythm_days: int | None = DEFAULT_RHYTHM_DAYS


@dataclass(frozen=True)
class NextThing:
    """`key` is one of KEYS, `step` the step it is about.

    `days`: paused, snoozed, resting: until it is over; waiting, follow_up, give_room: since reaching
    out; lighter_round: since the last contact. None where nobody knows.
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
    days = _days_unanswered(facts)
    if days is None or FOLLOW_UP_DAYS <= days <= LAST_FOLLOW_UP_DAYS:
        return None
    return NextThing("waiting" if days < FOLLOW_UP_DAYS else "give_room", "follow_up", days)


def _snoozed(facts: Facts) -> NextThing | None:
    if facts.snoozed_until is None or facts.snoozed_until <= facts.today:
        return None
    return NextThing("snoozed", _step(facts), (facts.snoozed_until - facts.today).days)


def _to_do(facts: Facts) -> NextThing:
    days = _days_unanswered(facts)
    if days is not None:
        return NextThing("follow_up", "follow_up", days)
    if facts.round_number > 1 and not _anything_ticked(facts.progress):
        return _next_round(facts)
    return NextThing(f"step.{_step(facts)}", _step(facts))


def _next_round(facts: Facts) -> NextThing:
    if facts.last_contact_at is None:
        return NextThing("lighter_round", _step(facts))
    days = _days_since(facts.last_contact_at, facts)
    rhythm_days = facts.rhythm_days or DEFAULT_RHYTHM_DAYS
    if days < rhythm_days:
        return NextThing("resting", _step(facts), rhythm_days - days)
    return NextThing("lighter_round", _step(facts), days)


def _days_unanswered(facts: Facts) -> int | None:
    """Count local days since reaching out, or since the last contact after it; None if not waiting."""
    done = facts.progress.is_done
    met = done("be_together") or done("look_for_good")
    if not done("reach_out") or done("follow_up") or met:
        return None
    reached = facts.reached_out_at or _done_at(facts.progress, "reach_out")
    if reached is None or (facts.heard_at is not None and facts.heard_at >= reached):
        return None
    return _days_since(max(reached, facts.last_contact_at or reached), facts)


def _done_at(progress: Progress, step_key: str) -> datetime | None:
    return next((s.done_at for s in progress.states if s.step.key == step_key), None)


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
