"""What is left of nudges that were folded away: how many ended how on each day, and what the rules ask of the past."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, db, new_id, table_of, upsert


class FoldedDay(Model):
    """So many nudges of that kind and local day stand there. Nobody's in particular."""

    __tablename__ = "folded_day"

    local_on: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    total: Mapped[int]
    recovered: Mapped[int]


class FoldedPast(Model):
    """So many of one kind about one parent ended so, the last at `last_at`. Where `parent_id` is None there may be several."""

    __tablename__ = "folded_past"
    __table_args__ = (
        UniqueConstraint("account_id", "parent_id", "kind", "state"),
        Index("ix_folded_past_parent_id", "parent_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("parent.id", ondelete="CASCADE"))
    kind: Mapped[str]
    state: Mapped[str]
    last_at: Mapped[datetime]
    count: Mapped[int]


_DAYS = table_of(FoldedDay)


class Day(NamedTuple):
    local_on: date
    kind: str
    place: str
    total: int
    recovered: int


class Whose(NamedTuple):
    account_id: UUID
    parent_id: UUID | None
    kind: str
    state: str


def days(since: date | None = None) -> list[Day]:
    query = select(*(_DAYS.c[name] for name in Day._fields))
    if since is not None:
        query = query.where(_DAYS.c.local_on >= since)
    return [Day(*row) for row in db.session.execute(query)]


def add_days(more: Collection[Day]) -> None:
    """Adds to what is there; always in one order, so that two who do it never wait for each other."""
    if not more:
        return
    statement = upsert(FoldedDay)
    sums = {name: _DAYS.c[name] + statement.excluded[name] for name in ("total", "recovered")}
    statement = statement.on_conflict_do_update(index_elements=["local_on", "kind", "place"], set_=sums)
    db.session.execute(statement, [day._asdict() for day in sorted(more)])


def add_pasts(more: Mapping[Whose, tuple[int, datetime]]) -> None:
    """Adds counts and newest instants to what is there. The accounts must be locked."""
    accounts = {whose.account_id for whose in more}
    found = db.session.scalars(select(FoldedPast).where(FoldedPast.account_id.in_(accounts)))
    known = {Whose(row.account_id, row.parent_id, row.kind, row.state): row for row in found}
    for whose, (count, last_at) in more.items():
        row = known.get(whose)
        if row is None:
            db.session.add(FoldedPast(**whose._asdict(), last_at=last_at, count=count))
        else:
            row.count, row.last_at = row.count + count, max(row.last_at, last_at)
    db.session.flush()
