"""What the zone database's own table tells of a zone's main place: its country, and how far from the equator it lies."""

from __future__ import annotations

from importlib import resources

# For a zone that the table does not have (older spellings, UTC): somewhere with four seasons.
SOMEWHERE = 50.0


def latitudes() -> dict[str, float]:
    """Zone name → degrees, south negative."""
    return {zone: _degrees(coordinates) for _country, coordinates, zone, *_ in _rows()}


def countries() -> dict[str, str]:
    """Zone name → the country's ISO 3166 code."""
    return {zone: country for country, _coordinates, zone, *_ in _rows()}


def _rows() -> list[list[str]]:
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    return [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]


def _degrees(coordinates: str) -> float:
    """ISO 6709 as the table writes it: ±DDMM±DDDMM or ±DDMMSS±DDDMMSS."""
    sign = -1 if coordinates[0] == "-" else 1
    return sign * (int(coordinates[1:3]) + int(coordinates[3:5]) / 60)
