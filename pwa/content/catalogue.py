"""The catalogue of ideas: read from ideas/*.toml once, and from what was made of them ever after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pwa.content.ideas import Row, idea_of
from pwa.domain.ideas import Idea


@dataclass(frozen=True)
class Catalogue:
    """Every idea by key, in the order of the files."""

    ideas: Mapping[str, Idea]

    @cached_property
    def search_texts(self) -> dict[str, str]:
        """Idea key → its title and line in lower case, for looking something up."""
        return {key: f"{idea.title} {idea.line}".casefold() for key, idea in self.ideas.items()}


def catalogue_of(rows: list[Row]) -> Catalogue:
    return Catalogue({row["key"]: idea_of(row) for row in rows})
