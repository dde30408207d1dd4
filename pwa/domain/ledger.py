"""The ledger: where each nudge that was ever planned stands. It stands in exactly one place, or the sums do not balance."""

from enum import IntEnum, StrEnum


class Place(StrEnum):
    """Open until it has ended; then for ever in one of the others, but that a device may say later that it was shown."""

    OPEN = "open"  # not due yet, or being tried
    SHOWN = "shown"  # a device has said so
    ACCEPTED = "accepted"  # a push service took it, and no device has said that it came up
    EXPIRED = "expired"  # its useful time ended first
    NO_DEVICE = "no_device"
    CANCELLED = "cancelled"  # there was no reason left to send it


class Reach(IntEnum):
    """How far the one of its deliveries came that came furthest."""

    NOWHERE = 0
    ACCEPTED = 1
    SHOWN = 2


_OPEN = ("scheduled", "leased")
_WITHOUT_DELIVERY = (Place.EXPIRED, Place.NO_DEVICE, Place.CANCELLED)


def place(state: str, *, ended: bool, reach: Reach) -> Place | None:
    """Give the one place where it stands; None for what contradicts itself.

    state: as its row says; ended: whether the row says when.
    """
    if state in _OPEN:
        return None if ended else Place.OPEN
    if not ended or state not in ("sent", *_WITHOUT_DELIVERY):
        return None
    if reach is Reach.SHOWN:
        return Place.SHOWN
    if state == "sent":
        return Place.ACCEPTED if reach is Reach.ACCEPTED else None
    return Place(state)
