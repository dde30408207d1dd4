"""Processes that claim what is due, as fast as they can, and write down what they got."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import insert

from pwa import settings as settings_module
from pwa.cli.migrating import bare_app
from pwa.services import settling
from pwa.storage import accounts, database, nudges
from pwa.storage.database import Unavailable, db
from pwa.storage.nudges import Nudge, Occurrence
from tests.support.crowd import spawning

NOW = datetime(2026, 3, 6, 18, tzinfo=UTC)
AT_ONCE = 5_000
ABANDONED = 5  # each fifth is held by a worker that died


def make_due(app: Flask, count: int) -> None:
    """So many due nudges, spread over an hour; some are held under a lease that has run out."""
    with app.app_context(), database.transaction():
        account = accounts.add(NOW, "UTC")
        rows = (_row(account.id, number) for number in range(count))
        while some := list(itertools.islice(rows, AT_ONCE)):
            db.session.execute(insert(Nudge), some)


def _row(account_id: UUID, number: int) -> dict[str, object]:
    due_at = NOW - timedelta(seconds=number % 3_600)
    abandoned = number % ABANDONED == 0
    return {
        "account_id": account_id,
        "kind": "test",
        "local_on": date(2026, 3, 6),
        "due_at": due_at,
        "useful_until": due_at + timedelta(hours=12),
        "state": nudges.LEASED if abandoned else nudges.SCHEDULED,
        "attempt": 1 if abandoned else 0,
        "lease_until": NOW - timedelta(seconds=1) if abandoned else None,
    }


def claim_all(environment: dict[str, str], processes: int, folder: Path) -> list[list[tuple[str, int]]]:
    """Lets so many processes claim side by side until nothing is left. Returns id and attempt of what each one got."""
    gate = spawning.Barrier(processes)
    files = [folder / f"claims-{number}" for number in range(processes)]
    started = [spawning.Process(target=_claim, args=(environment, file, gate), daemon=True) for file in files]
    try:
        for process in started:
            process.start()
        for process in started:
            process.join(600)
            assert process.exitcode == 0, "a claimant did not come to its end"
    finally:
        for process in started:
            process.kill()
    return [list(_read(file)) for file in files]


def _read(file: Path) -> Iterator[tuple[str, int]]:
    for line in file.read_text().splitlines():
        nudge_id, attempt = line.split()
        yield nudge_id, int(attempt)


def _claim(environment: dict[str, str], file: Path, gate: Any) -> None:
    app = bare_app(settings_module.load(environment))
    gate.wait(60)
    with app.app_context(), file.open("w") as book:
        while claims := _claims(file.name):
            book.writelines(f"{nudge.id} {nudge.attempt}\n" for nudge in claims)


def _claims(owner: str) -> list[Occurrence]:
    """As the worker does it: once more where the database was too busy."""
    while True:
        try:
            return settling.claim(NOW, owner, timedelta(hours=1), 256)
        except Unavailable:
            db.session.rollback()
