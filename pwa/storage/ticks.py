"""Ticks: which tasks of a round are done, set by whom and when. Set, never toggled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, among, db, new_id, table_of
from pwa.storage.rounds import Round


class Tick(Model):
    """The last word on one task of one round. `n` and `device` order the words of several devices."""

    __tablename__ = "tick"
    __table_args__ = (UniqueConstraint("round_id", "task"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    task: Mapped[str]
    done: Mapped[bool]
    by: Mapped[str] = mapped_column(default="you")
    changed_at: Mapped[datetime]
    n: Mapped[int] = mapped_column(default=1)
    device: Mapped[str] = mapped_column(default="")


def find(round_id: UUID, task: str) -> Tick | None:
    return db.session.scalar(select(Tick).where(Tick.round_id == round_id, Tick.task == task))


def save(round_id: UUID, task: str, *, done: bool, now: datetime, n: int, device: str, by: str = "you") -> Tick:
    """Writes the word down, over what stood there. Whether it may is for the caller to ask first."""
    tick = find(round_id, task)
    if tick is None:
        tick = Tick(round_id=round_id, task=task)
        db.session.add(tick)
    tick.done, tick.changed_at, tick.by, tick.n, tick.device = done, now, by, n, device
    db.session.flush()
    return tick


def last_done_at(parent_id: UUID, tasks: Sequence[str]) -> datetime | None:
    """When one of `tasks` was last done with this parent, in any round."""
    query = select(func.max(Tick.changed_at)).join(Round, Round.id == Tick.round_id)
    return db.session.scalar(query.where(Round.parent_id == parent_id, Tick.task.in_(tasks), Tick.done))


class Done(NamedTuple):
    """What planning needs of a row: light, for many are read at once. `is_open`: it is of the parent's newest round."""

    parent_id: UUID
    task: str
    changed_at: datetime
    by: str
    is_open: bool


def done_of_parents(parent_ids: Collection[UUID], tasks: Collection[str]) -> list[Done]:
    """Every one of `tasks` that is done, in any round."""
    own, of, other = table_of(Tick).c, table_of(Round).c, table_of(Round).alias().c
    newest = select(func.max(other.number)).where(other.parent_id == of.parent_id).scalar_subquery()
    query = select(of.parent_id, own.task, own.changed_at, own.by, of.number == newest)
    query = query.join_from(table_of(Tick), table_of(Round), of.id == own.round_id)
    query = query.where(among(of.parent_id, parent_ids), own.task.in_(tasks), own.done)
    return [Done(*row) for row in db.session.execute(query)]


def of_round(round_id: UUID) -> list[Tick]:
    return list(db.session.scalars(select(Tick).where(Tick.round_id == round_id)))
