"""Push days: what the push services answered, counted by day. Nobody's in particular."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, mapped_column

from pwa.storage.database import Model, db, upsert


class PushDay(Model):
    """`answer` is the class of the status, such as 2xx, or none."""

    __tablename__ = "push_day"

    sent_on: Mapped[date] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str] = mapped_column(primary_key=True)
    total: Mapped[int]


def add(on: date, counts: Mapping[tuple[str, str], int]) -> None:
    """Adds to what is there, by service and answer; in one order, so that two who do it never wait for each other."""
    if not counts:
        return
    statement = upsert(PushDay)
    statement = statement.on_conflict_do_update(
        index_elements=["sent_on", "service", "answer"], set_={"total": PushDay.total + statement.excluded.total}
    )
    rows = [{"sent_on": on, "service": key[0], "answer": key[1], "total": counts[key]} for key in sorted(counts)]
    db.session.execute(statement, rows)


def totals() -> dict[tuple[str, str], int]:
    """By service and answer, over all days."""
    query = select(PushDay.service, PushDay.answer, func.sum(PushDay.total)).group_by(PushDay.service, PushDay.answer)
    return {(row[0], row[1]): int(row[2]) for row in db.session.execute(query)}
