"""When a nudge is planned, and what becomes of it at the moment of sending. Account hour 19 in Toronto unless said."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pwa.domain.errors import Invalid
from pwa.domain.nudges import (
    USEFULNESS,
    Decision,
    Defer,
    Drop,
    Due,
    Facts,
    Kind,
    Planning,
    Reason,
    Send,
    decide,
    next_due,
    precedence,
)
from pwa.domain.quiet import QuietHours

TORONTO, TOKYO, LISBON = ZoneInfo("America/Toronto"), ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Lisbon")
HONOLULU = ZoneInfo("Pacific/Honolulu")
BEGIN, KEEP, TEST = Kind.BEGIN, Kind.KEEP_IN_TOUCH, Kind.TEST
HALF_A_DAY = timedelta(hours=12)


def local(text: str, zone: ZoneInfo = TORONTO) -> datetime:
    """ "06-03 19:00" on the clocks of a zone in 2026, as an instant."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=zone).astimezone(UTC)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


# Set up on Monday 1 June at 20:15: begin is due on 3 and 6 June, keeping in touch on 22 June.
NEW = Planning(zone=TORONTO, hour=19, quiet=QuietHours(), set_up_at=local("06-01 20:15"), last_sent={}, rhythm_days=21)
SENT_ONCE: dict[str, Any] = {"last_sent": {BEGIN: local("06-03 19:00")}, "begins_sent": 1}
SENT_TWICE: dict[str, Any] = {"last_sent": {BEGIN: local("06-06 19:00")}, "begins_sent": 2}


def due(kind: Kind, on: str, at: str, zone: ZoneInfo = TORONTO) -> Due:
    moment = local(f"{on} {at}", zone)
    return Due(kind, day(on), moment, moment + HALF_A_DAY)


# now, what differs from NEW, what is due next
PLANS = [
    pytest.param("06-01 20:15", {}, due(BEGIN, "06-03", "19:00"), id="just set up: on local day 2"),
    pytest.param("06-03 18:59", {}, due(BEGIN, "06-03", "19:00"), id="a minute before"),
    pytest.param("06-03 19:00", SENT_ONCE, due(BEGIN, "06-06", "19:00"), id="begin was sent: again on day 5"),
    pytest.param("06-03 19:00", {}, due(BEGIN, "06-06", "19:00"), id="begin fell through: not made up for, day 5"),
    pytest.param("06-06 19:00", SENT_TWICE, due(KEEP, "06-22", "19:00"), id="begin was sent twice: silence, then the rhythm"),
    pytest.param("06-06 19:00", SENT_TWICE | {"rhythm_days": None}, None, id="begin was sent twice, no rhythm: silence"),
    pytest.param("06-02 09:00", {"reached_out_at": local("06-02 08:00")}, due(KEEP, "06-23", "19:00"), id="reached out: the rhythm from there"),
    pytest.param("06-02 09:00", {"last_contact_at": local("06-02 08:00")}, due(KEEP, "06-23", "19:00"), id="heard from them: begin has no reason"),
    pytest.param("06-01 20:15", {"last_contact_at": local("05-20 12:00")}, due(BEGIN, "06-03", "19:00"), id="a contact before set-up is none"),
    pytest.param("06-30 12:00", {"last_contact_at": local("06-20 23:30"), "rhythm_days": 7}, due(KEEP, "06-30", "19:00"), id="overdue: today still"),
    pytest.param("06-30 19:00", {"last_contact_at": local("06-20 23:30"), "rhythm_days": 7}, due(KEEP, "07-01", "19:00"), id="overdue: strictly after now"),
    pytest.param("06-22 19:00", SENT_TWICE | {"last_sent": {KEEP: local("06-22 19:00")}}, due(KEEP, "07-13", "19:00"), id="keep was sent, no contact: a rhythm later"),
    pytest.param("06-25 10:00", {"last_sent": {KEEP: local("06-22 19:00")}, "last_contact_at": local("06-25 10:00")}, due(KEEP, "07-16", "19:00"), id="keep was sent and helped: a rhythm after the contact"),
    pytest.param("06-22 19:05", SENT_TWICE | {"last_sent": {BEGIN: local("06-06 19:00"), KEEP: local("06-22 19:00")}, "snoozed_until": day("06-23")}, due(KEEP, "06-23", "19:00"), id="Tomorrow on keep: the next local day, the same kind"),
    pytest.param("06-03 19:05", SENT_ONCE | {"snoozed_until": day("06-04")}, due(BEGIN, "06-04", "19:00"), id="Tomorrow on begin: the next local day"),
    pytest.param("06-06 19:05", SENT_TWICE | {"snoozed_until": day("06-07")}, due(BEGIN, "06-07", "19:00"), id="Tomorrow on the second begin counts too"),
    pytest.param("06-07 19:00", {"last_sent": {BEGIN: local("06-07 19:00")}, "begins_sent": 3, "snoozed_until": day("06-07")}, due(KEEP, "06-22", "19:00"), id="what Tomorrow asked for was sent: silence"),
    pytest.param("06-23 19:00", SENT_TWICE | {"last_sent": {KEEP: local("06-23 19:00")}, "snoozed_until": day("06-23")}, due(KEEP, "07-14", "19:00"), id="what Tomorrow asked for on keep was sent: a rhythm later"),
    pytest.param("06-03 10:00", {"snoozed_until": day("06-04")}, due(BEGIN, "06-04", "19:00"), id="Tomorrow before it was due that day"),
    pytest.param("06-01 20:30", {"snoozed_until": day("06-02")}, due(BEGIN, "06-03", "19:00"), id="Tomorrow brings nothing forward"),
    pytest.param("06-01 20:30", {"snoozed_until": day("06-20")}, due(BEGIN, "06-20", "19:00"), id="put off past both begins: one begin"),
    pytest.param("06-22 10:00", SENT_TWICE | {"snoozed_until": day("06-25")}, due(KEEP, "06-25", "19:00"), id="keep put off"),
    pytest.param("06-01 20:30", {"stopped": True}, None, id="stopped: never"),
    pytest.param("06-01 20:30", {"paused": True}, None, id="paused without end: nothing"),
    pytest.param("06-01 20:30", {"paused": True, "paused_until": local("06-05 00:00")}, due(BEGIN, "06-06", "19:00"), id="paused over day 2: on day 5"),
    pytest.param("06-01 20:30", {"paused": True, "paused_until": local("07-01 19:00")}, due(KEEP, "07-02", "19:00"), id="paused to the minute: strictly after it"),
    pytest.param("06-01 20:30", {"hour": 23}, due(BEGIN, "06-03", "09:00"), id="the hour is quiet: when it opens, that date"),
    pytest.param("06-01 20:30", {"hour": 3}, due(BEGIN, "06-03", "09:00"), id="the hour is in the night: when it opens"),
    pytest.param("06-01 20:30", {"hour": 23, "quiet": QuietHours(0, 0)}, due(BEGIN, "06-03", "23:00"), id="no quiet hours: late is fine"),
    pytest.param("06-01 20:30", {"zone": TOKYO}, due(BEGIN, "06-04", "19:00", TOKYO), id="moved to Tokyo: day 2 on the calendar there"),
    pytest.param("06-03 08:00", {"zone": LISBON}, due(BEGIN, "06-04", "19:00", LISBON), id="moved to Lisbon: set up there after midnight"),
]  # fmt: skip


@pytest.mark.parametrize(("now", "changes", "expected"), PLANS)
def test_the_next_nudge_is(now: str, changes: dict[str, Any], expected: Due | None) -> None:
    assert next_due(replace(NEW, **changes), local(now)) == expected


def test_travelling_moves_the_next_one_to_the_hour_there() -> None:
    in_touch = replace(NEW, last_contact_at=local("06-10 12:00"), rhythm_days=7)
    here, there = (
        next_due(in_touch, local("06-15 12:00")),
        next_due(replace(in_touch, zone=TOKYO), local("06-15 12:00")),
    )
    assert here is not None and there is not None
    assert here.due_at.astimezone(TORONTO).hour == there.due_at.astimezone(TOKYO).hour == 19
    assert here.due_at != there.due_at


def test_the_hour_holds_when_the_clocks_change_in_between() -> None:
    in_touch = replace(NEW, last_contact_at=local("10-30 12:00"), rhythm_days=7)
    planned = next_due(in_touch, local("10-30 13:00"))
    assert planned == due(KEEP, "11-06", "19:00")


def test_a_date_past_the_calendar_is_invalid_and_no_crash() -> None:
    with pytest.raises(Invalid):
        next_due(replace(NEW, snoozed_until=date.max), local("06-01 20:30"))


# A begin nudge for 3 June and a keep-in-touch nudge for 22 June, at the moment they fall due.
BEGIN_NUDGE = Facts(**vars(NEW), **vars(due(BEGIN, "06-03", "19:00")))
KEEP_NUDGE = Facts(**vars(replace(NEW, **SENT_TWICE)), **vars(due(KEEP, "06-22", "19:00")))
TEST_NUDGE = Facts(**vars(NEW), **vars(due(TEST, "06-03", "23:30")))


def put_off(on: str, at: str, reason: Reason, zone: ZoneInfo = TORONTO) -> Defer:
    moment = local(f"{on} {at}", zone)
    return Defer(moment, reason, day(on), moment + HALF_A_DAY)


IN_THE_EVENING = {"hour": 20, "quiet": QuietHours(22, 7), "useful_until": local("06-04 08:00")}

# the nudge, now, what differs, what becomes of it
DECISIONS = [
    pytest.param(BEGIN_NUDGE, "06-03 19:00", {}, Send(), id="begin, on time"),
    pytest.param(KEEP_NUDGE, "06-22 19:00", {}, Send(), id="keep, on time, with no contact yet"),
    pytest.param(KEEP_NUDGE, "06-22 19:00", {"last_contact_at": local("06-01 09:00")}, Send(), id="keep, a rhythm after the contact"),
    pytest.param(BEGIN_NUDGE, "06-03 19:00", {"stopped": True}, Drop(Reason.STOPPED), id="stopped"),
    pytest.param(BEGIN_NUDGE, "06-03 19:00", {"paused": True}, Drop(Reason.PAUSED), id="paused"),
    pytest.param(BEGIN_NUDGE, "06-03 19:00", {"stopped": True, "snoozed_until": day("06-04")}, Drop(Reason.STOPPED), id="a stop is for good, snoozed or not"),
    pytest.param(BEGIN_NUDGE, "06-03 19:00", {"reached_out_at": local("06-03 18:59")}, Drop(Reason.IN_TOUCH), id="begin: ticked a minute ago"),
    pytest.param(BEGIN_NUDGE, "06-03 19:00", {"last_contact_at": local("06-02 10:00")}, Drop(Reason.IN_TOUCH), id="begin: they met since"),
    pytest.param(BEGIN_NUDGE, "06-03 19:00", {"last_contact_at": local("05-20 10:00")}, Send(), id="begin: a contact before set-up is none"),
    pytest.param(BEGIN_NUDGE, "06-03 19:00", SENT_TWICE, Drop(Reason.ENOUGH), id="begin: two were sent"),
    pytest.param(BEGIN_NUDGE, "06-07 19:00", SENT_TWICE | {"local_on": day("06-07"), "useful_until": local("06-08 07:00"), "snoozed_until": day("06-07")}, Send(), id="begin: two were sent, and Tomorrow was asked for"),
    pytest.param(KEEP_NUDGE, "06-22 19:00", {"last_contact_at": local("06-20 10:00")}, Drop(Reason.IN_TOUCH), id="keep: a contact moved the clock"),
    pytest.param(KEEP_NUDGE, "06-22 19:00", {"reached_out_at": local("06-22 10:00")}, Drop(Reason.IN_TOUCH), id="keep: reached out today"),
    pytest.param(KEEP_NUDGE, "06-22 19:00", {"rhythm_days": None}, Drop(Reason.NOT_WANTED), id="keep: no rhythm any more"),
    pytest.param(KEEP_NUDGE, "06-22 19:00", {"rhythm_days": 30}, Drop(Reason.IN_TOUCH), id="keep: a slower rhythm now"),
    pytest.param(KEEP_NUDGE, "06-22 19:00", {"last_sent": {KEEP: local("06-21 19:00")}}, Drop(Reason.ENOUGH), id="keep: one went yesterday"),
    pytest.param(BEGIN_NUDGE, "06-03 19:00", {"snoozed_until": day("06-04")}, put_off("06-04", "19:00", Reason.SNOOZED), id="snoozed until tomorrow: one local day"),
    pytest.param(BEGIN_NUDGE, "06-03 19:00", {"snoozed_until": day("06-03")}, Send(), id="snoozed until today: today it is"),
    pytest.param(BEGIN_NUDGE, "06-09 19:00", {"snoozed_until": day("06-12")}, put_off("06-12", "19:00", Reason.SNOOZED), id="snoozed over a long downtime"),
    pytest.param(BEGIN_NUDGE, "06-03 18:00", {}, put_off("06-03", "19:00", Reason.EARLY), id="the clock jumped back an hour"),
    pytest.param(BEGIN_NUDGE, "06-03 19:00", {"hour": 20}, put_off("06-03", "20:00", Reason.EARLY), id="the hour was moved later"),
    pytest.param(BEGIN_NUDGE, "06-03 19:00", {"zone": ZoneInfo("America/Vancouver")}, put_off("06-03", "22:00", Reason.EARLY), id="flew west: at the hour there"),
    pytest.param(KEEP_NUDGE, "06-22 01:00", {"zone": HONOLULU}, put_off("06-22", "19:00", Reason.EARLY, HONOLULU), id="flew west over the date line: it is yesterday there"),
    pytest.param(BEGIN_NUDGE, "06-03 20:31", {"useful_until": local("06-03 20:30")}, Drop(Reason.TOO_LATE), id="no longer useful, whatever the hour says"),
    pytest.param(BEGIN_NUDGE, "06-03 19:00", {"zone": TOKYO}, Drop(Reason.TOO_LATE), id="flew east: the hour is thirteen hours gone"),
    pytest.param(BEGIN_NUDGE, "06-03 20:59", {}, Send(), id="two hours late"),
    pytest.param(BEGIN_NUDGE, "06-03 21:00", {}, Drop(Reason.TOO_LATE), id="late and quiet until after it is useful"),
    pytest.param(BEGIN_NUDGE, "06-04 09:00", {}, Drop(Reason.TOO_LATE), id="fourteen hours late"),
    pytest.param(BEGIN_NUDGE, "06-06 12:00", {}, Drop(Reason.TOO_LATE), id="three days late"),
    pytest.param(BEGIN_NUDGE, "06-03 23:00", IN_THE_EVENING, Defer(local("06-04 07:00"), Reason.QUIET, day("06-03"), local("06-04 08:00")), id="late and quiet: when it opens, if still useful"),
    pytest.param(BEGIN_NUDGE, "06-04 07:00", IN_THE_EVENING, Send(), id="late, and quiet hours are over"),
    pytest.param(BEGIN_NUDGE, "06-04 08:00", IN_THE_EVENING, Send(), id="twelve hours late to the second"),
    pytest.param(BEGIN_NUDGE, "06-04 08:01", IN_THE_EVENING, Drop(Reason.TOO_LATE), id="a minute more"),
    pytest.param(BEGIN_NUDGE, "06-03 19:00", {"quiet": QuietHours(18, 9)}, Drop(Reason.TOO_LATE), id="quiet hours were made longer"),
    pytest.param(BEGIN_NUDGE, "06-03 19:00", {"sent_today": True}, put_off("06-04", "19:00", Reason.ONE_A_DAY), id="one a day: another went today"),
    pytest.param(BEGIN_NUDGE, "06-03 19:00", {"more_useful_due_today": True}, put_off("06-04", "19:00", Reason.ONE_A_DAY), id="one a day: a more useful one waits"),
    pytest.param(BEGIN_NUDGE, "06-04 07:30", IN_THE_EVENING | {"sent_today": True}, put_off("06-05", "20:00", Reason.ONE_A_DAY), id="one a day: late, the day it would come to counts"),
    pytest.param(BEGIN_NUDGE, "06-03 19:00", {"sent_today": True, "reached_out_at": local("06-03 12:00")}, Drop(Reason.IN_TOUCH), id="what has no reason is not put off"),
    pytest.param(TEST_NUDGE, "06-03 23:30", {"paused": True, "stopped": True, "sent_today": True}, Send(), id="a test goes out whenever it is asked for"),
    pytest.param(TEST_NUDGE, "06-04 11:31", {}, Drop(Reason.TOO_LATE), id="a test of yesterday does not"),
]  # fmt: skip


@pytest.mark.parametrize(("nudge", "now", "changes", "expected"), DECISIONS)
def test_at_the_moment_of_sending(nudge: Facts, now: str, changes: dict[str, Any], expected: Decision) -> None:
    assert decide(replace(nudge, **changes), local(now)) == expected


def test_what_was_put_off_is_sent_when_its_time_comes() -> None:
    for changes in ({"snoozed_until": day("06-04")}, {"sent_today": True}, {"hour": 20}):
        verdict = decide(replace(BEGIN_NUDGE, **changes), local("06-03 19:00"))
        assert isinstance(verdict, Defer)
        later = replace(
            BEGIN_NUDGE,
            **{**changes, "sent_today": False},
            local_on=verdict.local_on,
            due_at=verdict.until_at,
            useful_until=verdict.useful_until,
        )
        assert decide(later, verdict.until_at) == Send()


def test_the_most_useful_wins_and_of_two_alike_exactly_one() -> None:
    at = local("06-03 19:00")
    assert precedence(BEGIN, at, "b") < precedence(KEEP, at, "a")
    assert precedence(KEEP, at, "a") < precedence(KEEP, at, "b")
    assert {kind for kind in Kind if kind not in (Kind.TEST, Kind.SHE_REPLIED)} == set(USEFULNESS)


def test_after_two_silent_weeks_of_the_worker_one_nudge_goes_out_and_not_many() -> None:
    """Three parents, all overdue, the worker starts again on 6 July at noon and looks every quarter of an hour."""
    waiting = {n: replace(KEEP_NUDGE, **vars(due(KEEP, "06-22", "19:00"))) for n in range(3)}
    sent: list[tuple[int, datetime]] = []
    now = local("07-06 12:00")
    while now < local("07-13 12:00"):
        for parent, nudge in list(waiting.items()):
            if nudge.due_at > now:
                continue
            today = now.astimezone(TORONTO).date()
            sent_today = any(at.astimezone(TORONTO).date() == today for _, at in sent)
            verdict = decide(replace(nudge, sent_today=sent_today), now)
            if isinstance(verdict, Defer):
                changed = {
                    "local_on": verdict.local_on,
                    "due_at": verdict.until_at,
                    "useful_until": verdict.useful_until,
                }
                waiting[parent] = replace(nudge, **changed)
                continue
            if isinstance(verdict, Send):
                sent.append((parent, now))
            last = {KEEP: now} if isinstance(verdict, Send) else nudge.last_sent
            planned = next_due(replace(NEW, last_sent=last, begins_sent=2), now)
            assert planned is not None
            waiting[parent] = replace(nudge, last_sent=last, **vars(planned))
        now += timedelta(minutes=15)
    assert [(n, at.astimezone(TORONTO).strftime("%d %H:%M")) for n, at in sent] == [
        (0, "06 19:00"),
        (1, "07 19:00"),
        (2, "08 19:00"),
    ]


ZONES = st.sampled_from(["UTC", "America/Toronto", "Asia/Tokyo", "Asia/Beirut", "America/Nuuk", "Australia/Lord_Howe"])
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))
SOMETIMES = st.none() | INSTANTS


@settings(max_examples=150, deadline=None)
@given(
    zone=ZONES, hour=st.integers(0, 23), quiet=st.builds(QuietHours, st.integers(0, 23), st.integers(0, 23)),
    set_up_at=INSTANTS, reached=SOMETIMES, contact=SOMETIMES, kept=SOMETIMES, begun=SOMETIMES,
    begins=st.integers(0, 4), rhythm=st.sampled_from([None, 1, 7, 21, 90]),
    snoozed=st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)), now=INSTANTS, pause=SOMETIMES,
)  # fmt: skip
def test_what_is_planned_lies_ahead_is_open_and_goes_out_if_nothing_changes(
    zone: str, hour: int, quiet: QuietHours, set_up_at: datetime, reached: datetime | None, contact: datetime | None,
    kept: datetime | None, begun: datetime | None, begins: int, rhythm: int | None, snoozed: date | None,
    now: datetime, pause: datetime | None,
) -> None:  # fmt: skip
    last_sent = {kind: at for kind, at in ((KEEP, kept), (BEGIN, begun)) if at is not None and at <= now}
    planning = Planning(
        zone=ZoneInfo(zone), hour=hour, quiet=quiet, set_up_at=set_up_at, last_sent=last_sent, begins_sent=begins,
        reached_out_at=reached, last_contact_at=contact, rhythm_days=rhythm, snoozed_until=snoozed,
        paused=pause is not None, paused_until=pause,
    )  # fmt: skip
    planned = next_due(planning, now)
    if planned is None:
        return
    assert planned.due_at > max(now, pause or now)
    shown = planned.due_at.astimezone(planning.zone)
    assert shown.date() == planned.local_on
    assert not quiet.is_quiet(shown)
    assert snoozed is None or planned.local_on >= snoozed
    over = replace(planning, paused=False, paused_until=None)
    assert decide(Facts(**vars(over), **vars(planned)), planned.due_at) == Send()
