"""ideas/*.toml: the catalogue, one file a group. Each row is read by name and held to the taxonomy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pwa.content.files import ContentError, Table
from pwa.domain.ideas import PLACES, SEASONS, SETTINGS, TIMES, Idea
from pwa.domain.parents import Person, UnknownPlaceholder, speak

LONGEST = 2 * 24 * 60
ANY_SEASON = ("any",)

Row = dict[str, Any]


def rows_in(files: Iterable[Table], interests: Collection[str], flags: Collection[str]) -> list[Row]:
    """Every idea of every file as a plain row, checked; two of one key are a fault."""
    rows: dict[str, Row] = {}
    for file in files:
        for table in file.tables("ideas"):
            row = _row(table, interests, flags)
            if row["key"] in rows:
                raise table.fault("key", f"is the key of another idea: {row['key']}")
            rows[row["key"]] = row
    return list(rows.values())


def idea_of(row: Mapping[str, Any]) -> Idea:
    """A checked row as the rules know it."""
    sets = {name: frozenset(row[name]) for name in ("settings", "season", "flags")}
    return Idea(**{**row, **sets, "easy": tuple(row["easy"]), "tags": tuple(row["tags"])})


def _row(table: Table, interests: Collection[str], flags: Collection[str]) -> Row:
    seasons = _several(table, "season", (*SEASONS, *ANY_SEASON), least=1)
    return {
        "key": table.text("key"),
        "title": _plain(table, "title"),
        "line": table.text("line"),
        "easy": list(table.texts("easy")),
        "say": _plain(table, "say"),
        "tags": _several(table, "tags", interests, least=1),
        "settings": _several(table, "settings", SETTINGS, least=1),
        "cost": _within(table, "cost", range(4)),
        "minutes": _within(table, "minutes", range(5, LONGEST + 1)),
        "mobility": _within(table, "mobility", range(4)),
        "season": [] if set(seasons) & set(ANY_SEASON) else seasons,
        "place": _one(table, "place", PLACES),
        "flags": _several(table, "flags", flags),
        "best": _one(table, "best", TIMES),
        "first_meeting": table.choice("first_meeting"),
        "dads": table.choice("dads"),
    }


def _plain(table: Table, field: str) -> str:
    """A text that is said as it stands."""
    text = table.text(field)
    if speak_would_fill(text):
        raise table.fault(field, "holds a placeholder, and is said as it stands")
    return text


def speak_would_fill(text: str) -> bool:
    try:
        return speak(text, Person(None, "she")) != text
    except UnknownPlaceholder:
        return True


def _one(table: Table, field: str, known: Collection[str]) -> str:
    said = table.text(field)
    if said not in known:
        raise _unknown(table, field, said, known)
    return said


def _several(table: Table, field: str, known: Collection[str], least: int = 0) -> list[str]:
    said = list(table.texts(field, least=least))
    for each in said:
        if each not in known:
            raise _unknown(table, field, each, known)
    if len(set(said)) < len(said):
        raise table.fault(field, "says one thing twice")
    return said


def _unknown(table: Table, field: str, said: str, known: Collection[str]) -> ContentError:
    some = ", ".join(sorted(known)) if len(known) < 8 else "see interests.toml and flags.toml"
    return table.fault(field, f"is no such thing: {said} ({some})")


def _within(table: Table, field: str, known: range) -> int:
    number = table.number(field)
    if number not in known:
        raise table.fault(field, f"is {number}, not from {known.start} to {known.stop - 1}")
    return number
