"""Stepping: ticking and unticking the tasks of a round by a page's own form, or by the app."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pwa import content
from pwa.domain.errors import NotThere, Refused
from pwa.domain.steps import round_tasks
from pwa.services import finding, nudging
from pwa.storage import accounts, database, ticks
from pwa.storage.rounds import Round

BY_HAND, BY_APP = "you", "app"
CLOSED = "That round is closed. Open Today to see the one you are in."


def tick(account_id: UUID, round_id: UUID, task: str, *, done: bool, now: datetime) -> None:
    """Sets one task; saying the same twice changes nothing."""
    with database.transaction(account_id):
        round_ = finding.round_(round_id, account_id)
        if task not in tasks_of(round_):
            raise NotThere
        if round_.closed_at is not None:
            raise Refused(CLOSED)
        write(round_, task, done=done, now=now)
        accounts.touch(account_id)
        nudging.replan(account_id, now)


def write(round_: Round, task: str, *, done: bool, now: datetime, by: str = BY_HAND) -> None:
    """Within a transaction: the word of a form counts one past what stands there."""
    kept = ticks.find(round_.id, task)
    if done == (kept is not None and kept.done):
        return
    n = kept.n + 1 if kept is not None else 1
    ticks.save(round_.id, task, done=done, now=now, n=n, device="", by=by)


def tasks_of(round_: Round) -> set[str]:
    """The keys of the tasks that this round has."""
    return {task.key for step in content.steps() for task in round_tasks(step, round_.number)}
