"""The five steps, their tasks, and how far along a round is. The words come from content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# Ticked by hand: an invitation or a follow-up has gone; or something came of it.
INVITED, WRITTEN_AGAIN = "reach_out.send_invitation", "follow_up.write_again"
DAY_IS_SET = "follow_up.day_is_set"
HEARD_TASKS = (DAY_IS_SET, "be_together.ask_about_now", "be_together.say_what_it_means")
# Done before a meeting, and after it.
QUESTIONS_PICKED, GOOD_THING_KEPT = "be_together.pick_questions", "look_for_good.keep_one_good_thing"
# Ticking one of these says that the two were in touch, or that a message went out.
CONTACT_TASKS = (
    INVITED,
    WRITTEN_AGAIN,
    "be_together.ask_about_now",
    "be_together.say_what_it_means",
)
STEP_KEYS = ("perspective", "reach_out", "follow_up", "be_together", "look_for_good")
# A later round starts on embers: the first two pieces of the fire are there already.
BANKED_FIRE = 2

State = Literal["done", "now", "later"]


@dataclass(frozen=True)
class Fact:
    """One cited finding: what was found, in whom (`cite`), and what it does not show (`limit`)."""

    text: str
    cite: str
    limit: str


@dataclass(frozen=True)
class Task:
    """A checkbox. `lighter` tasks are the ones that later rounds keep."""

    key: str
    title: str
    hint: str = ""
    completes_step: bool = False
    lighter: bool = False


@dataclass(frozen=True)
class Step:
    key: str
    title: str
    image: str
    why: tuple[str, ...]
    lead: str
    tasks: tuple[Task, ...]
    fact: Fact


@dataclass(frozen=True)
class TickState:
    """What the last write to a task said. `by` is "you" (a tap) or "app" (it saw it happen)."""

    done: bool
    at: datetime
    by: str = "you"


@dataclass(frozen=True)
class StepState:
    """A step in one round: `tasks` holds that round's tasks only; `skipped` is done with no task."""

    step: Step
    state: State
    tasks: tuple[tuple[Task, TickState | None], ...]
    skipped: bool = False
    done_at: datetime | None = None


@dataclass(frozen=True)
class Progress:
    """`fire` (0–5) is what the hearth shows; `banked` says it started on embers."""

    states: tuple[StepState, ...]
    done_count: int
    fire: int
    banked: bool
    complete: bool

    @property
    def now(self) -> StepState | None:
        return next((state for state in self.states if state.state == "now"), None)

    def is_done(self, step_key: str) -> bool:
        return any(s.step.key == step_key and s.state == "done" for s in self.states)


def progress(steps: Sequence[Step], ticks: Mapping[str, TickState], round_number: int) -> Progress:
    """Work out one round's state from its ticks (task key → last write). Rounds count from 1."""
    if round_number < 1:
        raise ValueError(f"rounds count from 1, not {round_number}")
    states: list[StepState] = []
    now_given = False
    for step in steps:
        state = _state(step, ticks, round_number, now_given)
        now_given = now_given or state.state == "now"
        states.append(state)
    done = sum(state.state == "done" for state in states)
    banked = round_number > 1
    return Progress(
        states=tuple(states),
        done_count=done,
        fire=max(BANKED_FIRE, done) if banked else done,
        banked=banked,
        complete=done == len(states),
    )


def round_tasks(step: Step, round_number: int) -> tuple[Task, ...]:
    """Give the tasks a step has in this round: all in the first, the lighter ones later."""
    if round_number == 1:
        return step.tasks
    return tuple(task for task in step.tasks if task.lighter)


def _state(step: Step, ticks: Mapping[str, TickState], round_number: int, now_given: bool) -> StepState:
    tasks = tuple((task, ticks.get(task.key)) for task in round_tasks(step, round_number))
    if not tasks:
        return StepState(step, "done", (), skipped=True)
    done_at = _done_at(tasks)
    if done_at is not None:
        return StepState(step, "done", tasks, done_at=done_at)
    return StepState(step, "later" if now_given else "now", tasks)


def _done_at(tasks: Sequence[tuple[Task, TickState | None]]) -> datetime | None:
    done = [(task, tick.at) for task, tick in tasks if tick is not None and tick.done]
    ways = [at for task, at in done if task.completes_step]
    if len(done) == len(tasks):
        ways.append(max(at for _, at in done))
    return min(ways, default=None)
