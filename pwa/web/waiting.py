"""Waiting: an invitation that has gone out: what is normal, the next kind line, the answer, and what it brought."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pwa import content
from pwa.domain import dates, drafts, replies
from pwa.domain.drafts import FOLLOW_UPS
from pwa.domain.errors import Invalid, Refused
from pwa.domain.invitations import PUT_OFF_DAYS, put_off_days
from pwa.domain.persistence import Standing, follow_up_days
from pwa.services import following_up, publishing, reckoning, replying
from pwa.services.replying import Given
from pwa.services.surveying import Survey
from pwa.storage import answers, messages, options
from pwa.storage.answers import NOT_NOW, OTHER_TIME, STOP, YES
from pwa.storage.invitations import Invitation
from pwa.storage.parents import Parent
from pwa.web import access, phrases, rooms, wording
from pwa.web.calendar import file
from pwa.web.reach_out import WAY_WORDS, own

blueprint = Blueprint("waiting", __name__, url_prefix="/reach-out")


@blueprint.get("/<uuid:invitation_id>")
def show(invitation_id: UUID) -> ResponseReturnValue:
    """Where it stands: waited for, answered, or at rest."""
    invitation, parent = own(invitation_id)
    if invitation.sent_at is None:
        return redirect(url_for("reach_out.words", invitation_id=invitation.id))
    return _page(invitation, parent)


@blueprint.get("/<uuid:invitation_id>/follow-up")
def write(invitation_id: UUID) -> ResponseReturnValue:
    """The next kind line, to be changed and sent."""
    invitation, parent = own(invitation_id)
    survey = rooms.look(parent)
    ready = _ready(invitation, parent, _standing(survey))
    if not ready:
        return redirect(url_for("waiting.show", invitation_id=invitation.id))
    return rooms.private(
        rooms.page(
            "reach_out/follow_up.html",
            survey,
            invitation=invitation,
            said=ready,
            ways=wording.ways(ready, invitation.title),
            way_words=WAY_WORDS,
            number=len(messages.of_invitation(invitation.id)),
        )
    )


@blueprint.post("/<uuid:invitation_id>/follow-up")
def sent(invitation_id: UUID) -> ResponseReturnValue:
    """It has gone out, by that way."""
    invitation, _ = own(invitation_id)
    number = request.form.get("number", "")
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        raise Invalid("Open the page again, and say it from there.", "number")
    words = request.form.get("words", "").replace("\r\n", "\n") or None
    way = request.form.get("way", "")
    following_up.sent(access.account().id, invitation.id, int(number), way, words, access.now())
    return redirect(url_for("waiting.show", invitation_id=invitation.id), 303)


@blueprint.get("/<uuid:invitation_id>/answer")
def ask(invitation_id: UUID) -> ResponseReturnValue:
    """They answered in another way: four taps, or their words to be read."""
    invitation, parent = own(invitation_id)
    return _answer_page(invitation, parent)


@blueprint.post("/<uuid:invitation_id>/answer")
def answer(invitation_id: UUID) -> ResponseReturnValue:
    """What they said, by a tap; or their words, which are read and asked about, and not kept."""
    invitation, parent = own(invitation_id)
    said = request.form.get("answer", "")
    if said == "read":
        return _answer_page(invitation, parent, text=request.form.get("text", ""))
    if said == STOP and request.form.get("sure") != "yes":
        return _answer_page(invitation, parent, sure_of=STOP)
    try:
        replying.report(access.account().id, invitation.id, _given(said), access.now())
    except Invalid as fault:
        return _answer_page(invitation, parent, said=fault.sentence)
    except Refused as refusal:
        return _answer_page(invitation, parent, said=str(refusal), status=409)
    return redirect(url_for("waiting.show", invitation_id=invitation.id), 303)


@blueprint.post("/<uuid:invitation_id>/answer/undo")
def undo_answer(invitation_id: UUID) -> ResponseReturnValue:
    invitation, _ = own(invitation_id)
    replying.take_back(access.account().id, invitation.id, access.now())
    return redirect(url_for("waiting.show", invitation_id=invitation.id), 303)


@blueprint.get("/<uuid:invitation_id>/calendar.ics")
def calendar(invitation_id: UUID) -> ResponseReturnValue:
    invitation, _ = own(invitation_id)
    return file(publishing.holds(invitation, access.account().id), "rekindle.ics")


@blueprint.get("/<uuid:invitation_id>/calendar")
def holds(invitation_id: UUID) -> ResponseReturnValue:
    """The dates for one's own calendar, one by one; and which to delete there once a day is set."""
    invitation, parent = own(invitation_id)
    held = [one for one in options.of_invitation(invitation.id) if one.hold is not None]
    return rooms.private(
        rooms.page(
            "reach_out/holds.html",
            rooms.look(parent),
            invitation=invitation,
            held=[(one, publishing.elsewhere(one, invitation, parent)) for one in held],
        )
    )


def _given(said: str) -> Given:
    note = request.form.get("note")
    if said in ("0", "1", "2"):
        return Given(YES, number=int(said), note=note)
    if said == NOT_NOW:
        return Given(NOT_NOW, days=put_off_days(request.form.get("days")), note=note)
    if said in (OTHER_TIME, STOP):
        return Given(said, note=note)
    raise Invalid("Pick what they said.", "answer")


def _standing(survey: Survey) -> Standing:
    return reckoning.standing_of(survey.parent, survey.zone, access.now())


def _ready(invitation: Invitation, parent: Parent, known: Standing) -> str:
    """The next kind line, or a note that asks for nothing; empty where the rule allows neither."""
    matter, pieces = wording.matter_of(invitation, access.account(), parent), content.drafts()
    if known.may_follow_up:
        return drafts.follow_up(pieces, FOLLOW_UPS[known.used], matter, str(invitation.id))
    if known.may_write_a_note:
        return drafts.note(pieces, matter, f"{invitation.id} {len(messages.of_invitation(invitation.id))}")
    return ""


def _page(invitation: Invitation, parent: Parent) -> ResponseReturnValue:
    survey = rooms.look(parent)
    known, standing = _standing(survey), answers.find(invitation.id)
    offered = options.of_invitation(invitation.id)
    ready = _ready(invitation, parent, known)
    return rooms.private(
        rooms.page(
            "reach_out/waiting.html",
            survey,
            invitation=invitation,
            known=known,
            answer=standing,
            offered=offered,
            chosen=next((one for one in offered if standing and one.number == standing.number), None),
            gone=messages.of_invitation(invitation.id),
            ready=ready,
            number=len(messages.of_invitation(invitation.id)),
            ways=wording.ways(ready, invitation.title),
            way_words=WAY_WORDS,
            to_come=follow_up_days(known),
            hour=access.account().nudge_hour,
            has_ended=invitation.closed_at is not None,
            link_ended=invitation.revoked_at is not None,
            link=wording.link_of(invitation),
        )
    )


def _answer_page(
    invitation: Invitation, parent: Parent, *, text: str = "", sure_of: str = "", said: str = "", status: int = 200
) -> ResponseReturnValue:
    survey, now = rooms.look(parent), access.now()
    offered = [one for one in options.of_invitation(invitation.id) if one.ends_at > now]
    return rooms.private(
        rooms.page(
            "reach_out/answer.html",
            survey,
            422 if said and status == 200 else status,
            invitation=invitation,
            offered=offered,
            reading=_told(text, invitation, survey) if text.strip() else None,
            text=text,
            sure_of=sure_of,
            said=said,
            days=PUT_OFF_DAYS,
        )
    )


@dataclass(frozen=True)
class Told:
    """A reading in words: what it was taken for, three kind ways to read it, and the answer that a tap would keep."""

    reading: str
    title: str
    benign: tuple[str, ...] = ()
    answer: str = ""
    act: str = ""


def _told(text: str, invitation: Invitation, survey: Survey) -> Told:
    """What was read in the parent's words. It is said, and only a tap keeps it."""
    zone = dates.zone(invitation.zone or access.account().zone)
    offered = options.of_invitation(invitation.id)
    rules = content.replies()
    found = replies.read(text, [dates.local(one.starts_at, zone).replace(tzinfo=None) for one in offered], rules)
    if found.reading == YES and found.option is not None:
        day = phrases.on_day(offered[found.option].starts_at, survey.zone)
        title = f"This reads as a yes to {day}" if found.sure else f"Is this a yes to {day}?"
        return Told(YES, title, answer=str(found.option), act=f"Yes, {day}")
    if found.reading in _READ_AS:
        title, act = _READ_AS[found.reading]
        return Told(found.reading, title, answer="" if found.reading == YES else found.reading, act=act)
    return Told(found.reading, "This could mean several things", tuple(rules.benign[found.tone or "other"]))


_READ_AS = {
    YES: ("This reads as a yes. Which day?", ""),
    OTHER_TIME: ("This reads as: yes, another time", "Another time"),
    NOT_NOW: ("This reads as: not now", "Not now, for a month"),
    STOP: ("This may be asking you to stop. Is it?", "{They} asked me to stop"),
}
