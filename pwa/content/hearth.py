"""hearth.toml: the fire in words."""

from __future__ import annotations

from dataclasses import dataclass

from pwa.content.files import Table, keyed
from pwa.domain.steps import BANKED_FIRE, STEP_KEYS

STATES = [(fire, False) for fire in range(len(STEP_KEYS) + 1)]
BANKED_STATES = [(fire, True) for fire in range(BANKED_FIRE, len(STEP_KEYS) + 1)]


@dataclass(frozen=True)
class HearthSentences:
    """`sentence` describes the picture; `added` is said when a step has lit it so far (None when cold)."""

    fire: int
    banked: bool
    sentence: str
    added: str | None


def hearth_in(file: Table) -> dict[tuple[int, bool], HearthSentences]:
    rows = keyed(file, "states", _sentences, lambda row: (row.fire, row.banked))
    states = {(row.fire, row.banked): row for row in rows.values()}
    missing = [state for state in STATES + BANKED_STATES if state not in states]
    if missing:
        raise file.fault("states", f"say nothing for fire and banked of {missing}")
    return states


def _sentences(table: Table) -> HearthSentences:
    return HearthSentences(
        fire=table.number("fire"),
        banked=table.flag("banked"),
        sentence=table.text("sentence"),
        added=table.text_or_none("added"),
    )
