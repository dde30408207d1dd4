"""Subscriptions: where a device's push service takes messages for it, and what we know of its health."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, db, new_id
from pwa.storage.sealing import Sealed

AT_MOST = 20


class Subscription(Model):
    """One endpoint belongs to one account and one session; it goes when the session does."""

    __tablename__ = "subscription"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    endpoint_hash: Mapped[bytes] = mapped_column(unique=True)
    endpoint: Mapped[str] = mapped_column(Sealed("subscription.endpoint"))
    p256dh: Mapped[str]
    auth: Mapped[str] = mapped_column(Sealed("subscription.auth"))
    vapid_key_id: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    names_shown: Mapped[bool] = mapped_column(default=False)


def find(endpoint: str) -> Subscription | None:
    return db.session.scalar(select(Subscription).where(Subscription.endpoint_hash == hash_of(endpoint)))


def get(subscription_id: UUID) -> Subscription | None:
    return db.session.get(Subscription, subscription_id)


def of_account(account_id: UUID) -> list[Subscription]:
    query = select(Subscription).where(Subscription.account_id == account_id).order_by(Subscription.created_at)
    return list(db.session.scalars(query))


def of_session(session_id: UUID) -> list[Subscription]:
    return list(db.session.scalars(select(Subscription).where(Subscription.session_id == session_id)))


def count(account_id: UUID) -> int:
    query = select(func.count()).select_from(Subscription).where(Subscription.account_id == account_id)
    return db.session.scalar(query) or 0


def add(subscription: Subscription) -> Subscription:
    db.session.add(subscription)
    db.session.flush()
    return subscription


def forget(subscription: Subscription) -> None:
    db.session.delete(subscription)


def hash_of(endpoint: str) -> bytes:
    return sha256(endpoint.encode()).digest()
