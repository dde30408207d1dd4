"""What love and refusal teach, by a table; nothing is ever erased by one bad day."""

from __future__ import annotations

from datetime import date, timedelta
from math import exp

import pytest

from pwa.domain.lessons import LOVED, REFUSED, WHYS, Verdict, learn
from tests.support.catalogue import idea

TODAY = date(2026, 6, 1)
ROSES = idea("roses", tags=("gardening", "tea_coffee", "reading"))
IDEAS = {"roses": ROSES}


def taught(*said: tuple[str, str | None]) -> dict[str, float]:
    verdicts = [Verdict("roses", verdict, TODAY, why) for verdict, why in said]
    return {key: round(value, 3) for key, value in learn(verdicts, IDEAS, TODAY).leanings.items()}


@pytest.mark.parametrize(
    ("verdict", "why", "leanings"),
    [
        (LOVED, None, {"gardening": 0.25, "tea_coffee": 0.1}),
        (REFUSED, None, {"gardening": -0.7, "tea_coffee": -0.28}),
        (REFUSED, "not_their_thing", {"gardening": -0.7, "tea_coffee": -0.28}),
        (REFUSED, "too_tiring", {}),
        (REFUSED, "too_far", {}),
        (REFUSED, "too_dear", {}),
        (REFUSED, "too_long", {}),
        (REFUSED, "not_now", {}),
    ],
)
def test_what_a_verdict_teaches(verdict: str, why: str | None, leanings: dict[str, float]) -> None:
    assert why in (None, *WHYS)
    assert taught((verdict, why)) == leanings


def test_many_verdicts_stay_within_bounds() -> None:
    assert taught(*[(REFUSED, None)] * 9)["gardening"] == -2.0
    assert taught(*[(LOVED, None)] * 9)["gardening"] == 1.0
    assert learn([Verdict("roses", LOVED, TODAY)], IDEAS, TODAY).weight("gardening") == pytest.approx(exp(0.25))
    assert learn([], IDEAS, TODAY).weight("gardening") == 1


@pytest.mark.parametrize(
    ("verdict", "why", "weeks", "gone"),
    [
        (LOVED, None, 0, True), (LOVED, None, 7, True), (LOVED, None, 8, False),
        (REFUSED, None, 0, True), (REFUSED, None, 500, True), (REFUSED, "too_dear", 500, True),
        (REFUSED, "not_now", 3, True), (REFUSED, "not_now", 4, False),
    ],
)  # fmt: skip
def test_how_long_an_idea_stays_away(verdict: str, why: str | None, weeks: int, gone: bool) -> None:
    lessons = learn([Verdict("roses", verdict, TODAY, why)], IDEAS, TODAY + timedelta(weeks=weeks))
    assert ("roses" in lessons.gone) is gone


def test_an_idea_that_is_no_more_teaches_nothing() -> None:
    assert learn([Verdict("left", LOVED, TODAY)], IDEAS, TODAY).leanings == {}
