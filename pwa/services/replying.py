"""Replying: a parent's answer, given on their page or told by the person, and all that follows from it.

The first answer stands until it is taken back; a wish not to be asked again is taken whatever stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from pwa.domain import dates
from pwa.domain.errors import Invalid, NotThere, Refused
from pwa.domain.invitations import LONGEST_NOTE, Page, page_at
from pwa.domain.nudges import USEFUL, Kind
from pwa.domain.steps import DAY_IS_SET
from pwa.services import finding, holding, inviting, nudging, stepping
from pwa.storage import accounts, answers, database, invitations, moments, nudges, options, pauses, rounds, ticks
from pwa.storage.answers import BY_THEM, BY_YOU, NOT_NOW, OTHER_TIME, STOP, YES, Answer
from pwa.storage.invitations import Invitation
from pwa.storage.nudges import Nudge
from pwa.storage.options import Option
from pwa.storage.parents import Parent

ANSWERED_ALREADY = "There is an answer already. Look at it, and change it if you like."
CLOSED = "This invitation is closed. There is nothing more to answer."


@dataclass(frozen=True)
class Given:
    """An answer: `number` of the date for a yes, `days` of quiet for a "not now", a note for any."""

    kind: str
    number: int | None = None
    days: int | None = None
    note: str | None = None


def page_of(invitation: Invitation, now: datetime) -> Page:
    """What the parent's page is now."""
    return page_at(
        answered=answers.find(invitation.id) is not None,
        closed=invitation.closed_at is not None or invitation.revoked_at is not None,
        link_until=invitation.link_until,
        starts=[option.starts_at for option in options.of_invitation(invitation.id)],
        now=now,
    )


def answer(token: str, given: Given, now: datetime) -> Answer:
    """What the parent said on their page. The same again changes nothing; Refused when another answer stands."""
    account_id = _owner(token).account_id
    with database.transaction(account_id):
        invitation, parent = _opened(token)
        standing = answers.find(invitation.id)
        if standing is not None and _same(standing, given):
            return standing
        if given.kind == STOP:
            _undo(invitation, parent, now)
        elif page_of(invitation, now) is Page.ANSWERED:
            raise Refused(ANSWERED_ALREADY)
        elif page_of(invitation, now) is Page.CLOSED:
            raise Refused(CLOSED)
        _note_sent(invitation, now)
        made = _take(invitation, parent, given, BY_THEM, now)
        _tell(parent, made, now)
        return made


def undo(token: str, now: datetime) -> None:
    """The parent takes the answer back; where there is none, nothing happens. Taking a stop back is being in touch first."""
    account_id = _owner(token).account_id
    with database.transaction(account_id):
        invitation, parent = _opened(token)
        _undo(invitation, parent, now)
        accounts.touch(account_id)
        nudging.replan(account_id, now)


def add_note(token: str, note: str, now: datetime) -> None:
    """A line with the answer that stands."""
    account_id = _owner(token).account_id
    with database.transaction(account_id):
        invitation, parent = _opened(token)
        standing = answers.find(invitation.id)
        if standing is None:
            raise Refused(CLOSED)
        if standing.note == _note(note):
            return
        standing.note = _note(note)
        _tell(parent, standing, now)


def report(account_id: UUID, invitation_id: UUID, given: Given, now: datetime) -> None:
    """What the parent said in another way. It takes the place of what stands."""
    with database.transaction(account_id):
        invitation = finding.invitation(invitation_id, account_id)
        parent = finding.parent(invitation.parent_id, account_id)
        standing = answers.find(invitation.id)
        if standing is not None and _same(standing, given):
            return
        if standing is not None and standing.kind == STOP:
            raise Refused("They asked not to be asked again. That stands until they are in touch first.")
        _undo(invitation, parent, now)
        _take(invitation, parent, given, BY_YOU, now)
        accounts.touch(account_id)
        nudging.replan(account_id, now)


def take_back(account_id: UUID, invitation_id: UUID, now: datetime) -> None:
    """The person told it wrongly. What the parent said on their page is not theirs to undo."""
    with database.transaction(account_id):
        invitation = finding.invitation(invitation_id, account_id)
        standing = answers.find(invitation.id)
        if standing is not None and standing.by == BY_THEM:
            raise Refused("That was said on their own page, so only they can change it.")
        _undo(invitation, finding.parent(invitation.parent_id, account_id), now)
        accounts.touch(account_id)
        nudging.replan(account_id, now)


def _note_sent(invitation: Invitation, now: datetime) -> None:
    """Whoever answers has got it, whether or not the person has said that it went."""
    if invitation.sent_at is None:
        invitation.sent_at = now
        inviting.write_down(invitation, 0, "other", invitation.words, now)


def _take(invitation: Invitation, parent: Parent, given: Given, by: str, now: datetime) -> Answer:
    chosen = _chosen(invitation, given, now)
    made = answers.add(
        Answer(
            invitation_id=invitation.id,
            kind=given.kind,
            number=chosen.number if chosen else None,
            note=_note(given.note),
            until_on=_until(parent, given, now),
            by=by,
            made_at=now,
        )
    )
    moments.add_of(parent.id, now, "message", "them", answer_id=made.id)
    _carry_out(invitation, parent, made, now)
    return made


def _carry_out(invitation: Invitation, parent: Parent, made: Answer, now: datetime) -> None:
    if made.kind == YES and made.number is not None:
        holding.confirm(invitation, made.number, now)
        round_ = rounds.current(parent.id)
        if DAY_IS_SET in stepping.tasks_of(round_):
            stepping.write(round_, DAY_IS_SET, done=True, now=now, by=stepping.BY_APP)
        return
    holding.release(invitation, now)
    if made.kind == STOP and pauses.find_stop(parent.id, by="them") is None:
        pauses.add_stop(parent.id, now, by="them")


def _undo(invitation: Invitation, parent: Parent, now: datetime) -> None:
    """Within a transaction: the answer that stands is gone, with all that came of it."""
    standing = answers.find(invitation.id)
    if standing is None:
        return
    moment = moments.find_by_answer(standing.id)
    if moment is not None and standing.kind != STOP:
        moments.delete(moment)
    if standing.kind == STOP:
        stop = pauses.find_stop(parent.id, by="them")
        if stop is not None:
            stop.lifted_at = now
    if standing.kind == YES:
        _untick(parent, now)
    standing.undone_at = now
    database.flush()
    if invitation.closed_at is None:
        holding.hold_again(invitation, now)


def _untick(parent: Parent, now: datetime) -> None:
    round_ = rounds.current(parent.id)
    tick = ticks.find(round_.id, DAY_IS_SET)
    # What the person ticked by hand is theirs.
    if tick is not None and tick.by == stepping.BY_APP:
        stepping.write(round_, DAY_IS_SET, done=False, now=now, by=stepping.BY_APP)


def _tell(parent: Parent, made: Answer, now: datetime) -> None:
    """A nudge to the person, at once."""
    account = finding.account(parent.account_id)
    nudges.add(
        Nudge(
            account_id=account.id,
            answer_id=made.id,
            kind=Kind.SHE_REPLIED.value,
            local_on=dates.local_date(now, dates.zone(account.zone)),
            due_at=now,
            useful_until=now + USEFUL,
        )
    )
    accounts.touch(account.id)
    nudging.replan(account.id, now)


def _chosen(invitation: Invitation, given: Given, now: datetime) -> Option | None:
    if given.kind not in answers.KINDS:
        raise Invalid("Pick one of the answers.", "answer")
    if given.kind != YES:
        return None
    found = next((one for one in options.of_invitation(invitation.id) if one.number == given.number), None)
    if found is None:
        raise Invalid("Pick one of the dates.", "answer")
    if found.ends_at <= now:
        raise Refused("That day has passed. Pick another, or write a line.")
    return found


def _until(parent: Parent, given: Given, now: datetime) -> date | None:
    if given.kind != NOT_NOW:
        return None
    zone = dates.zone(finding.account(parent.account_id).zone)
    return dates.local_date(now + timedelta(days=given.days or 30), zone)


def _same(standing: Answer, given: Given) -> bool:
    if standing.kind != given.kind:
        return False
    if given.kind == YES:
        return standing.number == given.number
    return given.kind != OTHER_TIME or standing.note == _note(given.note)


def _note(text: str | None) -> str | None:
    note = (text or "").strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid(f"That is a long line. Use up to {LONGEST_NOTE} letters.", "note")
    return note or None


def _owner(token: str) -> Parent:
    found = invitations.find(token)
    if found is None:
        raise NotThere
    return found[1]


def _opened(token: str) -> tuple[Invitation, Parent]:
    """Read again inside the transaction: what was read before it may be stale."""
    found = invitations.find(token)
    if found is None or (found[0].sent_at is None and found[0].revoked_at is not None):
        raise NotThere
    return found
