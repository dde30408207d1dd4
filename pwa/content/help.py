"""help.toml: the words for stepping back, and people who can help, by country and dated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pwa.content.files import Table


@dataclass(frozen=True)
class HelpLine:
    """`number` may be dialled, `text_number` texted (with `text_word` as the message); None where it can't."""

    label: str
    note: str
    number: str | None = None
    text_number: str | None = None
    text_word: str | None = None


@dataclass(frozen=True)
class HelpCountry:
    codes: tuple[str, ...]
    label: str
    lines: tuple[HelpLine, ...]


@dataclass(frozen=True)
class Help:
    checked_on: date
    title: str
    lead: str
    what_stops: str
    reason: str
    people: str
    before_title: str
    before_body: str
    stop: str
    undo: str
    dated: str
    anywhere: tuple[HelpLine, ...]
    countries: tuple[HelpCountry, ...]

    def lines(self, country: str | None) -> tuple[HelpLine, ...]:
        """The lines of a country (ISO 3166 code), then those true anywhere; unknown: only the latter."""
        code = (country or "").upper()
        known = [line for here in self.countries if code in here.codes for line in here.lines]
        return (*known, *self.anywhere)


def help_in(file: Table) -> Help:
    return Help(
        checked_on=file.day("checked_on"),
        title=file.text("title"),
        lead=file.text("lead"),
        what_stops=file.text("what_stops"),
        reason=file.text("reason"),
        people=file.text("people"),
        before_title=file.text("before_title"),
        before_body=file.text("before_body"),
        stop=file.text("stop"),
        undo=file.text("undo"),
        dated=file.text("dated"),
        anywhere=tuple(_line(row) for row in file.tables("anywhere")),
        countries=tuple(_country(row) for row in file.tables("countries")),
    )


def _country(table: Table) -> HelpCountry:
    lines = tuple(_line(row) for row in table.tables("lines"))
    return HelpCountry(codes=table.texts("codes"), label=table.text("label"), lines=lines)


def _line(table: Table) -> HelpLine:
    return HelpLine(
        label=table.text("label"),
        note=table.text("note"),
        number=table.text_or_none("number"),
        text_number=table.text_or_none("text_number"),
        text_word=table.text_or_none("text_word"),
    )
