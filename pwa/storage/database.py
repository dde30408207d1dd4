"""The engine and what every model shares: ids, instants, the write transaction. No nouns here."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    DateTime,
    Engine,
    MetaData,
    Table,
    Uuid,
    any_,
    bindparam,
    event,
    func,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, registry
from sqlalchemy.types import TypeDecorator
from uuid6 import uuid7

Unavailable = OperationalError
"""The database cannot be reached, is locked or full: nothing is wrong with what was to be written."""

BUSY_TIMEOUT_MS = 5_000
MIGRATIONS = "migrations"
_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    # A batch of nudges writes a thousand pages. They stay in memory until it is committed, and wait for the disk now and then.
    "PRAGMA cache_size = -8000",
    "PRAGMA wal_autocheckpoint = 4000",
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC. A naive value is a bug and raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime reached the database: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Names every constraint, so that a migration can find it again on any database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    registry = registry(type_annotation_map={datetime: UtcDateTime}, metadata=metadata)


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:

    class Model(Base):
        """What a model derives from: `db.Model`, said so that a type checker knows it."""

        __abstract__ = True

        def __init__(self, **values: Any) -> None: ...
else:
    Model = db.Model


def new_id() -> UUID:
    """A fresh UUIDv7: sorts by time, and its 74 random bits cannot be guessed."""
    return UUID(int=uuid7().int)


def table_of(model: type[Base]) -> Table:
    """For reading many rows as they are, past the machinery for objects."""
    return cast("Table", model.__table__)


def among(column: ColumnElement[Any], ids: Collection[UUID]) -> ColumnElement[bool]:
    """`column IN ids`, for many ids: one parameter, so that the statement is the same however many there are."""
    if db.engine.dialect.name == "postgresql":
        return column == any_(bindparam(None, list(ids), type_=ARRAY(Uuid), unique=True))
    listed = func.json_each("[" + ",".join(f'"{each.hex}"' for each in ids) + "]").table_valued("value")
    return column.in_(select(type_coerce(listed.c.value, Uuid)))


def upsert(into: type[Base] | Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that may say what happens to a row that is there already, in the words of the database at hand."""
    return sqlite.insert(into) if db.engine.dialect.name == "sqlite" else postgresql.insert(into)


def init_app(app: Flask, url: str) -> None:
    """Binds the app to the database at `url` (SQLite or PostgreSQL) and to its migrations."""
    app.config["SQLALCHEMY_DATABASE_URI"] = _with_driver(url)
    app.config["SQLALCHEMY_SESSION_OPTIONS"] = {"expire_on_commit": False, "autoflush": True}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_pre_ping": not url.startswith("sqlite")}
    db.init_app(app)
    Migrate(app, db, directory=str(app.extensions["rekindle.root"] / MIGRATIONS))
    with app.app_context():
        _listen(db.engine)


@contextmanager
def transaction(*account_ids: UUID | None) -> Iterator[Session]:
    """The one way to write: commits at the end, rolls back on any error.

    On SQLite it holds the write lock from the first statement (`BEGIN IMMEDIATE`), so what is read inside
    cannot change before it is written. On PostgreSQL the accounts' rows are locked for the same promise.
    Rows read before it are stale: load what you need inside.
    """
    session = db.session
    session.rollback()
    session.info["writing"] = True
    try:
        session.connection(execution_options={"rekindle_write": True})
        _lock_accounts(session(), {account_id for account_id in account_ids if account_id is not None})
        yield session()
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["writing"] = False


def flush() -> None:
    """Within a transaction: what was changed is there for the next query, and for every unique index."""
    db.session.flush()


def rest() -> None:
    """What was read is done with: no transaction stays open while something slow is waited for."""
    db.session.commit()


def ping() -> None:
    """Raises when the database does not answer."""
    db.session.execute(text("SELECT 1"))


def _with_driver(url: str) -> str:
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def _lock_accounts(session: Session, account_ids: Collection[UUID]) -> None:
    """In one order, so that two who want the same ones never wait for each other."""
    if account_ids and session.get_bind().dialect.name == "postgresql":
        lock = text("SELECT 1 FROM account WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")
        session.execute(lock, {"ids": list(account_ids)})


def _listen(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    event.listen(db.session, "before_flush", _refuse_stray_flush)
    event.listen(db.session, "do_orm_execute", _refuse_stray_statement)


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("rekindle_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _refuse_stray_flush(session: Session, _context: object, _instances: object) -> None:
    _refuse_unless_writing(session)


def _refuse_stray_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        _refuse_unless_writing(state.session)


def _refuse_unless_writing(session: Session) -> None:
    if not session.info.get("writing"):
        raise RuntimeError("a write outside storage.database.transaction() would risk lost updates")
