from collections.abc import Iterable
from dataclasses import dataclass
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pwa.domain.errors import Invalid
from pwa.domain.sync import MAX_N, counter, supersedes


@dataclass(frozen=True)
class Op:
    item: str
    n: int
    device: str
    value: str


OPS = st.builds(
    Op, st.sampled_from(["a", "b"]), st.integers(0, 6), st.sampled_from(["", "d1", "d2"]), st.sampled_from("01")
)


def take_in(ops: Iterable[Op]) -> dict[str, Op]:
    """What a server holds after these, in this order."""
    stands: dict[str, Op] = {}
    for op in ops:
        old = stands.get(op.item)
        if old is None or supersedes(op.n, op.device, old.n, old.device, value=op.value, than_value=old.value):
            stands[op.item] = op
    return stands


@pytest.mark.parametrize(
    ("new", "stands", "expected"),
    [
        pytest.param((2, "a"), (1, "z"), True, id="a later count wins over any device"),
        pytest.param((1, "z"), (2, "a"), False, id="an earlier one never does"),
        pytest.param((1, "b"), (1, "a"), True, id="the same count: by the device"),
        pytest.param((1, "a"), (1, "b"), False, id="the same count: by the device, the other way"),
        pytest.param((1, "a"), (1, ""), True, id="a device wins over a form of the server's"),
        pytest.param((1, "a"), (1, "a"), False, id="the same again changes nothing"),
    ],
)
def test_of_two_writes_one_stands(new: tuple[int, str], stands: tuple[int, str], expected: bool) -> None:
    assert supersedes(*new, *stands) is expected


def test_a_device_that_used_a_count_twice_still_ends_in_one_state() -> None:
    assert supersedes(1, "a", 1, "a", value="1", than_value="0")
    assert not supersedes(1, "a", 1, "a", value="0", than_value="1")


@pytest.mark.parametrize("value", [True, 1.0, "1", None, -1, MAX_N + 1, 10**30, [1]])
def test_what_is_no_count_is_invalid(value: object) -> None:
    with pytest.raises(Invalid):
        counter(value)


def test_a_count_fits_its_column_with_room_for_the_next() -> None:
    assert counter(0) == 0
    assert counter(MAX_N) + 1 < 2**31


@settings(deadline=None)
@given(st.lists(OPS, max_size=4))
def test_every_order_of_a_few_writes_ends_the_same(ops: list[Op]) -> None:
    assert len({tuple(sorted(take_in(order).items(), key=str)) for order in permutations(ops)}) == 1


def test_all_orders_of_six_writes_of_three_devices_end_the_same() -> None:
    ops = [Op("a", n, device, value) for n, device, value in zip((1, 1, 2, 2, 3, 1), ("x", "y", "x", "z", "y", "z"), "101010", strict=True)]  # fmt: skip
    assert {take_in(order)["a"] for order in permutations(ops)} == {Op("a", 3, "y", "1")}


@settings(max_examples=100, deadline=None)
@given(st.lists(OPS, min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_any_order_and_repetition_of_writes_converges(ops: list[Op], random: Random) -> None:
    again = ops + [random.choice(ops) for _ in ops]
    random.shuffle(again)
    assert take_in(again) == take_in(ops)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["d1", "d2", "d3"]), st.sampled_from("01"), st.booleans()), max_size=30))
def test_devices_that_write_offline_and_sync_now_and_then_end_alike(story: list[tuple[str, str, bool]]) -> None:
    """Each device takes the highest count it has seen plus one; then all sync twice."""
    server: list[Op] = []
    seen: dict[str, list[Op]] = {"d1": [], "d2": [], "d3": []}

    def sync(device: str) -> None:
        server.extend(seen[device])
        seen[device] = list(take_in(server).values()) + [op for op in seen[device] if op.device == device]

    for device, value, online in story:
        n = max((op.n for op in seen[device]), default=0) + 1
        seen[device].append(Op("a", n, device, value))
        if online:
            sync(device)
    for device in [*seen, *seen]:
        sync(device)
    assert len({str(take_in(known)) for known in seen.values()}) == 1
    assert all(take_in(known) == take_in(server) for known in seen.values())
