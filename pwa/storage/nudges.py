"""Nudges: what is due when, who holds it, and how it ended. The table is the schedule and the truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, case, func, or_, select, text, union_all, update
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, among, db, new_id, table_of, upsert
from pwa.storage.folded import FoldedPast

SCHEDULED, LEASED = "scheduled", "leased"
SENT, EXPIRED, CANCELLED, NO_DEVICE = "sent", "expired", "cancelled", "no_device"
# Written out and not bound: a database takes a partial index only where it sees that the condition is the same.
_IS_SCHEDULED, _IS_LEASED = text("state = 'scheduled'"), text("state = 'leased'")


class Nudge(Model):
    """One occurrence. `due_at` is a hint: whether it is sent is decided again when it falls due.

    `answer_id`: the parent's answer that it tells of; `parent_id` is None then, for a day may bring several.
    `attempt`: how often it was taken up; `recovered`: how often of that from a holder that died.
    """

    __tablename__ = "nudge"
    __table_args__ = (
        UniqueConstraint("account_id", "parent_id", "kind", "local_on"),
        # Claiming walks these two from the front, whatever else is in the table.
        Index("ix_nudge_scheduled_due_at", "due_at", sqlite_where=_IS_SCHEDULED, postgresql_where=_IS_SCHEDULED),
        Index("ix_nudge_leased_lease_until", "lease_until", sqlite_where=_IS_LEASED, postgresql_where=_IS_LEASED),
        Index("ix_nudge_parent_id", "parent_id"),
        Index("ix_nudge_local_on", "local_on"),
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
    recovered: Mapped[int] = mapped_column(default=0, server_default="0")
    reason: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
    acted: Mapped[str | None]
    acted_at: Mapped[datetime | None]


@dataclass(slots=True)
class Occurrence:
    """What dispatching needs of a row: light, for many are read at once. Changes are written by `save_all`."""

    id: UUID
    account_id: UUID
    parent_id: UUID | None
    subscription_id: UUID | None
    answer_id: UUID | None
    kind: str
    local_on: date
    due_at: datetime
    useful_until: datetime
    state: str
    attempt: int
    reason: str
    settled_at: datetime | None = None

    def end(self, state: str, now: datetime, reason: str = "") -> None:
        self.state, self.settled_at, self.reason = state, now, reason

    def put_back(self, due_at: datetime, reason: str) -> None:
        self.state, self.due_at, self.reason = SCHEDULED, due_at, reason


@dataclass(frozen=True, slots=True)
class Past:
    """So many of one kind about one parent ended so, the last at `last_at`."""

    account_id: UUID
    parent_id: UUID | None
    kind: str
    state: str
    last_at: datetime
    count: int


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


def open_of_accounts(account_ids: Collection[UUID]) -> list[Occurrence]:
    """Those not yet settled, soonest first."""
    query = select(*_OCCURRENCE).where(among(_TABLE.c.account_id, account_ids), _TABLE.c.state.in_((SCHEDULED, LEASED)))
    return [Occurrence(*row) for row in db.session.execute(query.order_by(_TABLE.c.due_at))]


def past_of_accounts(account_ids: Collection[UUID]) -> list[Past]:
    """What went out, or would have if there had been a device, summed up by account, parent, kind and end.

    There may be several of the same: what was folded away stands apart.
    """
    own, folded = _TABLE.c, table_of(FoldedPast).c
    alike = (own.account_id, own.parent_id, own.kind, own.state)
    query = select(*alike, func.max(own.settled_at), func.count()).group_by(*alike)
    query = query.where(among(own.account_id, account_ids), own.state.in_((SENT, NO_DEVICE)))
    before = select(*(folded[field.name] for field in fields(Past))).where(among(folded.account_id, account_ids))
    return [Past(*row) for row in db.session.execute(union_all(query, before))]


def still_held(claimed: Collection[Occurrence]) -> list[Occurrence]:
    """Copies of those of these that are held by the same attempt still. On PostgreSQL nobody takes one over meanwhile."""
    query = select(_TABLE.c.id, _TABLE.c.attempt).where(_TABLE.c.state == LEASED)
    query = query.where(among(_TABLE.c.id, [nudge.id for nudge in claimed])).with_for_update()
    attempts = {row[0]: row[1] for row in db.session.execute(query)}
    return [replace(nudge) for nudge in claimed if attempts.get(nudge.id) == nudge.attempt]


def claim(now: datetime, owner: str, lease: timedelta, limit: int = 100) -> list[Occurrence]:
    """Takes up to `limit` due nudges for `owner` until the lease ends: first those whose holder died, for its lease is over.

    Soonest first. What it costs does not grow with what is not due, nor with what has ended.
    """
    if db.engine.dialect.name == "postgresql":
        # It thinks that few are due, and would rather fetch and sort them all than walk the index for the first.
        db.session.execute(text("SET LOCAL enable_bitmapscan = off"))
    own = _TABLE.c
    held = {"state": LEASED, "lease_owner": owner, "lease_until": now + lease, "attempt": own.attempt + 1}
    left = select(own.id).where(_IS_LEASED, own.lease_until < now).order_by(own.lease_until)
    taken = _take(left.limit(limit), {**held, "recovered": own.recovered + 1})
    if len(taken) < limit:
        due = select(own.id).where(_IS_SCHEDULED, own.due_at <= now).order_by(own.due_at)
        taken += _take(due.limit(limit - len(taken)), held)
    return sorted(taken, key=lambda nudge: (nudge.due_at, nudge.id))


def claimable_at() -> datetime | None:
    """When `claim` next finds something, as things stand."""
    due = select(func.min(Nudge.due_at)).where(_IS_SCHEDULED).scalar_subquery()
    left = select(func.min(Nudge.lease_until)).where(_IS_LEASED).scalar_subquery()
    found = db.session.execute(select(due, left)).one()
    return min((at for at in found if at is not None), default=None)


def save_all(changed: Iterable[Occurrence]) -> None:
    """Writes down what became of some that are `held`."""
    ended: dict[tuple[str, datetime | None, str], list[UUID]] = defaultdict(list)
    for one in changed:
        if one.state == SCHEDULED:
            later = {"due_at": one.due_at, "useful_until": one.useful_until}
            _release([one.id], state=SCHEDULED, reason=one.reason, **later)
        else:
            ended[one.state, one.settled_at, one.reason].append(one.id)
    for (state, settled_at, reason), ids in ended.items():
        _release(ids, state=state, settled_at=settled_at, reason=reason)


def schedule(fresh: Sequence[Mapping[str, object]]) -> None:
    """Writes occurrences down, as columns, unless they are there already. One that was cancelled is taken up again."""
    if not fresh:
        return
    statement, own = upsert(_TABLE), _TABLE.c
    new, is_cancelled = statement.excluded, own.state == CANCELLED
    statement = statement.on_conflict_do_update(
        index_elements=[own.account_id, own.parent_id, own.kind, own.local_on],
        set_={
            "state": SCHEDULED,
            "settled_at": None,
            "reason": case((is_cancelled, new.reason), else_=own.reason),
            "due_at": new.due_at,
            "useful_until": new.useful_until,
        },
        where=or_(own.state == SCHEDULED, is_cancelled),
    )
    db.session.execute(statement, fresh)


def cancel(ids: Sequence[UUID], now: datetime, reason: str) -> None:
    """Ends those of `ids` that are still scheduled; one that is being sent settles by itself."""
    statement = update(Nudge).where(Nudge.id.in_(ids), Nudge.state == SCHEDULED)
    db.session.execute(statement.values(state=CANCELLED, settled_at=now, reason=reason))


def _take(ids: Select[UUID], held: Mapping[str, object]) -> list[Occurrence]:
    """One after the other on SQLite; on PostgreSQL nobody waits for what another is taking.

    The ids are found apart, or PostgreSQL might look for them again for each row.
    """
    found = ids.with_for_update(skip_locked=True).cte("found")
    taken = update(_TABLE).where(_TABLE.c.id.in_(select(found.c.id))).values(**held)
    return [Occurrence(*row) for row in db.session.execute(taken.returning(*_OCCURRENCE))]


def _release(ids: Collection[UUID], **values: object) -> None:
    statement = update(_TABLE).where(among(_TABLE.c.id, ids))
    db.session.execute(statement.values(lease_until=None, lease_owner=None, **values))


_TABLE = table_of(Nudge)
_OCCURRENCE = tuple(_TABLE.c[field.name] for field in fields(Occurrence))
