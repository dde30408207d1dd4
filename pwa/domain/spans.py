"""Stretches of tokens, from one up to another that isn't counted in, asked about without looking at each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

Span = tuple[int, int]


class Spans:
    """`spans` come in the order in which they start."""

    def __init__(self, spans: Sequence[Span] = ()) -> None:
        self.spans = spans
        self.starts = [start for start, _ in spans]
        self.reach = list(accumulate((end for _, end in spans), max))

    def __iter__(self) -> Iterator[Span]:
        return iter(self.spans)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def touch(self, span: Span) -> bool:
        """Whether any of them shares a token with this one."""
        end = self.end_before(span[1])
        return end is not None and end > span[0]

    def end_before(self, place: int) -> int | None:
        """Where the one that reaches furthest ends, of those that start before `place`."""
        count = bisect_left(self.starts, place)
        return self.reach[count - 1] if count else None

    def start_from(self, place: int) -> int | None:
        """Where the first one starts that starts at `place` or after."""
        count = bisect_left(self.starts, place)
        return self.starts[count] if count < len(self.starts) else None

    def starting_in(self, span: Span) -> Sequence[Span]:
        return self.spans[bisect_left(self.starts, span[0]) : bisect_left(self.starts, span[1])]
