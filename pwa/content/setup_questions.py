"""setup.toml: the safety question and the three short ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from pwa.content.files import Table, keyed
from pwa.content.longer_view import Chip, chip_in
from pwa.domain.parents import Pronouns


@dataclass(frozen=True)
class Safety:
    title: str
    question: str
    body: str
    yes: str
    no: str


@dataclass(frozen=True)
class NameChip:
    label: str
    pronouns: Pronouns


@dataclass(frozen=True)
class NameQuestion:
    title: str
    lead: str
    label: str
    pick: str
    pronouns: str
    chips: tuple[NameChip, ...]


@dataclass(frozen=True)
class EnjoysQuestion:
    title: str
    lead: str
    pick: str
    label: str
    example: str


@dataclass(frozen=True)
class DistanceQuestion:
    """Its page holds three small questions: how far, how you talk, and times that never suit."""

    title: str
    lead: str
    pick: str
    choices: tuple[Chip, ...]
    channel_pick: str
    channels: tuple[Chip, ...]
    bad_times_label: str
    bad_times_example: str
    done: str


@dataclass(frozen=True)
class Setup:
    safety: Safety
    name: NameQuestion
    enjoys: EnjoysQuestion
    distance: DistanceQuestion


def setup_in(file: Table) -> Setup:
    return Setup(
        safety=_safety(file.table("safety")),
        name=_name(file.table("name")),
        enjoys=_enjoys(file.table("enjoys")),
        distance=_distance(file.table("distance"), file.table("channel"), file.table("bad_times")),
    )


def _safety(table: Table) -> Safety:
    return Safety(
        title=table.text("title"),
        question=table.text("question"),
        body=table.text("body"),
        yes=table.text("yes"),
        no=table.text("no"),
    )


def _name(table: Table) -> NameQuestion:
    return NameQuestion(
        title=table.text("title"),
        lead=table.text("lead"),
        label=table.text("label"),
        pick=table.text("pick"),
        pronouns=table.text("pronouns"),
        chips=tuple(_name_chip(row) for row in table.tables("chips")),
    )


def _name_chip(table: Table) -> NameChip:
    said = table.text("pronouns")
    pronouns: Pronouns | None = next((known for known in get_args(Pronouns) if known == said), None)
    if pronouns is None:
        raise table.fault("pronouns", "is not she, he or they")
    return NameChip(label=table.text("label"), pronouns=pronouns)


def _enjoys(table: Table) -> EnjoysQuestion:
    return EnjoysQuestion(
        title=table.text("title"),
        lead=table.text("lead"),
        pick=table.text("pick"),
        label=table.text("label"),
        example=table.text("example"),
    )


def _distance(far: Table, channel: Table, bad_times: Table) -> DistanceQuestion:
    return DistanceQuestion(
        title=far.text("title"),
        lead=far.text("lead"),
        pick=far.text("pick"),
        choices=_chips(far),
        channel_pick=channel.text("pick"),
        channels=_chips(channel),
        bad_times_label=bad_times.text("label"),
        bad_times_example=bad_times.text("example"),
        done=far.text("done"),
    )


def _chips(table: Table) -> tuple[Chip, ...]:
    return tuple(keyed(table, "choices", chip_in, lambda chip: chip.key).values())
