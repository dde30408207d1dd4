"""When a round closes, and which one follows."""

from pwa.domain.errors import Refused
from pwa.domain.steps import Progress


def next_round(round_number: int, progress: Progress) -> int:
    """Give the number of the round after this one; Refused while a step of this one is open."""
    if not progress.complete:
        raise Refused("There is still a step open in this round.")
    return round_number + 1
