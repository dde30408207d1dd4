"""Parents: the people somebody would like to be closer to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, among, db, new_id, table_of
from pwa.storage.sealing import Sealed

ROOMS = ("sage", "dusk", "blush")
RHYTHM_DAYS = 21


class Parent(Model):
    """`name` is what the person calls them, or None while unsaid. `likes` is free text and sealed.

    `zone` is where they live, None for the account's own. `most_follow_ups` is 0–3: a person may lower what the rule allows.
    """

    __tablename__ = "parent"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    name: Mapped[str | None] = mapped_column(Sealed("parent.name"))
    pronouns: Mapped[str] = mapped_column(default="they")
    room: Mapped[str] = mapped_column(default="sage")
    mantel: Mapped[str] = mapped_column(default="roses")
    interests: Mapped[list[str]] = mapped_column(JSON, default=list)
    likes: Mapped[str | None] = mapped_column(Sealed("parent.likes"))
    distance: Mapped[str] = mapped_column(default="")
    channel: Mapped[str] = mapped_column(default="")
    bad_times: Mapped[str | None] = mapped_column(Sealed("parent.bad_times"))
    rhythm_days: Mapped[int | None] = mapped_column(default=RHYTHM_DAYS)
    zone: Mapped[str | None]
    most_follow_ups: Mapped[int] = mapped_column(default=3, server_default="3")


_TABLE = table_of(Parent)


def add(account_id: UUID, now: datetime, name: str | None, pronouns: str) -> Parent:
    taken = len(of_account(account_id))
    parent = Parent(
        account_id=account_id,
        created_at=now,
        name=name,
        pronouns=pronouns,
        room=ROOMS[taken % len(ROOMS)],
        interests=[],
    )
    db.session.add(parent)
    db.session.flush()
    return parent


def get(parent_id: UUID, account_id: UUID) -> Parent | None:
    """The account's own parent of that id, else None: not there and not yours look the same."""
    parent = db.session.get(Parent, parent_id)
    return parent if parent is not None and parent.account_id == account_id else None


def of_account(account_id: UUID) -> list[Parent]:
    """Oldest first."""
    query = select(Parent).where(Parent.account_id == account_id).order_by(Parent.created_at, Parent.id)
    return list(db.session.scalars(query))


class Tie(NamedTuple):
    """What planning needs of a row: light, for many are read at once, and nothing in it is sealed."""

    id: UUID
    account_id: UUID
    created_at: datetime
    rhythm_days: int | None
    most_follow_ups: int


def of_accounts(account_ids: Collection[UUID]) -> list[Tie]:
    """Oldest first."""
    query = select(*(_TABLE.c[name] for name in Tie._fields)).where(among(_TABLE.c.account_id, account_ids))
    return [Tie(*row) for row in db.session.execute(query.order_by(_TABLE.c.created_at, _TABLE.c.id))]


def of_ids(parent_ids: Collection[UUID]) -> dict[UUID, Parent]:
    return {parent.id: parent for parent in db.session.scalars(select(Parent).where(among(_TABLE.c.id, parent_ids)))}


def delete(parent: Parent) -> None:
    db.session.delete(parent)
