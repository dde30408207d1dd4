"""What a reply says: fifteen hundred of them, and above all that no stop is missed and nothing kind is taken for one."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any, SupportsIndex

import pytest

from pwa import content
from pwa.domain.replies import Reading, read

FOLDER = Path(__file__).parent / "replies"
OPTIONS = [datetime(2026, 6, 13, 11), datetime(2026, 6, 14, 14), datetime(2026, 6, 17, 18, 30)]
# Readings that will do, where only that is at stake.
LOOSE = {"not stop": ("yes", "other_time", "not_now", "unclear"), "stop or unclear": ("stop", "unclear")}
# Of the replies in each file at least so many are read rightly.
FLOORS = {
    "first": 1,
    "second": 1,
    "third": 1,
    "fourth": 1,
    "fifth": 1,
    "sixth": 1,
    "seventh": 0.98,
    "eighth": 1,
    "ninth": 1,
    "wide": 0.97,
    "fresh": 0.99,
}


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]


def reading(row: dict[str, Any]) -> Reading:
    offered = row.get("options")
    options = OPTIONS if offered is None else [datetime.fromisoformat(each) for each in offered]
    return read(row["text"], options, content.replies())


def is_right(row: dict[str, Any]) -> bool:
    found = reading(row)
    if row["reading"] in LOOSE:
        return found.reading in LOOSE[row["reading"]]
    return found.reading == row["reading"] and (found.reading != "yes" or found.option == row.get("option"))


@pytest.mark.parametrize("name", FLOORS)
def test_most_are_read_rightly(name: str) -> None:
    wrong = [(row["text"], row["reading"], reading(row)) for row in rows(name) if not is_right(row)]
    assert len(wrong) <= (1 - FLOORS[name]) * len(rows(name)), wrong


@pytest.mark.parametrize("name", FLOORS)
def test_a_stop_is_read_or_asked_about(name: str) -> None:
    stops = [row["text"] for row in rows(name) if row["reading"] in ("stop", "stop or unclear")]
    assert [text for text in stops if read(text, OPTIONS, content.replies()).reading not in ("stop", "unclear")] == []


@pytest.mark.parametrize("name", FLOORS)
def test_nothing_kind_is_a_stop(name: str) -> None:
    kind = [row for row in rows(name) if row["reading"] not in ("stop", "stop or unclear")]
    assert [row["text"] for row in kind if reading(row).reading == "stop"] == []


def test_the_only_date_offered_is_the_one_that_is_meant() -> None:
    assert read("Yes, lovely", OPTIONS[:1], content.replies()) == Reading("yes", 0, sure=True)
    assert read("Yes, lovely", [], content.replies()).option is None


@pytest.mark.parametrize(
    "text",
    ["", " ", "👍" * 9_000, "?" * 20_000, "not saturday, " * 1_400, "はい、土曜日" * 900, "\ud800", "1st ² " * 2_000],
)
def test_a_strange_text_is_read_without_fault(text: str) -> None:
    assert read(text, OPTIONS, content.replies()).reading in ("yes", "other_time", "unclear")


@pytest.mark.parametrize(
    "text",
    [
        "I shall not be replying to you again",
        "Take my number out of your phone",
        "I've already said I don't want these messages",
    ],
)
def test_a_stop_may_be_said_without_the_word(text: str) -> None:
    assert read(text, OPTIONS, content.replies()).reading == "stop"


def test_cold_words_leave_no_yes_standing() -> None:
    """What may be a no for good is asked about, whatever day stands beside it."""
    found = read("Sunday? After what you did? How dare you", OPTIONS, content.replies())
    assert found == Reading("unclear", sure=False, tone="cold")


def test_a_cool_answer_has_three_kind_readings() -> None:
    rules = content.replies()
    for text in ("Maybe", "k", "About time you wrote", "Did you hear about Rita?", "How dare you"):
        found = read(text, OPTIONS, rules)
        assert found.reading == "unclear" and len(rules.benign[found.tone]) == 3


HOSTILE = [
    *("can saturday ", "so saturday, ", "not sunday. ", "sunday ", "morning "),
    *("stop it mum, yes ", "leave me alone ", "1 7/8 at 3 ", "instead of saturday ", "x. "),
]


@pytest.mark.parametrize("words", HOSTILE)
def test_a_text_twice_as_long_is_twice_the_work(words: str) -> None:
    short, long = (words * (letters // len(words)) for letters in (10_000, 20_000))
    assert 0 < steps_of(short) < steps_of(long) < 2.2 * steps_of(short)


def steps_of(text: str) -> int:
    """How many lines of the rules are run to read it, and how many letters of it are copied."""
    rules, steps, counted = content.replies(), 0, Counted(text)

    def count(frame: FrameType, event: str, _: object) -> object:
        nonlocal steps
        steps += event == "line"
        return count if "/pwa/domain/" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(count)
    try:
        read(counted, OPTIONS, rules)
    finally:
        sys.settrace(before)
    return steps + counted.copied


class Counted(str):
    __slots__ = ("copied",)

    def __init__(self, _: str) -> None:
        self.copied = 0

    def __getitem__(self, place: SupportsIndex | slice) -> str:
        part = super().__getitem__(place)
        self.copied += len(part)
        return part
