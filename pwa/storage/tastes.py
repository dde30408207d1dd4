"""Tastes: what somebody put right of what was understood of a parent. Private, sealed, one row a parent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, db
from pwa.storage.sealing import Sealed


class Taste(Model):
    """`put_right` is JSON as services.tailoring writes it: corrections and answers speak of health and faith."""

    __tablename__ = "taste"

    parent_id: Mapped[UUID] = mapped_column(ForeignKey("parent.id", ondelete="CASCADE"), primary_key=True)
    changed_at: Mapped[datetime]
    put_right: Mapped[str] = mapped_column(Sealed("taste.put_right"))


def find(parent_id: UUID) -> Taste | None:
    return db.session.get(Taste, parent_id)


def save(parent_id: UUID, put_right: str, now: datetime) -> Taste:
    """Keeps it, over what was there."""
    taste = find(parent_id)
    if taste is None:
        taste = Taste(parent_id=parent_id)
        db.session.add(taste)
    taste.put_right, taste.changed_at = put_right, now
    db.session.flush()
    return taste
