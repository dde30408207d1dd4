from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pwa.domain.dates import at_local, later, later_days, local_date, tomorrow, zone, zone_names
from pwa.domain.errors import Invalid


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="empty"),
        pytest.param("Europe", id="a folder of the database"),
        pytest.param("Europe/", id="a folder with a slash"),
        pytest.param("A" * 5000, id="longer than a file name"),
        pytest.param("Europe/Zurich\0", id="NUL"),
        pytest.param("\ud800", id="a lone surrogate"),
        pytest.param("../../etc/passwd", id="a path"),
        pytest.param("/etc/localtime", id="an absolute path"),
        pytest.param("localtime", id="the machine's own zone"),
        pytest.param("Factory", id="the zone of a machine without one"),
        pytest.param("posixrules", id="a copy for old programs"),
        pytest.param("right/UTC", id="with leap seconds"),
        pytest.param("europe/zurich", id="wrong case"),
        pytest.param("zone.tab", id="a table"),
        pytest.param("+02:00", id="an offset"),
        pytest.param(None, id="nothing"),
        pytest.param(7, id="a number"),
        pytest.param(["Europe/Zurich"], id="a list"),
        pytest.param({"zone": "UTC"}, id="an object"),
    ],
)
def test_what_is_no_zone_gets_a_sentence(name: object) -> None:
    with pytest.raises(Invalid) as refusal:
        zone(name)
    assert refusal.value.field == "zone"
    assert refusal.value.sentence.endswith(".")


@pytest.mark.parametrize("name", ["UTC", "America/Toronto", "Asia/Calcutta", "Europe/Kiev", "Etc/GMT+5", "EST5EDT"])
def test_every_name_a_browser_may_send_is_a_zone(name: str) -> None:
    assert zone(name).key == name


def test_a_select_offers_each_place_once_and_sorted() -> None:
    names = zone_names()
    assert names == sorted(set(names))
    assert {"America/Toronto", "Asia/Kolkata", "Pacific/Apia"} <= set(names)
    assert not {"Asia/Calcutta", "UTC", "EST", "Etc/GMT+5", "localtime"} & set(names)
    assert 400 < len(names) < 450


def test_a_select_offers_what_was_chosen_too() -> None:
    assert "Asia/Calcutta" in zone_names("Asia/Calcutta")
    assert "UTC" in zone_names("UTC")
    assert zone_names("No/Such") == zone_names("") == zone_names()


# zone, local date, hour, minute, what the clocks there show then
CLOCKS = [
    pytest.param("America/Toronto", "2026-07-01", 19, 0, "2026-07-01 19:00", id="an ordinary evening"),
    pytest.param(
        "America/New_York", "2027-03-14", 2, 30, "2027-03-14 03:00", id="a gap ends at the first valid instant"
    ),
    pytest.param("America/New_York", "2027-03-14", 3, 0, "2027-03-14 03:00", id="the end of a gap exists"),
    pytest.param("Australia/Lord_Howe", "2026-10-04", 2, 0, "2026-10-04 02:30", id="Lord Howe skips half an hour"),
    pytest.param("Asia/Beirut", "2026-03-29", 0, 0, "2026-03-29 01:00", id="Beirut has no midnight in spring"),
    pytest.param("Africa/Cairo", "2026-04-24", 0, 0, "2026-04-24 01:00", id="Cairo has no midnight in spring"),
    pytest.param("America/Santiago", "2026-09-06", 0, 15, "2026-09-06 01:00", id="Santiago has no midnight in spring"),
    pytest.param("Pacific/Apia", "2011-12-30", 19, 0, "2011-12-31 00:00", id="Apia had no 30 December 2011"),
    pytest.param("Pacific/Apia", "2011-12-29", 23, 59, "2011-12-29 23:59", id="the last minute before the missing day"),
    pytest.param("Pacific/Kwajalein", "1993-08-21", 9, 0, "1993-08-22 00:00", id="Kwajalein had no 21 August 1993"),
    pytest.param("America/Nuuk", "2026-03-28", 23, 0, "2026-03-29 00:00", id="Nuuk skips the last hour of a day"),
    pytest.param("Antarctica/Troll", "2026-03-29", 1, 30, "2026-03-29 03:00", id="Troll skips two hours"),
]


@pytest.mark.parametrize(("name", "on", "hour", "minute", "shown"), CLOCKS)
def test_an_hour_on_a_date_is_found_on_the_clocks(name: str, on: str, hour: int, minute: int, shown: str) -> None:
    at = at_local(date.fromisoformat(on), hour, ZoneInfo(name), minute)
    assert at.tzinfo is UTC
    assert at.astimezone(ZoneInfo(name)).strftime("%Y-%m-%d %H:%M") == shown


# zone, local date, hour, minute, the instant
TWICE = [
    pytest.param("America/New_York", "2026-11-01", 1, 30, "2026-11-01T05:30+00:00", id="New York repeats an hour"),
    pytest.param(
        "Australia/Lord_Howe", "2027-04-04", 1, 45, "2027-04-03T14:45+00:00", id="Lord Howe repeats half of one"
    ),
    pytest.param("America/Havana", "2026-11-01", 0, 30, "2026-11-01T04:30+00:00", id="Havana repeats midnight"),
    pytest.param(
        "Asia/Beirut", "2026-10-24", 23, 30, "2026-10-24T20:30+00:00", id="Beirut repeats the last hour of a day"
    ),
]


@pytest.mark.parametrize(("name", "on", "hour", "minute", "instant"), TWICE)
def test_an_hour_shown_twice_means_the_first_time(name: str, on: str, hour: int, minute: int, instant: str) -> None:
    at = at_local(date.fromisoformat(on), hour, ZoneInfo(name), minute)
    assert at == datetime.fromisoformat(instant)
    assert at.astimezone(ZoneInfo(name)).fold == 0


def test_the_evening_after_the_clocks_go_back_is_twenty_five_hours_away() -> None:
    toronto = ZoneInfo("America/Toronto")
    before, after = at_local(date(2026, 10, 31), 19, toronto), at_local(date(2026, 11, 1), 19, toronto)
    assert after - before == timedelta(hours=25)


@pytest.mark.parametrize(
    ("on", "hour", "name"),
    [
        pytest.param(date.max, 23, "America/Toronto", id="the last evening there is, west"),
        pytest.param(date.min, 1, "Asia/Tokyo", id="the first morning there is, east"),
    ],
)
def test_the_ends_of_the_calendar_are_invalid_and_no_crash(on: date, hour: int, name: str) -> None:
    with pytest.raises(Invalid):
        at_local(on, hour, ZoneInfo(name))


def test_counting_past_the_calendar_is_invalid() -> None:
    for past in (1, 10**6, 10**12):
        with pytest.raises(Invalid):
            later_days(date.max, past)
    with pytest.raises(Invalid):
        later(datetime.max.replace(tzinfo=UTC), timedelta(hours=12))
    with pytest.raises(Invalid):
        local_date(datetime.max.replace(tzinfo=UTC), ZoneInfo("Asia/Tokyo"))


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        local_date(datetime(2026, 7, 1, 12), ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("now", "name", "expected"),
    [
        pytest.param("2026-07-01T23:30+00:00", "America/Toronto", "2026-07-02", id="evening in the west"),
        pytest.param("2026-07-01T23:30+00:00", "Asia/Tokyo", "2026-07-03", id="already the next morning in the east"),
        pytest.param("2026-11-01T04:30+00:00", "America/Toronto", "2026-11-02", id="a day of twenty-five hours"),
        pytest.param("2026-12-31T12:00+00:00", "Pacific/Kiritimati", "2027-01-02", id="over the year"),
    ],
)
def test_tomorrow_is_one_local_day_away(now: str, name: str, expected: str) -> None:
    assert tomorrow(datetime.fromisoformat(now), ZoneInfo(name)) == date.fromisoformat(expected)
