"""Planning: the rows of what is due next, and the facts that decide on one that has fallen due."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pwa.domain import dates
from pwa.domain.nudges import USEFULNESS, Due, Facts, Kind, next_due, precedence
from pwa.domain.steps import CONTACT_TASKS
from pwa.services import gathering
from pwa.services.gathering import Gathered
from pwa.storage import answers, database, moments, nudges, ticks
from pwa.storage.nudges import Occurrence
from pwa.storage.parents import Parent, Tie

_OF_ONE_DAY = (Kind.GET_READY, Kind.LOOK_BACK)


def replan(account_id: UUID, now: datetime) -> None:
    """Brings the scheduled nudges of the account's parents in line with the facts. Idempotent.

    Call it inside the transaction that changed the facts.
    """
    replan_all([account_id], now)


def replan_all(account_ids: Collection[UUID], now: datetime) -> None:
    """The same for some accounts, in so many queries as for one."""
    if account_ids:
        database.flush()
        bring_in_line(gathering.gather(account_ids, now), account_ids, now)


def bring_in_line(known: Gathered, account_ids: Collection[UUID], now: datetime) -> None:
    """The same for accounts of which all is known."""
    stale: list[UUID] = []
    wanted: list[Wanted] = []
    for parent in known.parents.values():
        if parent.account_id not in account_ids:
            continue
        due = next_due(known.planning_of(parent), now)
        waiting = [nudge for nudge in known.open.get(parent.account_id, ()) if nudge.parent_id == parent.id]
        fresh = [nudge for nudge in waiting if _may_be_replaced(nudge, now)]
        stale += [one.id for one in fresh if due is None or (one.kind, one.local_on) != (due.kind, due.local_on)]
        # One that is due, being sent or put off plans the next itself when it ends: too late for what has its own day.
        if due is not None and (len(fresh) == len(waiting) or due.kind in _OF_ONE_DAY):
            wanted.append(Wanted(parent, due))
    if stale:
        nudges.cancel(stale, now, "replanned")
    schedule(wanted)


@dataclass(frozen=True)
class Wanted:
    """An occurrence to be written down; reason: why it was put off to then, if it was."""

    parent: Tie
    due: Due
    reason: str = ""

    def columns(self) -> dict[str, object]:
        return {
            "account_id": self.parent.account_id,
            "parent_id": self.parent.id,
            "kind": self.due.kind.value,
            "local_on": self.due.local_on,
            "due_at": self.due.due_at,
            "useful_until": self.due.useful_until,
            "reason": self.reason,
        }


def schedule(wanted: Iterable[Wanted]) -> None:
    """Writes occurrences down, unless they are there already. One that was cancelled is taken up again."""
    nudges.schedule([one.columns() for one in wanted])


def facts_of(nudge: Occurrence, known: Gathered, now: datetime, begun: Collection[tuple[UUID, date]] = ()) -> Facts:
    """What `decide` asks for, about a nudge that has fallen due.

    begun: account and local date of those decided on a moment ago, whose rows are not written yet.
    """
    parent = known.parents[nudge.parent_id] if nudge.parent_id else None
    planning = known.planning_of(parent, but=nudge) if parent else known.of_account(nudge.account_id)
    today = dates.local_date(now, planning.zone)
    others = [other for other in known.open[nudge.account_id] if other.id != nudge.id and counts(other)]
    sent_at = known.last_sent_at(nudge.account_id)
    return Facts(
        **vars(planning),
        kind=Kind(nudge.kind),
        local_on=nudge.local_on,
        due_at=nudge.due_at,
        useful_until=nudge.useful_until,
        sent_today=(nudge.account_id, today) in begun
        or any(other.local_on == today and known.is_under_way(other) for other in others)
        or (sent_at is not None and sent_at >= dates.at_local(today, 0, planning.zone)),
        more_useful_due_today=counts(nudge)
        and any(_before(other, nudge) for other in others if other.local_on == today),
        taken_back=nudge.kind == Kind.SHE_REPLIED and answered(nudge) is None,
    )


def answered(nudge: Occurrence) -> Parent | None:
    """Whose answer the nudge tells of; None for another kind, and for an answer that was taken back."""
    return answers.find_parent(nudge.answer_id) if nudge.answer_id else None


def counts(nudge: Occurrence) -> bool:
    """Whether it is one of those of which a day has at most one."""
    return nudge.kind in USEFULNESS


def last_contact_at(parent_id: UUID) -> datetime | None:
    """The newest contact of any kind: one written down, or one that a tick tells of."""
    return gathering.newest(moments.last_contact_at(parent_id), ticks.last_done_at(parent_id, CONTACT_TASKS))


def _may_be_replaced(nudge: Occurrence, now: datetime) -> bool:
    return nudge.state == nudges.SCHEDULED and not nudge.reason and nudge.due_at > now


def _before(other: Occurrence, nudge: Occurrence) -> bool:
    order = [precedence(Kind(one.kind), one.due_at, str(one.id)) for one in (other, nudge)]
    return order[0] < order[1]
