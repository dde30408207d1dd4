"""Stopping: where being in touch is not safe or not wanted, everything about that parent goes silent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pwa.services import finding, nudging
from pwa.storage import accounts, database, pauses


def stop(account_id: UUID, parent_id: UUID, now: datetime) -> None:
    """No nudge, no step, no date for this parent. The reason is not asked for."""
    with database.transaction(account_id):
        parent = finding.parent(parent_id, account_id)
        if pauses.find_stop(parent.id) is None:
            pauses.add_stop(parent.id, now)
        accounts.touch(account_id)
        nudging.replan(account_id, now)


def resume(account_id: UUID, parent_id: UUID, now: datetime) -> None:
    """The person took their own stop back."""
    with database.transaction(account_id):
        parent = finding.parent(parent_id, account_id)
        stop = pauses.find_stop(parent.id)
        if stop is not None:
            stop.lifted_at = now
        accounts.touch(account_id)
        nudging.replan(account_id, now)
