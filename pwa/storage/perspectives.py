"""Perspectives: the longer view somebody wrote down in step 1. Private, sealed, one for each round."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, db
from pwa.storage.sealing import Sealed


class Perspective(Model):
    """`chosen` is JSON: the keys of the content that were picked. All of it is sealed."""

    __tablename__ = "perspective"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), primary_key=True)
    changed_at: Mapped[datetime]
    chosen: Mapped[str | None] = mapped_column(Sealed("perspective.chosen"))
    feeling: Mapped[str | None] = mapped_column(Sealed("perspective.feeling"))
    reason: Mapped[str | None] = mapped_column(Sealed("perspective.reason"))
    friend: Mapped[str | None] = mapped_column(Sealed("perspective.friend"))
    instead: Mapped[str | None] = mapped_column(Sealed("perspective.instead"))


def find(round_id: UUID) -> Perspective | None:
    return db.session.scalar(select(Perspective).where(Perspective.round_id == round_id))


def save(round_id: UUID, now: datetime, **words: str | None) -> Perspective:
    """Keeps `words` (feeling, reason, friend, instead, chosen), over what was there."""
    kept = find(round_id)
    if kept is None:
        kept = Perspective(round_id=round_id)
        db.session.add(kept)
    kept.changed_at = now
    for field, value in words.items():
        setattr(kept, field, value)
    db.session.flush()
    return kept


def forget(round_id: UUID) -> None:
    kept = find(round_id)
    if kept is not None:
        db.session.delete(kept)
