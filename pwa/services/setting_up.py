"""Setting up: an account's beginning, its parents, and what is told about each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pwa.domain import dates
from pwa.domain.mantel import mantel
from pwa.domain.parents import Pronouns, parent_name
from pwa.domain.persistence import MOST_FOLLOW_UPS, most_follow_ups
from pwa.services import finding, nudging
from pwa.storage import accounts, database, parents, rounds, sessions
from pwa.storage.parents import Parent
from pwa.storage.sessions import Session


@dataclass(frozen=True)
class Arrival:
    """A new account's first session; `token` is for the browser, and told only here."""

    session_id: UUID
    token: str
    parent_id: UUID


@dataclass(frozen=True)
class Naming:
    """What somebody calls a parent, and how the texts speak of them."""

    name: str | None
    pronouns: Pronouns


@dataclass(frozen=True)
class Likes:
    """What a parent enjoys: keys of the content's interests, and the person's own words."""

    interests: Sequence[str] = ()
    words: str | None = None


@dataclass(frozen=True)
class Nearness:
    """How far apart they are, how they usually talk, and times that never suit."""

    distance: str = ""
    channels: Sequence[str] = ()
    bad_times: str | None = None


@dataclass(frozen=True)
class Portrait:
    """All of it. `rhythm_days` of None means never to be reminded of this parent; `zone` of None is the person's own."""

    naming: Naming
    likes: Likes
    nearness: Nearness
    rhythm_days: int | None
    room: str
    zone: str | None = None
    most_follow_ups: int = MOST_FOLLOW_UPS


def begin(zone: str, naming: Naming, now: datetime) -> Arrival:
    """The first write of somebody new: account, session, parent and first round."""
    dates.zone(zone)
    with database.transaction():
        account = accounts.add(now, zone)
        session, token = sessions.add(account.id, now)
        parent = _welcome(session, naming, now)
        nudging.replan(account.id, now)
        return Arrival(session.id, token, parent.id)


def add_parent(session_id: UUID, naming: Naming, now: datetime) -> UUID:
    """Another parent of the same account; this browser shows their room from here on."""
    session = finding.session(session_id)
    with database.transaction(session.account_id):
        session = finding.session(session_id)
        parent = _welcome(session, naming, now)
        nudging.replan(session.account_id, now)
        return parent.id


def learn_likes(account_id: UUID, parent_id: UUID, likes: Likes) -> None:
    with database.transaction(account_id):
        enjoys(finding.parent(parent_id, account_id), likes)
        accounts.touch(account_id)


def learn_nearness(account_id: UUID, parent_id: UUID, nearness: Nearness) -> None:
    with database.transaction(account_id):
        _lives(finding.parent(parent_id, account_id), nearness)
        accounts.touch(account_id)


def change(account_id: UUID, parent_id: UUID, portrait: Portrait, now: datetime) -> None:
    """Everything that is known of a parent, at once."""
    with database.transaction(account_id):
        parent = finding.parent(parent_id, account_id)
        parent.name, parent.pronouns = portrait.naming.name, portrait.naming.pronouns
        parent.rhythm_days, parent.room = portrait.rhythm_days, portrait.room
        parent.zone, parent.most_follow_ups = portrait.zone, most_follow_ups(portrait.most_follow_ups)
        enjoys(parent, portrait.likes)
        _lives(parent, portrait.nearness)
        accounts.touch(account_id)
        nudging.replan(account_id, now)


def choose_parent(session_id: UUID, parent_id: UUID) -> None:
    """This browser shows that parent's room from here on."""
    session = finding.session(session_id)
    with database.transaction(session.account_id):
        session = finding.session(session_id)
        session.parent_id = finding.parent(parent_id, session.account_id).id
        accounts.touch(session.account_id)


def _welcome(session: Session, naming: Naming, now: datetime) -> Parent:
    parent = parents.add(session.account_id, now, naming.name, naming.pronouns)
    parent.mantel = _mantel(parent)
    rounds.add(parent.id, 1, now)
    session.parent_id = parent.id
    accounts.touch(session.account_id)
    return parent


def enjoys(parent: Parent, likes: Likes) -> None:
    """Within a transaction: what they enjoy, and what stands on their mantel for it."""
    parent.interests, parent.likes = list(likes.interests), likes.words
    parent.mantel = _mantel(parent)


def _mantel(parent: Parent) -> str:
    others = [each.mantel for each in parents.of_account(parent.account_id) if each.id != parent.id]
    return mantel(parent.interests, others)


def _lives(parent: Parent, nearness: Nearness) -> None:
    parent.distance, parent.bad_times = nearness.distance, nearness.bad_times
    parent.channel = ",".join(nearness.channels)


def choose_signature(account_id: UUID, signature: str) -> None:
    """How the person signs what they write; nothing for no name at all."""
    name = parent_name(signature)
    with database.transaction(account_id):
        finding.account(account_id).signature = name
        accounts.touch(account_id)
