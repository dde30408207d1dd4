from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pwa.domain.errors import Invalid
from pwa.domain.quiet import QuietHours, hour_of_day

HOURS = st.integers(0, 23)
ZONES = st.sampled_from(
    [
        "UTC", "America/Toronto", "Asia/Kathmandu", "Australia/Lord_Howe", "Asia/Beirut", "Africa/Cairo",
        "America/Santiago", "America/Nuuk", "Antarctica/Troll", "Pacific/Chatham", "Africa/Casablanca",
    ]
)  # fmt: skip
MINUTES_OF_FIVE_YEARS = st.integers(0, 5 * 365 * 24 * 60)


@pytest.mark.parametrize(
    ("from_hour", "until_hour", "quiet", "open_"),
    [
        pytest.param(21, 9, ["21:00", "23:59", "00:00", "08:59"], ["09:00", "12:00", "20:59"], id="across midnight"),
        pytest.param(1, 6, ["01:00", "05:59"], ["00:59", "06:00", "23:00"], id="within a night"),
        pytest.param(0, 6, ["00:00", "05:59"], ["06:00", "23:59"], id="from midnight"),
        pytest.param(22, 0, ["22:00", "23:59"], ["00:00", "21:59"], id="until midnight"),
        pytest.param(9, 9, [], ["08:59", "09:00", "09:01", "00:00"], id="equal hours are no quiet hours"),
        pytest.param(0, 0, [], ["00:00", "12:00"], id="midnight to midnight is none either"),
        pytest.param(3, 2, ["03:00", "01:59", "12:00"], ["02:00", "02:59"], id="all but one hour"),
    ],
)
def test_quiet_hours_reach_from_the_first_up_to_the_second(
    from_hour: int, until_hour: int, quiet: list[str], open_: list[str]
) -> None:
    hours = QuietHours(from_hour, until_hour)
    assert [t for t in quiet if not hours.is_quiet(time.fromisoformat(t))] == []
    assert [t for t in open_ if hours.is_quiet(time.fromisoformat(t))] == []


def test_the_usual_quiet_hours_are_nine_to_nine() -> None:
    assert QuietHours() == QuietHours(21, 9)


@pytest.mark.parametrize("hour", [-1, 24, True, 9.0, "9", None, 10**30])
def test_an_hour_is_from_0_to_23(hour: object) -> None:
    with pytest.raises(Invalid):
        hour_of_day(hour)
    with pytest.raises(Invalid):
        QuietHours(hour, 9)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("hour", "opens"),
    [
        pytest.param(19, 19, id="open"),
        pytest.param(23, 9, id="late in the evening"),
        pytest.param(3, 9, id="in the night"),
        pytest.param(21, 9, id="on the first quiet hour"),
        pytest.param(9, 9, id="as they end"),
    ],
)
def test_an_hour_in_quiet_hours_moves_to_their_end(hour: int, opens: int) -> None:
    assert QuietHours(21, 9).open_hour(hour) == opens


# zone, quiet from, until, from this wall time (fold), opens at this instant
OPENINGS = [
    pytest.param("America/Toronto", 21, 9, "2026-07-01T12:00", 0, "2026-07-01T16:00Z", id="open already"),
    pytest.param("America/Toronto", 21, 9, "2026-07-01T22:10", 0, "2026-07-02T13:00Z", id="the next morning"),
    pytest.param("America/New_York", 22, 2, "2027-03-14T01:30", 0, "2027-03-14T07:00Z", id="their end lies in a gap"),
    pytest.param(
        "Antarctica/Troll", 0, 2, "2026-10-25T01:30", 0, "2026-10-25T00:00Z", id="their end comes twice: first"
    ),
    pytest.param(
        "Antarctica/Troll", 0, 2, "2026-10-25T01:30", 1, "2026-10-25T02:00Z", id="their end comes twice: again"
    ),
    pytest.param(
        "Antarctica/Troll", 2, 9, "2026-10-25T02:30", 0, "2026-10-25T01:00Z", id="the clocks go back before them"
    ),
    pytest.param(
        "America/New_York", 3, 2, "2027-03-13T03:30", 0, "2027-03-15T06:00Z", id="the only open hour is skipped"
    ),
    pytest.param("Pacific/Apia", 12, 6, "2011-12-29T13:00", 0, "2011-12-30T16:00Z", id="over a missing day"),
]


@pytest.mark.parametrize(("name", "from_hour", "until_hour", "wall", "fold", "opens"), OPENINGS)
def test_quiet_hours_end_at_the_first_open_minute(
    name: str, from_hour: int, until_hour: int, wall: str, fold: int, opens: str
) -> None:
    zone = ZoneInfo(name)
    at = datetime.fromisoformat(wall).replace(tzinfo=zone, fold=fold).astimezone(UTC)
    assert QuietHours(from_hour, until_hour).first_open(at, zone) == datetime.fromisoformat(opens)


@settings(max_examples=100, deadline=None)
@given(HOURS, HOURS, ZONES, MINUTES_OF_FIVE_YEARS, st.integers(0, 59))
def test_every_minute_before_the_first_open_one_is_quiet(
    from_hour: int, until_hour: int, name: str, minutes: int, seconds: int
) -> None:
    quiet, zone = QuietHours(from_hour, until_hour), ZoneInfo(name)
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes, seconds=seconds)
    opens = quiet.first_open(at, zone)
    assert opens >= at
    assert not quiet.is_quiet(opens.astimezone(zone))
    assert quiet.first_open(opens, zone) == opens
    between = range(int((opens - at) / timedelta(minutes=1)))
    assert all(quiet.is_quiet((at + timedelta(minutes=m)).astimezone(zone)) for m in between)


@settings(deadline=None)
@given(HOURS, HOURS)
def test_an_hour_is_quiet_in_these_hours_or_in_the_rest_of_the_day(from_hour: int, until_hour: int) -> None:
    hours, rest = QuietHours(from_hour, until_hour), QuietHours(until_hour, from_hour)
    both = [hours.is_quiet(time(h)) + rest.is_quiet(time(h)) for h in range(24)]
    assert set(both) == ({0} if from_hour == until_hour else {1})
