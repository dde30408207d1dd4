"""interests.toml: what a parent may enjoy, by group, and the few chips of setup."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pwa.content.files import Table, keyed


@dataclass(frozen=True)
class Group:
    key: str
    label: str
    picture: str
    paint: str


@dataclass(frozen=True)
class Interest:
    """`setup` is its label among the chips of setup, or None; `picture` and `paint` draw its ideas.

    `active`: who enjoys it is on their feet. `for_anyone`: its gentlest ideas may be offered to a parent of whom nothing is known.
    """

    key: str
    label: str
    group: Group
    setup: str | None
    picture: str
    active: bool
    for_anyone: bool

    @property
    def paint(self) -> str:
        return self.group.paint


@dataclass(frozen=True)
class Interests:
    """All of them, by key, in the file's order, which is that of their groups."""

    groups: tuple[Group, ...]
    by_key: Mapping[str, Interest]

    def of_group(self, group: Group) -> tuple[Interest, ...]:
        return tuple(interest for interest in self.by_key.values() if interest.group == group)

    def chips(self, chosen: Collection[str] = ()) -> tuple[tuple[str, str], ...]:
        """(key, label) of those that setup offers, and of any other that is chosen already."""
        shown = (each for each in self.by_key.values() if each.setup or each.key in chosen)
        return tuple((each.key, each.setup or each.label) for each in shown)

    def active(self) -> frozenset[str]:
        return frozenset(key for key, interest in self.by_key.items() if interest.active)

    def for_anyone(self) -> frozenset[str]:
        return frozenset(key for key, interest in self.by_key.items() if interest.for_anyone)


def interests_in(file: Table) -> Interests:
    groups = {str(key): group for key, group in keyed(file, "groups", _group, lambda row: row.key).items()}
    rows = keyed(file, "interests", lambda table: _interest(table, groups), lambda row: row.key)
    return Interests(tuple(groups.values()), {str(key): row for key, row in rows.items()})


def _group(table: Table) -> Group:
    return Group(table.text("key"), table.text("label"), table.text("picture"), table.text("paint"))


def _interest(table: Table, groups: Mapping[str, Group]) -> Interest:
    group = groups.get(table.text("group"))
    if group is None:
        raise table.fault("group", "is none of the groups above")
    return Interest(
        key=table.text("key"),
        label=table.text("label"),
        group=group,
        setup=table.text_or_none("setup"),
        picture=table.text_or_none("picture") or group.picture,
        active=table.flag("active"),
        for_anyone=table.flag("for_anyone"),
    )
