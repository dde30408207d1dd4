"""Ops: what a device has already sent, so that sending it again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, db


class Op(Model):
    """The id is the device's own; with the account it is unique."""

    __tablename__ = "op"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    result: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(index=True)


def results(account_id: UUID, ids: Sequence[UUID]) -> dict[UUID, str]:
    """What was answered the first time, for those of `ids` that came before."""
    rows = db.session.execute(select(Op.id, Op.result).where(Op.account_id == account_id, Op.id.in_(ids)))
    return {row.id: row.result for row in rows}


def add(account_id: UUID, op_id: UUID, result: str, now: datetime) -> None:
    db.session.add(Op(account_id=account_id, id=op_id, result=result, received_at=now))


def forget(before: datetime) -> None:
    """Drops what no device will send again."""
    db.session.execute(delete(Op).where(Op.received_at < before))
