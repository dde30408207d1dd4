"""When it is light, near enough to plan a walk by: the sun of a latitude on a day of the year."""

from __future__ import annotations

from datetime import date
from math import acos, asin, cos, pi, radians, tan

# What the reckoning leaves out: where a place lies in its time zone, summer time, hills.
MARGIN_HOURS = 1.0
NOON = 12.75


def light(latitude: float, on: date) -> tuple[float, float]:
    """Hours of the clock between which it is surely light; (0, 24) or an empty stretch near the poles."""
    tilt = asin(0.39795 * cos(2 * pi * (on.timetuple().tm_yday - 172) / 365.25))
    reach = -tan(radians(latitude)) * tan(tilt)
    if reach <= -1:
        return 0.0, 24.0
    if reach >= 1:
        return NOON, NOON
    half = acos(reach) * 12 / pi
    return NOON - half + MARGIN_HOURS, NOON + half - MARGIN_HOURS
