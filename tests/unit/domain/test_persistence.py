"""Patient yet persistent, never a stalker. The day is 1 June 2026 unless said; times are noon in Toronto."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from pwa.domain.errors import Invalid
from pwa.domain.nudges import Kind as NudgeKind
from pwa.domain.nudges import Planning, next_due
from pwa.domain.persistence import (
    Event,
    Kind,
    Phase,
    Standing,
    follow_up_days,
    most_follow_ups,
    note_days,
    standing,
)
from pwa.domain.quiet import QuietHours

TORONTO = ZoneInfo("America/Toronto")
FIRST = date(2026, 6, 1)
HISTORIES = 1_000_000 if os.environ.get("SOAK") else 4_000
SEED = int(os.environ.get("REKINDLE_SEED", "20261127"))


def at(day: int, hour: int = 12) -> datetime:
    """That hour of the day so many days after the first."""
    on = FIRST + timedelta(days=day)
    return datetime(on.year, on.month, on.day, hour, tzinfo=TORONTO).astimezone(UTC)


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def told(*said: tuple[int, Kind] | tuple[int, Kind, int]) -> list[Event]:
    return [Event(at(one[0]), one[1], on(one[2]) if len(one) == 3 else None) for one in said]


def stands(events: Sequence[Event], day: int, most: int = 3) -> Standing:
    return standing(events, most, at(day, 20), TORONTO)


INVITED, WRITTEN, HEARD = Kind.INVITED, Kind.WRITTEN, Kind.HEARD
ONCE = ((0, INVITED),)
THRICE = ((0, INVITED), (2, WRITTEN), (5, WRITTEN), (10, WRITTEN))

# what happened, on which day it is asked, where things stand
TABLE = [
    ((), 0, Phase.FREE),
    (ONCE, 0, Phase.WAITING),
    (ONCE, 1, Phase.WAITING),
    (ONCE, 2, Phase.FOLLOW_UP),
    (ONCE, 13, Phase.FOLLOW_UP),
    (ONCE, 14, Phase.ROOM),
    (ONCE, 43, Phase.ROOM),
    (ONCE, 44, Phase.NOTE),
    (ONCE, 500, Phase.NOTE),
    (THRICE[:2], 3, Phase.WAITING),
    (THRICE[:2], 5, Phase.FOLLOW_UP),
    (THRICE[:3], 9, Phase.WAITING),
    (THRICE[:3], 10, Phase.FOLLOW_UP),
    (THRICE, 13, Phase.WAITING),
    (THRICE, 14, Phase.ROOM),
    (((0, INVITED), (4, WRITTEN)), 5, Phase.WAITING),  # not on neighbouring days
    (((0, INVITED), (4, WRITTEN)), 6, Phase.FOLLOW_UP),
    (((0, INVITED), (1, WRITTEN), (2, WRITTEN), (3, WRITTEN)), 7, Phase.ROOM),  # in a hurry: room comes sooner
    (((0, INVITED), (50, WRITTEN)), 51, Phase.ROOM),  # a note opens nothing again
    (((0, INVITED), (50, INVITED)), 51, Phase.ROOM),  # nor does asking on
    (((0, INVITED), (50, WRITTEN)), 140, Phase.NOTE),
    (((0, INVITED), (3, HEARD)), 3, Phase.FREE),
    (((0, INVITED), (3, HEARD), (3, INVITED)), 4, Phase.FREE),  # of one instant: sent, then heard
    (((0, WRITTEN), (1, WRITTEN)), 3, Phase.FREE),  # a word that was no invitation asks for nothing
    (((0, WRITTEN), (1, INVITED)), 2, Phase.WAITING),
    (((0, INVITED), (1, Kind.AGREED, 9)), 9, Phase.AGREED),
    (((0, INVITED), (1, Kind.AGREED, 9)), 10, Phase.FREE),
    (((0, INVITED), (1, Kind.AGREED, 9), (5, WRITTEN), (6, HEARD)), 7, Phase.AGREED),  # a day that is set stands
    (((0, INVITED), (1, Kind.AGREED, 9), (5, WRITTEN)), 12, Phase.FREE),
    (((0, INVITED), (1, Kind.PUT_OFF, 30)), 29, Phase.PUT_OFF),
    (((0, INVITED), (1, Kind.PUT_OFF, 30)), 30, Phase.FREE),
    (((0, INVITED), (1, Kind.PUT_OFF, 30), (8, HEARD)), 9, Phase.FREE),  # they were in touch
    (((0, INVITED), (1, Kind.PUT_OFF, 30), (8, WRITTEN)), 9, Phase.PUT_OFF),
    (((0, INVITED), (1, Kind.AGREED, 9), (2, Kind.PUT_OFF, 30)), 5, Phase.PUT_OFF),  # they took it back
    (((0, INVITED), (1, Kind.STOPPED)), 400, Phase.STOPPED),
    (((0, INVITED), (1, Kind.STOPPED), (3, HEARD)), 4, Phase.STOPPED),
    (((1, Kind.STOPPED), (3, HEARD), (4, Kind.LIFTED)), 4, Phase.FREE),
    (((1, Kind.STOPPED), (4, Kind.LIFTED), (6, Kind.STOPPED)), 7, Phase.STOPPED),
]


@pytest.mark.parametrize(("said", "day", "phase"), TABLE)
def test_where_things_stand(said: tuple[tuple[int, Kind], ...], day: int, phase: Phase) -> None:
    assert stands(told(*said), day).phase is phase


@pytest.mark.parametrize(("most", "room"), [(0, 4), (1, 6), (2, 9), (3, 14), (9, 14), (-1, 4)])
def test_a_person_may_allow_themselves_fewer_and_never_more(most: int, room: int) -> None:
    assert stands(told(*ONCE), room - 1, most).phase is not Phase.ROOM
    assert stands(told(*ONCE), room, most).phase is Phase.ROOM


@pytest.mark.parametrize("number", [-1, 4, True, "3", None, 2.0])
def test_how_many_is_none_to_three(number: object) -> None:
    with pytest.raises(Invalid):
        most_follow_ups(number)
    assert [most_follow_ups(n) for n in range(4)] == [0, 1, 2, 3]


def test_follow_ups_are_due_on_the_second_the_fifth_and_the_tenth_day() -> None:
    assert follow_up_days(stands(told(*ONCE), 0)) == (on(2), on(5), on(10))
    assert follow_up_days(stands(told(*THRICE[:2]), 2)) == (on(5), on(10))
    assert follow_up_days(stands(told(*THRICE), 10)) == ()
    assert follow_up_days(stands(told(*ONCE), 14)) == ()


def test_ways_on_one_day_count_as_one_and_none_is_offered_twice_a_day() -> None:
    events = [Event(at(0, hour), INVITED if hour == 9 else WRITTEN) for hour in (9, 10, 11, 15)]
    today = standing(events, 3, at(0, 20), TORONTO)
    assert (today.used, today.may_follow_up) == (0, False)
    assert stands(events, 1).may_follow_up


def test_notes_come_after_a_month_and_then_every_ninety_days() -> None:
    room = stands(told(*THRICE), 14)
    assert note_days(room, on(400)) == (on(44), on(134), on(224), on(314))
    written = stands(told(*THRICE, (50, WRITTEN)), 51)
    assert (written.phase, written.next_on, written.used) == (Phase.ROOM, on(140), 3)


@dataclass
class Life:
    """A person who takes every offer the app makes, at random; and a parent who answers at random. `most` is theirs.

    What may be counted is counted here anew, without the rule.
    """

    draw: Random
    most: int
    events: list[Event] = field(default_factory=list)
    asks: int = 0
    is_stopped: bool = False
    in_peace_until: datetime | None = None
    hour: int = 0

    def live(self, hours: int) -> None:
        while self.hour < hours:
            self.hour += self.draw.choice((3, 9, 24, 24, 50, 100, 400, 1500))
            self.draw.choice((self._accept, self._accept, self._accept, self._parent, self._oneself))()
            self._look_at_the_next_nudge()

    @property
    def now(self) -> datetime:
        return at(0, 0) + timedelta(hours=self.hour)

    def _standing(self) -> Standing:
        return standing(self.events, self.most, self.now, TORONTO)

    def _accept(self) -> None:
        offered = self._standing()
        if offered.may_invite or offered.may_follow_up:
            assert not self.is_stopped
            assert self.in_peace_until is None or self.now >= self.in_peace_until
            self._tell(INVITED if offered.may_invite else WRITTEN)
            self.asks += 1
            assert self.asks <= 1 + self.most
        elif offered.may_write_a_note:
            assert not self.is_stopped
            self._tell(WRITTEN)

    def _parent(self) -> None:
        kind = self.draw.choice((HEARD, Kind.AGREED, Kind.PUT_OFF, Kind.STOPPED))
        until = (self.now + timedelta(days=self.draw.randint(1, 40))).astimezone(TORONTO)
        self._tell(kind, until.date() if kind in (Kind.AGREED, Kind.PUT_OFF) else None)
        self.asks, self.in_peace_until = 0, None
        if kind is Kind.PUT_OFF:
            self.in_peace_until = until.replace(hour=0)
        self.is_stopped = self.is_stopped or kind is Kind.STOPPED

    def _oneself(self) -> None:
        """They write without being asked to; or, after a stop, say that the parent was in touch first."""
        if self.is_stopped and self.draw.random() < 0.3:
            self._tell(HEARD)
            self.events.append(Event(self.now + timedelta(minutes=1), Kind.LIFTED))
            self.hour += 1
            self.is_stopped, self.asks, self.in_peace_until = False, 0, None
        else:
            self._tell(WRITTEN)

    def _tell(self, kind: Kind, until_on: date | None = None) -> None:
        self.events.append(Event(self.now, kind, until_on))

    def _look_at_the_next_nudge(self) -> None:
        due = next_due(
            Planning(
                zone=TORONTO, hour=19, quiet=QuietHours(), set_up_at=at(0, 0), last_sent={}, rhythm_days=21,
                events=self.events, most_follow_ups=self.most, last_contact_at=self.now,
                stopped=self.is_stopped,
            ),
            self.now,
        )  # fmt: skip
        if self.is_stopped:
            assert due is None
        if self._standing().used >= self.most and not self._standing().may_invite:
            assert due is None or due.kind is not NudgeKind.FOLLOW_UP
        if self._standing().phase in (Phase.ROOM, Phase.NOTE):
            assert due is not None and due.kind is NudgeKind.GIVE_ROOM
        if self.in_peace_until is not None and self.now < self.in_peace_until:
            assert due is None or due.due_at >= self.in_peace_until


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_no_path_asks_beyond_the_cap_or_after_a_stop() -> None:
    for number in range(HISTORIES):
        draw = Random(f"{SEED} {number}")
        Life(draw, draw.randint(0, 3)).live(draw.choice((300, 1_000, 4_000)))
