"""The evening before a meeting, and looking back on it. On Saturday 13 June 2026, three to five in Toronto, unless said."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from pwa.domain.persistence import Event, Meeting
from pwa.domain.persistence import Kind as Told
from pwa.domain.quiet import QuietHours

TORONTO, TOKYO, VANCOUVER = ZoneInfo("America/Toronto"), ZoneInfo("Asia/Tokyo"), ZoneInfo("America/Vancouver")
READY, BACK, KEEP = Kind.GET_READY, Kind.LOOK_BACK, Kind.KEEP_IN_TOUCH
HALF_A_DAY = timedelta(hours=12)
NEVER_QUIET = QuietHours(0, 0)


def local(text: str, zone: ZoneInfo = TORONTO) -> datetime:
    """ "06-03 19:00" on the clocks of a zone in 2026, as an instant."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=zone).astimezone(UTC)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def agreed(starts: str, ends: str, at: str = "06-08 10:00") -> Event:
    meeting = Meeting(local(starts), local(ends))
    return Event(local(at), Told.AGREED, meeting.ends_at.astimezone(TORONTO).date(), meeting)


def told(*events: Event) -> dict[str, Any]:
    return {"events": events}


SATURDAY = agreed("06-13 15:00", "06-13 17:00")
SET = Planning(
    zone=TORONTO,
    hour=19,
    quiet=QuietHours(),
    set_up_at=local("06-01 20:15"),
    last_sent={},
    reached_out_at=local("06-07 12:00"),
    last_contact_at=local("06-08 10:00"),
    events=(SATURDAY,),
)
LATE = agreed("06-13 18:00", "06-13 20:00")
PUT_OFF = Event(local("06-10 08:00"), Told.PUT_OFF, day("07-10"))
AFTERWARDS = Event(local("06-14 08:00"), Told.PUT_OFF, day("07-14"))


def due(kind: Kind, on: str, at: str, zone: ZoneInfo = TORONTO, until: str = "") -> Due:
    """`until`: on the same clocks; the evening before ends with its date, else it is half a day."""
    moment = local(f"{on} {at}", zone)
    if not until and kind is READY:
        until = f"{on} 23:59"
    return Due(kind, day(on), moment, local(until, zone) if until else moment + HALF_A_DAY)


# now, what differs from SET, what is due next
PLANS = [
    pytest.param("06-08 10:00", {}, due(READY, "06-12", "19:00"), id="agreed: the evening before"),
    pytest.param("06-12 18:59", {}, due(READY, "06-12", "19:00"), id="a minute before"),
    pytest.param("06-12 19:00", {}, due(BACK, "06-13", "19:00"), id="then two hours after it ends"),
    pytest.param("06-12 20:00", told(agreed("06-13 15:00", "06-13 17:00", "06-12 20:00")), due(BACK, "06-13", "19:00"), id="agreed when the evening had begun: only looking back"),
    pytest.param("06-12 09:00", told(agreed("06-13 15:00", "06-13 17:00", "06-12 09:00")), due(READY, "06-12", "19:00"), id="agreed that morning: that evening"),
    pytest.param("06-13 09:00", told(agreed("06-13 15:00", "06-13 17:00", "06-13 09:00")), due(BACK, "06-13", "19:00"), id="agreed on the day: only looking back"),
    pytest.param("06-13 16:00", {}, due(BACK, "06-13", "19:00"), id="they are at it"),
    pytest.param("06-13 19:00", {}, None, id="two hours after, unsent: not made up for"),
    pytest.param("06-08 10:00", {"hour": 10}, due(READY, "06-12", "19:00"), id="the hour is in the morning: an evening all the same"),
    pytest.param("06-08 10:00", {"hour": 17}, due(READY, "06-12", "17:00"), id="the hour is in the evening"),
    pytest.param("06-08 10:00", {"hour": 22}, due(READY, "06-12", "19:00"), id="the hour is quiet: the evening is not"),
    pytest.param("06-08 10:00", {"hour": 22, "quiet": NEVER_QUIET}, due(READY, "06-12", "22:00"), id="never quiet: late is fine"),
    pytest.param("06-08 10:00", {"quiet": QuietHours(18, 8)}, due(READY, "06-12", "08:00", until="06-12 20:00"), id="the evening is quiet: the day before, when it opens"),
    pytest.param("06-08 10:00", told(agreed("06-13 01:00", "06-13 02:00")), due(READY, "06-12", "19:00"), id="at one in the night: six hours before"),
    pytest.param("06-12 19:00", told(agreed("06-13 01:00", "06-13 02:00")), due(BACK, "06-13", "09:00"), id="at one in the night: asked in the morning"),
    pytest.param("06-12 19:00", told(agreed("06-13 00:00", "06-13 01:00")), due(BACK, "06-13", "09:00"), id="at midnight: it belongs to the day that begins"),
    pytest.param("06-12 19:00", told(agreed("06-13 17:00", "06-13 18:59")), due(BACK, "06-13", "20:59"), id="the last minute that is not quiet"),
    pytest.param("06-12 19:00", told(agreed("06-13 17:00", "06-13 19:00")), due(BACK, "06-14", "09:00"), id="quiet by then: the next morning"),
    pytest.param("06-12 19:00", told(agreed("06-13 20:00", "06-14 00:30")), due(BACK, "06-14", "09:00"), id="past midnight: that morning"),
    pytest.param("06-12 19:00", told(LATE) | {"quiet": NEVER_QUIET}, due(BACK, "06-13", "22:00"), id="never quiet: that night"),
    pytest.param("06-08 10:00", {"zone": TOKYO}, due(READY, "06-13", "19:00", TOKYO), id="the account in Tokyo, where it is at four on the 14th"),
    pytest.param("06-13 08:00", {"zone": TOKYO}, due(BACK, "06-14", "09:00", TOKYO), id="the account in Tokyo: quiet until nine there"),
    pytest.param("06-08 10:00", {"zone": VANCOUVER} | told(agreed("06-13 01:00", "06-13 02:00")), due(READY, "06-11", "19:00", VANCOUVER), id="the account in Vancouver, where it is on the 12th still"),
    pytest.param("03-01 10:00", told(agreed("03-08 10:00", "03-08 11:00", "03-01 09:00")), due(READY, "03-07", "19:00"), id="the clocks go forward in between"),
    pytest.param("03-07 19:00", told(agreed("03-08 00:30", "03-08 01:30", "03-01 09:00")) | {"quiet": NEVER_QUIET}, due(BACK, "03-08", "04:30"), id="the clocks go forward: two hours are two hours"),
    pytest.param("10-31 19:00", told(agreed("11-01 00:30", "11-01 01:30", "10-25 09:00")) | {"quiet": NEVER_QUIET}, due(BACK, "11-01", "02:30"), id="the clocks go back: two hours are two hours"),
    pytest.param("06-08 10:00", told(), None, id="it was taken back"),
    pytest.param("06-10 08:00", told(SATURDAY, PUT_OFF), None, id="not now after all"),
    pytest.param("06-10 08:00", told(SATURDAY, replace(PUT_OFF, at=SATURDAY.at)), None, id="not now, in the same breath"),
    pytest.param("06-09 08:00", told(SATURDAY, PUT_OFF), due(READY, "06-12", "19:00"), id="what is yet to be said does not count"),
    pytest.param("06-12 19:00", told(SATURDAY, AFTERWARDS), due(BACK, "06-13", "19:00"), id="not now, said afterwards, is about the next time"),
    pytest.param("06-10 08:00", told(SATURDAY, Event(local("06-09 12:00"), Told.HEARD)), due(READY, "06-12", "19:00"), id="a day that is set stands whatever else is heard"),
    pytest.param("06-08 10:00", told(replace(SATURDAY, meeting=None)), None, id="a day without a time"),
    pytest.param("06-08 10:00", {"stopped": True}, None, id="stopped"),
    pytest.param("06-08 10:00", {"paused": True}, None, id="paused without end"),
    pytest.param("06-08 10:00", {"paused": True, "paused_until": local("06-13 08:00")}, due(BACK, "06-13", "19:00"), id="paused over the evening"),
    pytest.param("06-08 10:00", {"paused": True, "paused_until": local("06-13 19:00")}, None, id="paused over both"),
    pytest.param("06-12 10:00", {"snoozed_until": day("06-12")}, due(READY, "06-12", "19:00"), id="snoozed until that day"),
    pytest.param("06-12 10:00", {"snoozed_until": day("06-13")}, due(BACK, "06-13", "19:00"), id="snoozed over the evening: it is not made up for"),
    pytest.param("06-13 18:00", {"snoozed_until": day("06-14")}, due(BACK, "06-14", "19:00"), id="snoozed before it was asked"),
    pytest.param("06-13 18:00", {"snoozed_until": day("06-15")}, None, id="snoozed for too long to ask"),
    pytest.param("06-13 20:00", {"last_sent": {BACK: local("06-13 19:00")}, "snoozed_until": day("06-14")}, due(BACK, "06-14", "19:00"), id="Tomorrow: asked again"),
    pytest.param("06-14 10:00", {"last_sent": {BACK: local("06-14 09:00")}, "snoozed_until": day("06-15")} | told(LATE), due(BACK, "06-15", "19:00"), id="Tomorrow, the next morning: asked again"),
    pytest.param("06-14 19:05", {"last_sent": {BACK: local("06-14 19:00")}, "snoozed_until": day("06-14")}, None, id="what Tomorrow asked for was sent"),
    pytest.param("06-20 19:00", {"last_sent": {BACK: local("06-13 19:00")}, "snoozed_until": day("06-21")}, None, id="a Tomorrow a week later is not about it"),
    pytest.param("06-13 19:30", {"last_sent": {BACK: local("06-13 19:00")}, "quiet": QuietHours(17, 9)}, None, id="sent, and then the quiet hours were changed"),
    pytest.param("06-08 10:00", {"ready_at": local("06-07 10:00")}, due(BACK, "06-13", "19:00"), id="the questions are picked"),
    pytest.param("06-08 10:00", {"ready_at": local("06-07 10:00")} | told(agreed("06-07 11:00", "06-07 12:00", "06-05 10:00"), SATURDAY), due(READY, "06-12", "19:00"), id="picked for an earlier meeting"),
    pytest.param("06-13 17:30", {"looked_back_at": local("06-13 17:20")}, None, id="the good thing is written down"),
    pytest.param("06-13 17:30", {"looked_back_at": local("06-13 14:00")}, due(BACK, "06-13", "19:00"), id="a call before it is none"),
    pytest.param("06-14 08:00", {"visited_at": local("06-13 12:00")} | told(LATE), None, id="the visit is written down for that day"),
    pytest.param("06-14 08:00", {"visited_at": local("06-12 12:00")} | told(LATE), due(BACK, "06-14", "09:00"), id="a visit the day before is another"),
    pytest.param("06-12 19:00", told(SATURDAY, agreed("06-14 10:00", "06-14 12:00")), due(READY, "06-13", "19:00"), id="two days running: the evening before the second wins the day"),
    pytest.param("06-13 19:00", told(SATURDAY, agreed("06-14 10:00", "06-14 12:00")) | {"last_sent": {BACK: local("06-13 19:00")}}, due(BACK, "06-14", "14:00"), id="and then the second is asked about"),
    pytest.param("06-13 19:00", {"rhythm_days": 1, "last_sent": {BACK: local("06-13 19:00")}}, due(KEEP, "06-14", "19:00"), id="then the rhythm"),
]  # fmt: skip


@pytest.mark.parametrize(("now", "changes", "expected"), PLANS)
def test_what_is_due_next_is(now: str, changes: dict[str, Any], expected: Due | None) -> None:
    assert next_due(replace(SET, **changes), local(now)) == expected


READY_NUDGE = Facts(**vars(SET), **vars(due(READY, "06-12", "19:00")))
BACK_NUDGE = Facts(**vars(SET), **vars(due(BACK, "06-13", "19:00")))
# The evening meeting is asked about on the morning after.
MORNING_NUDGE = Facts(**vars(replace(SET, **told(LATE))), **vars(due(BACK, "06-14", "09:00")))


def put_off(on: str, at: str, reason: Reason, zone: ZoneInfo = TORONTO, until: str = "") -> Defer:
    moment = local(f"{on} {at}", zone)
    return Defer(moment, reason, day(on), local(until, zone) if until else moment + HALF_A_DAY)


# the nudge, now, what differs, what becomes of it
DECISIONS = [
    pytest.param(READY_NUDGE, "06-12 19:00", {}, Send(), id="ready, on time"),
    pytest.param(READY_NUDGE, "06-12 20:59", {}, Send(), id="ready, two hours late"),
    pytest.param(READY_NUDGE, "06-12 21:00", {}, Drop(Reason.TOO_LATE), id="ready, late and quiet: tomorrow would be today"),
    pytest.param(READY_NUDGE, "06-12 23:59", {"quiet": NEVER_QUIET}, Send(), id="ready, in the last minute"),
    pytest.param(READY_NUDGE, "06-13 00:00", {"quiet": NEVER_QUIET}, Drop(Reason.TOO_LATE), id="ready, at midnight: tomorrow is today"),
    pytest.param(READY_NUDGE, "06-12 20:30", {"useful_until": local("06-12 20:29")}, Drop(Reason.TOO_LATE), id="ready, no longer useful"),
    pytest.param(READY_NUDGE, "06-13 15:00", {}, Drop(Reason.TOO_LATE), id="ready: it has begun"),
    pytest.param(READY_NUDGE, "06-12 19:00", told(), Drop(Reason.TAKEN_BACK), id="ready: she took it back"),
    pytest.param(READY_NUDGE, "06-12 19:00", told(SATURDAY, PUT_OFF), Drop(Reason.TAKEN_BACK), id="ready: not now after all"),
    pytest.param(READY_NUDGE, "06-12 19:00", told(agreed("06-14 15:00", "06-14 17:00")), Drop(Reason.TAKEN_BACK), id="ready: it was moved to another day"),
    pytest.param(READY_NUDGE, "06-12 19:00", told(agreed("06-13 11:00", "06-13 12:00")), Send(), id="ready: it was moved within the day"),
    pytest.param(READY_NUDGE, "06-12 19:00", {"stopped": True}, Drop(Reason.STOPPED), id="ready: stopped"),
    pytest.param(READY_NUDGE, "06-12 19:00", {"paused": True}, Drop(Reason.PAUSED), id="ready: paused"),
    pytest.param(READY_NUDGE, "06-12 19:00", {"ready_at": local("06-12 18:00")}, Drop(Reason.DONE), id="ready: the questions are picked"),
    pytest.param(READY_NUDGE, "06-12 19:00", {"snoozed_until": day("06-13")}, Drop(Reason.SNOOZED), id="ready: snoozed over the evening"),
    pytest.param(READY_NUDGE, "06-12 19:00", {"snoozed_until": day("06-12")}, Send(), id="ready: snoozed until today"),
    pytest.param(READY_NUDGE, "06-12 19:00", {"sent_today": True}, Drop(Reason.ONE_A_DAY), id="ready: another went today, and tomorrow is too late"),
    pytest.param(READY_NUDGE, "06-12 18:00", {}, put_off("06-12", "19:00", Reason.EARLY, until="06-12 23:59"), id="ready: the clock jumped back"),
    pytest.param(READY_NUDGE, "06-12 19:00", {"hour": 20}, put_off("06-12", "20:00", Reason.EARLY, until="06-12 23:59"), id="ready: the hour was moved later"),
    pytest.param(READY_NUDGE, "06-12 19:00", {"hour": 8}, Send(), id="ready: the hour was moved to the morning"),
    pytest.param(READY_NUDGE, "06-12 19:00", {"zone": VANCOUVER}, put_off("06-12", "19:00", Reason.EARLY, VANCOUVER, "06-12 23:59"), id="ready: flew west"),
    pytest.param(READY_NUDGE, "06-12 19:00", {"zone": TOKYO}, Drop(Reason.TAKEN_BACK), id="ready: flew east, where it is on the 14th"),
    pytest.param(READY_NUDGE, "06-12 19:00", {"quiet": QuietHours(18, 9)}, Drop(Reason.TOO_LATE), id="ready: quiet hours were made longer"),
    pytest.param(BACK_NUDGE, "06-13 19:00", {}, Send(), id="back, on time"),
    pytest.param(BACK_NUDGE, "06-13 20:59", {}, Send(), id="back, two hours late"),
    pytest.param(BACK_NUDGE, "06-13 21:00", {}, Drop(Reason.TOO_LATE), id="back, late and quiet for longer than it is useful"),
    pytest.param(BACK_NUDGE, "06-13 22:00", {"quiet": QuietHours(21, 7)}, Defer(local("06-14 07:00"), Reason.QUIET, day("06-13"), local("06-14 07:00")), id="back, late and quiet: when it opens"),
    pytest.param(BACK_NUDGE, "06-14 07:00", {"quiet": NEVER_QUIET}, Send(), id="back, half a day late"),
    pytest.param(BACK_NUDGE, "06-14 07:01", {"quiet": NEVER_QUIET}, Drop(Reason.TOO_LATE), id="back, a minute more"),
    pytest.param(MORNING_NUDGE, "06-14 09:00", {}, Send(), id="back, on the morning after"),
    pytest.param(MORNING_NUDGE, "06-14 08:00", {}, put_off("06-14", "09:00", Reason.EARLY), id="back: the clock jumped back"),
    pytest.param(BACK_NUDGE, "06-13 19:00", told(), Drop(Reason.TAKEN_BACK), id="back: it was taken back"),
    pytest.param(BACK_NUDGE, "06-13 19:00", told(agreed("06-13 18:00", "06-13 20:00")), Drop(Reason.TAKEN_BACK), id="back: it was moved later, and they are at it"),
    pytest.param(BACK_NUDGE, "06-13 19:00", told(agreed("06-13 16:00", "06-13 18:00")), put_off("06-13", "20:00", Reason.EARLY), id="back: it was moved an hour later"),
    pytest.param(BACK_NUDGE, "06-13 19:00", told(SATURDAY, PUT_OFF), Drop(Reason.TAKEN_BACK), id="back: put off before the day"),
    pytest.param(MORNING_NUDGE, "06-14 09:00", told(LATE, AFTERWARDS), Send(), id="back: not now, said afterwards, is about the next time"),
    pytest.param(BACK_NUDGE, "06-13 19:00", told(SATURDAY, Event(local("06-13 18:30"), Told.HEARD)), Send(), id="back: a line of thanks looks back on nothing"),
    pytest.param(BACK_NUDGE, "06-13 19:00", {"stopped": True}, Drop(Reason.STOPPED), id="back: stopped"),
    pytest.param(BACK_NUDGE, "06-13 19:00", {"paused": True}, Drop(Reason.PAUSED), id="back: paused"),
    pytest.param(BACK_NUDGE, "06-13 19:00", {"visited_at": local("06-13 12:00")}, Drop(Reason.DONE), id="back: the visit is written down"),
    pytest.param(BACK_NUDGE, "06-13 19:00", {"looked_back_at": local("06-13 18:00")}, Drop(Reason.DONE), id="back: the good thing is written down"),
    pytest.param(BACK_NUDGE, "06-13 19:00", {"last_sent": {BACK: local("06-13 19:00")}}, Drop(Reason.ENOUGH), id="back: it was asked"),
    pytest.param(BACK_NUDGE, "06-13 19:00", told(SATURDAY, agreed("06-13 17:00", "06-13 18:00")), put_off("06-13", "20:00", Reason.EARLY), id="back: two on one day are asked about at once, after the second"),
    pytest.param(BACK_NUDGE, "06-13 19:00", {"last_sent": {BACK: local("06-06 19:00")}}, Send(), id="back: it was asked about an earlier one"),
    pytest.param(BACK_NUDGE, "06-14 19:00", {"last_sent": {BACK: local("06-13 19:00")}, "snoozed_until": day("06-14"), "local_on": day("06-14"), "due_at": local("06-14 19:00"), "useful_until": local("06-15 07:00")}, Send(), id="back: it was asked, and Tomorrow was said"),
    pytest.param(BACK_NUDGE, "06-13 19:00", {"snoozed_until": day("06-14")}, put_off("06-14", "19:00", Reason.SNOOZED), id="back: snoozed until tomorrow"),
    pytest.param(BACK_NUDGE, "06-13 19:00", {"snoozed_until": day("06-16")}, Drop(Reason.SNOOZED), id="back: snoozed for too long to ask"),
    pytest.param(BACK_NUDGE, "06-13 19:00", {"sent_today": True}, put_off("06-14", "19:00", Reason.ONE_A_DAY), id="back: another went today"),
    pytest.param(BACK_NUDGE, "06-13 19:00", {"more_useful_due_today": True}, put_off("06-14", "19:00", Reason.ONE_A_DAY), id="back: a more useful one waits"),
    pytest.param(BACK_NUDGE, "06-14 19:00", {"sent_today": True, "local_on": day("06-14"), "due_at": local("06-14 19:00"), "useful_until": local("06-15 07:00")}, Drop(Reason.ONE_A_DAY), id="back: put off once already"),
    pytest.param(BACK_NUDGE, "06-13 19:00", {"quiet": QuietHours(18, 9)}, put_off("06-14", "09:00", Reason.EARLY), id="back: quiet hours were made longer"),
    pytest.param(BACK_NUDGE, "06-13 19:00", {"zone": TOKYO}, put_off("06-14", "09:00", Reason.EARLY, TOKYO), id="back: flew east, where it is quiet"),
]  # fmt: skip


@pytest.mark.parametrize(("nudge", "now", "changes", "expected"), DECISIONS)
def test_at_the_moment_of_sending(nudge: Facts, now: str, changes: dict[str, Any], expected: Decision) -> None:
    assert decide(replace(nudge, **changes), local(now)) == expected


def test_what_belongs_to_one_day_comes_before_what_can_wait() -> None:
    at = local("06-12 19:00")
    order = sorted(USEFULNESS, key=lambda kind: precedence(kind, at, ""))
    assert order[:3] == [READY, BACK, Kind.FOLLOW_UP]


ZONES = st.sampled_from(["UTC", "America/Toronto", "Asia/Tokyo", "Asia/Beirut", "America/Nuuk", "Australia/Lord_Howe"])
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))
MEETINGS = st.builds(
    lambda at, ahead, length: Event(at, Told.AGREED, None, Meeting(at + ahead, at + ahead + length)),
    INSTANTS,
    st.timedeltas(timedelta(minutes=1), timedelta(days=30)),
    st.timedeltas(timedelta(minutes=5), timedelta(hours=30)),
)


@settings(max_examples=300, deadline=None)
@given(
    zone=ZONES, hour=st.integers(0, 23), quiet=st.builds(QuietHours, st.integers(0, 23), st.integers(0, 23)),
    event=MEETINGS, after=st.timedeltas(timedelta(0), timedelta(days=33)),
    snoozed=st.none() | st.integers(-3, 33), ready=st.booleans(), asked=st.none() | st.timedeltas(timedelta(0), timedelta(days=3)),
)  # fmt: skip
def test_what_is_planned_lies_on_its_side_of_the_meeting_and_goes_out_if_nothing_changes(
    zone: str, hour: int, quiet: QuietHours, event: Event, after: timedelta, snoozed: int | None, ready: bool,
    asked: timedelta | None,
) -> None:  # fmt: skip
    meeting, now = event.meeting, event.at + after
    assert meeting is not None
    sent_at = meeting.ends_at + asked if asked is not None else now
    planning = replace(
        SET, zone=ZoneInfo(zone), hour=hour, quiet=quiet, events=(event,), ready_at=event.at if ready else None,
        snoozed_until=event.at.date() + timedelta(days=snoozed) if snoozed is not None else None,
        last_sent={BACK: sent_at} if sent_at < now else {},
    )  # fmt: skip
    planned = next_due(planning, now)
    if planned is None:
        return
    shown = planned.due_at.astimezone(planning.zone)
    assert planned.due_at > now
    assert shown.date() == planned.local_on
    assert not quiet.is_quiet(shown)
    starts_on = meeting.starts_at.astimezone(planning.zone).date()
    if planned.kind is READY:
        assert planned.local_on == starts_on - timedelta(days=1) and not ready
        assert planned.due_at <= planned.useful_until < meeting.starts_at
    else:
        assert planned.kind is BACK and planned.due_at >= meeting.ends_at + timedelta(hours=2)
    assert planning.snoozed_until is None or planned.local_on >= planning.snoozed_until
    assert decide(Facts(**vars(planning), **vars(planned)), planned.due_at) == Send()
