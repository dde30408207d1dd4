"""Which season it is where a parent lives, for ideas that need one."""

from __future__ import annotations

from datetime import date

from pwa.domain.ideas import Idea

# Degrees from the equator within which no season is counted on.
TROPICS = 23.4
_NORTH = ("winter", "spring", "summer", "autumn")
IN_SEASON, OUT_OF_SEASON = 1.15, 0.5


def season(on: date, latitude: float) -> str | None:
    """The season of `on` at that latitude (degrees, south negative); None in the tropics."""
    if abs(latitude) <= TROPICS:
        return None
    quarter = on.month % 12 // 3
    return _NORTH[quarter if latitude > 0 else (quarter + 2) % 4]


def timeliness(idea: Idea, now: str | None) -> float:
    """How much the season speaks for an idea: 0 is not now at all."""
    if not idea.season:
        return 1.0
    if now in idea.season:
        return IN_SEASON
    return 0.0 if idea.place == "outdoor" or now is None else OUT_OF_SEASON
