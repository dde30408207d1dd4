"""What an activity must not ask of a parent. A limit filters, always: nothing here is ever relaxed to fill a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce


@dataclass(frozen=True)
class Limits:
    """None and empty mean "not said". The fields are those of the taxonomy's constraints.

    `max_mobility` and `max_cost` 0-3, `max_minutes` in minutes; `need`: settings of which an idea must have
    one; `mostly_remote`: at least three of the first five can be done apart; `avoid`: flags.
    """

    max_mobility: int | None = None
    max_cost: int | None = None
    max_minutes: int | None = None
    need: frozenset[str] = frozenset()
    mostly_remote: bool = False
    avoid: frozenset[str] = frozenset()

    def __or__(self, other: Limits) -> Limits:
        """Both together: the stricter of each. Needs that share nothing leave the narrower one, remote."""
        return Limits(
            max_mobility=_least(self.max_mobility, other.max_mobility),
            max_cost=_least(self.max_cost, other.max_cost),
            max_minutes=_least(self.max_minutes, other.max_minutes),
            need=_both(self.need, other.need),
            mostly_remote=self.mostly_remote or other.mostly_remote,
            avoid=self.avoid | other.avoid,
        )


NONE = Limits()


def together(limits: Iterable[Limits]) -> Limits:
    """All of them at once."""
    return reduce(Limits.__or__, limits, NONE)


def _least(one: int | None, other: int | None) -> int | None:
    said = [value for value in (one, other) if value is not None]
    return min(said) if said else None


def _both(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    if not one or not other:
        return one | other
    return one & other or frozenset({"remote"})
