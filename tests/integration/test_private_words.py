"""What hurts is kept sealed, and gone means gone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from pwa.storage import accounts, moments, parents, perspectives, rounds, sealing
from pwa.storage.database import db, transaction
from tests.support.databases import path_of
from tests.support.people import Person

NOON = datetime(2026, 6, 7, 12, tzinfo=UTC)
SENTINEL = "she-never-called-when-it-mattered"


@pytest.fixture
def written(in_app: Flask, ana: Person) -> Person:
    """Ana has written the sentinel wherever free text can be written."""
    assert ana.account_id is not None
    with transaction(ana.account_id):
        parent = parents.of_account(ana.account_id)[0]
        parent.name = parent.likes = parent.bad_times = SENTINEL
        round_ = rounds.current(parent.id)
        words = dict.fromkeys(("chosen", "feeling", "reason", "friend", "instead"), SENTINEL)
        perspectives.save(round_.id, NOON, **words)
        moments.add(parent.id, NOON, "call", "you", SENTINEL, None)
    return ana


def test_private_words_come_back_as_written(written: Person) -> None:
    db.session.expire_all()
    parent = parents.of_account(written.account_id)[0]
    kept = perspectives.find(rounds.current(parent.id).id)
    assert kept is not None
    assert {parent.likes, kept.friend, kept.instead, moments.of_parent(parent.id)[0].note} == {SENTINEL}


def test_no_private_word_reaches_any_column(written: Person) -> None:
    everything = " ".join(str(row) for row in _rows())
    assert SENTINEL not in everything


@pytest.mark.parametrize("databases_of_kind", ["sqlite"], indirect=True)
def test_no_private_word_reaches_the_files_of_the_database(written: Person, database: str) -> None:
    main = path_of(database)
    files = [path for path in main.parent.glob(main.name + "*") if path.is_file()]
    assert main in files
    for path in files:
        assert SENTINEL.encode() not in Path(path).read_bytes()


def test_the_same_words_never_look_the_same_twice() -> None:
    sealer = sealing.Sealer(b"k" * 32)
    assert sealer.seal("sorry", "moment.note") != sealer.seal("sorry", "moment.note")


@pytest.mark.parametrize(
    ("sealer", "field", "flip"),
    [
        (sealing.Sealer(b"x" * 32), "moment.note", None),
        (sealing.Sealer(b"k" * 32), "parent.likes", None),
        (sealing.Sealer(b"k" * 32), "moment.note", -1),
    ],
    ids=["another key", "another column", "a changed byte"],
)
def test_sealed_words_do_not_open(sealer: sealing.Sealer, field: str, flip: int | None) -> None:
    sealed = bytearray(sealing.Sealer(b"k" * 32).seal("sorry", "moment.note"))
    if flip is not None:
        sealed[flip] ^= 1
    with pytest.raises(sealing.Unreadable):
        sealer.open(bytes(sealed), field)


def test_a_lone_surrogate_is_refused_before_it_is_stored(in_app: Flask, ana: Person) -> None:
    with pytest.raises((UnicodeEncodeError, StatementError)):
        _like(ana, "\ud800")


def _like(person: Person, words: str) -> None:
    with transaction(person.account_id):
        parents.of_account(person.account_id)[0].likes = words


def test_a_deleted_account_leaves_no_row_behind(written: Person) -> None:
    with transaction():
        account = accounts.get(written.account_id)
        assert account is not None
        accounts.delete(account)
    assert _rows() == []


def _rows() -> list[object]:
    tables = [table for table in db.metadata.sorted_tables if table.name != "heartbeat"]
    return [tuple(row) for table in tables for row in db.session.execute(text(f'SELECT * FROM "{table.name}"'))]
