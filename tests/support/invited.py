"""An invitation of Ana's that has gone out: tea among the roses, on three days from 7 March 2026."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import Flask

from pwa.services import inviting
from pwa.services.inviting import Plan, Words
from pwa.storage import answers, database, invitations, options
from tests.support.people import Clock, Person

IDEA, TITLE = "tea_among_the_roses", "Tea among the roses"
FIRST = datetime(2026, 3, 7, 10, tzinfo=UTC)
SPANS = tuple(
    (start, start + timedelta(hours=1))
    for start in (FIRST, FIRST + timedelta(days=1, hours=4), FIRST + timedelta(days=4, hours=7))
)


@dataclass(frozen=True)
class Invited:
    """`token` opens the parent's page."""

    app: Flask
    id: UUID
    token: str

    @property
    def address(self) -> str:
        return f"/for/{self.token}"

    def standing(self) -> tuple[str, int | None] | None:
        """The answer that stands: its kind, and the number of the date."""
        with self.app.app_context():
            found = answers.find(self.id)
            return (found.kind, found.number) if found else None

    def holds(self) -> list[tuple[str | None, int]]:
        """Of each date: what its event says, and its SEQUENCE."""
        with self.app.app_context():
            return [(one.hold, one.sequence) for one in options.of_invitation(self.id)]


def invite(app: Flask, person: Person, clock: Clock, spans: Sequence[tuple[datetime, datetime]] = SPANS) -> Invited:
    assert person.account_id is not None and person.parent_id is not None
    with app.app_context():
        plan = Plan(IDEA, TITLE, "near_hers", "The bench by the gate", None, spans)
        made = inviting.begin(person.account_id, person.parent_id, plan, clock.now)
        inviting.write(person.account_id, made, Words("The roses are out. Any of these days? No rush.", "warm"))
        inviting.sent(person.account_id, made, "text", clock.now)
        found = invitations.get(made, person.account_id)
        assert found is not None
        token = found.token
        database.db.session.rollback()
    return Invited(app, made, token)
