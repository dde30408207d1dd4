"""Accounts made straight in a running server's database, and browsers that are signed in to them."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from sqlite3 import connect
from typing import Any
from uuid import UUID

from flask import Flask

from pwa import settings
from pwa.app import create_app
from pwa.storage import database, invitations, sessions
from tests.support.browser import Phone
from tests.support.people import COOKIE, Client, Person, settle_in
from tests.support.server import Server

A_YEAR = 365 * 24 * 3600


@dataclass
class Household:
    """People at one server. Looks into its database as nobody else may."""

    server: Server
    app: Flask = field(init=False)

    def __post_init__(self) -> None:
        self.app = create_app(settings.load(self.server.settings()))
        self.app.test_client_class = Client

    def settle(self, name: str = "Ana", parent: str = "Mom") -> Person:
        """Somebody who has been through setup."""
        return settle_in(self.app, name, datetime.now(UTC), parent)

    def sign_in(self, phone: Phone, person: Person) -> None:
        """Another browser of the same person: a session of its own."""
        with self.app.app_context():
            with database.transaction():
                session, token = sessions.add(person.account_id, datetime.now(UTC))
                session.parent_id = person.parent_id
            database.db.session.remove()
        expires = datetime.now(UTC).timestamp() + A_YEAR
        cookie = {"name": COOKIE, "value": token, "url": phone.origin, "httpOnly": True, "expires": expires}
        phone.context.add_cookies([cookie])

    def sign_out_everywhere(self, person: Person) -> None:
        self.change("DELETE FROM session WHERE account_id = ?", person.account_id)

    def ticks(self, person: Person) -> dict[str, bool]:
        """Task → done, as the server knows it."""
        rows = self.rows("SELECT task, done FROM tick WHERE round_id = ?", person.round_id)
        return {task: bool(done) for task, done in rows}

    def ops(self, person: Person) -> int:
        return self.rows("SELECT count(*) FROM op WHERE account_id = ?", person.account_id)[0][0]

    def tokens(self, person: Person) -> list[tuple[str]]:
        """What opens the pages of the person's invitations."""
        with self.app.app_context():
            assert person.parent_id is not None
            found = [(one.token,) for one in invitations.of_parent(person.parent_id)]
            database.db.session.remove()
        return found

    def rows(self, query: str, *values: UUID | None) -> list[tuple[Any, ...]]:
        with closing(connect(self.server.database, timeout=10)) as connection:
            return connection.execute(query, [value.hex for value in values if value]).fetchall()

    def change(self, statement: str, *values: UUID | None) -> None:
        with closing(connect(self.server.database, timeout=10)) as connection, connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(statement, [value.hex for value in values if value])
