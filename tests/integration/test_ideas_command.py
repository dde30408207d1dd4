"""`rekindle ideas`: one answer a text, each with what was understood, and a sentence for what cannot be meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pwa import content
from pwa.cli import main

TEXT = "Mom loves her roses and old films, hates crowds, bad knees, lives 3 hours away"


def run(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["ideas", *words], input=stdin)


def answer(*words: str, stdin: str | None = None) -> dict[str, Any]:
    result = run(*words, "--json", stdin=stdin)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)  # type: ignore[no-any-return]


def test_a_text_is_understood_and_answered() -> None:
    said = answer(TEXT, "--on", "2026-03-02")
    assert said["understood"]["interests"] == ["gardening", "films"]
    assert said["understood"]["limits"] == {"max_mobility": 1, "mostly_remote": True, "avoid": ["crowds"]}
    assert set(said["understood"]) == {"interests", "disliked", "limits", "unrecognised"}
    ideas = [content.catalogue().ideas[each["id"]] for each in said["ideas"]]
    assert len(ideas) == 10
    assert all(set(each) == {"id", "title", "why", "score"} for each in said["ideas"])
    assert sum(idea.apart for idea in ideas[:5]) >= 3
    assert all(idea.mobility <= 1 and "crowds" not in idea.flags for idea in ideas)


def test_standard_input_is_read_for_a_dash() -> None:
    assert answer("-", stdin=TEXT)["understood"] == answer(TEXT)["understood"]


def test_chips_and_confirmed_limits_count() -> None:
    said = answer("", "--chips", "cricket,trains", "--limits", '{"max_cost": 0, "need": ["remote"]}', "--limit", "4")
    assert said["understood"]["interests"] == ["cricket", "trains"]
    assert said["understood"]["limits"] == {"max_cost": 0, "need": ["remote"]}
    ideas = [content.catalogue().ideas[each["id"]] for each in said["ideas"]]
    assert len(ideas) == 4 and all(idea.cost == 0 and idea.apart for idea in ideas)


def test_lines_are_answered_in_order_by_their_ids(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"id": "b", "text": "chess"},
        {"id": 2, "text": "", "chips": ["dogs"], "on": "2026-07-01"},
        {"text": TEXT, "limits": {"avoid": ["hearing"]}},
        {"text": "Dad golfs, mum bakes", "parent": "mom"},
        {"text": "Dad golfs, mum bakes", "parent": "dad"},
    ]
    file = tmp_path / "texts.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")
    said = [json.loads(line) for line in run("--lines", str(file)).output.splitlines()]
    assert [each.get("id") for each in said] == ["b", 2, None, None, None]
    assert [each["understood"]["interests"] for each in said[3:]] == [["baking"], ["golf"]]
    assert said[0]["understood"]["interests"] == ["chess"]
    assert "hearing" in said[2]["understood"]["limits"]["avoid"]


def test_the_catalogue_is_told_whole() -> None:
    ideas = json.loads(run("--catalogue", "--json").output)
    assert len(ideas) == len(content.catalogue().ideas)
    keys = ["id", "title", "tags", "settings", "cost", "minutes", "mobility", "season", "place", "flags"]
    assert all(list(idea) == keys for idea in ideas)


@pytest.mark.parametrize(
    "text", ["", "roses", "🌹" * 30, "x" * 20_000, "她喜欢花", "\x00\x1b[31m", "{they} {0} %s", "-- '"]
)
def test_any_text_gets_a_sensible_list(text: str) -> None:
    said = answer("-", stdin=text)
    assert said["ideas"]
    if text != "roses":
        assert said["understood"]["interests"] == []
        assert {each["why"] for each in said["ideas"]} == {"A gentle one for anyone, not based on what you told us."}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Give a text"),
        (("x", "--on", "soon"), "“on” is a date such as"),
        (("x", "--chips", "skydiving"), "There is no such interest: skydiving"),
        (("x", "--limits", "{"), "--limits is not JSON"),
        (("x", "--limits", "[]"), "Limits are an object"),
        (("x", "--limits", '{"max_cost": "low"}'), "“max_cost” is a whole number"),
        (("x", "--limits", '{"avoid": ["fun"]}'), "“avoid” holds what is not known: fun"),
        (("--lines", "/no/such/file"), "cannot be read"),
    ],
)
def test_what_cannot_be_meant_is_said(words: tuple[str, ...], sentence: str) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert sentence in result.output


@pytest.mark.parametrize(
    "line", ["{", "[]", "7", '{"text": 7}', '{"text": "x", "chips": ["no"]}', '{"text":"x","limits":"no"}']
)
def test_a_bad_line_is_said(tmp_path: Path, line: str) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text(line, encoding="utf-8")
    result = run("--lines", str(file))
    assert result.exit_code == 1
    assert result.output.startswith("rekindle: ")
