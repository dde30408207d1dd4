"""Subscribing: which of an account's devices nudges are pushed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from pwa.domain import dates
from pwa.domain.errors import NotThere, Refused
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


@dataclass(frozen=True)
class Telling:
    """How a browser came to tell of its subscription.

    key_id: the key pair that it subscribed with; platform: of `pwa.domain.platforms`; replaces: the endpoint that it had
    before; by_itself: it renews what was there, and nobody has tapped anything.
    """

    key_id: str
    platform: str | None = None
    replaces: str = ""
    by_itself: bool = False


def subscribe(session_id: UUID, given: Address, told: Telling, now: datetime) -> bool:
    """Nudges for this session's account go to that browser too. Returns whether it is new to the account.

    A browser known already keeps its row, also under a new endpoint. What belonged to somebody else moves here: it is
    this session's browser now. NotThere where it tells by itself what was switched off from another browser.
    """
    account_id = finding.session(session_id).account_id
    try:
        with database.transaction(account_id):
            return _tell(finding.session(session_id), given, told, now)
    except IntegrityError:  # two sessions told of the same browser in the same instant
        with database.transaction(account_id):
            return _tell(finding.session(session_id), given, told, now)


def arrive(given: Address, told: Telling, zone: str, now: datetime) -> Newcomer:
    """The same from somebody without an account: it is their first write, so it makes one."""
    dates.zone(zone)
    with database.transaction():
        account = accounts.add(now, zone)
        session, token = sessions.add(account.id, now)
        _save(session, given, told, now)
        return Newcomer(session.id, token)


def unsubscribe(account_id: UUID, endpoint: str) -> None:
    """Forgets the account's own device. Somebody else's, and one never known, stay as they are."""
    with database.transaction(account_id):
        known = subscriptions.find(endpoint)
        if known is not None and known.account_id == account_id:
            subscriptions.forget(known)


def switch_off(account_id: UUID, subscription_id: UUID, now: datetime) -> None:
    """From whichever browser: that one gets no more nudges, and learns of it when Rekindle is opened there."""
    with database.transaction(account_id):
        known = subscriptions.get(subscription_id)
        if known is None or known.account_id != account_id:
            raise NotThere
        session = finding.session(known.session_id)
        session.nudges_off_at = now
        for row in subscriptions.of_session(session.id):
            subscriptions.forget(row)


def _tell(session: Session, given: Address, told: Telling, now: datetime) -> bool:
    if not told.by_itself:
        session.nudges_off_at = None
    elif session.nudges_off_at is not None:
        raise NotThere("Nudges were switched off for this browser from another one.")
    return _save(session, given, told, now)


def _save(session: Session, given: Address, told: Telling, now: datetime) -> bool:
    known = _moved(session, given, told.replaces, now) or subscriptions.find(given.endpoint)
    ours = known is not None and known.account_id == session.account_id
    if not ours and subscriptions.count(session.account_id) >= AT_MOST:
        raise Refused(f"Nudges are on for {AT_MOST} devices already. Switch them off on one you no longer use.")
    if known is None:
        subscriptions.add(_fresh(session, given, told, now))
        return True
    if not ours:
        _take_over(known, now)
    known.account_id, known.session_id, known.seen_at = session.account_id, session.id, now
    known.p256dh, known.auth, known.vapid_key_id = given.p256dh, given.auth, told.key_id
    known.platform = told.platform
    return not ours


def _moved(session: Session, given: Address, replaces: str, now: datetime) -> Subscription | None:
    """The row of the endpoint that this one replaces, moved to it: what was chosen for the device stays chosen."""
    before = subscriptions.find(replaces) if replaces not in ("", given.endpoint) else None
    if before is None or before.account_id != session.account_id:
        return None
    if subscriptions.find(given.endpoint) is not None:
        subscriptions.forget(before)
        return None
    before.endpoint, before.endpoint_hash = given.endpoint, subscriptions.hash_of(given.endpoint)
    before.created_at, before.accepted_at, before.failures = now, None, 0
    return before


def _fresh(session: Session, given: Address, told: Telling, now: datetime) -> Subscription:
    return Subscription(
        account_id=session.account_id,
        session_id=session.id,
        endpoint_hash=subscriptions.hash_of(given.endpoint),
        endpoint=given.endpoint,
        p256dh=given.p256dh,
        auth=given.auth,
        vapid_key_id=told.key_id,
        platform=told.platform,
        created_at=now,
        seen_at=now,
    )


def _take_over(known: Subscription, now: datetime) -> None:
    """What its last owner chose and saw is not for the next one."""
    known.created_at, known.names_shown, known.failures = now, False, 0
    known.shown_at = known.accepted_at = known.silence_told_at = None
