"""Deliveries: one nudge on its way to one device. Written before the socket opens, settled after."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, db, new_id

SENDING, ACCEPTED, SHOWN = "sending", "accepted", "shown"
FAILED, GONE, EXPIRED = "failed", "gone", "expired"


class Delivery(Model):
    """`attempt` is the nudge's attempt that sent it last; `shown_at` is the device's own word."""

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("nudge_id", "subscription_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    nudge_id: Mapped[UUID] = mapped_column(ForeignKey("nudge.id", ondelete="CASCADE"))
    subscription_id: Mapped[UUID | None] = mapped_column(ForeignKey("subscription.id", ondelete="SET NULL"), index=True)
    state: Mapped[str]
    attempt: Mapped[int]
    sent_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    status: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    shown_at: Mapped[datetime | None]


def get(delivery_id: UUID) -> Delivery | None:
    return db.session.get(Delivery, delivery_id)


def find(nudge_id: UUID, subscription_id: UUID) -> Delivery | None:
    query = select(Delivery).where(Delivery.nudge_id == nudge_id, Delivery.subscription_id == subscription_id)
    return db.session.scalar(query)


def of_nudge(nudge_id: UUID) -> list[Delivery]:
    return list(db.session.scalars(select(Delivery).where(Delivery.nudge_id == nudge_id)))


def save(nudge_id: UUID, subscription_id: UUID, attempt: int, now: datetime) -> Delivery:
    """Records that this attempt is about to send, over an earlier attempt's row."""
    delivery = find(nudge_id, subscription_id)
    if delivery is None:
        delivery = Delivery(nudge_id=nudge_id, subscription_id=subscription_id)
        db.session.add(delivery)
    delivery.state, delivery.attempt, delivery.sent_at, delivery.settled_at = SENDING, attempt, now, None
    db.session.flush()
    return delivery
