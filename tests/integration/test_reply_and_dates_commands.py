"""`rekindle reply` and `rekindle dates`: the JSON that others rely on, and a sentence for what cannot be meant."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from tests.support.house import ROOT

OPTIONS = "2026-06-13T11:00,2026-06-14T14:00,2026-06-17T18:30"
WORK = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//x//EN
BEGIN:VEVENT
UID:1
DTSTART:20260301T080000Z
DURATION:PT9H
RRULE:FREQ=DAILY;COUNT=60
END:VEVENT
END:VCALENDAR
"""


def rekindle(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pwa", *words]
    return subprocess.run(command, input=given, capture_output=True, text=True, cwd=ROOT, timeout=60)


def test_a_reply_is_read() -> None:
    told = rekindle("reply", "Sunday works, love", "--options", OPTIONS, "--json")
    assert json.loads(told.stdout) == {"reading": "yes", "option": 1, "sure": True}
    told = rekindle("reply", "-", "--json", given="Please don't contact me again\n")
    assert json.loads(told.stdout) == {"reading": "stop", "option": None, "sure": True}


def test_many_replies_cost_one_start(tmp_path: Path) -> None:
    rows = [{"id": f"r{n}", "text": text, "options": OPTIONS.split(",")} for n, text in enumerate(("Saturday!", "Hm"))]
    lines = tmp_path / "replies.jsonl"
    lines.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    told = [json.loads(line) for line in rekindle("reply", "--lines", str(lines)).stdout.splitlines()]
    assert [(each["id"], each["reading"], each["option"]) for each in told] == [
        ("r0", "yes", 0),
        ("r1", "unclear", None),
    ]


@pytest.mark.parametrize(
    "words", [("reply",), ("reply", "x", "--options", "soon"), ("reply", "--lines", "no-such-file")]
)
def test_a_wrong_question_about_a_reply_is_told(words: tuple[str, ...]) -> None:
    told = rekindle(*words)
    assert told.returncode != 0 and told.stderr.startswith("rekindle: ") and "Traceback" not in told.stderr


def dates(*words: str) -> list[dict[str, str]]:
    told = rekindle("dates", "--json", *words)
    assert told.returncode == 0, told.stderr
    return list(json.loads(told.stdout)["options"])


def test_three_dates_are_proposed_clear_of_a_calendar(tmp_path: Path) -> None:
    plain = dates("--zone", "America/Edmonton", "--from", "2026-03-01T09:00")
    assert [set(each) for each in plain] == [{"starts_at", "ends_at", "why"}] * 3
    assert all(each["starts_at"].endswith(("-07:00", "-06:00")) for each in plain)
    calendar = tmp_path / "mine.ics"
    calendar.write_text(WORK.replace("\n", "\r\n"), "utf-8")
    kept = dates("--zone", "Europe/Berlin", "--from", "2026-03-01T09:00+01:00", "--busy", str(calendar))
    for each in kept:
        assert datetime.fromisoformat(each["starts_at"]).hour >= 18, each


@pytest.mark.parametrize(
    "words",
    [
        ("--zone", "Mars/Base", "--from", "2026-03-01T09:00"),
        ("--zone", "Europe/Berlin", "--from", "soon"),
        ("--zone", "Europe/Berlin", "--from", "9999-12-31T23:00"),
        ("--zone", "Europe/Berlin", "--from", "2026-03-01T09:00", "--busy", "no-such-file.ics"),
        ("--zone", "Europe/Berlin", "--from", "2026-03-01T09:00", "--busy", "pyproject.toml"),
        ("--zone", "Europe/Berlin", "--from", "2026-03-01T09:00", "--minutes", "0"),
    ],
)
def test_a_wrong_question_about_dates_is_told(words: tuple[str, ...]) -> None:
    told = rekindle("dates", *words, "--json")
    assert told.returncode != 0 and told.stderr.startswith("rekindle: ") and "Traceback" not in told.stderr
