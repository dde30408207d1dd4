"""What becomes of one nudge on its way to one device, and of the nudge once all its devices have answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
POSTPONED = timedelta(hours=1)


class Again(StrEnum):
    """What to do with a device when a nudge is tried (again)."""

    SEND = "send"
    LEAVE = "leave"  # its story is told: accepted, shown, gone or refused
    GIVE_UP = "give_up"  # it may have been sent already, and a second time would show


class End(StrEnum):
    """How a nudge ended. Every nudge ends in exactly one way."""

    SENT = "sent"
    NO_DEVICE = "no_device"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Past:
    """What an earlier attempt left behind for one device.

    settled     its story is told
    answered    the push service answered, or was provably never asked; False: the attempt died in between
    replaceable a second message of the same topic and tag takes the place of the first
    """

    settled: bool
    answered: bool
    replaceable: bool


def again(past: Past | None) -> Again:
    if past is None:
        return Again.SEND
    if past.settled:
        return Again.LEAVE
    return Again.SEND if past.answered or past.replaceable else Again.GIVE_UP


def retry_at(
    attempt: int, now: datetime, asked_wait: int | None, useful_until: datetime, draw: float
) -> datetime | None:
    """Give the instant of the next try, or None when it would come too late to be of use.

    attempt counts from 1; asked_wait: seconds the push service asked for; draw: 0 … 1, spreads devices out.
    """
    doubled = FIRST_WAIT * 2 ** min(attempt - 1, 10)
    wait = min(doubled, LONGEST_WAIT) * (0.5 + draw)
    at = now + max(wait, timedelta(seconds=asked_wait or 0))
    return at if at < useful_until else None


def end(accepted: Sequence[bool], gone: Sequence[bool]) -> End:
    """Say how a nudge ended whose devices have all answered, one entry each."""
    if any(accepted):
        return End.SENT
    return End.NO_DEVICE if all(gone) else End.EXPIRED
