"""Messages: what has gone out about an invitation, and by which way. The app sends none of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, defer, mapped_column

from pwa.storage.database import Model, among, db, new_id, table_of
from pwa.storage.invitations import Invitation
from pwa.storage.sealing import Sealed

WAYS = ("text", "email", "call", "other")


class Message(Model):
    """`number` 0 is the invitation itself, 1 to 3 are its follow-ups; each goes out once."""

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("invitation_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"))
    number: Mapped[int]
    way: Mapped[str]
    words: Mapped[str | None] = mapped_column(Sealed("message.words"))
    sent_at: Mapped[datetime]


def add(invitation_id: UUID, number: int, way: str, words: str | None, now: datetime) -> Message:
    message = Message(invitation_id=invitation_id, number=number, way=way, words=words, sent_at=now)
    db.session.add(message)
    db.session.flush()
    return message


def of_invitation(invitation_id: UUID) -> list[Message]:
    """In the order in which they went."""
    query = select(Message).where(Message.invitation_id == invitation_id).order_by(Message.number)
    return list(db.session.scalars(query))


def of_parents(parent_ids: Collection[UUID]) -> list[tuple[UUID, Message]]:
    """All that ever went out, each with whom it went to, oldest first. The words are opened only when they are asked for."""
    query = select(Invitation.parent_id, Message).join(Invitation, Invitation.id == Message.invitation_id)
    query = query.where(among(table_of(Invitation).c.parent_id, parent_ids)).order_by(Message.sent_at)
    return [(row[0], row[1]) for row in db.session.execute(query.options(defer(Message.words)))]


def delete(message: Message) -> None:
    db.session.delete(message)
