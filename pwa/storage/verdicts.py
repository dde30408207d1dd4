"""Verdicts: what was said of an idea for a parent. The lessons that follow are never stored."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, db, new_id


class Verdict(Model):
    """`verdict` is "loved" or "refused", `why` one of the rule's WHYS or None. One row for each idea of a parent."""

    __tablename__ = "verdict"
    __table_args__ = (UniqueConstraint("parent_id", "idea"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    parent_id: Mapped[UUID] = mapped_column(ForeignKey("parent.id", ondelete="CASCADE"))
    idea: Mapped[str]
    verdict: Mapped[str]
    why: Mapped[str | None]
    made_at: Mapped[datetime]


def of_parent(parent_id: UUID) -> list[Verdict]:
    """Newest first."""
    query = select(Verdict).where(Verdict.parent_id == parent_id).order_by(Verdict.made_at.desc(), Verdict.id.desc())
    return list(db.session.scalars(query))


def find(parent_id: UUID, idea: str) -> Verdict | None:
    return db.session.scalar(select(Verdict).where(Verdict.parent_id == parent_id, Verdict.idea == idea))


def save(parent_id: UUID, idea: str, verdict: str, why: str | None, now: datetime) -> Verdict:
    """The latest word on an idea, over an earlier one."""
    kept = find(parent_id, idea)
    if kept is None:
        kept = Verdict(parent_id=parent_id, idea=idea)
        db.session.add(kept)
    kept.verdict, kept.why, kept.made_at = verdict, why, now
    db.session.flush()
    return kept


def delete(verdict: Verdict) -> None:
    db.session.delete(verdict)
