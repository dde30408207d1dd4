"""Busy calendars: a person's own calendars, of which only the busy hours are kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, db, new_id
from pwa.storage.sealing import Sealed
from pwa.storage.sessions import Session


class BusyCalendar(Model):
    """`address` is where it is read again, None for a file that was read once. `spans`: JSON, [[from, until], …] in UTC.

    They cover what lies before `read_until`. What stands at an address is read again at `due_at`, unless its `etag` says
    that nothing changed. `fault`: why the last reading failed, as it is said to the person; `failing_since` the first did.
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
    etag: Mapped[str | None] = mapped_column(Sealed("busy_calendar.etag"))
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    failing_since: Mapped[datetime | None]


def add(calendar: BusyCalendar) -> BusyCalendar:
    db.session.add(calendar)
    db.session.flush()
    return calendar


def get(calendar_id: UUID, account_id: UUID) -> BusyCalendar | None:
    """The account's own calendar of that id, else None."""
    query = select(BusyCalendar).where(BusyCalendar.id == calendar_id, BusyCalendar.account_id == account_id)
    return db.session.scalar(query)


def find(calendar_id: UUID) -> BusyCalendar | None:
    """Anybody's, for whoever has claimed it."""
    return db.session.get(BusyCalendar, calendar_id)


def claim(now: datetime, until: datetime, seen_after: datetime) -> UUID | None:
    """Takes one that is due, of somebody who was here after that, and makes it due again `until` then. Returns its id."""
    theirs = select(Session.id).where(Session.account_id == BusyCalendar.account_id, Session.seen_at > seen_after)
    first = select(BusyCalendar.id).where(BusyCalendar.due_at <= now, theirs.exists()).order_by(BusyCalendar.due_at)
    taken = (
        update(BusyCalendar)
        .where(BusyCalendar.id == first.limit(1).with_for_update(skip_locked=True).scalar_subquery())
        .values(due_at=until)
        .returning(BusyCalendar.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.scalar(taken)


def of_account(account_id: UUID) -> list[BusyCalendar]:
    """Oldest first."""
    query = select(BusyCalendar).where(BusyCalendar.account_id == account_id).order_by(BusyCalendar.id)
    return list(db.session.scalars(query))


def delete(calendar: BusyCalendar) -> None:
    db.session.delete(calendar)
