"""Feeds: the private calendar address of an account."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage import links
from pwa.storage.database import Model, db
from pwa.storage.sealing import Sealed


class Feed(Model):
    """`named`: the events may say whom they are about. `alarms`: nudge times stand in it, for people without push."""

    __tablename__ = "feed"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    token: Mapped[str] = mapped_column(Sealed("feed.token"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    named: Mapped[bool] = mapped_column(default=False)
    alarms: Mapped[bool] = mapped_column(default=False)


def get(account_id: UUID) -> Feed | None:
    return db.session.get(Feed, account_id)


def find(token: str) -> Feed | None:
    return db.session.scalar(select(Feed).where(Feed.token_hash == links.hash_of(token)))


def save(account_id: UUID, now: datetime) -> Feed:
    """A fresh address; the one before it, if any, leads nowhere from here on."""
    feed = get(account_id)
    if feed is None:
        feed = Feed(account_id=account_id)
        db.session.add(feed)
    feed.token = links.new_token()
    feed.token_hash, feed.made_at = links.hash_of(feed.token), now
    db.session.flush()
    return feed


def delete(feed: Feed) -> None:
    db.session.delete(feed)
