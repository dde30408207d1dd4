"""Subscribing: which of an account's devices nudges are pushed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from pwa.domain import dates
from pwa.domain.errors import Refused
from pwa.push.subscription import Subscription as Address
from pwa.services import finding
from pwa.storage import accounts, database, sessions, subscriptions
from pwa.storage.sessions import Session
from pwa.storage.subscriptions import AT_MOST, Subscription


@dataclass(frozen=True)
class Newcomer:
    """An account whose first write this was; `token` is for the browser, and told only here."""

    session_id: UUID
    token: str


def subscribe(session_id: UUID, given: Address, key_id: str, now: datetime) -> bool:
    """Nudges for this session's account go to that browser too. Returns whether it is new to the account.

    A browser known already keeps its row. What belonged to somebody else moves here: it is this session's browser now.
    key_id: the key pair that the browser subscribed with.
    """
    account_id = finding.session(session_id).account_id
    try:
        with database.transaction(account_id):
            return _save(finding.session(session_id), given, key_id, now)
    except IntegrityError:  # two sessions told of the same browser in the same instant
        with database.transaction(account_id):
            return _save(finding.session(session_id), given, key_id, now)


def arrive(given: Address, key_id: str, zone: str, now: datetime) -> Newcomer:
    """The same from somebody without an account: it is their first write, so it makes one."""
    dates.zone(zone)
    with database.transaction():
        account = accounts.add(now, zone)
        session, token = sessions.add(account.id, now)
        _save(session, given, key_id, now)
        return Newcomer(session.id, token)


def unsubscribe(account_id: UUID, endpoint: str) -> None:
    """Forgets the account's own device. Somebody else's, and one never known, stay as they are."""
    with database.transaction(account_id):
        known = subscriptions.find(endpoint)
        if known is not None and known.account_id == account_id:
            subscriptions.forget(known)


def _save(session: Session, given: Address, key_id: str, now: datetime) -> bool:
    known = subscriptions.find(given.endpoint)
    ours = known is not None and known.account_id == session.account_id
    if not ours and subscriptions.count(session.account_id) >= AT_MOST:
        raise Refused(f"Nudges are on for {AT_MOST} devices already. Switch them off on one you no longer use.")
    if known is None:
        subscriptions.add(_fresh(session, given, key_id, now))
        return True
    if not ours:
        _take_over(known, now)
    known.account_id, known.session_id, known.seen_at = session.account_id, session.id, now
    known.p256dh, known.auth, known.vapid_key_id = given.p256dh, given.auth, key_id
    return not ours


def _fresh(session: Session, given: Address, key_id: str, now: datetime) -> Subscription:
    return Subscription(
        account_id=session.account_id,
        session_id=session.id,
        endpoint_hash=subscriptions.hash_of(given.endpoint),
        endpoint=given.endpoint,
        p256dh=given.p256dh,
        auth=given.auth,
        vapid_key_id=key_id,
        created_at=now,
        seen_at=now,
    )


def _take_over(known: Subscription, now: datetime) -> None:
    """What its last owner chose and saw is not for the next one."""
    known.created_at, known.names_shown, known.failures = now, False, 0
    known.shown_at = known.accepted_at = None
