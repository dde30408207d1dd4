"""Rounds: one pass through the five steps with one parent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, db, new_id, table_of
from pwa.storage.parents import Parent


class Round(Model):
    """`number` counts from 1 for each parent. Open until `closed_at` is set."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("parent_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    parent_id: Mapped[UUID] = mapped_column(ForeignKey("parent.id", ondelete="CASCADE"))
    number: Mapped[int]
    began_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


_TABLE = table_of(Round)


def add(parent_id: UUID, number: int, now: datetime) -> Round:
    round_ = Round(parent_id=parent_id, number=number, began_at=now)
    db.session.add(round_)
    db.session.flush()
    return round_


def current(parent_id: UUID) -> Round:
    """The parent's newest round; every parent has one from the start."""
    query = select(Round).where(Round.parent_id == parent_id).order_by(Round.number.desc()).limit(1)
    return db.session.scalars(query).one()


def get(round_id: UUID, account_id: UUID) -> Round | None:
    """The account's own round of that id, else None."""
    query = select(Round).join(Parent, Parent.id == Round.parent_id)
    return db.session.scalar(query.where(Round.id == round_id, Parent.account_id == account_id))


class Lap(NamedTuple):
    """What planning needs of a row: light, for many are read at once."""

    id: UUID
    parent_id: UUID
    closed_at: datetime | None


def laps_of(parent_ids: Collection[UUID]) -> list[Lap]:
    """Oldest first."""
    query = select(*(_TABLE.c[name] for name in Lap._fields)).where(_TABLE.c.parent_id.in_(parent_ids))
    return [Lap(*row) for row in db.session.execute(query.order_by(_TABLE.c.number))]


def of_parents(parent_ids: Collection[UUID]) -> list[Round]:
    """Oldest first."""
    return list(db.session.scalars(select(Round).where(Round.parent_id.in_(parent_ids)).order_by(Round.number)))
