"""Tables of any size to claim from: as many scheduled nudges as one likes, in the real schema."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.engine import Connection

from pwa import storage
from pwa.cli.migrating import bare_app
from pwa.domain.nudges import Kind
from pwa.settings import load
from pwa.storage import nudges
from pwa.storage.database import db, transaction
from pwa.storage.nudges import Nudge

DUE = 5_000  # of each table; all the others lie in the sixty days after
AHEAD = timedelta(days=60)
_SPREAD = 2_654_435_761  # prime: what is due next lies anywhere in the table
_SCATTER = 0x9E3779B97F4A7C15F39
_COLUMNS = {
    "account": "id created_at zone nudge_hour quiet_from_hour quiet_until_hour theme revision",
    "parent": "id account_id created_at pronouns room mantel interests distance channel rhythm_days most_follow_ups",
    "nudge": "id account_id parent_id kind local_on due_at useful_until state attempt recovered reason",
}

for _noun in pkgutil.iter_modules(storage.__path__):  # what a table refers to must be known
    importlib.import_module(f"{storage.__name__}.{_noun.name}")


def fill(url: str, folder: Path, rows: int, now: datetime) -> Flask:
    """A database with so many scheduled nudges."""
    unused = {f"REKINDLE_{name}": "A" * 43 for name in ("SECRET_KEY", "DATA_KEY", "VAPID_PRIVATE_KEY")}
    app = bare_app(load({**unused, "REKINDLE_INSTANCE": str(folder), "REKINDLE_DATABASE_URL": url}))
    with app.app_context():
        db.create_all()
        with db.engine.begin() as connection:
            if db.engine.dialect.name == "sqlite":
                connection.execute(text("PRAGMA cache_size = -2000000"))  # two gigabytes, for filling alone
            for table in _COLUMNS:
                _write(connection, table, _rows(table, rows, now))
        db.engine.dispose()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            is_sqlite = db.engine.dialect.name == "sqlite"
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)" if is_sqlite else "VACUUM ANALYZE"))
        db.engine.dispose()
    return app


def put_back(ids: Sequence[UUID]) -> None:
    """As if they had never been claimed."""
    fresh = {"state": nudges.SCHEDULED, "settled_at": None, "reason": "", "attempt": 0}
    with transaction() as session:
        statement = update(Nudge).where(Nudge.id.in_(ids)).values(fresh)
        session.execute(statement.execution_options(synchronize_session=False))


@contextmanager
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield
        db.session.remove()


def _write(connection: Connection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Past SQLAlchemy, which would take an hour for ten million."""
    names = _COLUMNS[table].split()
    cursor = connection.connection.cursor()
    if db.engine.dialect.name == "sqlite":
        places = ", ".join("?" * len(names))
        cursor.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", rows)  # noqa: S608 our names
    else:
        cursor.execute("SET LOCAL timezone = 'UTC'")
        with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _rows(table: str, count: int, now: datetime) -> Iterator[tuple[object, ...]]:
    """Accounts have one parent each, and a nudge of each kind. Ids sort by time, as ours do."""
    kinds, made_at = [kind.value for kind in Kind], _written(now)
    for first in range(0, count, len(kinds)):
        account, parent = _id(1, first), _id(2, first)
        if table == "account":
            yield (account, made_at, "Europe/Berlin", 19, 21, 9, "", 0)
        elif table == "parent":
            yield (parent, account, made_at, "she", "sage", "roses", "[]", "", "", 21, 3)
        else:
            for number, kind in zip(range(first, count), kinds, strict=False):
                yield (_id(3, number), account, parent, kind, *_when(number, count, now), "scheduled", 0, 0, "")


def _when(number: int, count: int, now: datetime) -> tuple[str, str, str]:
    place = number * _SPREAD % count - DUE
    due_at = now + (place * AHEAD / count if place >= 0 else timedelta(milliseconds=place))
    return due_at.date().isoformat(), _written(due_at), _written(due_at + timedelta(hours=12))


def _id(shelf: int, number: int) -> str:
    """Like UUIDv7: the time first, then what looks like chance."""
    return f"{shelf:02x}{number:010x}7{number * _SCATTER % (1 << 76):019x}"


def _written(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")
