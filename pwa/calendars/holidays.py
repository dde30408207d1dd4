"""Public holidays of a country, by the `holidays` package."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays


@lru_cache(maxsize=64)
def between(country: str, first: date, last: date) -> dict[date, str]:
    """Date → name, both ends counted in, in English where it is told so; nothing for a country that is not known."""
    years = range(first.year, last.year + 1)
    try:
        known = holidays.country_holidays(country, years=years, language="en_US")
    except (NotImplementedError, KeyError):
        return {}
    return {on: name for on, name in sorted(known.items()) if first <= on <= last}
