"""Moments: when somebody and a parent were in touch, by whom and how."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ForeignKey, Index, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, among, db, new_id, table_of
from pwa.storage.parents import Parent
from pwa.storage.sealing import Sealed

KINDS = ("call", "message", "visit")


class Moment(Model):
    """`by` is "you" or "them".

    `nudge_id`, `message_id`, `answer_id`: what brought it about, once for each, and took it along when taken back.
    """

    __tablename__ = "moment"
    __table_args__ = (Index("ix_moment_parent_id_happened_at", "parent_id", "happened_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    parent_id: Mapped[UUID] = mapped_column(ForeignKey("parent.id", ondelete="CASCADE"))
    happened_at: Mapped[datetime]
    kind: Mapped[str]
    by: Mapped[str] = mapped_column(default="you")
    note: Mapped[str | None] = mapped_column(Sealed("moment.note"))
    nudge_id: Mapped[UUID | None] = mapped_column(ForeignKey("nudge.id", ondelete="SET NULL"), unique=True)
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"), unique=True)
    answer_id: Mapped[UUID | None] = mapped_column(ForeignKey("answer.id", ondelete="SET NULL"), unique=True)


_TABLE = table_of(Moment)


def add(parent_id: UUID, happened_at: datetime, kind: str, by: str, note: str | None, nudge_id: UUID | None) -> Moment:
    moment = Moment(parent_id=parent_id, happened_at=happened_at, kind=kind, by=by, note=note, nudge_id=nudge_id)
    db.session.add(moment)
    db.session.flush()
    return moment


def add_of(
    parent_id: UUID, now: datetime, kind: str, by: str, *, message_id: UUID | None = None, answer_id: UUID | None = None
) -> Moment:
    """The moment that a message, or an answer, makes."""
    moment = Moment(parent_id=parent_id, happened_at=now, kind=kind, by=by, message_id=message_id, answer_id=answer_id)
    db.session.add(moment)
    db.session.flush()
    return moment


def get(moment_id: UUID, account_id: UUID) -> Moment | None:
    query = select(Moment).join(Parent, Parent.id == Moment.parent_id)
    return db.session.scalar(query.where(Moment.id == moment_id, Parent.account_id == account_id))


def find_by_nudge(nudge_id: UUID) -> Moment | None:
    return db.session.scalar(select(Moment).where(Moment.nudge_id == nudge_id))


def find_by_message(message_id: UUID) -> Moment | None:
    return db.session.scalar(select(Moment).where(Moment.message_id == message_id))


def find_by_answer(answer_id: UUID) -> Moment | None:
    return db.session.scalar(select(Moment).where(Moment.answer_id == answer_id))


def of_parent(parent_id: UUID, limit: int = 100) -> list[Moment]:
    """Newest first."""
    query = select(Moment).where(Moment.parent_id == parent_id).order_by(Moment.happened_at.desc(), Moment.id.desc())
    return list(db.session.scalars(query.limit(limit)))


class Contact(NamedTuple):
    """What planning needs of a row: light, for many are read at once, and nothing in it is sealed.

    `is_told`: a message or an answer tells of it already.
    """

    parent_id: UUID
    happened_at: datetime
    kind: str
    by: str
    is_told: bool


def contacts_of(parent_ids: Collection[UUID], limit: int = 100) -> list[Contact]:
    """The newest so many of each."""
    own = _TABLE.c
    place = func.row_number().over(partition_by=own.parent_id, order_by=own.happened_at.desc()).label("place")
    is_told = or_(own.message_id.is_not(None), own.answer_id.is_not(None)).label("is_told")
    columns = (own.parent_id, own.happened_at, own.kind, own.by, is_told, place)
    ranked = select(*columns).where(among(own.parent_id, parent_ids)).subquery()
    query = select(*(ranked.c[name] for name in Contact._fields)).where(ranked.c.place <= limit)
    return [Contact(*row) for row in db.session.execute(query)]


def last_contact_at(parent_id: UUID) -> datetime | None:
    """The newest contact of any kind, by either side."""
    return db.session.scalar(select(func.max(Moment.happened_at)).where(Moment.parent_id == parent_id))


def heard_after(parent_id: UUID, at: datetime) -> bool:
    """Whether the parent was in touch after that instant."""
    query = select(Moment.id).where(Moment.parent_id == parent_id, Moment.by == "them", Moment.happened_at > at)
    return db.session.scalar(query.limit(1)) is not None


def delete(moment: Moment) -> None:
    db.session.delete(moment)
