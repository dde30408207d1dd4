"""Accounts: who a person is to us, which is an id, a time zone and the hours that suit them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Index, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, among, db, new_id, table_of
from pwa.storage.sealing import Sealed


class Account(Model):
    """`revision` grows with each write that a page shows, so a stale page can be told from a fresh one.

    `signature` is how the person signs what they write.
    """

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    created_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(default="UTC")
    nudge_hour: Mapped[int] = mapped_column(default=19)
    quiet_from_hour: Mapped[int] = mapped_column(default=21)
    quiet_until_hour: Mapped[int] = mapped_column(default=9)
    theme: Mapped[str] = mapped_column(default="")
    signature: Mapped[str | None] = mapped_column(Sealed("account.signature"))
    revision: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index("ix_account_created_at", "created_at"),)


_TABLE = table_of(Account)


def add(now: datetime, zone: str) -> Account:
    account = Account(created_at=now, zone=zone)
    db.session.add(account)
    db.session.flush()
    return account


def get(account_id: UUID) -> Account | None:
    return db.session.get(Account, account_id)


class Clockwork(NamedTuple):
    """What planning needs of a row: light, for many are read at once."""

    id: UUID
    created_at: datetime
    zone: str
    nudge_hour: int
    quiet_from_hour: int
    quiet_until_hour: int
    revision: int


def of_ids(account_ids: Collection[UUID]) -> list[Clockwork]:
    query = select(*(_TABLE.c[name] for name in Clockwork._fields)).where(among(_TABLE.c.id, account_ids))
    return [Clockwork(*row) for row in db.session.execute(query)]


def revisions(account_ids: Collection[UUID]) -> dict[UUID, int]:
    """It grows with every change of what is known about an account."""
    query = select(_TABLE.c.id, _TABLE.c.revision).where(among(_TABLE.c.id, account_ids))
    return {row[0]: row[1] for row in db.session.execute(query)}


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Account)) or 0


def touch(account_id: UUID) -> int:
    """Raises the account's revision by one and returns it."""
    statement = update(Account).where(Account.id == account_id)
    db.session.execute(statement.values(revision=Account.revision + 1))
    return db.session.scalar(select(Account.revision).where(Account.id == account_id)) or 0


def delete(account: Account) -> None:
    """Takes everything of the account's along: each table's foreign key cascades."""
    db.session.delete(account)
