"""Syncing: what a device did while we were not listening is written down, once, in an order all devices agree on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pwa.domain import dates
from pwa.domain.errors import Invalid
from pwa.domain.snoozes import snooze_until
from pwa.domain.sync import supersedes
from pwa.services import finding, nudging, stepping
from pwa.storage import accounts, database, ops, parents, pauses, rounds, ticks
from pwa.storage.rounds import Round

Verdict = Literal["applied", "duplicate", "superseded", "refused", "gone"]
# Kept for good: sent again, these are answered "duplicate". A refusal is looked at anew each time.
LASTING = ("applied", "superseded")


@dataclass(frozen=True)
class TickOp:
    """A wish for one task of one round: done or not. `n` counts the wishes for it, `at` is the device's clock."""

    id: UUID
    round_id: UUID
    task: str
    done: bool
    at: datetime
    n: int


@dataclass(frozen=True)
class SnoozeOp:
    """A wish to hear nothing about this parent before the local date `until`."""

    id: UUID
    parent_id: UUID
    until: date
    at: datetime
    n: int


@dataclass(frozen=True)
class BadOp:
    """An op that makes no sense; the others of its request still count."""

    id: UUID
    reason: str


Op = TickOp | SnoozeOp | BadOp


@dataclass(frozen=True)
class Word:
    """The word that stands for a task once a tick op has been looked at."""

    done: bool
    n: int


@dataclass(frozen=True)
class Result:
    """What became of an op. `now` is the word that stands, where that may not be the op's own."""

    id: UUID
    verdict: Verdict
    reason: str = ""
    now: Word | None = None


def take_in(account_id: UUID, device: UUID, sent: Sequence[Op], now: datetime) -> tuple[list[Result], int]:
    """Carries the ops out in the order given, all in one transaction. Returns results and the account's revision."""
    with database.transaction(account_id):
        inbox = _Inbox(account_id, str(device), now, ops.results(account_id, [op.id for op in sent]))
        results = [inbox.take(op) for op in sent]
        if not any(result.verdict == "applied" for result in results):
            return results, _revision(account_id)
        nudging.replan(account_id, now)
        return results, accounts.touch(account_id)


@dataclass
class _Inbox:
    account_id: UUID
    device: str
    now: datetime
    answered: dict[UUID, str]

    def take(self, op: Op) -> Result:
        if isinstance(op, BadOp):
            return Result(op.id, "refused", op.reason)
        try:
            result = self._tick(op) if isinstance(op, TickOp) else self._snooze(op)
        except Invalid as fault:
            return Result(op.id, "refused", fault.sentence)
        if op.id in self.answered and result.verdict in LASTING:
            return Result(op.id, "duplicate", now=result.now)
        if result.verdict in LASTING:
            self.answered[op.id] = result.verdict
            ops.add(self.account_id, op.id, result.verdict, self.now)
        return result

    def _tick(self, op: TickOp) -> Result:
        """Sets the task, unless a later wish stands. A round of somebody else's is as gone as one that never was."""
        round_ = rounds.get(op.round_id, self.account_id)
        if round_ is None:
            return Result(op.id, "gone")
        tick = ticks.find(op.round_id, op.task)
        if tick is not None and not self._wins(op, _bit(op.done), tick, _bit(tick.done)):
            return Result(op.id, "superseded", now=Word(tick.done, tick.n))
        _check(op, round_)
        at = _believable(op.at, round_.began_at, self.now)
        ticks.save(op.round_id, op.task, done=op.done, now=at, n=op.n, device=self.device)
        return Result(op.id, "applied")

    def _snooze(self, op: SnoozeOp) -> Result:
        if parents.get(op.parent_id, self.account_id) is None:
            return Result(op.id, "gone")
        snooze = pauses.find_snooze(op.parent_id)
        until = op.until.isoformat()
        if snooze is not None and not self._wins(op, until, snooze, snooze.until_on.isoformat()):
            return Result(op.id, "superseded")
        zone = dates.zone(finding.account(self.account_id).zone)
        until_on = snooze_until(op.until, dates.local_date(self.now, zone))
        pauses.save_snooze(op.parent_id, until_on, self.now, op.n, self.device)
        return Result(op.id, "applied")

    def _wins(self, op: TickOp | SnoozeOp, value: str, stands: ticks.Tick | pauses.Snooze, stood: str) -> bool:
        """An op that came before never wins again: what stands counts at least as far as it did."""
        return supersedes(op.n, self.device, stands.n, stands.device, value=value, than_value=stood)


def _believable(at: datetime, earliest: datetime, latest: datetime) -> datetime:
    """A device's clock counts only within what can be true: after the round began, and not in the future."""
    return min(max(at, earliest), latest)


def _check(op: TickOp, round_: Round) -> None:
    if op.task not in stepping.tasks_of(round_):
        raise Invalid("There is no such task in this round.")
    if round_.closed_at is not None:
        raise Invalid(stepping.CLOSED)


def _bit(done: bool) -> str:
    return "1" if done else "0"


def _revision(account_id: UUID) -> int:
    account = accounts.get(account_id)
    return account.revision if account is not None else 0
