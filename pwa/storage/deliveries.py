"""Deliveries: one nudge on its way to one device. Written before the socket opens, settled after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, among, db, new_id, table_of, upsert
from pwa.storage.nudges import Nudge

SENDING, ACCEPTED, SHOWN = "sending", "accepted", "shown"
FAILED, GONE, EXPIRED = "failed", "gone", "expired"


class Delivery(Model):
    """`attempt` is the nudge's attempt that sent it last; `shown_at` is the device's own word."""

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("nudge_id", "subscription_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    nudge_id: Mapped[UUID] = mapped_column(ForeignKey("nudge.id", ondelete="CASCADE"))
    subscription_id: Mapped[UUID | None] = mapped_column(ForeignKey("subscription.id", ondelete="SET NULL"), index=True)
    state: Mapped[str]
    attempt: Mapped[int]
    sent_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    status: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")
    shown_at: Mapped[datetime | None]


def get(delivery_id: UUID) -> Delivery | None:
    return db.session.get(Delivery, delivery_id)


def unheard(subscription_id: UUID, since: datetime) -> list[tuple[datetime, datetime]]:
    """Of each that the push service took since then and the device never said it showed: when, and how long it is of use."""
    own = _TABLE.c
    query = select(own.settled_at, Nudge.useful_until).join(Nudge, Nudge.id == own.nudge_id)
    query = query.where(own.subscription_id == subscription_id, own.state == ACCEPTED, own.shown_at.is_(None))
    # without a status it may never have reached the push service
    query = query.where(own.status.between(200, 299), own.settled_at > since)
    return [(row[0], row[1]) for row in db.session.execute(query)]


@dataclass(slots=True)
class Passage:
    """What dispatching needs of a row: light, for many are read at once. Changes are written by `save_all`."""

    id: UUID
    nudge_id: UUID
    subscription_id: UUID | None
    state: str
    attempt: int
    sent_at: datetime
    settled_at: datetime | None = None
    status: int | None = None
    reason: str = ""
    shown_at: datetime | None = None

    def settle(self, state: str, now: datetime) -> None:
        self.state, self.settled_at = state, now


def of_nudges(nudge_ids: Collection[UUID]) -> dict[UUID, list[Passage]]:
    found: dict[UUID, list[Passage]] = defaultdict(list)
    for row in db.session.execute(select(*_PASSAGE).where(among(_TABLE.c.nudge_id, nudge_ids))):
        passage = Passage(*row)
        found[passage.nudge_id].append(passage)
    return found


def begin_all(begun: Sequence[Passage]) -> None:
    """Records that these are about to be sent, each over an earlier attempt's row."""
    if begun:
        statement = upsert(_TABLE)
        again = {name: statement.excluded[name] for name in ("state", "attempt", "sent_at", "settled_at")}
        statement = statement.on_conflict_do_update(index_elements=[_TABLE.c.id], set_=again)
        db.session.execute(statement, [{name: getattr(passage, name) for name in _NAMES} for passage in begun])


def save_all(changed: Iterable[Passage]) -> None:
    """Writes down what became of them."""
    alike: dict[tuple[str, datetime | None, int | None, str], list[UUID]] = defaultdict(list)
    for one in changed:
        alike[one.state, one.settled_at, one.status, one.reason].append(one.id)
    for (state, settled_at, status, reason), ids in alike.items():
        statement = update(_TABLE).where(among(_TABLE.c.id, ids))
        db.session.execute(statement.values(state=state, settled_at=settled_at, status=status, reason=reason))


_TABLE = table_of(Delivery)
_PASSAGE = tuple(_TABLE.c[field.name] for field in fields(Passage))
_NAMES = tuple(field.name for field in fields(Passage))
