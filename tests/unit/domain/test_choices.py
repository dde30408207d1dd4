"""Small things read from outside: rhythms, how long a snooze lasts, and what an error carries."""

from datetime import date

import pytest

from pwa.domain.errors import Invalid, NotThere, Refused
from pwa.domain.rhythm import DEFAULT_RHYTHM_DAYS, RHYTHM_DAYS, rhythm
from pwa.domain.snoozes import snooze_until

TODAY = date(2026, 6, 20)


def test_a_rhythm_is_one_of_those_offered() -> None:
    assert [rhythm(days) for days in RHYTHM_DAYS] == list(RHYTHM_DAYS)
    assert DEFAULT_RHYTHM_DAYS in RHYTHM_DAYS


@pytest.mark.parametrize("days", [0, 1, -7, True, 7.0, "7", None, 10**30])
def test_any_other_rhythm_is_invalid(days: object) -> None:
    with pytest.raises(Invalid):
        rhythm(days)


@pytest.mark.parametrize("until", [date(2026, 6, 21), date(2026, 7, 21), TODAY, date(2020, 1, 1), date.min])
def test_a_snooze_lasts_a_month_at_most(until: date) -> None:
    assert snooze_until(until, TODAY) == until


@pytest.mark.parametrize("until", [date(2026, 7, 22), date(2030, 1, 1), date.max])
def test_a_longer_snooze_is_invalid(until: date) -> None:
    with pytest.raises(Invalid):
        snooze_until(until, TODAY)


def test_an_error_carries_the_sentence_that_a_person_reads() -> None:
    invalid = Invalid("Pick a day.", "on")
    assert (invalid.sentence, invalid.field, str(invalid)) == ("Pick a day.", "on", "Pick a day.")
    assert Refused("Not now.").sentence == "Not now."
    assert NotThere().sentence.endswith(".")
