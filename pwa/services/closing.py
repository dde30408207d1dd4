"""Closing a round, and beginning the lighter next one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pwa.domain import rounds as rule
from pwa.services import finding, nudging, surveying
from pwa.storage import accounts, database, rounds


def begin_next(account_id: UUID, round_id: UUID, now: datetime) -> None:
    """Closes that round and begins the one after it. Asked for twice, it is done once."""
    with database.transaction(account_id):
        round_ = finding.round_(round_id, account_id)
        if round_.closed_at is not None:
            return
        number = rule.next_round(round_.number, surveying.progress_of(round_))
        round_.closed_at = now
        rounds.add(round_.parent_id, number, now)
        accounts.touch(account_id)
        nudging.replan(account_id, now)
