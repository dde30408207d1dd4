"""Busy calendars: a person's own calendars, of which only the busy hours are kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, db, new_id
from pwa.storage.sealing import Sealed


class BusyCalendar(Model):
    """`address` is where it is read again, None for a file that was read once. `spans`: JSON, [[from, until], …] in UTC.

    They cover what lies before `read_until`. `fault`: why the last reading failed, as it is said to the person.
    """

    __tablename__ = "busy_calendar"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Sealed("busy_calendar.name"))
    address: Mapped[str | None] = mapped_column(Sealed("busy_calendar.address"))
    spans: Mapped[str] = mapped_column(Sealed("busy_calendar.spans"))
    read_at: Mapped[datetime]
    read_until: Mapped[datetime]
    fault: Mapped[str | None]


def add(calendar: BusyCalendar) -> BusyCalendar:
    db.session.add(calendar)
    db.session.flush()
    return calendar


def get(calendar_id: UUID, account_id: UUID) -> BusyCalendar | None:
    """The account's own calendar of that id, else None."""
    query = select(BusyCalendar).where(BusyCalendar.id == calendar_id, BusyCalendar.account_id == account_id)
    return db.session.scalar(query)


def of_account(account_id: UUID) -> list[BusyCalendar]:
    """Oldest first."""
    query = select(BusyCalendar).where(BusyCalendar.account_id == account_id).order_by(BusyCalendar.id)
    return list(db.session.scalars(query))


def delete(calendar: BusyCalendar) -> None:
    db.session.delete(calendar)
