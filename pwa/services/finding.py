"""Finding: what an account means by an id. Somebody else's and nobody's are the same NotThere."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from pwa.domain.errors import NotThere
from pwa.storage import accounts, invitations, moments, parents, rounds, sessions
from pwa.storage.accounts import Account
from pwa.storage.invitations import Invitation
from pwa.storage.moments import Moment
from pwa.storage.parents import Parent
from pwa.storage.rounds import Round
from pwa.storage.sessions import Session

Row = TypeVar("Row")


def account(account_id: UUID) -> Account:
    return _there(accounts.get(account_id))


def session(session_id: UUID) -> Session:
    return _there(sessions.get(session_id))


def parent(parent_id: UUID, account_id: UUID) -> Parent:
    return _there(parents.get(parent_id, account_id))


def round_(round_id: UUID, account_id: UUID) -> Round:
    return _there(rounds.get(round_id, account_id))


def invitation(invitation_id: UUID, account_id: UUID) -> Invitation:
    return _there(invitations.get(invitation_id, account_id))


def moment(moment_id: UUID, account_id: UUID) -> Moment:
    return _there(moments.get(moment_id, account_id))


def _there(row: Row | None) -> Row:
    if row is None:
        raise NotThere
    return row
