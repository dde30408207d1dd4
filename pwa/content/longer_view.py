"""perspective.toml: the longer view, the tool of the first step."""

from __future__ import annotations

from dataclasses import dataclass

from pwa.content.files import Table, keyed
from pwa.content.five_steps import fact_in
from pwa.domain.steps import Fact

PROMPTS = ("feeling", "reason", "friend", "instead")


@dataclass(frozen=True)
class Prompt:
    """One of the four questions; `label` names its free line."""

    heading: str
    help: str
    label: str
    fact: Fact | None


@dataclass(frozen=True)
class Chip:
    key: str
    label: str


@dataclass(frozen=True)
class Reason:
    """An ordinary reason for the quiet; `group` is distance, priorities or circumstance."""

    key: str
    group: str
    text: str


@dataclass(frozen=True)
class Perspective:
    title: str
    intro: str
    private: str
    aside: str
    keep: str
    skip: str
    closing_title: str
    closing_body: str
    feelings: tuple[Chip, ...]
    reasons: tuple[Reason, ...]
    feeling: Prompt
    reason: Prompt
    friend: Prompt
    instead: Prompt

    def three_reasons(self, turn: int) -> tuple[Reason, ...]:
        """One reason of each group; the next `turn` shows others."""
        groups = list(dict.fromkeys(reason.group for reason in self.reasons))
        pools = [[reason for reason in self.reasons if reason.group == group] for group in groups]
        return tuple(pool[turn % len(pool)] for pool in pools)


def perspective_in(file: Table) -> Perspective:
    closing, prompts = file.table("closing"), file.table("prompts")
    return Perspective(
        title=file.text("title"),
        intro=file.text("intro"),
        private=file.text("private"),
        aside=file.text("aside"),
        keep=file.text("keep"),
        skip=file.text("skip"),
        closing_title=closing.text("title"),
        closing_body=closing.text("body"),
        feelings=tuple(keyed(file, "feelings", chip_in, lambda chip: chip.key).values()),
        reasons=tuple(keyed(file, "reasons", _reason, lambda reason: reason.key).values()),
        **{name: _prompt(prompts.table(name)) for name in PROMPTS},
    )


def chip_in(table: Table) -> Chip:
    return Chip(key=table.text("key"), label=table.text("label"))


def _reason(table: Table) -> Reason:
    return Reason(key=table.text("key"), group=table.text("group"), text=table.text("text"))


def _prompt(table: Table) -> Prompt:
    fact = table.table_or_none("fact")
    return Prompt(
        heading=table.text("heading"),
        help=table.text("help"),
        label=table.text("label"),
        fact=fact_in(fact) if fact else None,
    )
