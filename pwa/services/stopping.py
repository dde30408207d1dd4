"""Stopping: where being in touch is not safe or not wanted, everything about that parent goes silent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pwa.domain.errors import Refused
from pwa.services import finding, nudging
from pwa.storage import accounts, database, moments, pauses

THEIRS = "They asked not to be asked again, so it stays stopped. If they get in touch first, write that down in Moments; then this opens."


def stop(account_id: UUID, parent_id: UUID, now: datetime) -> None:
    """No nudge, no step, no date for this parent. The reason is not asked for."""
    with database.transaction(account_id):
        parent = finding.parent(parent_id, account_id)
        if pauses.find_stop(parent.id) is None:
            pauses.add_stop(parent.id, now)
        accounts.touch(account_id)
        nudging.replan(account_id, now)


def resume(account_id: UUID, parent_id: UUID, now: datetime) -> None:
    """The person takes their own stop back. The parent's stands until the parent has been in touch first."""
    with database.transaction(account_id):
        parent = finding.parent(parent_id, account_id)
        for stop in pauses.stops_of([parent.id]):
            if stop.by == "them" and stop.lifted_at is None and not moments.heard_after(parent.id, stop.made_at):
                raise Refused(THEIRS)
            stop.lifted_at = stop.lifted_at or now
        accounts.touch(account_id)
        nudging.replan(account_id, now)
