"""Options: the dates offered with an invitation, and the hold that each has in the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, db, new_id
from pwa.storage.invitations import Invitation
from pwa.storage.parents import Parent

TENTATIVE, CONFIRMED, CANCELLED = "tentative", "confirmed", "cancelled"


class Option(Model):
    """`number` 0, 1, 2. The event's UID is made of `id`; `sequence` grows with every change of it (RFC 5545).

    `hold`: TENTATIVE, CONFIRMED or CANCELLED; None where none is wanted.
    """

    __tablename__ = "option"
    __table_args__ = (UniqueConstraint("invitation_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"))
    number: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    hold: Mapped[str | None]
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]


def save(invitation_id: UUID, spans: Sequence[tuple[datetime, datetime]], now: datetime) -> list[Option]:
    """Writes the dates down, each over the one of its number; what changed counts its `sequence` up."""
    kept = {option.number: option for option in of_invitation(invitation_id)}
    for number, (starts_at, ends_at) in enumerate(spans):
        option = kept.get(number)
        if option is None:
            option = Option(invitation_id=invitation_id, number=number, sequence=-1)
            db.session.add(option)
        elif (option.starts_at, option.ends_at) == (starts_at, ends_at):
            continue
        option.starts_at, option.ends_at, option.changed_at = starts_at, ends_at, now
        option.sequence += 1
    db.session.flush()
    return of_invitation(invitation_id)


def save_hold(option: Option, hold: str | None, now: datetime) -> None:
    """Changes what the event says of itself; the same again changes nothing."""
    if option.hold != hold:
        option.hold, option.changed_at = hold, now
        option.sequence += 1
        db.session.flush()


def of_invitation(invitation_id: UUID) -> list[Option]:
    """In the order of their numbers."""
    query = select(Option).where(Option.invitation_id == invitation_id).order_by(Option.number)
    return list(db.session.scalars(query))


def held_of_account(account_id: UUID, since: datetime) -> list[tuple[Option, Invitation, Parent]]:
    """Every hold that ends at `since` or later, soonest first."""
    query = (
        select(Option, Invitation, Parent)
        .join(Invitation, Invitation.id == Option.invitation_id)
        .join(Parent, Parent.id == Invitation.parent_id)
        .where(Parent.account_id == account_id, Option.hold.is_not(None), Option.ends_at >= since)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query.order_by(Option.starts_at, Option.id))]
