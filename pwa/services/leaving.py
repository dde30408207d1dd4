"""Leaving: this phone is forgotten, or everything is."""

from __future__ import annotations

from uuid import UUID

from pwa.services import finding
from pwa.storage import accounts, database, sessions


def sign_out(session_id: UUID) -> None:
    """Forgets this browser and its push subscription; the account stays."""
    with database.transaction():
        sessions.forget(session_id)


def delete_everything(account_id: UUID) -> None:
    """The account and all that hangs on it. Nothing of it is kept."""
    with database.transaction(account_id):
        accounts.delete(finding.account(account_id))
