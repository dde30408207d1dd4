"""Following up: one more kind line that went out, or a note that asks for nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pwa.domain import dates
from pwa.domain.errors import Refused
from pwa.domain.steps import WRITTEN_AGAIN
from pwa.services import finding, inviting, nudging, reckoning, stepping
from pwa.storage import accounts, database, messages, rounds


def sent(account_id: UUID, invitation_id: UUID, number: int, way: str, words: str | None, now: datetime) -> None:
    """The message of that number went out. Said twice, it went once; Refused past what the rule allows.

    `number`: how many had gone before it, so that two phones cannot both send the same.
    """
    with database.transaction(account_id):
        invitation = finding.invitation(invitation_id, account_id)
        parent = finding.parent(invitation.parent_id, account_id)
        gone = messages.of_invitation(invitation.id)
        if number < len(gone):
            return
        known = reckoning.standing_of(parent, dates.zone(finding.account(account_id).zone), now)
        if not (known.may_follow_up or known.may_write_a_note):
            raise Refused(inviting.NOT_NOW.get(known.phase, "There is nothing to follow up."))
        inviting.write_down(invitation, len(gone), way, words, now)
        round_ = rounds.current(parent.id)
        if known.may_follow_up and WRITTEN_AGAIN in stepping.tasks_of(round_):
            stepping.write(round_, WRITTEN_AGAIN, done=True, now=now, by=stepping.BY_APP)
        accounts.touch(account_id)
        nudging.replan(account_id, now)
