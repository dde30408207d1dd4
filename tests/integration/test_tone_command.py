"""`rekindle tone`: what may hurt in a draft, as JSON by the contract or in sentences, for one text or a file of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pwa.cli import main

DRAFT = "Hi Mum 🙂 Lunch on Sunday? You never call me."


def run(*words: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["tone", *words], input=stdin)


def flags(*words: str, stdin: str | bytes | None = None) -> list[dict[str, Any]]:
    result = run(*words, "--json", stdin=stdin)
    assert result.exit_code == 0, result.output
    said = json.loads(result.output)
    assert list(said) == ["flags"]
    return said["flags"]  # type: ignore[no-any-return]


def test_a_flag_is_told_as_the_contract_says() -> None:
    flag, other = flags(DRAFT)
    assert other == {**flag, "category": "guilt"}
    assert list(flag) == ["category", "start", "end", "phrase", "why", "kinder"]
    assert flag["category"] == "blame"
    assert flag["phrase"] == DRAFT[flag["start"] : flag["end"]] == "You never call me."
    assert flag["why"].startswith("May land as")


def test_a_kind_draft_has_no_flags() -> None:
    assert flags("Would Sunday at two suit you? No worries if not.") == []


def test_standard_input_keeps_its_line_endings() -> None:
    typed = "Dear Dad,\r\n\r\nYou never call me.\r\n"
    flag, *_ = flags("-", stdin=typed.encode())
    assert typed[flag["start"] : flag["end"]] == "You never call me."


def test_standard_input_that_is_no_text_is_still_answered() -> None:
    assert flags("-", stdin=b"\xff\xfe you never call me")[0]["category"] == "blame"


def test_lines_are_answered_in_order_by_their_ids(tmp_path: Path) -> None:
    rows = [{"id": "b", "text": DRAFT}, {"text": "Thank you!"}, {"id": 3, "text": ""}, {"id": 4, "text": "\ud83d k."}]
    file = tmp_path / "drafts.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")
    said = [json.loads(line) for line in run("--lines", str(file)).output.splitlines()]
    assert [each.get("id") for each in said] == ["b", None, 3, 4]
    assert [bool(each["flags"]) for each in said] == [True, False, False, True]


def test_sentences_are_for_a_person() -> None:
    said = run(DRAFT).output
    assert "Blame or guilt: “You never call me.”" in said and "Kinder: " in said
    assert "For an invitation: A line such as “no rush”" in said and "no day or time" not in said
    assert run("See you on Sunday, no rush.").output == "Nothing in it looks as if it may hurt.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [((), "Give a text, - for standard input, or --lines FILE."), (("--lines", "/no/such/file"), "cannot be read")],
)
def test_what_cannot_be_meant_is_said(words: tuple[str, ...], sentence: str) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert sentence in result.output


@pytest.mark.parametrize("line", ["{", "[]", "7", '{"text": 7}', "[" * 100_000])
def test_a_bad_line_is_said(tmp_path: Path, line: str) -> None:
    file = tmp_path / "drafts.jsonl"
    file.write_text(line, encoding="utf-8")
    result = run("--lines", str(file))
    assert result.exit_code == 1
    assert result.output.startswith("rekindle: ")
