"""Nudges: what is due when, who holds it, and how it ended. The table is the schedule and the truth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, ForeignKey, Index, UniqueConstraint, and_, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, db, new_id

SCHEDULED, LEASED = "scheduled", "leased"
SENT, EXPIRED, CANCELLED, NO_DEVICE = "sent", "expired", "cancelled", "no_device"


class Nudge(Model):
    """One occurrence. `due_at` is a hint: whether it is sent is decided again when it falls due.

    `answer_id`: the parent's answer that it tells of; `parent_id` is None then, for a day may bring several.
    """

    __tablename__ = "nudge"
    __table_args__ = (
        UniqueConstraint("account_id", "parent_id", "kind", "local_on"),
        Index(
            "ix_nudge_open_due_at",
            "due_at",
            sqlite_where=text("state IN ('scheduled', 'leased')"),
            postgresql_where=text("state IN ('scheduled', 'leased')"),
        ),
        Index("ix_nudge_parent_id", "parent_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("parent.id", ondelete="CASCADE"))
    subscription_id: Mapped[UUID | None] = mapped_column(ForeignKey("subscription.id", ondelete="CASCADE"))
    # no foreign key: SQLite would have to make the table anew, and what points to it would be lost
    answer_id: Mapped[UUID | None]
    kind: Mapped[str]
    local_on: Mapped[date]
    due_at: Mapped[datetime]
    useful_until: Mapped[datetime]
    state: Mapped[str] = mapped_column(default=SCHEDULED)
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str | None]
    attempt: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
    acted: Mapped[str | None]
    acted_at: Mapped[datetime | None]


def add(nudge: Nudge) -> Nudge:
    db.session.add(nudge)
    db.session.flush()
    return nudge


def get(nudge_id: UUID, account_id: UUID | None = None) -> Nudge | None:
    """The nudge of that id; with `account_id`, only when it is the account's own."""
    nudge = db.session.get(Nudge, nudge_id)
    if nudge is None or (account_id is not None and nudge.account_id != account_id):
        return None
    return nudge


def open_of_account(account_id: UUID) -> list[Nudge]:
    """Those not yet settled, soonest first."""
    query = select(Nudge).where(Nudge.account_id == account_id, Nudge.state.in_((SCHEDULED, LEASED)))
    return list(db.session.scalars(query.order_by(Nudge.due_at)))


def of_parent(parent_id: UUID, kind: str | None = None) -> list[Nudge]:
    """Every occurrence, newest first."""
    query = select(Nudge).where(Nudge.parent_id == parent_id)
    if kind is not None:
        query = query.where(Nudge.kind == kind)
    return list(db.session.scalars(query.order_by(Nudge.due_at.desc())))


def sent_since(account_id: UUID, at: datetime) -> list[Nudge]:
    """Those that went out at `at` or later, whatever day they were planned for."""
    query = select(Nudge).where(Nudge.account_id == account_id, Nudge.settled_at >= at)
    return list(db.session.scalars(query.where(Nudge.state == SENT)))


def claim(now: datetime, owner: str, lease: timedelta, limit: int = 100) -> list[UUID]:
    """Takes up to `limit` due nudges for `owner` until the lease ends, in one statement. Returns their ids.

    A nudge whose lease has run out is due again: its holder died.
    """
    due = or_(
        and_(Nudge.state == SCHEDULED, Nudge.due_at <= now),
        and_(Nudge.state == LEASED, Nudge.lease_until < now),
    )
    ids = select(Nudge.id).where(due).order_by(Nudge.due_at).limit(limit).with_for_update(skip_locked=True)
    taken = (
        update(Nudge)
        .where(Nudge.id.in_(ids.scalar_subquery()))
        .values(state=LEASED, lease_owner=owner, lease_until=now + lease, attempt=Nudge.attempt + 1)
        .returning(Nudge.id)
        .execution_options(synchronize_session=False)
    )
    return list(db.session.scalars(taken))


def settle(nudge_id: UUID, attempt: int, state: str, now: datetime, reason: str = "") -> bool:
    """Ends the nudge, if this attempt still holds it. False when another holder took over."""
    return _release(nudge_id, attempt, state=state, settled_at=now, reason=reason)


def defer(nudge_id: UUID, attempt: int, due_at: datetime, reason: str) -> bool:
    """Gives the nudge back for later, if this attempt still holds it."""
    return _release(nudge_id, attempt, state=SCHEDULED, due_at=due_at, reason=reason)


def cancel(ids: Sequence[UUID], now: datetime, reason: str) -> None:
    """Ends those of `ids` that are still scheduled; one that is being sent settles by itself."""
    statement = update(Nudge).where(Nudge.id.in_(ids), Nudge.state == SCHEDULED)
    db.session.execute(statement.values(state=CANCELLED, settled_at=now, reason=reason))


def oldest_due_at() -> datetime | None:
    query = select(Nudge.due_at).where(Nudge.state.in_((SCHEDULED, LEASED))).order_by(Nudge.due_at).limit(1)
    return db.session.scalar(query)


def _release(nudge_id: UUID, attempt: int, **values: object) -> bool:
    held = update(Nudge).where(Nudge.id == nudge_id, Nudge.state == LEASED, Nudge.attempt == attempt)
    held = held.values(lease_until=None, lease_owner=None, **values)
    result = db.session.execute(held.execution_options(synchronize_session="fetch"))
    return cast("CursorResult[object]", result).rowcount == 1
