"""A fresh list every Monday. Each idea has its turn in a round of weeks, reckoned and not remembered.

Nothing need be written down when a page is looked at, every device sees the same list, and a list of any
week can be made again. A turn that was or comes near counts against an idea as if it had been shown then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import blake2b
from math import exp

# What an idea is worth outside its turn at most; how much less that had it a week ago; how soon it recovers (weeks).
# Were it worth nearly as much as in its turn, what serves two interests at once would stand on every list.
OUT_OF_TURN, JUST_SHOWN, RECOVERY = 0.4, 0.75, 3.0
_EPOCH_MONDAY = date(2024, 1, 1).toordinal()


def week_of(on: date) -> int:
    """The number of the week, from Monday to Sunday, that holds `on`."""
    return (on.toordinal() - _EPOCH_MONDAY) // 7


def monday_of(on: date) -> date:
    return date.fromordinal(on.toordinal() - on.weekday())


def freshness(by_interest: Mapping[str, Sequence[str]], places: int, week: int, seed: str) -> dict[str, float]:
    """How fresh each idea is in that week: 1 in its turn, less the nearer its last or next turn.

    `by_interest`: interest → keys of the ideas that would stand for it; `places`: how many of the list's
    places are shared among the interests; `seed`: the family's own order. Each week as many of an interest
    have their turn as it has places, the next ones the week after, round and round.
    """
    found = {}
    share = -(-places // max(1, len(by_interest)))
    for keys in by_interest.values():
        for turn, key in enumerate(sorted(keys, key=lambda each: _lot(seed, each))):
            ahead = (turn - week * share) % len(keys)
            found[key] = 1.0 if ahead < share else _rested(min(ahead // share, -(-(len(keys) - ahead) // share)))
    return found


def _rested(weeks: int) -> float:
    return OUT_OF_TURN * (1 - JUST_SHOWN * exp(-max(0, weeks - 1) / RECOVERY))


def _lot(seed: str, key: str) -> bytes:
    return blake2b(key.encode(), key=seed.encode()[:64], digest_size=8).digest()
