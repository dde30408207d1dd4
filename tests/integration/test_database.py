"""The database keeps what it was told, whoever writes beside it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError, StatementError

from pwa.storage import accounts, nudges, parents, rounds, ticks
from pwa.storage.database import db, new_id, transaction
from tests.support.databases import path_of
from tests.support.people import Person

NOON = datetime(2026, 6, 7, 12, tzinfo=UTC)


@pytest.fixture
def account_id(in_app: Flask) -> UUID:
    with transaction():
        return accounts.add(NOON, "America/Edmonton").id


def test_an_instant_comes_back_aware_and_in_utc(account_id: UUID) -> None:
    west = datetime(2026, 6, 7, 6, tzinfo=timezone(timedelta(hours=-6)))
    with transaction():
        parent = parents.add(account_id, west, "Mom", "she")
    db.session.expire_all()
    found = parents.get(parent.id, account_id)
    assert found is not None
    assert found.created_at == NOON
    assert found.created_at.utcoffset() == timedelta(0)


def test_a_naive_instant_is_refused(account_id: UUID) -> None:
    with pytest.raises(StatementError, match="naive"), transaction():
        parents.add(account_id, NOON.replace(tzinfo=None), "Mom", "she")


def test_ids_are_version_7_and_sort_by_time() -> None:
    ids = [new_id() for _ in range(100)]
    assert {made.version for made in ids} == {7}
    assert ids == sorted(ids)
    assert len(set(ids)) == 100


def test_a_write_outside_a_transaction_is_refused(account_id: UUID) -> None:
    with pytest.raises(RuntimeError, match="outside"):
        accounts.touch(account_id)
    with pytest.raises(RuntimeError, match="outside"):
        parents.add(account_id, NOON, "Mom", "she")


def test_a_transaction_that_fails_leaves_nothing(account_id: UUID) -> None:
    with pytest.raises(ZeroDivisionError):
        _add_and_fail(account_id)
    assert parents.of_account(account_id) == []


def _add_and_fail(account_id: UUID) -> None:
    with transaction(account_id):
        parents.add(account_id, NOON, "Mom", "she")
        raise ZeroDivisionError


def test_read_then_write_loses_no_update_among_eight_writers(app: Flask, account_id: UUID) -> None:
    with transaction():
        round_id = rounds.add(parents.add(account_id, NOON, None, "they").id, 1, NOON).id

    def add_one(_number: int) -> None:
        with app.app_context(), transaction(account_id):
            tick = ticks.find(round_id, "x.y")
            counted = tick.n if tick is not None else 0
            ticks.save(round_id, "x.y", done=True, now=NOON, n=counted + 1, device="")

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(add_one, range(200)))
    db.session.expire_all()
    found = ticks.find(round_id, "x.y")
    assert found is not None
    assert found.n == 200


def test_one_nudge_is_claimed_once_among_eight_claimers(app: Flask, account_id: UUID) -> None:
    with transaction():
        for number in range(100):
            _schedule(account_id, f"kind-{number}")

    def take(owner: int) -> list[UUID]:
        taken: list[UUID] = []
        with app.app_context():
            for _ in range(10):
                with transaction():
                    taken += [one.id for one in nudges.claim(NOON, str(owner), timedelta(minutes=2), limit=7)]
        return taken

    with ThreadPoolExecutor(8) as claimers:
        claimed = [nudge for ids in claimers.map(take, range(8)) for nudge in ids]
    assert len(claimed) == len(set(claimed)) == 100


def test_an_old_attempt_cannot_settle_what_another_holds(account_id: UUID) -> None:
    with transaction():
        nudge_id = _schedule(account_id, "begin").id
    with transaction():
        first = nudges.claim(NOON, "first", timedelta(minutes=2))
    with transaction():
        assert nudges.claim(NOON + timedelta(minutes=1), "second", timedelta(minutes=2)) == []
        second = nudges.claim(NOON + timedelta(minutes=3), "second", timedelta(minutes=2))
        assert nudges.still_held(first) == []
        (held,) = nudges.still_held(second)
        assert (held.id, held.account_id, held.attempt) == (nudge_id, account_id, 2)
        held.end(nudges.SENT, NOON)
        nudges.save_all([held])
    assert nudges.still_held(second) == []


def test_how_often_a_lease_ran_out_is_remembered(account_id: UUID) -> None:
    with transaction():
        nudge = _schedule(account_id, "begin")
    for minutes in (0, 3, 6):
        with transaction():
            (held,) = nudges.claim(NOON + timedelta(minutes=minutes), "any", timedelta(minutes=2))
    with transaction():
        held.put_back(NOON + timedelta(minutes=7), "retry")
        nudges.save_all([held])
    with transaction():
        nudges.claim(NOON + timedelta(minutes=7), "any", timedelta(minutes=2))
    db.session.refresh(nudge)
    assert (nudge.attempt, nudge.recovered) == (4, 2), "a retry is no rescue"


def test_it_is_known_when_there_is_something_to_claim(account_id: UUID) -> None:
    assert nudges.claimable_at() is None
    with transaction():
        _schedule(account_id, "begin")
    assert nudges.claimable_at() == NOON
    with transaction():
        nudges.claim(NOON, "any", timedelta(minutes=2))
    assert nudges.claimable_at() == NOON + timedelta(minutes=2)


def test_claiming_walks_an_index_and_sorts_nothing(account_id: UUID) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        if "nudge" in statement:
            asked.append((statement, values))

    with noted(db.engine, note), transaction():
        nudges.claimable_at()
        nudges.claim(NOON, "any", timedelta(minutes=2))
    plans = [plan(*each) for each in asked]
    assert [set(re.findall(r"ix_nudge_\w+", each)) for each in plans] == [
        {"ix_nudge_scheduled_due_at", "ix_nudge_leased_lease_until"},
        {"ix_nudge_leased_lease_until"},
        {"ix_nudge_scheduled_due_at"},
    ]
    assert [each for each in plans if re.search(r"SCAN nudge(?! USING)|TEMP B-TREE|Sort|Seq Scan", each)] == []


@contextmanager
def noted(engine: Engine, note: Callable[..., None]) -> Iterator[None]:
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plan(statement: str, values: Any) -> str:
    """What the database would do, were the table large."""
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            return "\n".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values))
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values))


def _schedule(account_id: UUID, kind: str) -> nudges.Nudge:
    later = NOON + timedelta(hours=12)
    return nudges.add(
        nudges.Nudge(account_id=account_id, kind=kind, local_on=NOON.date(), due_at=NOON, useful_until=later)
    )


class TestSqlite:
    """What only SQLite has to be told."""

    @pytest.mark.parametrize("databases_of_kind", ["sqlite"], indirect=True)
    @pytest.mark.parametrize(
        ("pragma", "value"),
        [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000)],
    )
    def test_every_connection_is_set_up(self, in_app: Flask, pragma: str, value: object) -> None:
        for _ in range(2):
            with db.engine.connect() as connection:
                assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
            db.engine.dispose()

    @pytest.mark.parametrize("databases_of_kind", ["sqlite"], indirect=True)
    def test_a_locked_database_is_read_but_not_written(self, database: str, in_app: Flask, ana: Person) -> None:
        with sqlite3.connect(path_of(database), isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            assert accounts.count() == 1
            db.session.rollback()
            _wait_only(50)
            with pytest.raises(OperationalError, match="locked"), transaction():
                pass
            assert accounts.count() == 1
            other.execute("ROLLBACK")
        with transaction():
            accounts.add(NOON, "UTC")

    @pytest.mark.parametrize("databases_of_kind", ["sqlite"], indirect=True)
    def test_a_full_database_is_read_and_recovers_by_itself(self, in_app: Flask, ana: Person) -> None:
        assert db.session.scalar(text("PRAGMA max_page_count = 1")) > 1, "as many as it has by now"
        db.session.commit()
        with pytest.raises(OperationalError, match="full"), transaction():
            _add_many(1_000)
        assert accounts.count() == 1
        assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"
        db.session.execute(text("PRAGMA max_page_count = 1000000"))
        db.session.commit()
        with transaction():
            accounts.add(NOON, "UTC")
        assert accounts.count() == 2

    @pytest.mark.parametrize("databases_of_kind", ["sqlite"], indirect=True)
    def test_who_reads_for_long_keeps_nobody_from_writing(self, database: str, in_app: Flask) -> None:
        with sqlite3.connect(path_of(database), isolation_level=None) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM account").fetchone()
            for _ in range(100):
                with transaction():
                    accounts.add(NOON, "UTC")
            assert reader.execute("SELECT count(*) FROM account").fetchone() == (0,), "it sees what it began with"
            reader.execute("ROLLBACK")
        assert accounts.count() == 100


def _add_many(count: int) -> None:
    for _ in range(count):
        accounts.add(NOON, "UTC")


def _wait_only(milliseconds: int) -> None:
    db.session.execute(text(f"PRAGMA busy_timeout = {milliseconds}"))
    db.session.commit()
