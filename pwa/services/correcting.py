"""Correcting: what somebody puts right of what was understood, kept sealed and told to nobody."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from pwa.domain.tailoring import PutRight
from pwa.services import finding
from pwa.services.setting_up import Likes, enjoys
from pwa.storage import accounts, database, tastes


def put_right(
    account_id: UUID, parent_id: UUID, chosen: Sequence[str], words: str | None, right: PutRight, now: datetime
) -> None:
    """`chosen`: the interests that stand ticked; `words`: what somebody says of the parent."""
    with database.transaction(account_id):
        parent = finding.parent(parent_id, account_id)
        enjoys(parent, Likes(chosen, words))
        write(parent.id, right, now)
        accounts.touch(account_id)


def write(parent_id: UUID, right: PutRight, now: datetime) -> None:
    """Within a transaction."""
    answers = {name: value for name, value in asdict(right.answers).items() if value is not None}
    if right.answers.avoid is not None:
        answers["avoid"] = sorted(right.answers.avoid)
    kept = {
        "kept": sorted(right.kept),
        "not_these": sorted(right.not_these),
        "words": dict(right.words),
        "answers": answers,
    }
    tastes.save(parent_id, json.dumps(kept), now)
