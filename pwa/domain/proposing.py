"""Three dates to offer: on three days, in three parts of the day, clear of what is known, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

from pwa.domain.dates import at_local, later, later_days, local, local_date
from pwa.domain.daylight import light
from pwa.domain.errors import Invalid
from pwa.domain.quiet import QuietHours
from pwa.domain.their_times import Bad

FIRST_DAY, LAST_DAY, THREE, SATURDAY = 3, 14, 3, 5
# Friendly times in each part of the day, the friendliest first.
TIMES = {
    "morning": (time(11), time(10), time(10, 30), time(9, 30)),
    "afternoon": (time(14, 30), time(14), time(15), time(13), time(16)),
    "evening": (time(18, 30), time(18), time(17, 30), time(19)),
}
# Offered only where an ocean lies between the two, and a day has no other hour for both.
EDGES = {"morning": (time(9), time(8, 30)), "evening": (time(20), time(20, 30))}
# Waking hours, for the one who asks, when there is no hour that is quiet for neither.
AWAKE = QuietHours(23, 7)
WORK = (time(9), time(17))
A_DAY_OUT = 600  # minutes from which on only the start is looked at
KEPT_OF_A_PART = 9
FURTHEST = timedelta(days=366)
# What speaks against a time, the worst first.
BUSY, BAD_TIME, DARK, HOLIDAY, AT_WORK, NOT_BEST, LATE = 120.0, 70.0, 40.0, 25.0, 8.0, 5.0, 0.4
LESS_FRIENDLY, SEEN = 0.5, 50.0
SAME_PART, NEXT_DAY, SAME_KIND = 30.0, 1.5, 4.0


@dataclass(frozen=True)
class Span:
    """Two instants."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Option:
    """One date to offer, and in a plain sentence why."""

    starts_at: datetime
    ends_at: datetime
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the dates are made for.

    zone, their_zone    the person's, and the parent's where it differs
    minutes, best       of the idea; best: any, morning, afternoon, evening
    travel              minutes each way, 0 by phone
    outdoor, latitude   whether it wants daylight, and where (degrees north; None: not known)
    bad_times           of the parent, in their zone
    busy, has_calendar  of the person; whether any calendar of theirs was read
    holidays            date → name, where the parent lives
    quiet               hours in which neither is to be disturbed
    seen                starts that were proposed before, and passed over
    seed                the same seed, the same dates
    """

    zone: ZoneInfo
    their_zone: ZoneInfo | None = None
    minutes: int = 60
    best: str = "any"
    travel: int = 0
    outdoor: bool = False
    latitude: float | None = None
    bad_times: Sequence[Bad] = ()
    busy: Sequence[Span] = ()
    has_calendar: bool = False
    holidays: Mapping[date, str] = field(default_factory=dict)
    quiet: QuietHours = field(default_factory=QuietHours)
    seen: frozenset[datetime] = frozenset()
    seed: str = ""

    @property
    def theirs(self) -> ZoneInfo:
        return self.their_zone or self.zone


@dataclass(frozen=True)
class _Candidate:
    part: str
    on: date
    starts_at: datetime
    ends_at: datetime
    against: float


def propose(wishes: Wishes, now: datetime) -> tuple[Option, Option, Option]:
    """Three dates in the order of time, on days 3 to 14 from today by the person's calendar.

    They lie on different days, and in different parts of the day unless that would cost more than it gives: a walk
    in the dark, an hour that is taken. What cannot be avoided is told in the reason. Quiet hours are kept in both
    zones while there is an hour that is quiet in neither; else in the parent's, and the person is awake if that can be.
    """
    found: list[_Candidate] = []
    quiet = wishes.quiet
    for kept, times in (
        ((quiet, quiet), TIMES),
        ((quiet, AWAKE), EDGES),
        ((quiet, None), TIMES),
        ((None, None), TIMES),
    ):
        if len({one.on for one in found}) < THREE:
            found += list(_candidates(wishes, now, times, kept))
    chosen = _three(found)
    return tuple(_option(one, wishes) for one in sorted(chosen, key=lambda one: one.starts_at))  # type: ignore[return-value]


def review(span: Span, wishes: Wishes, now: datetime) -> list[str]:
    """Say what speaks against a date that was picked by hand. Raises Invalid for one that cannot be offered."""
    if span.starts_at <= now:
        raise Invalid("One of these times has passed. Pick a later one.", "dates")
    if span.starts_at - now > FURTHEST:
        raise Invalid("One of these is more than a year away. Pick one that is nearer.", "dates")
    shown = local(span.starts_at, wishes.theirs)
    said = f"{shown:%A} at {shown:%H:%M}"
    found = []
    if _is_busy(span, wishes):
        found.append(f"{said} overlaps with something in your calendar.")
    if _is_bad(span, wishes):
        found.append(f"{said} is a time that never suits, by what you told us.")
    if _is_quiet(span, wishes, (wishes.quiet, wishes.quiet)):
        found.append(f"{said} lies in quiet hours.")
    return found


Times = Mapping[str, Sequence[time]]
# The hours in which the parent, and the person, are left in peace; None for none.
Kept = tuple[QuietHours | None, QuietHours | None]


def _candidates(wishes: Wishes, now: datetime, times: Times, kept: Kept) -> Iterator[_Candidate]:
    today = local_date(now, wishes.zone)
    for number in range(FIRST_DAY - 1, LAST_DAY + 2):
        on = later_days(today, number)
        for part, each in times.items():
            for place, at in enumerate(each):
                made = _candidate(wishes, on, part, at, kept)
                if made and FIRST_DAY <= (local_date(made.starts_at, wishes.zone) - today).days <= LAST_DAY:
                    yield replace(made, against=made.against + place * LESS_FRIENDLY)


def _candidate(wishes: Wishes, on: date, part: str, at: time, kept: Kept) -> _Candidate | None:
    """A time on the parent's clocks, if it exists once, and nobody is disturbed by it."""
    if not _is_plain(on, at, wishes.theirs):
        return None
    starts_at = at_local(on, at.hour, wishes.theirs, at.minute)
    span = Span(starts_at, later(starts_at, timedelta(minutes=wishes.minutes)))
    if _is_quiet(span, wishes, kept):
        return None
    return _Candidate(part, on, starts_at, span.ends_at, _against(span, on, part, wishes))


def _is_plain(on: date, at: time, zone: ZoneInfo) -> bool:
    """Whether the clocks show that time once: neither skipped nor shown twice."""
    wall = datetime.combine(on, at)
    first, second = wall.replace(tzinfo=zone), wall.replace(tzinfo=zone, fold=1)
    back = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    return back == wall and first.utcoffset() == second.utcoffset()


def _is_quiet(span: Span, wishes: Wishes, kept: Kept) -> bool:
    last = span.starts_at if wishes.minutes >= A_DAY_OUT else span.ends_at - timedelta(minutes=1)
    zones = zip(kept, (wishes.theirs, wishes.zone), strict=True)
    return any(
        quiet is not None and quiet.is_quiet(local(at, zone)) for quiet, zone in zones for at in (span.starts_at, last)
    )


def _against(span: Span, on: date, part: str, wishes: Wishes) -> float:
    mine = local(span.starts_at, wishes.zone)
    works = mine.weekday() < SATURDAY and mine.date() not in wishes.holidays and WORK[0] <= mine.time() < WORK[1]
    days = (span.starts_at - datetime.combine(on, time(), UTC)).days
    return (
        BUSY * _is_busy(span, wishes)
        + BAD_TIME * _is_bad(span, wishes)
        + HOLIDAY * (on in wishes.holidays)
        + DARK * _is_dark(span, wishes)
        + AT_WORK * works
        + SEEN * (span.starts_at in wishes.seen)
        + NOT_BEST * (wishes.best not in ("any", part))
        + LATE * days
        + _draw(wishes.seed, on, part)
    )


def _is_busy(span: Span, wishes: Wishes) -> bool:
    travel = timedelta(minutes=wishes.travel)
    starts_at, ends_at = span.starts_at - travel, span.ends_at + travel
    return any(busy.starts_at < ends_at and busy.ends_at > starts_at for busy in wishes.busy)


def _is_bad(span: Span, wishes: Wishes) -> bool:
    starts, ends = local(span.starts_at, wishes.theirs), local(span.ends_at, wishes.theirs)
    return any(bad.covers(starts, ends) for bad in wishes.bad_times)


def _is_dark(span: Span, wishes: Wishes) -> bool:
    if not wishes.outdoor or wishes.latitude is None:
        return False
    starts, ends = local(span.starts_at, wishes.theirs), local(span.ends_at, wishes.theirs)
    dawn, dusk = light(wishes.latitude, starts.date())
    return _hours(starts) < dawn or _hours(ends) > dusk or ends.date() != starts.date()


def _hours(at: datetime) -> float:
    return at.hour + at.minute / 60


def _draw(seed: str, on: date, part: str) -> float:
    """Up to a few points by lot, so that another seed brings other dates of the same worth."""
    lot = blake2b(f"{on} {part}".encode(), key=seed.encode()[:64], digest_size=2).digest()
    return int.from_bytes(lot, "big") / 65_535 * 6


def _three(found: Sequence[_Candidate]) -> tuple[_Candidate, ...]:
    """The three on different days that have least against them together."""
    parts = {one.part for one in found}
    pool = [one for part in sorted(parts) for one in _best_days(each for each in found if each.part == part)]
    trios = (trio for trio in combinations(pool, THREE) if len({one.on for one in trio}) == THREE)
    return min(trios, key=_against_together)


def _best_days(found: Iterable[_Candidate]) -> list[_Candidate]:
    """The best time of each day, the best days first."""
    best: dict[date, _Candidate] = {}
    for one in found:
        if one.on not in best or one.against < best[one.on].against:
            best[one.on] = one
    return sorted(best.values(), key=lambda one: one.against)[:KEPT_OF_A_PART]


def _against_together(trio: Sequence[_Candidate]) -> float:
    """Days next to one another leave less choice; so do one part of the day, and one kind of day."""
    days = sorted(one.on for one in trio)
    near = sum((after - before).days == 1 for before, after in pairwise(days))
    weekends = sum(day.weekday() >= SATURDAY for day in days)
    repeated = THREE - len({one.part for one in trio})
    one_kind = weekends in (0, THREE)
    return sum(one.against for one in trio) + SAME_PART * repeated + NEXT_DAY * near + SAME_KIND * one_kind


def _option(one: _Candidate, wishes: Wishes) -> Option:
    return Option(one.starts_at, one.ends_at, _why(one, wishes))


def _why(one: _Candidate, wishes: Wishes) -> str:
    """At most two facts, the most telling first; what speaks against it outweighs what speaks for it."""
    span = Span(one.starts_at, one.ends_at)
    if _is_busy(span, wishes):
        return "Your calendar has something then, and no day has more room"
    if _is_bad(span, wishes):
        return "A time that rarely suits, for want of a better one"
    facts = list(_facts(one, span, wishes))[:2]
    said = ", ".join(facts)
    return said[:1].upper() + said[1:]


def _facts(one: _Candidate, span: Span, wishes: Wishes) -> Iterator[str]:
    mine = local(span.starts_at, wishes.zone)
    if one.on in wishes.holidays:
        yield f"it is {wishes.holidays[one.on]}"
    if wishes.their_zone is not None and wishes.their_zone != wishes.zone:
        yield f"{mine:%H:%M} where you are"
    if wishes.has_calendar:
        yield "clear in your calendar"
    if wishes.best == one.part:
        yield f"{one.part}s are best for this"
    if wishes.outdoor and wishes.latitude is not None and not _is_dark(span, wishes):
        yield "in daylight"
    if mine.weekday() >= SATURDAY:
        yield "at the weekend"
    elif mine.time() >= WORK[1]:
        yield "after the working day"
    else:
        yield "on a weekday"
