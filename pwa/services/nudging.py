"""Nudging: what is due next, and what a person answers to it. Whether and when is decided in `domain.nudges`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID


def replan(account_id: UUID, now: datetime) -> None:
    """Brings the scheduled nudges of the account's parents in line with the facts. Idempotent.

    Call it inside the transaction that changed the facts.
    """
