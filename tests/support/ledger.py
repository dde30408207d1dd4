"""A running server's SQLite database as a test looks into it, and the hand that lets time pass for a nudge."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

USEFUL = timedelta(hours=12)


def written(at: datetime) -> str:
    """As the app writes an instant into SQLite."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


@dataclass(frozen=True)
class Ledger:
    """For a database with one account and one parent in it."""

    file: Path

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.file, timeout=10, isolation_level=None)
        connection.row_factory = sqlite3.Row
        try:
            yield connection
        finally:
            connection.close()

    def rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        with self.open() as connection:
            return [dict(row) for row in connection.execute(statement, values)]

    def row(self, statement: str, *values: object) -> dict[str, Any]:
        (only,) = self.rows(statement, *values)
        return only

    def change(self, statement: str, *values: object) -> None:
        with self.open() as connection:
            connection.execute(statement, values)

    # --- words of our own ---

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.row("SELECT zone FROM account")["zone"])

    def today(self) -> date:
        return datetime.now(self.zone).date()

    def make_due(self) -> str:
        """Two days pass: the nudge that is planned falls due this minute, at an hour that is the account's own."""
        now = datetime.now(UTC)
        hour = now.astimezone(self.zone).hour
        self.change("UPDATE account SET nudge_hour = ?, quiet_from_hour = 0, quiet_until_hour = 0", hour)
        self.change("UPDATE parent SET created_at = ?", written(now - timedelta(days=2)))
        (planned,) = self.rows("SELECT id FROM nudge WHERE state = 'scheduled' AND kind <> 'test'")
        self.change(
            "UPDATE nudge SET local_on = ?, due_at = ?, useful_until = ? WHERE id = ?",
            *(self.today().isoformat(), written(now), written(now + USEFUL), planned["id"]),
        )
        return str(planned["id"])

    def planned(self) -> tuple[str, date, int]:
        """Kind, local date and local hour of the one nudge that is planned."""
        row = self.row("SELECT kind, local_on, due_at FROM nudge WHERE state = 'scheduled'")
        at = datetime.fromisoformat(row["due_at"]).replace(tzinfo=UTC).astimezone(self.zone)
        return row["kind"], date.fromisoformat(row["local_on"]), at.hour

    def nudge(self, nudge_id: str) -> dict[str, Any]:
        return self.row("SELECT * FROM nudge WHERE id = ?", nudge_id)

    def forget_answers(self) -> None:
        """As if nothing had been sent or answered yet, for the next test with the same browser."""
        for table in ("moment", "snooze", "tick", "nudge"):
            self.change(f"DELETE FROM {table}")
