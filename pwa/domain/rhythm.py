"""How often a person means to be in touch."""

from pwa.domain.errors import Invalid

RHYTHM_DAYS = (7, 14, 21, 30, 60, 90)
DEFAULT_RHYTHM_DAYS = 21


def rhythm(days: object) -> int:
    """Read a rhythm (days between contacts) that came from outside."""
    if isinstance(days, bool) or not isinstance(days, int) or days not in RHYTHM_DAYS:
        raise Invalid("Pick how often from the list.", "rhythm_days")
    return days
