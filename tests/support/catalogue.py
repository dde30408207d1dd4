"""Ideas for tests: one of no great demands, changed by what the test is about."""

from __future__ import annotations

from typing import Any

from pwa.domain.ideas import Idea


def idea(key: str, **other: Any) -> Idea:
    plain: dict[str, Any] = {
        "title": key.replace("_", " ").capitalize(),
        "line": "Do it together.",
        "easy": ("Begin small",),
        "say": "Shall we?",
        "tags": ("gardening",),
        "settings": frozenset({"home"}),
        "cost": 0,
        "minutes": 30,
        "mobility": 0,
        "season": frozenset(),
        "place": "indoor",
        "flags": frozenset(),
        "best": "any",
        "first_meeting": True,
        "dads": True,
    }
    sets = {name: frozenset(other[name]) for name in ("settings", "season", "flags") if name in other}
    return Idea(key=key, **{**plain, **other, **sets})
