"""tailoring.toml: the four questions, the filters, and why an idea is not for somebody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pwa.content.files import Table, keyed
from pwa.content.longer_view import Chip, chip_in
from pwa.domain.ideas import FILTERS
from pwa.domain.lessons import WHYS
from pwa.domain.tailoring import GRADES, VISITS


@dataclass(frozen=True)
class Choices:
    pick: str
    choices: tuple[Chip, ...]

    def keys(self) -> list[str]:
        return [chip.key for chip in self.choices]

    def label(self, key: str) -> str:
        return next((chip.label for chip in self.choices if chip.key == key), "")


@dataclass(frozen=True)
class TailoringWords:
    visiting: Choices
    mobility: Choices
    cost: Choices
    filters: Choices
    whys: Choices
    avoid_pick: str
    avoid_more: str


def tailoring_in(file: Table) -> TailoringWords:
    grades = [str(grade) for grade in GRADES]
    avoid = file.table("avoid")
    return TailoringWords(
        visiting=_choices(file, "visiting", VISITS),
        mobility=_choices(file, "mobility", grades),
        cost=_choices(file, "cost", grades),
        filters=_choices(file, "filters", FILTERS),
        whys=_choices(file, "whys", WHYS),
        avoid_pick=avoid.text("pick"),
        avoid_more=avoid.text("more"),
    )


def _choices(file: Table, name: str, keys: Collection[str]) -> Choices:
    table = file.table(name)
    chips = tuple(keyed(table, "choices", chip_in, lambda chip: chip.key).values())
    if [chip.key for chip in chips] != list(keys):
        raise table.fault("choices", f"are not {', '.join(keys)}, in this order")
    return Choices(table.text("pick"), chips)
