"""The cast: Ana, whose parent is Mom; Ben, who has an account and a parent of his own; Cleo, a stranger."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from pwa.storage import accounts, database, parents, rounds, sessions

ZONE = "Europe/Berlin"
COOKIE = "rekindle"


class Clock:
    """The app's clock, standing still until a test moves it."""

    def __init__(self, now: datetime = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **how_far: float) -> datetime:
        """`clock.forward(days=2, hours=1)`"""
        self.now += timedelta(**how_far)
        return self.now


class Client(FlaskClient):
    """A browser without scripts: keeps cookies, and its forms carry the token of the page they came from."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """Reads every answer to its end, as a browser does, so that no file stays open."""
        return super().open(*args, **{"buffered": True, **options})

    def submit(self, path: str, **fields: object) -> TestResponse:
        """Posts a form as its page would."""
        return self.post(path, data={"csrf_token": self.form_token(), **fields})

    def form_token(self) -> str:
        with self.session_transaction() as form_session:
            raw = form_session.setdefault("csrf_token", hashlib.sha1(secrets.token_bytes(64)).hexdigest())
        signer = URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token")
        return signer.dumps(raw)

    def send(self, path: str, body: object, method: str = "POST", **headers: str) -> TestResponse:
        """Sends JSON as a script of our own page would."""
        own = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
        return self.open(path, method=method, json=body, headers={**own, **headers})


@dataclass(frozen=True)
class Person:
    """Somebody at a browser. A stranger has neither account nor parent."""

    name: str
    client: Client
    account_id: UUID | None = None
    session_id: UUID | None = None
    parent_id: UUID | None = None
    round_id: UUID | None = None


def settle_in(app: Flask, name: str, now: datetime, parent: str | None, pronouns: str = "she") -> Person:
    """Somebody who has been through setup on this browser."""
    with app.app_context():
        with database.transaction():
            account = accounts.add(now, ZONE)
            session, token = sessions.add(account.id, now)
            own = parents.add(account.id, now, parent, pronouns)
            first = rounds.add(own.id, 1, now)
            session.parent_id = own.id
            ids = account.id, session.id, own.id, first.id
        database.db.session.remove()
    client = app.test_client()
    client.set_cookie(COOKIE, token)
    return Person(name, client, *ids)


def stranger(app: Flask, name: str) -> Person:
    return Person(name, app.test_client())
