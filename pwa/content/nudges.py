"""nudges.toml: what a nudge says, on a lock screen and, where somebody chose so, with a name."""

from __future__ import annotations

from dataclasses import dataclass

from pwa.content.files import Table, keyed
from pwa.domain.nudges import Kind


@dataclass(frozen=True)
class NudgeText:
    """The neutral texts name nobody and need no filling; the named ones go through `speak`.

    `actions` are (action, title) in the order of the buttons.
    """

    neutral_title: str
    neutral_body: str | None
    named_title: str
    named_body: str
    actions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Nudge:
    kind: str
    variants: tuple[NudgeText, ...]


def nudges_in(file: Table) -> dict[str, tuple[NudgeText, ...]]:
    """The variants of every kind, those that no rule sends yet among them."""
    rows = keyed(file, "nudges", _nudge, lambda nudge: nudge.kind)
    kinds = {nudge.kind: nudge.variants for nudge in rows.values()}
    missing = [kind.value for kind in Kind if kind.value not in kinds]
    if missing:
        raise file.fault("nudges", f"say nothing for {', '.join(missing)}")
    return kinds


def _nudge(table: Table) -> _Nudge:
    actions = tuple((row.text("action"), row.text("title")) for row in table.tables("actions", least=0))
    return _Nudge(table.text("kind"), tuple(_text(row, actions) for row in table.tables("variants")))


def _text(table: Table, actions: tuple[tuple[str, str], ...]) -> NudgeText:
    return NudgeText(
        neutral_title=table.text("neutral_title"),
        neutral_body=table.text_or_none("neutral_body"),
        named_title=table.text("named_title"),
        named_body=table.text("named_body"),
        actions=actions,
    )
