"""The ledger's side of nudges and deliveries: counting how they stand, and taking out the ones that are long over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, case, delete, func, select, text, tuple_

from pwa.storage import deliveries, nudges
from pwa.storage.database import db, table_of
from pwa.storage.deliveries import Delivery
from pwa.storage.nudges import Nudge

_NUDGE = table_of(Nudge)
_ENDED = (nudges.SENT, nudges.EXPIRED, nudges.CANCELLED, nudges.NO_DEVICE)
# 2: a device has shown it, 1: a push service took it, 0: neither
_FURTHEST = case(
    (Delivery.shown_at.is_not(None), 2), (Delivery.state.in_((deliveries.ACCEPTED, deliveries.SHOWN)), 1), else_=0
)
_REACH = func.coalesce(
    select(func.max(_FURTHEST)).where(Delivery.nudge_id == _NUDGE.c.id).correlate(_NUDGE).scalar_subquery(), 0
).label("reach")


class Tally(NamedTuple):
    """So many of one local day and kind stand alike. `reach` as the rule's."""

    local_on: date
    kind: str
    state: str
    ended: bool
    reach: int
    total: int
    recovered: int


class Old(NamedTuple):
    """What folding needs of a row."""

    id: UUID
    account_id: UUID
    parent_id: UUID | None
    kind: str
    local_on: date
    state: str
    settled_at: datetime
    recovered: int
    reach: int


def tally(since: date | None = None) -> list[Tally]:
    """Every nudge there is; those folded away are counted elsewhere."""
    own = _NUDGE.c
    each = select(own.local_on, own.kind, own.state, own.settled_at.is_not(None).label("ended"), _REACH, own.recovered)
    if since is not None:
        each = each.where(own.local_on >= since)
    rows = each.subquery()
    alike = tuple(rows.c[name] for name in Tally._fields[:5])
    query = select(*alike, func.count(), func.sum(rows.c.recovered)).group_by(*alike)
    return [Tally._make(row) for row in db.session.execute(query)]


def oldest_due_at(now: datetime) -> datetime | None:
    """When the one fell due that has been due for longest and has not ended."""
    found = db.session.execute(select(*(_first_due(state) for state in (nudges.SCHEDULED, nudges.LEASED)))).one()
    return min((at for at in found if at is not None and at <= now), default=None)


def foldable(before_on: date, after: tuple[date, UUID] | None, limit: int) -> list[tuple[date, UUID, UUID]]:
    """Local date, id and account of those of earlier days that have ended, oldest first."""
    own = _NUDGE.c
    query = select(own.local_on, own.id, own.account_id).where(*_is_over(before_on))
    if after is not None:
        query = query.where(own.local_on >= after[0], tuple_(own.local_on, own.id) > tuple_(*after))
    rows = db.session.execute(query.order_by(own.local_on, own.id).limit(limit))
    return [(row[0], row[1], row[2]) for row in rows]


def old_ones(ids: Collection[UUID], before_on: date) -> list[Old]:
    """Those of `ids` that are there still and have still ended."""
    query = select(*(_REACH if name == "reach" else _NUDGE.c[name] for name in Old._fields))
    rows = db.session.execute(query.where(_NUDGE.c.id.in_(ids), *_is_over(before_on)))
    return [Old(*row) for row in rows]


def forget(ids: Collection[UUID]) -> None:
    """With their deliveries. A moment that one of them brought about stays."""
    statement = delete(Nudge).where(Nudge.id.in_(ids))
    db.session.execute(statement.execution_options(synchronize_session=False))


def _is_over(before_on: date) -> tuple[ColumnElement[bool], ...]:
    own = _NUDGE.c
    return own.local_on < before_on, own.state.in_(_ENDED), own.settled_at.is_not(None)


def _first_due(state: str) -> ScalarSelect[datetime]:
    return select(func.min(_NUDGE.c.due_at)).where(text(f"state = '{state}'")).scalar_subquery()
