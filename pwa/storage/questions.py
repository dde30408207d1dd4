"""Questions: which were on the table for a parent, when, and which somebody kept for later."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, db, new_id


class BroughtQuestion(Model):
    """One row for each question of a parent, as it was last: in `place` (from 0) in that round, or None once it left the table.

    `shown_at`: when it last came to the table, or left it. `settled_at`: since when it stays there for the round, None
    while it may still make way for another. `kept_at`: when it was kept for later, until that is taken back.
    """

    __tablename__ = "brought_question"
    __table_args__ = (UniqueConstraint("parent_id", "question"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    parent_id: Mapped[UUID] = mapped_column(ForeignKey("parent.id", ondelete="CASCADE"))
    question: Mapped[str]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    place: Mapped[int | None]
    shown_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    kept_at: Mapped[datetime | None]


def of_parent(parent_id: UUID) -> list[BroughtQuestion]:
    """Oldest first."""
    query = select(BroughtQuestion).where(BroughtQuestion.parent_id == parent_id)
    return list(db.session.scalars(query.order_by(BroughtQuestion.shown_at, BroughtQuestion.id)))


def find(parent_id: UUID, question: str) -> BroughtQuestion | None:
    query = select(BroughtQuestion).where(BroughtQuestion.parent_id == parent_id, BroughtQuestion.question == question)
    return db.session.scalar(query)


def save(
    parent_id: UUID, question: str, round_id: UUID, place: int, now: datetime, *, settled: bool
) -> BroughtQuestion:
    """Puts it on the table of that round, for good if it is settled; one that lies there keeps its times."""
    row = find(parent_id, question)
    if row is None:
        row = BroughtQuestion(parent_id=parent_id, question=question)
        db.session.add(row)
    if (row.round_id, row.place) != (round_id, place):
        row.round_id, row.place, row.shown_at, row.settled_at = round_id, place, now, None
    if settled and row.settled_at is None:
        row.settled_at = now
    db.session.flush()
    return row


def save_aside(row: BroughtQuestion, now: datetime, *, kept: bool) -> None:
    """Takes it off the table, and keeps it for later or not."""
    row.place, row.shown_at, row.kept_at = None, now, now if kept else None
    db.session.flush()


def save_let_go(row: BroughtQuestion) -> None:
    """Keeps it no longer."""
    row.kept_at = None
