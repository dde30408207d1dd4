"""Answers: what a parent said to an invitation, on their page or in another way. One stands at a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, and_, select, text
from sqlalchemy.orm import Mapped, defer, mapped_column

from pwa.storage.database import Model, among, db, new_id, table_of
from pwa.storage.invitations import Invitation
from pwa.storage.options import Option
from pwa.storage.parents import Parent
from pwa.storage.sealing import Sealed

YES, OTHER_TIME, NOT_NOW, STOP = "yes", "other_time", "not_now", "stop"
KINDS = (YES, OTHER_TIME, NOT_NOW, STOP)
BY_THEM, BY_YOU = "them", "you"


class Answer(Model):
    """`by`: BY_THEM on their page, BY_YOU when it came another way and was told. `number`: the option of a yes.

    `until_on`: for "not now", the first local date on which asking is all right again.
    """

    __tablename__ = "answer"
    __table_args__ = (
        Index(
            "uq_answer_standing",
            "invitation_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    number: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(Sealed("answer.note"))
    until_on: Mapped[date | None]
    by: Mapped[str]
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


def add(answer: Answer) -> Answer:
    db.session.add(answer)
    db.session.flush()
    return answer


def find(invitation_id: UUID) -> Answer | None:
    """The one that stands."""
    return db.session.scalar(select(Answer).where(Answer.invitation_id == invitation_id, Answer.undone_at.is_(None)))


def find_parent(answer_id: UUID) -> Parent | None:
    """Who gave it, while it stands."""
    query = select(Parent).join(Invitation, Invitation.parent_id == Parent.id)
    query = query.join(Answer, Answer.invitation_id == Invitation.id)
    return db.session.scalar(query.where(Answer.id == answer_id, Answer.undone_at.is_(None)))


def find_invitation(answer_id: UUID) -> Invitation | None:
    """What it answers, also when it was taken back."""
    query = select(Invitation).join(Answer, Answer.invitation_id == Invitation.id)
    return db.session.scalar(query.where(Answer.id == answer_id))


def of_invitation(invitation_id: UUID) -> list[Answer]:
    """All that were ever given, oldest first."""
    query = select(Answer).where(Answer.invitation_id == invitation_id).order_by(Answer.made_at, Answer.id)
    return list(db.session.scalars(query))


def of_parents(parent_ids: Collection[UUID]) -> list[tuple[Answer, Invitation, Option | None]]:
    """Those that stand, oldest first, each with what it answers and the date that a yes is for.

    A note is opened only when it is asked for.
    """
    chosen = and_(Option.invitation_id == Answer.invitation_id, Option.number == Answer.number)
    query = (
        select(Answer, Invitation, Option)
        .join(Invitation, Invitation.id == Answer.invitation_id)
        .outerjoin(Option, chosen)
    )
    query = query.where(among(table_of(Invitation).c.parent_id, parent_ids), Answer.undone_at.is_(None))
    query = query.options(defer(Answer.note)).order_by(Answer.made_at, Answer.id)
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]
