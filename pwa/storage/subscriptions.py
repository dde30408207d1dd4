"""Subscriptions: where a device's push service takes messages for it, and what we know of its health."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ForeignKey, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, among, db, new_id, table_of
from pwa.storage.sealing import Sealed

AT_MOST = 20


class Subscription(Model):
    """One endpoint belongs to one account and one session; it goes when the session does.

    `created_at`: when the browser subscribed, anew if it did so anew. `platform`: of `pwa.domain.platforms`, None
    where nobody knows. `silence_told_at`: when the person last took note that the device had gone silent.
    """

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
    platform: Mapped[str | None]
    silence_told_at: Mapped[datetime | None]

    @property
    def heard_at(self) -> datetime:
        """When it last said anything of itself: that it showed a nudge, or that it subscribed."""
        return max(self.created_at, self.shown_at or self.created_at)


_TABLE = table_of(Subscription)


def find(endpoint: str) -> Subscription | None:
    return db.session.scalar(select(Subscription).where(Subscription.endpoint_hash == hash_of(endpoint)))


def get(subscription_id: UUID) -> Subscription | None:
    return db.session.get(Subscription, subscription_id)


def of_account(account_id: UUID) -> list[Subscription]:
    query = select(Subscription).where(Subscription.account_id == account_id).order_by(Subscription.created_at)
    return list(db.session.scalars(query))


class Device(NamedTuple):
    """What sending needs of a row: light, for many are read at once."""

    id: UUID
    account_id: UUID
    endpoint: str
    p256dh: str
    auth: str
    vapid_key_id: str
    names_shown: bool


def of_accounts(account_ids: Collection[UUID]) -> list[Device]:
    query = select(*(_TABLE.c[name] for name in Device._fields))
    query = query.where(among(_TABLE.c.account_id, account_ids)).order_by(_TABLE.c.created_at)
    return [Device(*row) for row in db.session.execute(query)]


def keys_of(subscription_ids: Collection[UUID]) -> dict[UUID, tuple[bytes, str]]:
    """By which each is known to be the same still: the endpoint's hash and p256dh."""
    query = select(_TABLE.c.id, _TABLE.c.endpoint_hash, _TABLE.c.p256dh)
    found = db.session.execute(query.where(among(_TABLE.c.id, subscription_ids)))
    return {row[0]: (row[1], row[2]) for row in found}


def accepted(subscription_ids: Collection[UUID], now: datetime) -> None:
    """Their push services have taken a message."""
    _learn(subscription_ids, accepted_at=now, failures=0)


def failed(subscription_ids: Collection[UUID]) -> None:
    _learn(subscription_ids, failures=_TABLE.c.failures + 1)


def made_for_another_key(subscription_ids: Collection[UUID]) -> None:
    """Their browsers must subscribe anew; they hear of it when they come by."""
    _learn(subscription_ids, vapid_key_id="")


def forget_all(subscription_ids: Collection[UUID]) -> None:
    if subscription_ids:
        db.session.execute(delete(_TABLE).where(among(_TABLE.c.id, subscription_ids)))


def of_session(session_id: UUID) -> list[Subscription]:
    return list(db.session.scalars(select(Subscription).where(Subscription.session_id == session_id)))


def count(account_id: UUID) -> int:
    query = select(func.count()).select_from(Subscription).where(Subscription.account_id == account_id)
    return db.session.scalar(query) or 0


def count_by_key() -> dict[str, int]:
    """How many there are for each key pair; "" stands for those that must subscribe anew."""
    query = select(_TABLE.c.vapid_key_id, func.count()).group_by(_TABLE.c.vapid_key_id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def count_all() -> int:
    return db.session.scalar(select(func.count()).select_from(Subscription)) or 0


def add(subscription: Subscription) -> Subscription:
    db.session.add(subscription)
    db.session.flush()
    return subscription


def forget(subscription: Subscription) -> None:
    db.session.delete(subscription)


def hash_of(endpoint: str) -> bytes:
    return sha256(endpoint.encode()).digest()


def _learn(subscription_ids: Collection[UUID], **values: object) -> None:
    if subscription_ids:
        db.session.execute(update(_TABLE).where(among(_TABLE.c.id, subscription_ids)).values(**values))
