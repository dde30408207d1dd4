"""Invitations: what was thought of for a parent, whether it has gone out, and the link to their page."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage import links
from pwa.storage.database import Model, db, new_id
from pwa.storage.parents import Parent
from pwa.storage.sealing import Sealed


class Invitation(Model):
    """A draft until `sent_at`; open until `closed_at` (called off, or another took its place).

    `venue` is one of the rule's PLACES, `place` its words. `awkward` and `glad` (1–5) are what was feared before
    it went. `token` opens the parent's page until `link_until`, unless `revoked_at`.
    """

    __tablename__ = "invitation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    parent_id: Mapped[UUID] = mapped_column(ForeignKey("parent.id", ondelete="CASCADE"), index=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
    idea: Mapped[str]
    title: Mapped[str] = mapped_column(Sealed("invitation.title"))
    venue: Mapped[str]
    place: Mapped[str | None] = mapped_column(Sealed("invitation.place"))
    zone: Mapped[str | None]
    words: Mapped[str | None] = mapped_column(Sealed("invitation.words"))
    warmth: Mapped[str] = mapped_column(default="warm")
    with_link: Mapped[bool] = mapped_column(default=True)
    with_holds: Mapped[bool] = mapped_column(default=True)
    sent_at: Mapped[datetime | None]
    awkward: Mapped[int | None]
    glad: Mapped[int | None]
    token: Mapped[str] = mapped_column(Sealed("invitation.token"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    link_until: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


def add(invitation: Invitation) -> Invitation:
    """Written down with a fresh token."""
    invitation.token = links.new_token()
    invitation.token_hash = links.hash_of(invitation.token)
    db.session.add(invitation)
    db.session.flush()
    return invitation


def get(invitation_id: UUID, account_id: UUID) -> Invitation | None:
    """The account's own invitation of that id, else None."""
    query = select(Invitation).join(Parent, Parent.id == Invitation.parent_id)
    return db.session.scalar(query.where(Invitation.id == invitation_id, Parent.account_id == account_id))


def find(token: str) -> tuple[Invitation, Parent] | None:
    """What a link leads to, whatever has become of it; None for a token that nobody was given."""
    query = select(Invitation, Parent).join(Parent, Parent.id == Invitation.parent_id)
    row = db.session.execute(query.where(Invitation.token_hash == links.hash_of(token))).first()
    return None if row is None else (row[0], row[1])


def of_parent(parent_id: UUID) -> list[Invitation]:
    """Newest first."""
    query = select(Invitation).where(Invitation.parent_id == parent_id)
    return list(db.session.scalars(query.order_by(Invitation.made_at.desc(), Invitation.id.desc())))


def open_one(parent_id: UUID) -> Invitation | None:
    """The one that has gone out and stands."""
    query = select(Invitation).where(Invitation.parent_id == parent_id, Invitation.closed_at.is_(None))
    query = query.where(Invitation.sent_at.is_not(None))
    return db.session.scalars(query.order_by(Invitation.sent_at.desc()).limit(1)).first()


def find_draft(parent_id: UUID) -> Invitation | None:
    """The one being written."""
    query = select(Invitation).where(Invitation.parent_id == parent_id, Invitation.closed_at.is_(None))
    query = query.where(Invitation.sent_at.is_(None))
    return db.session.scalars(query.order_by(Invitation.made_at.desc()).limit(1)).first()
