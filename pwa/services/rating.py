"""Rating: *love it*, *not for her* and why, and taking either back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from pwa import content
from pwa.domain.errors import Invalid, NotThere
from pwa.domain.lessons import LOVED, REFUSED, WHYS
from pwa.services import correcting, finding
from pwa.services.tailoring import read
from pwa.storage import accounts, database, verdicts


def love(account_id: UUID, parent_id: UUID, idea: str, now: datetime) -> None:
    _say(account_id, parent_id, idea, LOVED, None, now)


def refuse(account_id: UUID, parent_id: UUID, idea: str, why: str | None, now: datetime) -> None:
    """`why` is one of the rule's WHYS, or None when it is not said (yet)."""
    if why is not None and why not in WHYS:
        raise Invalid("Pick one of these reasons, or none.", "why")
    _say(account_id, parent_id, idea, REFUSED, why, now)


def take_back(account_id: UUID, parent_id: UUID, idea: str) -> None:
    """As if nothing had been said: what it taught is forgotten with it."""
    with database.transaction(account_id):
        parent = finding.parent(parent_id, account_id)
        verdict = verdicts.find(parent.id, idea)
        if verdict is not None:
            verdicts.delete(verdict)
            accounts.touch(account_id)


def keep_to(account_id: UUID, parent_id: UUID, idea: str, now: datetime) -> None:
    """Makes a limit of why an idea was refused: from here on nothing that asks as much."""
    with database.transaction(account_id):
        parent = finding.parent(parent_id, account_id)
        verdict = verdicts.find(parent.id, idea)
        refused = content.catalogue().ideas.get(idea)
        if verdict is None or refused is None:
            raise NotThere
        put_right = read(parent)
        answers = put_right.answers.less_than(refused, verdict.why)
        correcting.write(parent.id, replace(put_right, answers=answers), now)
        accounts.touch(account_id)


def _say(account_id: UUID, parent_id: UUID, idea: str, verdict: str, why: str | None, now: datetime) -> None:
    if idea not in content.catalogue().ideas:
        raise NotThere
    with database.transaction(account_id):
        parent = finding.parent(parent_id, account_id)
        verdicts.save(parent.id, idea, verdict, why, now)
        accounts.touch(account_id)
