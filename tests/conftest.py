"""Fixtures for every test. Ask for `database` (each test then runs on SQLite, and on PostgreSQL with Redis), `app`, the cast
(`ana`, `ben`, `cleo`), `clock` and `now`, `queries`; for the real thing `server`, `own_server` and `open_phone`."""

from __future__ import annotations

import base64
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Playwright, sync_playwright

from pwa import settings as settings_module
from pwa.app import create_app
from pwa.settings import Settings
from pwa.storage.database import db
from tests.support import databases, people
from tests.support.browser import Phone
from tests.support.databases import Databases, PostgresqlDatabases, SqliteFiles
from tests.support.people import Client, Clock, Person
from tests.support.redis import RedisServer, redis_server
from tests.support.server import Server

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "test-results"
OpenPhone = Callable[..., Phone]
REAL = ("browser", "fault")  # folders whose tests start processes; a file of them stays on one worker


IN_MEMORY = Path("/dev/shm")
ROOM = 4 << 30  # bytes


def pytest_configure(config: pytest.Config) -> None:
    """Keeps what tests write in memory where there is room: each of our commits waits for the disk otherwise."""
    if "TMPDIR" not in os.environ and _has_room(IN_MEMORY):
        os.environ["TMPDIR"] = str(IN_MEMORY)
        tempfile.tempdir = None


def _has_room(folder: Path) -> bool:
    """For files, and for programs that tests install."""
    if not folder.is_dir() or shutil.disk_usage(folder).free < ROOM:
        return False
    return not os.statvfs(folder).f_flag & os.ST_NOEXEC


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        if folder in REAL:
            item.add_marker(pytest.mark.xdist_group(item.path.name))
        if folder == "browser":
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Leaves the verdict on the test, so that a fixture can take a screenshot of what failed."""
    report = yield
    setattr(item, f"{report.when}_failed", report.failed)
    return report


# --- Databases ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(scope="session")
def base_settings(shared_folder: Path) -> Settings:
    """Settings as `load` makes them, with secrets made for the tests."""
    scalar = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    secrets = {
        "SECRET_KEY": "not-a-secret",
        "DATA_KEY": _base64(b"d" * 32),
        "VAPID_PRIVATE_KEY": _base64(scalar.to_bytes(32)),
    }
    environment = {f"REKINDLE_{name}": value for name, value in secrets.items()}
    environment["REKINDLE_INSTANCE"] = str(shared_folder / "instance")
    environment["REKINDLE_VAPID_SUBJECT"] = "mailto:tests@rekindle.example"
    return settings_module.load(environment)


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture(scope="session")
def sqlite_files(shared_folder: Path, base_settings: Settings) -> Databases:
    return SqliteFiles(shared_folder, base_settings)


@pytest.fixture(scope="session")
def postgresql_databases(shared_folder: Path, base_settings: Settings) -> Iterator[Databases]:
    with databases.postgresql_server() as server:
        yield PostgresqlDatabases(shared_folder, base_settings, server=server)


@pytest.fixture(scope="session")
def redis() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture(params=databases.KINDS)
def databases_of_kind(request: pytest.FixtureRequest) -> Databases:
    """A maker of databases, first of SQLite's, then of PostgreSQL's."""
    fixture = {"sqlite": "sqlite_files", "postgresql": "postgresql_databases"}[request.param]
    return request.getfixturevalue(fixture)


@pytest.fixture
def database(databases_of_kind: Databases) -> Iterator[str]:
    """The address of a database with every table and no rows; each test runs once for each kind."""
    url = databases_of_kind.fresh()
    yield url
    if isinstance(databases_of_kind, PostgresqlDatabases):
        databases_of_kind.drop(url)


@pytest.fixture
def queue_url(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The engine's store that goes with the database: a file beside SQLite, Redis beside PostgreSQL."""
    if database.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'queue.db'}"
    server: RedisServer = request.getfixturevalue("redis")
    return server.fresh()


# --- The app, in this process -------------------------------------------------------------------------------------


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def now(clock: Clock) -> datetime:
    """The instant at which the test begins."""
    return clock.now


@pytest.fixture
def settings(base_settings: Settings, database: str, queue_url: str, tmp_path: Path) -> Settings:
    instance = tmp_path / "instance"
    instance.mkdir()
    shared_assets = base_settings.instance / "assets"
    shared_assets.mkdir(parents=True, exist_ok=True)
    (instance / "assets").symlink_to(shared_assets)  # compressing them once is enough
    return replace(base_settings, instance=instance, database_url=database, queue_url=queue_url)


@pytest.fixture
def app(settings: Settings, clock: Clock, shared_folder: Path) -> Iterator[Flask]:
    app = make_app(settings, clock, shared_folder)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def make_app(settings: Settings, clock: Clock, shared_folder: Path) -> Flask:
    app = create_app(settings, clock=clock)
    app.testing = True
    app.test_client_class = Client
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(shared_folder))
    return app


@pytest.fixture
def in_app(app: Flask) -> Iterator[Flask]:
    """An app context around the whole test, for what speaks to storage and services directly."""
    with app.app_context():
        yield app


@pytest.fixture
def queries(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """`with queries() as sent: …` and `len(sent)` says how often the database was asked."""
    with app.app_context():
        return partial(databases.counted_queries, db.engine)


# --- The cast -----------------------------------------------------------------------------------------------------


@pytest.fixture
def ana(app: Flask, now: datetime) -> Person:
    """The owner; her parent is Mom."""
    return people.settle_in(app, "Ana", now, "Mom")


@pytest.fixture
def ben(app: Flask, now: datetime) -> Person:
    """Somebody else, with an account and a parent of his own."""
    return people.settle_in(app, "Ben", now, "Dad", "he")


@pytest.fixture
def cleo(app: Flask) -> Person:
    """A stranger: no cookie, no account."""
    return people.stranger(app, "Cleo")


@pytest.fixture
def client(cleo: Person) -> Client:
    """A browser that has never been here."""
    return cleo.client


# --- The real thing -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`rekindle serve`, shared: for tests that need only its address, since every browser has an account of its own."""
    yield from running(Server(tmp_path_factory.mktemp("server")))


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """`rekindle serve` for this test alone: stop it, kill it, change its settings, look into its database."""
    yield from running(Server(tmp_path))


def running(server: Server) -> Iterator[Server]:
    server.prepare()
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def open_phone(playwright: Playwright, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[OpenPhone]:
    """`open_phone(server, …)`: a fresh profile each time; further arguments are Playwright's context options."""
    phones: list[Phone] = []

    def open_one(server: Server, *, arguments: tuple[str, ...] = (), **options: Any) -> Phone:
        phone = Phone(playwright, server.address, tmp_path / f"profile-{len(phones)}", options, arguments)
        phones.append(phone)
        return phone.open()

    yield open_one
    failed = getattr(request.node, "call_failed", False)
    for number, phone in enumerate(phones):
        if failed and phone.is_open:
            phone.screenshot(RESULTS / f"{_file_name(request.node.name)}-{number}.png", full_page=True)
        phone.close()
    if not failed:
        assert [error for phone in phones for error in phone.errors] == [], "the console had errors"
        assert [url for phone in phones for url in phone.strangers] == [], "another origin was asked"


@pytest.fixture
def phone(open_phone: OpenPhone, server: Server) -> Phone:
    """A phone at the shared server, where nobody has been yet."""
    return open_phone(server)


@pytest.fixture
def plain_phone(open_phone: OpenPhone, server: Server) -> Phone:
    """The same with scripts switched off."""
    return open_phone(server, java_script_enabled=False)


def _file_name(test: str) -> str:
    return re.sub(r"[^\w.-]+", "-", test)
