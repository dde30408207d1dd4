"""Reading the content files: each value asked for by name, each fault named by file and field."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from typing import TypeVar

from pwa.domain.parents import Person, UnknownPlaceholder, speak

Value = TypeVar("Value")
Row = TypeVar("Row")

SOMEONE = Person(name=None, pronouns="they")


class ContentError(Exception):
    """A content file that cannot be used: says which file, which field and why."""


@dataclass(frozen=True)
class Table:
    """One table of a file; `where` is its address, as in "steps.toml steps[2].fact".

    `source` is the file's text, by which a fault can tell its line; "" where there is none.
    """

    where: str
    fields: Mapping[str, object]
    source: str = field(default="", repr=False, compare=False)

    def text(self, field: str, *, beside: Sequence[str] = ()) -> str:
        """A text that `speak` can fill; `beside` names further placeholders that our own code fills."""
        text = self._typed(field, str, "a text")
        return self._spoken(field, text, beside)

    def text_or_none(self, field: str, *, beside: Sequence[str] = ()) -> str | None:
        return self.text(field, beside=beside) if field in self.fields else None

    def texts(self, field: str, *, least: int = 1) -> tuple[str, ...]:
        return tuple(self._spoken(field, text, ()) for text in self._listed(field, str, "texts", least))

    def raw_texts(self, field: str, *, least: int = 1) -> tuple[str, ...]:
        """Texts whose braces are the caller's to check."""
        return tuple(self._listed(field, str, "texts", least))

    def flag(self, field: str) -> bool:
        """False when the field isn't there."""
        return field in self.fields and self.choice(field)

    def choice(self, field: str) -> bool:
        """A yes or no that has to be made."""
        return self._typed(field, bool, "true or false")

    def number(self, field: str) -> int:
        return self._typed(field, int, "a number")

    def day(self, field: str) -> date:
        return self._typed(field, date, "a date")

    def table(self, field: str) -> Table:
        return Table(self.address(field), self._typed(field, dict, "a table"), self.source)

    def table_or_none(self, field: str) -> Table | None:
        return self.table(field) if field in self.fields else None

    def tables(self, field: str, *, least: int = 1) -> tuple[Table, ...]:
        rows = self._listed(field, dict, "tables", least)
        return tuple(Table(self.address(f"{field}[{place}]"), row, self.source) for place, row in enumerate(rows))

    def address(self, field: str) -> str:
        return f"{self.where}{' ' if self.where.endswith('.toml') else '.'}{field}"

    def fault(self, field: str, why: str) -> ContentError:
        address = self.address(field)
        line = line_of(self.source, address)
        return ContentError(f"{address} {f'(line {line}) ' if line else ''}{why}")

    def _typed(self, field: str, kind: type[Value], called: str) -> Value:
        if field not in self.fields:
            raise self.fault(field, "is missing")
        value = self.fields[field]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.fault(field, f"is not {called}")
        return value

    def _listed(self, field: str, kind: type[Value], called: str, least: int = 1) -> list[Value]:
        values: list[object] = self._typed(field, list, f"a list of {called}")
        kept = [value for value in values if isinstance(value, kind)]
        if len(kept) < max(least, len(values)):
            raise self.fault(field, f"is not a list of {called}")
        return kept

    def _spoken(self, field: str, text: str, beside: Sequence[str]) -> str:
        if not text.strip():
            raise self.fault(field, "is empty")
        bare = text
        for placeholder in beside:
            bare = bare.replace(f"{{{placeholder}}}", "")
        try:
            speak(bare, SOMEONE)
        except UnknownPlaceholder as fault:
            raise self.fault(field, f"cannot be spoken: {fault}") from fault
        return text


def read(name: str) -> Table:
    """The whole of the file `name` in this folder."""
    try:
        text = (resources.files(__package__) / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise ContentError(f"{name} cannot be read: {fault}") from fault
    return parse(name, text)


def words(name: str) -> frozenset[str]:
    """Of a file with a word a line."""
    try:
        return frozenset((resources.files(__package__) / name).read_text(encoding="utf-8").split())
    except (OSError, UnicodeDecodeError) as fault:
        raise ContentError(f"{name} cannot be read: {fault}") from fault


def parse(name: str, text: str) -> Table:
    """`text` as if it stood in the file `name`."""
    try:
        return Table(name, tomllib.loads(text), text)
    except tomllib.TOMLDecodeError as fault:
        raise ContentError(f"{name} is not TOML: {fault}") from fault


def line_of(source: str, address: str) -> int:
    """The line (from 1) that an address such as "x.toml steps[2].tasks[0].key" speaks of; 0 where there is none.

    A field that is not there has the line of its table.
    """
    lines, at, path = source.splitlines(), -1, ""
    for part in address.partition(" ")[2].split("."):
        name, _, place = part.rstrip("]").partition("[")
        path = f"{path}.{name}".lstrip(".")
        below = range(at + 1, len(lines))
        headers = [row for row in below if lines[row].startswith((f"[[{path}]]", f"[{path}]"))]
        end = next((row for row in below if lines[row].startswith("[")), len(lines))
        fields = [row for row in range(at + 1, end) if re.match(rf"{re.escape(name)}\s*=", lines[row])]
        at = next(iter(headers[int(place or 0) :] or fields), at)
    return at + 1


def keyed(file: Table, field: str, row: Callable[[Table], Row], key: Callable[[Row], object]) -> dict[object, Row]:
    """The rows of `field` by their keys, in order; two of one key are a fault."""
    rows: dict[object, Row] = {}
    for table in file.tables(field):
        made = row(table)
        if key(made) in rows:
            raise ContentError(f"{table.where} has the key of another: {key(made)}")
        rows[key(made)] = made
    return rows
