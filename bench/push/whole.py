"""Rekindle's whole dispatch: claim, decide, record, encrypt, send, settle, plan the next, as `rekindle worker` does it.

`python -m bench.push.whole make STAGE DATABASE COUNT` fills the database with that many people whose first nudge is due;
`python -m bench.push.whole run STAGE DATABASE` works it off.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import insert

from bench.push.measured import measured, read
from pwa import content
from pwa.cli.migrating import bare_app
from pwa.push import vapid
from pwa.push.client import Client
from pwa.push.gate import Gate
from pwa.services.dispatching import SETTLE_WITHIN, Dispatcher, Terms
from pwa.services.parcelling import Parcel, Post, Tokens
from pwa.settings import Settings, load
from pwa.storage import sealing, subscriptions
from pwa.storage.accounts import Account
from pwa.storage.database import db, new_id, transaction
from pwa.storage.nudges import Nudge
from pwa.storage.parents import Parent
from pwa.storage.rounds import Round
from pwa.storage.sessions import Session
from pwa.storage.subscriptions import Subscription

ZONE = "Europe/Berlin"
AT_ONCE = 5_000


def make(stage_file: str, database: str, count: int) -> None:
    app, _ = _app(stage_file, database)
    to, now = read(stage_file)["subscriptions"], datetime.now(UTC)
    with app.app_context():
        db.create_all()
        for begin in range(0, count, AT_ONCE):
            people = [
                _person(to[number % len(to)], number, now) for number in range(begin, min(begin + AT_ONCE, count))
            ]
            with transaction() as session:
                for model in (Account, Session, Parent, Round, Subscription, Nudge):
                    session.execute(insert(model), [person[model] for person in people])


def run(stage_file: str, database: str) -> None:
    app, settings = _app(stage_file, database)
    stage = read(stage_file)
    key = vapid.load(settings.vapid_private_key, settings.vapid_subject)
    client: Client[Parcel] = Client(key, settings.push_hosts, lookup=lambda *_: ["127.0.0.1"], trust=stage["trust"])
    post = Post(Gate(client), settings.base_url, Tokens(settings.secret_key))
    dispatcher = Dispatcher(post, Terms("bench", Random(1)))  # noqa: S311 it spreads retries
    content.nudge_texts("begin", 0)  # a worker reads its words once, when it starts
    with measured() as told:
        found = True
        while found or dispatcher.is_busy:
            with app.app_context():
                found = dispatcher.has_room and dispatcher.take(datetime.now(UTC))
                if dispatcher.is_busy:
                    dispatcher.bring_home(datetime.now(UTC), SETTLE_WITHIN)
        told["accepted"] = dispatcher.counts["sent"]
    client.close()


def _app(stage_file: str, database: str) -> tuple[Flask, Settings]:
    stage = read(stage_file)
    settings = load(
        {
            "REKINDLE_INSTANCE": str(Path(stage_file).parent),
            "REKINDLE_DATABASE_URL": database,
            "REKINDLE_SECRET_KEY": "not-a-secret",
            "REKINDLE_DATA_KEY": "A" * 43,
            "REKINDLE_VAPID_PRIVATE_KEY": stage["private_key"],
            "REKINDLE_VAPID_SUBJECT": stage["subject"],
            "REKINDLE_PUSH_HOSTS": stage["origin"].removeprefix("https://"),
        }
    )
    app = bare_app(settings)
    sealing.init_app(app, settings.data_key)
    return app, settings


def _person(to: dict, number: int, now: datetime) -> dict[type, dict]:
    account, session, parent = new_id(), new_id(), new_id()
    local = now.astimezone(ZoneInfo(ZONE))
    endpoint = f"{to['endpoint']}?{number}"
    since = {"created_at": now, "seen_at": now}
    return {
        Account: {
            "id": account, "created_at": now, "zone": ZONE, "nudge_hour": local.hour, "quiet_from_hour": 0,
            "quiet_until_hour": 0,
        },
        Session: {"id": session, "account_id": account, "token_hash": account.bytes * 2, "expires_at": now, **since},
        Parent: {
            "id": parent, "account_id": account, "created_at": now - timedelta(days=2), "name": "Mom",
            "pronouns": "she", "interests": [],
        },
        Round: {"id": new_id(), "parent_id": parent, "number": 1, "began_at": now},
        Subscription: {
            "id": new_id(), "account_id": account, "session_id": session, "endpoint": endpoint,
            "endpoint_hash": subscriptions.hash_of(endpoint), **to["keys"], "vapid_key_id": "bench", **since,
        },
        Nudge: {
            "id": new_id(), "account_id": account, "parent_id": parent, "kind": "begin", "local_on": local.date(),
            "due_at": now, "useful_until": now + timedelta(hours=12),
        },
    }  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        run(sys.argv[2], sys.argv[3])
