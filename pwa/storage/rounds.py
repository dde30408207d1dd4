"""Rounds: one pass through the five steps with one parent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, among, db, new_id, table_of
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


def closed_of(parent_ids: Collection[UUID]) -> list[tuple[UUID, datetime]]:
    """Whose each round is that was closed, and when it was."""
    query = select(_TABLE.c.parent_id, _TABLE.c.closed_at)
    query = query.where(among(_TABLE.c.parent_id, parent_ids), _TABLE.c.closed_at.is_not(None))
    return [(row[0], row[1]) for row in db.session.execute(query)]


def of_parent(parent_id: UUID) -> list[Round]:
    """Oldest first."""
    return list(db.session.scalars(select(Round).where(Round.parent_id == parent_id).order_by(Round.number)))
