"""Inviting: what follows once words have gone out. The app never sends them itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pwa.domain.errors import NotThere, Refused
from pwa.domain.steps import INVITED
from pwa.services import finding, nudging, stepping
from pwa.storage import accounts, database, pauses, rounds

PICKED = "reach_out.pick_something"
STOPPED = "Everything about this parent has stopped, and it stays so until you say otherwise."


def sent(account_id: UUID, parent_id: UUID, now: datetime) -> None:
    """Ticks what is done when an invitation has gone out; saying it twice changes nothing."""
    with database.transaction(account_id):
        parent = finding.parent(parent_id, account_id)
        if pauses.find_stop(parent.id) is not None:
            raise Refused(STOPPED)
        round_ = rounds.current(parent.id)
        if round_.closed_at is not None:
            raise NotThere
        for task in (PICKED, INVITED):
            if task in stepping.tasks_of(round_):
                stepping.write(round_, task, done=True, now=now, by=stepping.BY_APP)
        accounts.touch(account_id)
        nudging.replan(account_id, now)
