"""Reflecting: the longer view of step 1. Private, optional in every part, and easily taken back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pwa.services import finding, stepping
from pwa.storage import accounts, database, perspectives

TASK = "perspective.longer_view"


@dataclass(frozen=True)
class LongerView:
    """What somebody wrote: `feelings` and `reasons` are keys of the content, the rest their own words."""

    feelings: Sequence[str] = ()
    reasons: Sequence[str] = ()
    feeling: str | None = None
    reason: str | None = None
    friend: str | None = None
    instead: str | None = None


def keep(account_id: UUID, round_id: UUID, view: LongerView, now: datetime) -> None:
    """Seals what was written, over what was there, and ticks the task it belongs to."""
    chosen = json.dumps({"feelings": list(view.feelings), "reasons": list(view.reasons)})
    with database.transaction(account_id):
        round_ = finding.round_(round_id, account_id)
        perspectives.save(
            round_id,
            now,
            chosen=chosen,
            feeling=view.feeling,
            reason=view.reason,
            friend=view.friend,
            instead=view.instead,
        )
        if round_.closed_at is None and TASK in stepping.tasks_of(round_):
            stepping.write(round_, TASK, done=True, now=now, by=stepping.BY_APP)
        accounts.touch(account_id)


def read(round_id: UUID) -> LongerView | None:
    """What was written in that round, opened."""
    kept = perspectives.find(round_id)
    if kept is None:
        return None
    chosen = json.loads(kept.chosen or "{}")
    return LongerView(
        tuple(chosen.get("feelings", ())),
        tuple(chosen.get("reasons", ())),
        kept.feeling,
        kept.reason,
        kept.friend,
        kept.instead,
    )


def forget(account_id: UUID, round_id: UUID) -> None:
    """Deletes the words; the task stays as it is."""
    with database.transaction(account_id):
        perspectives.forget(finding.round_(round_id, account_id).id)
        accounts.touch(account_id)
