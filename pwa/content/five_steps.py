"""steps.toml: the five steps, in their order."""

from __future__ import annotations

from pwa.content.files import Table
from pwa.domain.steps import STEP_KEYS, Fact, Step, Task


def steps_in(file: Table) -> tuple[Step, ...]:
    steps = tuple(_step(table) for table in file.tables("steps"))
    if tuple(step.key for step in steps) != STEP_KEYS:
        raise file.fault("steps", f"are not {', '.join(STEP_KEYS)}, in this order")
    return steps


def fact_in(table: Table) -> Fact:
    return Fact(text=table.text("text"), cite=table.text("cite"), limit=table.text("limit"))


def _step(table: Table) -> Step:
    key = table.text("key")
    tasks = tuple(_task(row, key) for row in table.tables("tasks"))
    if len({task.key for task in tasks}) < len(tasks):
        raise table.fault("tasks", "hold the same key twice")
    return Step(
        key=key,
        title=table.text("title"),
        image=table.text("image"),
        lead=table.text("lead"),
        why=table.texts("why"),
        tasks=tasks,
        fact=fact_in(table.table("fact")),
    )


def _task(table: Table, step_key: str) -> Task:
    key = table.text("key")
    if not key.startswith(f"{step_key}."):
        raise table.fault("key", f"does not begin with {step_key}.")
    return Task(
        key=key,
        title=table.text("title"),
        hint=table.text("hint"),
        completes_step=table.flag("completes_step"),
        lighter=table.flag("lighter"),
    )
