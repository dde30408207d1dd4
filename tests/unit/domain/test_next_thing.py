"""The one next thing on Today: a truth table. Now is 20 June 2026, noon in Toronto."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pwa.domain.next_thing import KEYS, Facts, NextThing, next_thing
from pwa.domain.parents import Person
from pwa.domain.persistence import Event, Kind, Standing, standing
from pwa.domain.steps import STEP_KEYS, Fact, Progress, Step, Task, TickState, progress

TORONTO = ZoneInfo("America/Toronto")
NOW = datetime(2026, 6, 20, 12, tzinfo=TORONTO).astimezone(UTC)
TODAY = date(2026, 6, 20)
PERSPECTIVE, REACH, FOLLOW, TOGETHER, GOOD = STEP_KEYS

STEPS = tuple(
    Step(key, key, "", (), "", (Task(f"{key}.one", "One", lighter=key != PERSPECTIVE),), Fact("", "", ""))
    for key in STEP_KEYS
)


def ago(days: int, hour: int = 19) -> datetime:
    on = TODAY - timedelta(days=days)
    return datetime(on.year, on.month, on.day, hour, tzinfo=TORONTO).astimezone(UTC)


def done(*keys: str, round_number: int = 1, at: datetime | None = None) -> Progress:
    return progress(STEPS, {f"{key}.one": TickState(True, at or ago(0, 9)) for key in keys}, round_number)


def facts(*keys: str, round_number: int = 1, at: datetime | None = None, **changes: Any) -> Facts:
    base: dict[str, Any] = {"person": Person("Mom", "she"), "round_number": round_number, "today": TODAY}
    base |= {"zone": TORONTO, "progress": done(*keys, round_number=round_number, at=at)}
    return Facts(**(base | changes))


def event(kind: Kind, days: int, until: int | None = None, hour: int = 19) -> Event:
    """So many local days ago; `until`: days from today."""
    return Event(ago(days, hour), kind, None if until is None else TODAY + timedelta(days=until))


def told(*events: Event, most: int = 3) -> Standing:
    return standing(events, most, NOW, TORONTO)


def sent(*days: int, **changes: Any) -> Facts:
    """Invited and then followed up that many local days ago, and no answer since."""
    events = [event(Kind.INVITED if n == 0 else Kind.WRITTEN, ago_, hour=8) for n, ago_ in enumerate(days)]
    return facts(PERSPECTIVE, REACH, standing=told(*events), **changes)


TABLE = [
    pytest.param(facts(), NextThing("step.perspective", PERSPECTIVE), id="new"),
    pytest.param(facts(PERSPECTIVE), NextThing("step.reach_out", REACH), id="the first step is done"),
    pytest.param(facts(PERSPECTIVE, REACH, FOLLOW), NextThing("step.be_together", TOGETHER), id="a day is set"),
    pytest.param(facts(*STEP_KEYS[:4]), NextThing("step.look_for_good", GOOD), id="they met"),
    pytest.param(facts(*STEP_KEYS[1:4]), NextThing("step.perspective", PERSPECTIVE), id="one was left out on the way"),
    pytest.param(facts(*STEP_KEYS), NextThing("round_done"), id="all five"),
    # Silence first.
    pytest.param(facts(*STEP_KEYS, stopped=True), NextThing("stopped"), id="stopped outweighs all"),
    pytest.param(sent(1, stopped=True, paused=True), NextThing("stopped"), id="stopped outweighs a pause"),
    pytest.param(facts(*STEP_KEYS, paused=True), NextThing("paused"), id="paused without end outweighs a round done"),
    pytest.param(facts(paused_until=ago(-3)), NextThing("paused", days=3), id="paused for three days"),
    pytest.param(facts(paused_until=ago(0, 11)), NextThing("step.perspective", PERSPECTIVE), id="the pause is over"),
    pytest.param(facts(snoozed_until=date(2026, 6, 21)), NextThing("snoozed", PERSPECTIVE, 1), id="snoozed until tomorrow"),
    pytest.param(facts(snoozed_until=TODAY), NextThing("step.perspective", PERSPECTIVE), id="snoozed until today"),
    pytest.param(facts(*STEP_KEYS, snoozed_until=date(2026, 6, 21)), NextThing("round_done"), id="snoozed, then finished all the same"),
    # After reaching out, by local dates.
    pytest.param(sent(0), NextThing("waiting", FOLLOW, 0), id="sent today"),
    pytest.param(sent(1), NextThing("waiting", FOLLOW, 1), id="sent yesterday"),
    pytest.param(facts(PERSPECTIVE, REACH, standing=told(event(Kind.INVITED, 2, hour=23))), NextThing("follow_up", FOLLOW, 2), id="sent the day before, not yet 48 hours"),
    pytest.param(sent(10), NextThing("follow_up", FOLLOW, 10), id="day ten: one more"),
    pytest.param(sent(13), NextThing("follow_up", FOLLOW, 13), id="there is time for the last one"),
    pytest.param(sent(14), NextThing("give_room", FOLLOW, 14), id="then room"),
    pytest.param(sent(12, 10, 7, 2), NextThing("waiting", FOLLOW, 2), id="the third has gone"),
    pytest.param(sent(14, 12, 9, 4), NextThing("give_room", FOLLOW, 4), id="the third met silence: room"),
    pytest.param(sent(43), NextThing("give_room", FOLLOW, 43), id="room for a month"),
    pytest.param(sent(44), NextThing("note", FOLLOW, 44), id="then a note that asks for nothing"),
    pytest.param(sent(44, snoozed_until=date(2026, 6, 21)), NextThing("snoozed", FOLLOW, 1), id="a note can be snoozed"),
    pytest.param(facts(REACH, standing=told(event(Kind.INVITED, 1))), NextThing("waiting", FOLLOW, 1), id="waiting outweighs a step left out"),
    pytest.param(sent(5, snoozed_until=date(2026, 6, 21)), NextThing("snoozed", FOLLOW, 1), id="a follow-up can be snoozed"),
    pytest.param(sent(1, snoozed_until=date(2026, 6, 21)), NextThing("waiting", FOLLOW, 1), id="waiting says more than snoozed"),
    pytest.param(sent(15, snoozed_until=date(2026, 6, 21)), NextThing("give_room", FOLLOW, 15), id="so does room"),
    pytest.param(sent(9, 1), NextThing("waiting", FOLLOW, 1), id="a kind word since moves the clock"),
    pytest.param(facts(PERSPECTIVE, REACH, standing=told(event(Kind.HEARD, 1), event(Kind.PUT_OFF, 2, 30))), NextThing("step.follow_up", FOLLOW), id="not now, and then they were in touch"),
    pytest.param(facts(PERSPECTIVE, REACH, standing=told(event(Kind.INVITED, 3), event(Kind.PUT_OFF, 2, 30))), NextThing("put_off", FOLLOW, 30), id="not now, for a month"),
    pytest.param(facts(PERSPECTIVE, REACH, standing=told(event(Kind.INVITED, 3), event(Kind.AGREED, 2, 4), event(Kind.WRITTEN, 1))), NextThing("agreed", TOGETHER, 4), id="a day is set"),
    pytest.param(facts(PERSPECTIVE, REACH, FOLLOW, standing=told(event(Kind.AGREED, 6, -1))), NextThing("step.be_together", TOGETHER), id="the day has been"),
    pytest.param(facts(*STEP_KEYS[:4], standing=told(event(Kind.AGREED, 2, 0))), NextThing("step.look_for_good", GOOD), id="the day is today, and they met"),
    pytest.param(facts(standing=told(event(Kind.STOPPED, 1))), NextThing("stopped"), id="a stop that is only told"),
    pytest.param(facts(PERSPECTIVE, REACH, standing=told(event(Kind.INVITED, 3), event(Kind.HEARD, 1))), NextThing("step.follow_up", FOLLOW), id="they answered: set a day"),
    pytest.param(facts(PERSPECTIVE, REACH, standing=told(event(Kind.INVITED, 3), event(Kind.HEARD, 9))), NextThing("follow_up", FOLLOW, 3), id="heard from before: no answer"),
    # Later rounds.
    pytest.param(facts(round_number=2, last_contact_at=ago(2)), NextThing("resting", REACH, 19), id="closed a round, in touch: rest"),
    pytest.param(facts(round_number=2, last_contact_at=ago(20)), NextThing("resting", REACH, 1), id="the day before the rhythm comes round"),
    pytest.param(facts(round_number=2, last_contact_at=ago(21)), NextThing("lighter_round", REACH, 21), id="the rhythm has come round"),
    pytest.param(facts(round_number=2, last_contact_at=ago(8), rhythm_days=7), NextThing("lighter_round", REACH, 8), id="a quicker rhythm"),
    pytest.param(facts(round_number=2, last_contact_at=ago(8), rhythm_days=None), NextThing("resting", REACH, 13), id="no rhythm: the usual one"),
    pytest.param(facts(round_number=2), NextThing("lighter_round", REACH), id="no contact written down"),
    pytest.param(facts(round_number=2, last_contact_at=ago(30), snoozed_until=date(2026, 6, 23)), NextThing("snoozed", REACH, 3), id="a lighter round can be snoozed"),
    pytest.param(facts(REACH, round_number=3, standing=told(event(Kind.INVITED, 3))), NextThing("follow_up", FOLLOW, 3), id="a later round waits the same way"),
    pytest.param(facts(REACH, FOLLOW, round_number=2, last_contact_at=ago(1)), NextThing("step.be_together", TOGETHER), id="a later round under way"),
    pytest.param(facts(*STEP_KEYS, round_number=2), NextThing("round_done"), id="a later round done"),
]  # fmt: skip


@pytest.mark.parametrize(("known", "expected"), TABLE)
def test_the_next_thing_is(known: Facts, expected: NextThing) -> None:
    assert next_thing(known, NOW) == expected


def test_every_key_has_its_line_in_the_table() -> None:
    shown = {param.values[1].key for param in TABLE if isinstance(param.values[1], NextThing)}
    assert shown | {"step.follow_up"} == set(KEYS)
    assert len(KEYS) == len(set(KEYS))


def test_days_are_counted_on_the_calendar_of_the_person() -> None:
    late = datetime(2026, 6, 18, 23, 50, tzinfo=TORONTO).astimezone(UTC)
    early = datetime(2026, 6, 20, 0, 10, tzinfo=TORONTO).astimezone(UTC)
    known = standing([Event(late, Kind.INVITED)], 3, early, TORONTO)
    assert next_thing(facts(PERSPECTIVE, REACH, standing=known), early) == NextThing("follow_up", FOLLOW, 2)
