"""Three dates to offer: on three days, in three parts of the day, at hours that suit both, whatever the clocks do."""

from __future__ import annotations

import os
import zoneinfo
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pwa.domain.dates import NOT_PLACES, local_date
from pwa.domain.daylight import light
from pwa.domain.errors import Invalid
from pwa.domain.proposing import Option, Span, Wishes, propose, review
from pwa.domain.quiet import QuietHours
from pwa.domain.their_times import Bad, times_in

SOAK = bool(os.environ.get("SOAK"))
BERLIN, TOKYO, AUCKLAND = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo"), ZoneInfo("Pacific/Auckland")
NOW = datetime(2026, 3, 20, 8, tzinfo=UTC)  # a Friday
NAMES = sorted(zoneinfo.available_timezones() - NOT_PLACES)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def wishes(**other: Any) -> Wishes:
    return replace(Wishes(zone=BERLIN, seed="family"), **other)


def part(at: datetime) -> str:
    return "morning" if at.hour < 12 else "afternoon" if at.hour < 17 else "evening"


def check(three: tuple[Option, ...], asked: Wishes, now: datetime) -> None:
    """What holds of any three, told a second time on purpose."""
    ahead = [(local_date(one.starts_at, asked.zone) - local_date(now, asked.zone)).days for one in three]
    assert len(three) == 3
    assert ahead == sorted(ahead) and ahead[0] >= 3 and ahead[-1] <= 14
    assert len({one.starts_at.astimezone(asked.theirs).date() for one in three}) == 3
    for one in three:
        there = one.starts_at.astimezone(asked.theirs)
        assert one.ends_at - one.starts_at == timedelta(minutes=asked.minutes)
        assert there.minute % 15 == 0 and there.second == 0
        assert there.replace(fold=1).utcoffset() == there.replace(fold=0).utcoffset()
        assert not asked.quiet.is_quiet(there)
        assert one.why and one.why[0] == one.why[0].upper()


def test_plain_wishes_bring_three_days_and_three_parts_of_the_day() -> None:
    three = propose(wishes(), NOW)
    check(three, wishes(), NOW)
    assert {part(one.starts_at.astimezone(BERLIN)) for one in three} == {"morning", "afternoon", "evening"}


def test_the_same_wishes_bring_the_same_dates_all_day_and_another_family_others() -> None:
    assert propose(wishes(), NOW) == propose(wishes(), NOW + 10 * HOUR)
    assert len({propose(wishes(seed=str(number)), NOW) for number in range(8)}) > 3


def test_what_was_passed_over_does_not_come_back_while_there_is_more() -> None:
    seen = frozenset[datetime]()
    for _ in range(4):
        starts = {one.starts_at for one in propose(wishes(seen=seen), NOW)}
        assert not starts & seen
        seen |= starts


def test_a_calendar_is_kept_clear_of_the_way_there_and_back_too() -> None:
    busy = [
        Span(day + 9 * HOUR, day + 12 * HOUR) for day in (NOW.replace(hour=0) + number * DAY for number in range(16))
    ]
    asked = wishes(busy=busy, has_calendar=True, travel=90)
    for one in propose(asked, NOW):
        assert all(
            each.ends_at + 1.5 * HOUR <= one.starts_at or one.ends_at + 1.5 * HOUR <= each.starts_at for each in busy
        )
        assert "clear in your calendar" in one.why.lower()


def test_of_a_calendar_full_to_the_brim_it_is_owned_up_to() -> None:
    free = datetime(2026, 3, 25, 17, 15, tzinfo=UTC)  # a quarter past six in Berlin
    busy = (Span(NOW, free), Span(free + 1.5 * HOUR, NOW + 30 * DAY))
    three = propose(wishes(busy=busy, has_calendar=True), NOW)
    check(three, wishes(), NOW)
    assert [one.why for one in three if "Your calendar has something then" not in one.why] != []
    assert sum("Your calendar has something then" in one.why for one in three) == 2


def test_times_that_never_suit_are_left_out() -> None:
    bad = times_in("Thursday evening, weekend mornings, Mondays")
    for number in range(20):
        for one in propose(wishes(bad_times=bad, seed=str(number)), NOW):
            starts, ends = (at.astimezone(BERLIN) for at in (one.starts_at, one.ends_at))
            assert not any(each.covers(starts, ends) for each in bad)


def test_a_holiday_is_neither_forbidden_nor_first() -> None:
    easter = {date(2026, 3, 20) + number * DAY: "Easter" for number in range(16)}
    assert all("Easter" in one.why for one in propose(wishes(holidays=easter), NOW))
    some = {date(2026, 3, 28): "Easter", date(2026, 3, 29): "Easter"}
    assert not any("Easter" in one.why for one in propose(wishes(holidays=some), NOW))


def test_what_is_done_outdoors_is_done_in_daylight() -> None:
    winter = datetime(2026, 12, 10, 8, tzinfo=UTC)
    for one in propose(wishes(outdoor=True, latitude=52.5, minutes=90), winter):
        assert one.ends_at.astimezone(BERLIN).hour < 16
    assert light(52.5, date(2026, 6, 21))[1] > 19.5
    assert light(-37, date(2026, 12, 21))[1] > 18
    assert light(80, date(2026, 6, 21)) == (0.0, 24.0)
    dawn, dusk = light(80, date(2026, 12, 21))
    assert dawn >= dusk - 0.01


@pytest.mark.parametrize("theirs", [TOKYO, AUCKLAND, ZoneInfo("America/Los_Angeles"), ZoneInfo("Pacific/Kiritimati")])
def test_hours_are_decent_for_the_parent_and_waking_ones_for_the_person(theirs: ZoneInfo) -> None:
    asked = wishes(their_zone=theirs)
    three = propose(asked, NOW)
    check(three, asked, NOW)
    for one in three:
        here = one.starts_at.astimezone(BERLIN)
        assert 7 <= here.hour < 23
        assert "where you are" in one.why


@pytest.mark.parametrize("minutes", [10, 60, 180, 480, 1440])
def test_long_and_short_things_fit(minutes: int) -> None:
    asked = wishes(minutes=minutes)
    three = propose(asked, NOW)
    check(three, asked, NOW)
    if minutes < 600:
        assert not any(asked.quiet.is_quiet((one.ends_at - timedelta(minutes=1)).astimezone(BERLIN)) for one in three)


@settings(max_examples=120, deadline=None)
@given(
    mine=st.sampled_from(NAMES), theirs=st.sampled_from(NAMES), minutes=st.integers(10, 240),
    best=st.sampled_from(("any", "morning", "afternoon", "evening")), travel=st.integers(0, 240),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)),
    busy=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 300)), max_size=12),
    days=st.frozensets(st.integers(0, 6)),
)  # fmt: skip
def test_any_wishes_bring_three_that_can_be_offered(
    mine: str, theirs: str, minutes: int, best: str, travel: int, now: datetime, busy: list[tuple[int, int]], days: frozenset[int]
) -> None:  # fmt: skip
    asked = Wishes(
        zone=ZoneInfo(mine), their_zone=ZoneInfo(theirs), minutes=minutes, best=best, travel=travel,
        busy=[Span(now + start * HOUR, now + (start + length) * HOUR) for start, length in busy],
        bad_times=[Bad(days, time(9), time(20))] if days else [], has_calendar=True,
    )  # fmt: skip
    check(propose(asked, now), asked, now)


def changes(name: str) -> Iterator[datetime]:
    """The days from 2026 to 2030 on which the clocks of a zone change, at noon UTC."""
    zone = ZoneInfo(name)
    noons = [datetime(2026, 1, 1, 12, tzinfo=UTC) + number * DAY for number in range(5 * 365 + 2)]
    offsets = [noon.astimezone(zone).utcoffset() for noon in noons]
    for noon, (before, after) in zip(noons[1:], pairwise(offsets), strict=True):
        if before != after:
            yield noon


def by_changes() -> dict[tuple[datetime, ...], str]:
    """One name for each way of changing; every name in the soak."""
    return {((*changes(name), name) if SOAK else tuple(changes(name))): name for name in NAMES}  # type: ignore[misc]


@pytest.mark.timeout(3600)
def test_dates_hold_in_every_zone_around_every_change_of_its_clocks() -> None:
    tried = 0
    for name in by_changes().values():
        asked = Wishes(zone=ZoneInfo(name), minutes=90)
        for noon in changes(name):
            for days in range(-15, 3) if SOAK else (-14, -9, -4, 0):
                now = noon + days * DAY
                three = propose(asked, now)
                check(three, asked, now)
                assert {part(one.starts_at.astimezone(asked.zone)) for one in three} == {
                    "morning",
                    "afternoon",
                    "evening",
                }
                tried += 1
    assert tried > 300


def test_a_date_that_was_picked_by_hand_is_refused_or_advised_on() -> None:
    def said(starts_at: datetime, **other: Any) -> list[str]:
        return review(Span(starts_at, starts_at + HOUR), wishes(**other), NOW)

    assert said(datetime(2026, 3, 25, 17, tzinfo=UTC)) == []
    assert "quiet hours" in said(datetime(2026, 3, 25, 22, tzinfo=UTC))[0]
    taken = [Span(datetime(2026, 3, 25, 16, tzinfo=UTC), datetime(2026, 3, 25, 18, tzinfo=UTC))]
    assert "your calendar" in said(datetime(2026, 3, 25, 17, tzinfo=UTC), busy=taken)[0]
    assert "never suits" in said(datetime(2026, 3, 26, 17, tzinfo=UTC), bad_times=times_in("Thursday evening"))[0]
    for starts_at, sentence in (
        (datetime(2026, 3, 19, 12, tzinfo=UTC), "has passed"),
        (datetime(1, 1, 2, tzinfo=UTC), "has passed"),
        (datetime(2028, 1, 1, tzinfo=UTC), "more than a year"),
        (datetime(9999, 12, 30, tzinfo=UTC), "more than a year"),
    ):
        with pytest.raises(Invalid, match=sentence):
            said(starts_at)


@pytest.mark.parametrize(
    ("text", "when", "is_bad"),
    [
        ("Thursday evening", (3, 18), True),
        ("Thursday evening", (3, 10), False),
        ("thursdays", (3, 10), True),
        ("Thurs", (3, 10), True),
        ("Sunday mornings", (6, 9), True),
        ("Sunday mornings", (6, 14), False),
        ("weekends", (5, 14), True),
        ("weekends", (4, 14), False),
        ("weekday mornings", (0, 9), True),
        ("weekday mornings", (5, 9), False),
        ("mornings", (2, 10), True),
        ("before 11", (2, 10), True),
        ("before 11", (2, 11), False),
        ("after 8pm", (2, 20), True),
        ("after 8pm", (2, 19), False),
        ("Monday and Wednesday afternoons", (0, 14), True),
        ("Monday and Wednesday afternoons", (2, 14), True),
        ("Mon, Wed", (2, 14), True),
        ("Tuesday nights, she has choir", (1, 19), True),
        ("not on Fridays", (4, 12), True),
        ("nothing special", (4, 12), False),
        ("", (4, 12), False),
        ("9" * 4_000, (4, 12), False),
        ("🌹🌹🌹", (4, 12), False),
    ],
)
def test_times_are_read_from_what_somebody_wrote(text: str, when: tuple[int, int], is_bad: bool) -> None:
    starts = datetime(2026, 3, 23 + when[0], when[1])
    assert any(each.covers(starts, starts + HOUR) for each in times_in(text)) is is_bad


@pytest.mark.parametrize("begins", range(24))
def test_whatever_the_quiet_hours_three_dates_are_offered(begins: int) -> None:
    for ends in range(24):
        three = propose(wishes(quiet=QuietHours(begins, ends)), NOW)
        assert len({one.starts_at.astimezone(BERLIN).date() for one in three}) == 3
