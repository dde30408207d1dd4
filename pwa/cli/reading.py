"""What the commands read, a text, standard input or a file with a JSON object a line, and how they answer and refuse."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

from pwa.domain.errors import Invalid

Row = Mapping[str, Any]


@contextmanager
def refusing(file: str | None) -> Iterator[None]:
    """What cannot be meant, or read, ends the command with a sentence."""
    try:
        yield
    except Invalid as fault:
        sys.exit(f"rekindle: {fault.sentence}")
    except OSError as fault:
        sys.exit(f"rekindle: {file} cannot be read: {fault.strerror}")


def typed(text: str) -> str:
    """The text itself; for a dash what stands in standard input, to the last line ending as it was given."""
    if text != "-":
        return text
    return sys.stdin.buffer.read().decode("utf-8", errors="replace")


def answers(file: str, answer: Callable[[Row], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One for each line of the file, in order, each with the `id` it came with."""
    with click.open_file(file, encoding="utf-8", errors="replace") as lines:
        yield from answered(lines, answer)


def answered(lines: Iterable[str], answer: Callable[[Row], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            row = _row(line, number)
            yield {"id": row["id"], **answer(row)} if "id" in row else answer(row)


def text_in(row: Row) -> str:
    text = row.get("text", "")
    if not isinstance(text, str):
        raise Invalid("“text” is a text.", "text")
    return text


def json_in(text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise Invalid(f"{what} is not JSON: {fault}") from fault


def print_json(answer: object) -> None:
    """On one line, in the letters themselves, or escaped where one of them is half a letter."""
    written = json.dumps(answer, ensure_ascii=False)
    halves = any("\ud800" <= letter <= "\udfff" for letter in written)
    click.echo(json.dumps(answer) if halves else written)


def _row(line: str, number: int) -> Row:
    row = json_in(line, f"Line {number}")
    if not isinstance(row, dict):
        raise Invalid(f"Line {number} is not an object.")
    return row
