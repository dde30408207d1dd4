"""Heartbeats: which workers are alive."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, db

KEPT = timedelta(days=1)


class Heartbeat(Model):
    __tablename__ = "heartbeat"

    worker: Mapped[str] = mapped_column(primary_key=True)
    beat_at: Mapped[datetime]


def save(worker: str, now: datetime) -> None:
    """This worker lives; those silent for a day are forgotten."""
    beat = db.session.get(Heartbeat, worker)
    if beat is None:
        beat = Heartbeat(worker=worker)
        db.session.add(beat)
    beat.beat_at = now
    for old in db.session.scalars(select(Heartbeat).where(Heartbeat.beat_at < now - KEPT)):
        db.session.delete(old)


def last_at() -> datetime | None:
    """The newest beat of any worker."""
    return db.session.scalar(select(func.max(Heartbeat.beat_at)))


def count_since(at: datetime) -> int:
    """How many workers have given a sign of life since then."""
    return db.session.scalar(select(func.count()).select_from(Heartbeat).where(Heartbeat.beat_at >= at)) or 0
