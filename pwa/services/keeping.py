"""Keeping: what holds an account and its devices together over time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pwa.storage import database, sessions


def roll(session_id: UUID, now: datetime) -> None:
    """The session was used; it lasts from here on."""
    with database.transaction():
        sessions.roll(session_id, now)
