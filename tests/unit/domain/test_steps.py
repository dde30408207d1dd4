from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from pwa.domain.errors import Refused
from pwa.domain.rounds import next_round
from pwa.domain.steps import STEP_KEYS, Fact, Progress, Step, Task, TickState, progress

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)

# Two tasks a step; follow_up is completed by its second; perspective has nothing for later rounds.
STEPS = tuple(
    Step(
        key=key,
        title=key,
        image="",
        why=(),
        lead="",
        tasks=(
            Task(f"{key}.one", "One", lighter=key != "perspective"),
            Task(f"{key}.two", "Two", completes_step=key == "follow_up"),
        ),
        fact=Fact("", "", ""),
    )
    for key in STEP_KEYS
)


def ticks(*tasks: str) -> Mapping[str, TickState]:
    """ "be_together" is both tasks of the step, "be_together.one" one, "-…" one unticked again."""
    found: dict[str, TickState] = {}
    for n, task in enumerate(tasks):
        at, done, key = AT.replace(minute=n), not task.startswith("-"), task.removeprefix("-")
        for name in [key] if "." in key else [f"{key}.one", f"{key}.two"]:
            found[name] = TickState(done, at)
    return found


def states(progress_: Progress) -> list[str]:
    return [state.state for state in progress_.states]


FIRST_ROUND = [
    pytest.param((), "now later later later later", 0, id="nothing yet"),
    pytest.param(("perspective.one",), "now later later later later", 0, id="half a step is none"),
    pytest.param(("perspective",), "done now later later later", 1, id="all tasks finish a step"),
    pytest.param(("perspective", "-perspective.one"), "now later later later later", 0, id="unticking lowers it"),
    pytest.param(("reach_out",), "now done later later later", 1, id="a step out of turn counts"),
    pytest.param(("follow_up.two",), "now later done later later", 1, id="a completing task finishes the step alone"),
    pytest.param(("follow_up.one",), "now later later later later", 0, id="another task does not"),
    pytest.param(("follow_up", "-follow_up.two"), "now later later later later", 0, id="a completing task unticked"),
    pytest.param(STEP_KEYS, "done done done done done", 5, id="all five"),
    pytest.param(("made.up",), "now later later later later", 0, id="a task that is no longer there"),
]


@pytest.mark.parametrize(("ticked", "expected", "fire"), FIRST_ROUND)
def test_in_the_first_round_the_fire_is_the_count_of_finished_steps(
    ticked: tuple[str, ...], expected: str, fire: int
) -> None:
    got = progress(STEPS, ticks(*ticked), 1)
    assert states(got) == expected.split()
    assert (got.fire, got.done_count, got.banked, got.complete) == (fire, fire, False, fire == 5)


LATER_ROUNDS = [
    pytest.param((), "done now later later later", 1, 2, id="starts on embers"),
    pytest.param(("reach_out.one",), "done done now later later", 2, 2, id="the first step finished: still two"),
    pytest.param(("reach_out.one", "follow_up.one"), "done done done now later", 3, 3, id="and then it grows"),
    pytest.param(("follow_up.two",), "done now later later later", 1, 2, id="a task of the first round alone counts for nothing"),
    pytest.param(STEP_KEYS, "done done done done done", 5, 5, id="all"),
]  # fmt: skip


@pytest.mark.parametrize("round_number", [2, 3, 40])
@pytest.mark.parametrize(("ticked", "expected", "done", "fire"), LATER_ROUNDS)
def test_a_later_round_is_lighter_and_never_colder_than_two(
    ticked: tuple[str, ...], expected: str, done: int, fire: int, round_number: int
) -> None:
    got = progress(STEPS, ticks(*ticked), round_number)
    assert states(got) == expected.split()
    assert (got.done_count, got.fire, got.banked, got.complete) == (done, fire, True, fire == 5)


def test_a_step_without_a_lighter_task_is_shown_as_skipped() -> None:
    first, *others = progress(STEPS, {}, 2).states
    assert (first.skipped, first.tasks, first.done_at) == (True, (), None)
    assert [[task.key for task, _ in state.tasks] for state in others] == [[f"{k}.one"] for k in STEP_KEYS[1:]]
    assert not any(state.skipped for state in progress(STEPS, {}, 1).states)


def test_a_step_says_since_when_it_is_done() -> None:
    by_all = progress(STEPS, ticks("reach_out.two", "reach_out.one"), 1).states[1]
    by_one = progress(STEPS, ticks("follow_up.two", "follow_up.one"), 1).states[2]
    assert by_all.done_at == AT.replace(minute=1)
    assert by_one.done_at == AT


def test_rounds_count_from_one() -> None:
    with pytest.raises(ValueError):
        progress(STEPS, {}, 0)


def test_a_round_closes_when_every_step_is_done_and_the_next_number_follows() -> None:
    assert next_round(1, progress(STEPS, ticks(*STEP_KEYS), 1)) == 2
    with pytest.raises(Refused) as refusal:
        next_round(1, progress(STEPS, ticks(*STEP_KEYS[:4]), 1))
    assert refusal.value.sentence
