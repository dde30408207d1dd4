"""Databases for tests: a fresh SQLite file or PostgreSQL database each, copied from one made by the real migrations."""

from __future__ import annotations

import importlib
import itertools
import os
import pkgutil
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import flask_migrate
import psycopg
from sqlalchemy import Engine, event

import pwa.storage
from pwa.app import create_app
from pwa.settings import Settings
from pwa.storage.database import db
from tests.support.processes import ends_with_us

KINDS = ("sqlite", "postgresql")
TEMPLATE = "rekindle_template"
PATIENCE = 30  # seconds

for noun in pkgutil.iter_modules(pwa.storage.__path__):  # every model is known, whichever a test asks for
    importlib.import_module(f"pwa.storage.{noun.name}")


@dataclass
class Databases:
    """Hands out migrated databases of one kind; the migrations run once."""

    folder: Path
    settings: Settings
    template: str = ""
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def fresh(self) -> str:
        """The address of a database with every table and no rows."""
        if not self.template:
            self.template = self.empty()
            migrate(replace(self.settings, database_url=self.template))
        return self._copy()

    def empty(self) -> str:
        """The address of a database without tables."""
        raise NotImplementedError

    def _copy(self) -> str:
        raise NotImplementedError


@dataclass
class SqliteFiles(Databases):
    def empty(self) -> str:
        return f"sqlite:///{self.folder / f'{next(self.numbers)}-{secrets.token_hex(4)}.db'}"

    def _copy(self) -> str:
        fresh = self.empty()
        shutil.copyfile(path_of(self.template), path_of(fresh))
        return fresh


@dataclass
class PostgresqlDatabases(Databases):
    server: PostgresqlServer | None = None

    def empty(self) -> str:
        return self._create("template0")

    def _copy(self) -> str:
        return self._create(self.template.partition("?")[0].rpartition("/")[2])

    def _create(self, template: str) -> str:
        assert self.server is not None
        name = f"rekindle_{next(self.numbers)}"
        self.server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return self.server.url(name)

    def drop(self, url: str) -> None:
        assert self.server is not None
        name = url.partition("?")[0].rpartition("/")[2]
        self.server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def path_of(url: str) -> Path:
    """The file behind a SQLite address."""
    return Path(url.removeprefix("sqlite:///"))


def migrate(settings: Settings) -> None:
    """Runs the real migrations, as `rekindle migrate` does."""
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()


# --- A PostgreSQL server of the tests' own -----------------------------------------------------------------------


@dataclass
class PostgresqlServer:
    """Listens on a Unix socket in a folder of its own, nowhere else. Quick, and forgetful on a power cut."""

    folder: Path
    process: subprocess.Popen[bytes]

    def url(self, database: str) -> str:
        return f"postgresql://rekindle@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self.execute("SELECT 1")
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


@contextmanager
def postgresql_server(within: Path | None = None) -> Iterator[PostgresqlServer]:
    """A server made for these tests from the machine's own binaries, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="rekindle-pg-", dir=within))
    as_whom = _not_root(folder)
    try:
        _make_cluster(folder, as_whom)
        process = _start(folder, as_whom)
        server = PostgresqlServer(folder, process)
        try:
            server.wait()
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait(PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make_cluster(folder: Path, as_whom: dict[str, object]) -> None:
    options = ["-U", "rekindle", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    made = subprocess.run(
        [binary("initdb"), "-D", folder / "data", *options], capture_output=True, cwd=folder, **as_whom
    )
    assert made.returncode == 0, made.stderr.decode()


def _start(folder: Path, as_whom: dict[str, object]) -> subprocess.Popen[bytes]:
    values = (
        "fsync=off",
        "full_page_writes=off",
        "synchronous_commit=off",
        "max_connections=100",
        "shared_buffers=32MB",
    )
    flags = [part for value in values for part in ("-c", value)]
    command = [binary("postgres"), "-D", folder / "data", "-k", folder, "-c", "listen_addresses=", *flags]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command, stdout=log, stderr=log, cwd=folder, preexec_fn=ends_with_us(signal.SIGQUIT), **as_whom
        )


def binary(name: str) -> str:
    """PostgreSQL's program of that name; Debian keeps the server's outside PATH."""
    found = shutil.which(name)
    if found:
        return found
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    assert installed, f"PostgreSQL's {name} is not on this machine; `make test` installs it"
    return str(installed[-1])


def _not_root(folder: Path) -> dict[str, object]:
    """PostgreSQL refuses to run as root: there, somebody with less power owns the folder and runs it."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    somebody = names.get("postgres") or names["nobody"]
    os.chown(folder, somebody.pw_uid, somebody.pw_gid)
    return {"user": somebody.pw_uid, "group": somebody.pw_gid, "extra_groups": []}


# --- Counting -----------------------------------------------------------------------------------------------------


@contextmanager
def counted_queries(engine: Engine) -> Iterator[list[str]]:
    """The statements sent to the database while the block runs, in order."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
