"""Inviting: an idea becomes three dates, the dates become words, and the words go out. The app never sends them itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pwa.domain import dates
from pwa.domain import invitations as rules
from pwa.domain.errors import Invalid, NotThere, Refused
from pwa.domain.persistence import Phase
from pwa.domain.steps import INVITED
from pwa.services import finding, holding, nudging, reckoning, stepping
from pwa.storage import accounts, answers, database, invitations, messages, moments, options, rounds
from pwa.storage.invitations import Invitation
from pwa.storage.parents import Parent

PICKED, OFFERED = "reach_out.pick_something", "reach_out.offer_three_dates"
THREE = 3
NOT_NOW = {
    Phase.STOPPED: "Everything about this parent has stopped, and it stays so.",
    Phase.PUT_OFF: "They asked not to be asked for now. It comes back by itself.",
    Phase.WAITING: "Your invitation is with them already. A follow-up comes when it is time.",
    Phase.FOLLOW_UP: "Your invitation is with them already. A kind follow-up is what is left.",
    Phase.ROOM: "It is time to give them some room. You have done your part.",
    Phase.NOTE: "It is time to give them some room. You have done your part.",
    Phase.AGREED: "A day is set already.",
}


@dataclass(frozen=True)
class Plan:
    """What is offered. `spans`: three (start, end); `zone`: where they live, None for the account's own."""

    idea: str
    title: str
    venue: str
    place: str | None
    zone: str | None
    spans: Sequence[tuple[datetime, datetime]]
    with_holds: bool = True


@dataclass(frozen=True)
class Words:
    words: str
    warmth: str
    with_link: bool = True


def begin(account_id: UUID, parent_id: UUID, plan: Plan, now: datetime) -> UUID:
    """Writes the dates down as a draft, over the one that was being written; holds them if that is wanted."""
    _check(plan, now)
    with database.transaction(account_id):
        parent = finding.parent(parent_id, account_id)
        _refuse_unless_free(parent, account_id, now)
        draft = invitations.find_draft(parent.id) or _new(parent, plan, now)
        _fill(draft, plan)
        options.save(draft.id, plan.spans, now)
        holding.hold(draft, now)
        _tick(parent, (PICKED, OFFERED), now)
        parent.zone = plan.zone
        accounts.touch(account_id)
        nudging.replan(account_id, now)
        return draft.id


def write(account_id: UUID, invitation_id: UUID, words: Words) -> None:
    """Keeps the words as they are by now."""
    with database.transaction(account_id):
        draft = _draft(account_id, invitation_id)
        draft.words = _bounded(words.words, rules.LONGEST_WORDS, "words")
        draft.warmth, draft.with_link = words.warmth, words.with_link
        accounts.touch(account_id)


def sent(account_id: UUID, invitation_id: UUID, way: str, now: datetime) -> None:
    """It has gone out, by that way: from here it is waited for. Saying it twice changes nothing."""
    with database.transaction(account_id):
        invitation = finding.invitation(invitation_id, account_id)
        if invitation.sent_at is not None:
            return
        parent = finding.parent(invitation.parent_id, account_id)
        _refuse_unless_free(parent, account_id, now)
        for earlier in invitations.of_parent(parent.id):
            if earlier.id != invitation.id and earlier.closed_at is None:
                holding.close(earlier, now)
        invitation.sent_at = now
        write_down(invitation, 0, way, invitation.words, now)
        _tick(parent, (PICKED, OFFERED, INVITED), now)
        accounts.touch(account_id)
        nudging.replan(account_id, now)


def take_back(account_id: UUID, invitation_id: UUID, now: datetime) -> None:
    """It has not gone out after all. Refused once something came of it."""
    with database.transaction(account_id):
        invitation = finding.invitation(invitation_id, account_id)
        known = messages.of_invitation(invitation.id)
        if len(known) > 1 or answers.of_invitation(invitation.id):
            raise Refused("Something has come of it since, so it stays as it is.")
        for message in known:
            _forget(message)
        invitation.sent_at = None
        round_ = rounds.current(invitation.parent_id)
        stepping.write(round_, INVITED, done=False, now=now, by=stepping.BY_APP)
        accounts.touch(account_id)
        nudging.replan(account_id, now)


def fear(account_id: UUID, invitation_id: UUID, awkward: int | None, glad: int | None) -> None:
    """What was feared before it went: how awkward, how glad, 1 to 5."""
    with database.transaction(account_id):
        invitation = finding.invitation(invitation_id, account_id)
        invitation.awkward, invitation.glad = awkward, glad
        accounts.touch(account_id)


def call_off(account_id: UUID, invitation_id: UUID, now: datetime) -> None:
    """The invitation ends: its link, its holds, and the waiting for it. What was asked still counts as asked."""
    with database.transaction(account_id):
        holding.close(finding.invitation(invitation_id, account_id), now)
        accounts.touch(account_id)
        nudging.replan(account_id, now)


def revoke_link(account_id: UUID, invitation_id: UUID, now: datetime) -> None:
    """Whoever opens the link from here on is told that it is closed."""
    with database.transaction(account_id):
        finding.invitation(invitation_id, account_id).revoked_at = now
        accounts.touch(account_id)


def write_down(invitation: Invitation, number: int, way: str, words: str | None, now: datetime) -> None:
    """Within a transaction: a message that went out, and the moment it makes."""
    if way not in messages.WAYS:
        raise Invalid("Pick how it went from the list.", "way")
    message = messages.add(invitation.id, number, way, words, now)
    moments.add_of(invitation.parent_id, now, "call" if way == "call" else "message", "you", message_id=message.id)


def _check(plan: Plan, now: datetime) -> None:
    rules.venue(plan.venue)
    _bounded(plan.title, rules.LONGEST_PLACE, "title")
    _bounded(plan.place or "", rules.LONGEST_PLACE, "place")
    if plan.zone is not None:
        dates.zone(plan.zone)
    if len(plan.spans) != THREE or len({start for start, _ in plan.spans}) != THREE:
        raise Invalid("Offer three different times, so that saying yes is easy.", "dates")
    if any(start <= now or end <= start for start, end in plan.spans):
        raise Invalid("One of these times has passed. Pick a later one.", "dates")


def _refuse_unless_free(parent: Parent, account_id: UUID, now: datetime) -> None:
    zone = dates.zone(finding.account(account_id).zone)
    known = reckoning.standing_of(parent, zone, now)
    if not known.may_invite:
        raise Refused(NOT_NOW[known.phase])


def _new(parent: Parent, plan: Plan, now: datetime) -> Invitation:
    return invitations.add(
        Invitation(
            parent_id=parent.id,
            round_id=rounds.current(parent.id).id,
            made_at=now,
            idea=plan.idea,
            title=plan.title,
            venue=plan.venue,
            link_until=rules.link_until([end for _, end in plan.spans]),
        )
    )


def _fill(draft: Invitation, plan: Plan) -> None:
    if draft.idea != plan.idea:
        draft.words = None
    draft.idea, draft.title, draft.venue, draft.place = plan.idea, plan.title, plan.venue, plan.place
    draft.zone, draft.with_holds = plan.zone, plan.with_holds
    draft.round_id = rounds.current(draft.parent_id).id
    draft.link_until = rules.link_until([end for _, end in plan.spans])


def _draft(account_id: UUID, invitation_id: UUID) -> Invitation:
    draft = finding.invitation(invitation_id, account_id)
    if draft.sent_at is not None or draft.closed_at is not None:
        raise Refused("It has gone out already, so its words stay as they are.")
    return draft


def _tick(parent: Parent, tasks: Sequence[str], now: datetime) -> None:
    round_ = rounds.current(parent.id)
    if round_.closed_at is not None:
        raise NotThere
    for task in tasks:
        if task in stepping.tasks_of(round_):
            stepping.write(round_, task, done=True, now=now, by=stepping.BY_APP)


def _forget(message: messages.Message) -> None:
    moment = moments.find_by_message(message.id)
    if moment is not None:
        moments.delete(moment)
    messages.delete(message)


def _bounded(text: str, most: int, field: str) -> str:
    if len(text) > most:
        raise Invalid(f"That is long. Use up to {most} letters.", field)
    return text
