"""Sessions: which device is signed in to which account. The token itself is never stored."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pwa.storage.accounts import Account
from pwa.storage.database import Model, db, new_id

LIFETIME = timedelta(days=400)
SEEN_EVERY = timedelta(hours=12)


class Session(Model):
    """One signed-in browser. `parent_id` is whose room it shows; `nudges_off_at`: when another of the account's
    browsers switched its nudges off, so that it does not switch them on again by itself.
    """

    __tablename__ = "session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("parent.id", ondelete="SET NULL"))
    nudges_off_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


def add(account_id: UUID, now: datetime) -> tuple[Session, str]:
    """A new session and its token: 256 random bits, to be handed out once."""
    token = secrets.token_urlsafe(32)
    session = Session(
        account_id=account_id,
        token_hash=_hash(token),
        created_at=now,
        seen_at=now,
        expires_at=now + LIFETIME,
    )
    db.session.add(session)
    db.session.flush()
    return session, token


def find(token: str, now: datetime) -> Session | None:
    """The live session of `token`, with its account."""
    found = db.session.scalar(select(Session).where(Session.token_hash == _hash(token)))
    return found if found is not None and found.expires_at > now else None


def get(session_id: UUID) -> Session | None:
    return db.session.get(Session, session_id)


def roll(session_id: UUID, now: datetime) -> None:
    """The session was used: it lives on from here."""
    session = db.session.get(Session, session_id)
    if session is not None:
        session.seen_at, session.expires_at = now, now + LIFETIME


def forget(session_id: UUID) -> None:
    """Signs the device out; its push subscription goes with it."""
    db.session.execute(delete(Session).where(Session.id == session_id))


def _hash(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
