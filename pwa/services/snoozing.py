"""Snoozing: "Tomorrow", said on a page."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pwa.services import nudging
from pwa.storage import accounts, database


def until_tomorrow(account_id: UUID, parent_id: UUID, now: datetime) -> None:
    """Nothing about this parent before the next local day."""
    with database.transaction(account_id):
        nudging.snooze(parent_id, account_id, now)
        accounts.touch(account_id)
        nudging.replan(account_id, now)
