"""`rekindle tone`: which words of a draft may hurt, without an account or a database."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from pwa import content
from pwa.cli import reading
from pwa.domain.errors import Invalid
from pwa.domain.tone import Flag, missing, review


def print_flags(text: str | None, lines: str | None, *, as_json: bool) -> None:
    """Sentences for a person, or JSON; what cannot be meant ends the command with a sentence."""
    with reading.refusing(lines):
        if lines is not None:
            for answered in reading.answers(lines, lambda row: answer(reading.text_in(row))):
                reading.print_json(answered)
        elif text is None:
            raise Invalid("Give a text, - for standard input, or --lines FILE.")
        elif as_json:
            reading.print_json(answer(reading.typed(text)))
        else:
            _tell(reading.typed(text))


def answer(text: str) -> dict[str, Any]:
    """The JSON of the command: words that may land as two things have a flag for each."""
    return {"flags": [each for flag in review(text, content.tone()) for each in _written(flag)]}


def _written(flag: Flag) -> list[dict[str, Any]]:
    plain = {name: value for name, value in asdict(flag).items() if name != "also"}
    return [{**plain, "category": category} for category in (flag.category, *flag.also)]


def _tell(text: str) -> None:
    flags = review(text, content.tone())
    for flag in flags:
        click.echo(_told(flag))
    if not flags:
        click.echo("Nothing in it looks as if it may hurt.")
    for need in missing(text, content.tone()):
        click.echo(f"For an invitation: {need.sentence}.")


def _told(flag: Flag) -> str:
    name = " or ".join((flag.category, *flag.also)).replace("_", " ").capitalize()
    phrase = " ".join(flag.phrase.split()).encode("utf-8", "replace").decode()
    return f"{name}: “{phrase}”\n  {flag.why}\n  Kinder: {flag.kinder}\n"
