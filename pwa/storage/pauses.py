"""Pauses, snoozes and stops: why nudges are silent. Each is a row with who and when, never a flag."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, among, db, new_id, table_of


class Pause(Model):
    """Everything is silent for the account until `until_at`, or until it is lifted."""

    __tablename__ = "pause"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    began_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]


class Snooze(Model):
    """Nothing about this parent before the local date `until_on`. One row a parent, the latest word."""

    __tablename__ = "snooze"

    parent_id: Mapped[UUID] = mapped_column(ForeignKey("parent.id", ondelete="CASCADE"), primary_key=True)
    until_on: Mapped[date]
    made_at: Mapped[datetime]
    n: Mapped[int] = mapped_column(default=1)
    device: Mapped[str] = mapped_column(default="")


class Stop(Model):
    """Being in touch is not safe or not wanted. The reason is never asked for and never stored.

    `by` is "you", or "them" when the parent asked for it: that one holds until they are in touch first.
    """

    __tablename__ = "stop"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    parent_id: Mapped[UUID] = mapped_column(ForeignKey("parent.id", ondelete="CASCADE"), index=True)
    by: Mapped[str] = mapped_column(default="you", server_default="you")
    made_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]


def add_pause(account_id: UUID, now: datetime, until_at: datetime | None) -> Pause:
    pause = Pause(account_id=account_id, began_at=now, until_at=until_at)
    db.session.add(pause)
    return pause


def find_pause(account_id: UUID, now: datetime) -> Pause | None:
    """The pause in force at `now`."""
    query = select(Pause).where(Pause.account_id == account_id, Pause.lifted_at.is_(None))
    query = query.where(or_(Pause.until_at.is_(None), Pause.until_at > now))
    return db.session.scalars(query.order_by(Pause.began_at.desc()).limit(1)).first()


def of_accounts(account_ids: Collection[UUID], now: datetime) -> dict[UUID, Pause]:
    """The pause in force of each account that has one."""
    query = select(Pause).where(among(table_of(Pause).c.account_id, account_ids), Pause.lifted_at.is_(None))
    query = query.where(or_(Pause.until_at.is_(None), Pause.until_at > now))
    return {pause.account_id: pause for pause in db.session.scalars(query.order_by(Pause.began_at))}


def snoozes_of(parent_ids: Collection[UUID]) -> dict[UUID, Snooze]:
    found = db.session.scalars(select(Snooze).where(among(table_of(Snooze).c.parent_id, parent_ids)))
    return {snooze.parent_id: snooze for snooze in found}


def find_snooze(parent_id: UUID) -> Snooze | None:
    return db.session.get(Snooze, parent_id)


def save_snooze(parent_id: UUID, until_on: date, now: datetime, n: int, device: str) -> Snooze:
    snooze = find_snooze(parent_id)
    if snooze is None:
        snooze = Snooze(parent_id=parent_id)
        db.session.add(snooze)
    snooze.until_on, snooze.made_at, snooze.n, snooze.device = until_on, now, n, device
    db.session.flush()
    return snooze


def add_stop(parent_id: UUID, now: datetime, by: str = "you") -> Stop:
    stop = Stop(parent_id=parent_id, made_at=now, by=by)
    db.session.add(stop)
    db.session.flush()
    return stop


def find_stop(parent_id: UUID, by: str | None = None) -> Stop | None:
    """The stop in force; the parent's own outweighs the person's. `by`: only one of theirs, or of the person's."""
    query = select(Stop).where(Stop.parent_id == parent_id, Stop.lifted_at.is_(None))
    if by is not None:
        query = query.where(Stop.by == by)
    # "them" comes before "you"
    return db.session.scalars(query.order_by(Stop.by, Stop.made_at).limit(1)).first()


def stops_of(parent_ids: Collection[UUID]) -> list[Stop]:
    """All that there ever were, oldest first."""
    return list(
        db.session.scalars(select(Stop).where(among(table_of(Stop).c.parent_id, parent_ids)).order_by(Stop.made_at))
    )
