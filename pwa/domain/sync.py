"""Which of two writes to the same item stands, whatever order they arrive in."""

from pwa.domain.errors import Invalid

# A 32-bit column holds it, and one more for the server's own next write.
MAX_N = 2**31 - 2


def supersedes(
    n: int,
    device: str,
    than_n: int,
    than_device: str,
    *,
    value: str = "",
    than_value: str = "",
) -> bool:
    """Say whether a write replaces the one that stands now.

    `n` counts the writes to one item (each writer takes the highest it has seen, plus one), `device` is
    the writer's id as text ("" for the server's own forms). Wall clocks take no part: phones are wrong.
    `value` ("1"/"0", an ISO date) breaks the tie of a device that used a counter twice, so that even
    then every order of arrival ends the same. An equal write never supersedes: replaying changes nothing.
    """
    return (n, device, value) > (than_n, than_device, than_value)


def counter(value: object, field: str = "n") -> int:
    """Read a counter that came from outside."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_N:
        raise Invalid("A counter is a whole number from 0 up, and not a huge one.", field)
    return value
