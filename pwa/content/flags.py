"""flags.toml: what an idea may involve that a parent may have to avoid, and how a reason says it doesn't."""

from __future__ import annotations

from dataclasses import dataclass

from pwa.content.files import Table, keyed


@dataclass(frozen=True)
class Flag:
    """`without` completes "it …"; `first` is shown before the others. Both texts may hold placeholders."""

    key: str
    label: str
    without: str
    first: bool


def flags_in(file: Table) -> dict[str, Flag]:
    return {str(key): flag for key, flag in keyed(file, "flags", _flag, lambda row: row.key).items()}


def _flag(table: Table) -> Flag:
    return Flag(table.text("key"), table.text("label"), table.text("without"), table.flag("first"))
