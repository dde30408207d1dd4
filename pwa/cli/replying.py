"""`rekindle reply`: what a parent's answer says, without an account or a database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

from pwa import content
from pwa.cli import reading
from pwa.domain.errors import Invalid
from pwa.domain.replies import read

MOST_OPTIONS = 3


def print_readings(text: str | None, options: str, lines: str | None, *, as_json: bool) -> None:
    """One answer for `text`; for each line of the file `lines`, one line of JSON."""
    with reading.refusing(lines):
        if lines is not None:
            for row in reading.answers(lines, lambda row: answer(reading.text_in(row), row.get("options"))):
                reading.print_json(row)
            return
        if text is None:
            raise Invalid("Give the reply, or - for standard input, or --lines with a file.", "text")
        told = answer(reading.typed(text), [each for each in options.split(",") if each])
        if as_json:
            reading.print_json(told)
        else:
            click.echo(" ".join(f"{key}: {value}" for key, value in told.items()))


def answer(text: str, options: object) -> dict[str, Any]:
    """The JSON of the command: {"reading", "option", "sure"}."""
    found = read(text, _dates(options), content.replies())
    return {"reading": found.reading, "option": found.option, "sure": found.sure}


def _dates(said: object) -> Sequence[datetime]:
    """Local times; an offset says where that is and is left out."""
    if said is None:
        return []
    if not isinstance(said, list) or len(said) > MOST_OPTIONS or not all(isinstance(each, str) for each in said):
        raise Invalid("Options are up to three ISO times, such as 2026-06-13T11:00.", "options")
    try:
        return [datetime.fromisoformat(each).replace(tzinfo=None) for each in said]
    except ValueError:
        raise Invalid("Options are up to three ISO times, such as 2026-06-13T11:00.", "options") from None
