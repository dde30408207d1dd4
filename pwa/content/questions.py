"""questions/*.toml: the questions to bring, one file a group. Each row is read by name and held to the taxonomy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pwa.content.files import Table
from pwa.content.ideas import speak_would_fill
from pwa.domain.questions import DEPTHS, FITS, GROUPS, Question

Rows = dict[str, Any]


@dataclass(frozen=True)
class Questions:
    """Every question by key, in the order of the files; and the heading of each group, to be filled by `speak`."""

    by_key: Mapping[str, Question]
    labels: Mapping[str, str]


def rows_in(files: Iterable[Table], interests: Collection[str]) -> Rows:
    """Every group's heading and every question as plain rows, checked; two of one key are a fault."""
    labels: dict[str, str] = {}
    rows: dict[str, Rows] = {}
    for file in files:
        group = _known(file, "group", file.text("group"), GROUPS)
        labels[group] = file.text("label")
        for table in file.tables("questions"):
            row = _row(table, group, interests)
            if row["key"] in rows:
                raise table.fault("key", f"is the key of another question: {row['key']}")
            rows[row["key"]] = row
    return {"labels": labels, "questions": list(rows.values())}


def questions_of(rows: Rows) -> Questions:
    """Checked rows as the rules know them."""
    return Questions({row["key"]: _question(row) for row in rows["questions"]}, rows["labels"])


def _question(row: Rows) -> Question:
    return Question(**{**row, "interests": tuple(row["interests"]), "fits": frozenset(row["fits"])})


def _row(table: Table, group: str, interests: Collection[str]) -> Rows:
    depth = table.number("depth")
    if depth not in DEPTHS:
        raise table.fault("depth", f"is {depth}, not from {DEPTHS[0]} to {DEPTHS[-1]}")
    return {
        "key": table.text("key"),
        "text": _said(table, "text"),
        "follow_up": _said(table, "follow_up"),
        "group": group,
        "depth": depth,
        "interests": [_known(table, "interests", each, interests) for each in table.texts("interests", least=0)],
        "fits": [_known(table, "fits", each, FITS) for each in table.texts("fits")],
        "dads": table.choice("dads"),
    }


def _said(table: Table, field: str) -> str:
    """What is said to the parent, and so speaks of nobody as "she" or "he"."""
    text = table.text(field)
    if speak_would_fill(text):
        raise table.fault(field, "holds a placeholder, and is said as it stands")
    return text


def _known(table: Table, field: str, said: str, known: Collection[str]) -> str:
    if said not in known:
        raise table.fault(field, f"is no such thing: {said}")
    return said
