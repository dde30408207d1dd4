"""Reach out: three dates for an idea, the words, and saying that they went. The app never sends them itself."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pwa import content
from pwa.domain.errors import Invalid, Refused
from pwa.domain.ideas import Idea
from pwa.domain.invitations import FEARS, VENUES, fear
from pwa.domain.persistence import Phase
from pwa.services import inviting, offering, reckoning, setting_up, surveying
from pwa.services.inviting import Words
from pwa.services.surveying import Survey
from pwa.storage import busy_calendars, feeds, invitations, options, parents
from pwa.storage.invitations import Invitation
from pwa.storage.parents import Parent
from pwa.web import access, offers, rooms, wording
from pwa.web.bodies import read_object
from pwa.web.ideas import idea_or_404
from pwa.web.security import own_page_only

blueprint = Blueprint("reach_out", __name__, url_prefix="/reach-out")

VENUE_WORDS = {
    "hers": "At {their} place",
    "near_hers": "Near {them}",
    "halfway": "Halfway",
    "phone": "By phone",
    "video": "By video",
}
FEAR_WORDS = ("Not at all", "A little", "Somewhat", "Quite", "Very")
WAY_WORDS = {"text": "Text", "email": "E-mail", "call": "Call", "other": "Other"}


@blueprint.get("")
def show() -> ResponseReturnValue:
    """Three dates for an idea, proposed anew each time it is opened; nothing is written down yet."""
    survey, key = rooms.look(), request.args.get("idea", "")
    if survey.stopped:
        return redirect(url_for("today.show"))
    if not _may_invite(survey):
        return _quiet(survey)
    if not key:
        return redirect(url_for("ideas.show"))
    idea = idea_or_404(key)
    turn = offers.turn_in(request.args.get("turn"))
    proposed = offering.propose(access.account(), survey.parent, idea, access.now(), turn)
    return _dates(survey, idea, offers.form_of(proposed, access.account(), survey.parent, idea), turn)


@blueprint.post("")
def begin() -> ResponseReturnValue:
    """The dates as they are now become a draft; what speaks against one of them is said once, and can be overruled."""
    survey, idea = rooms.look(), idea_or_404(request.form.get("idea", ""))
    form = offers.read(request.form)
    try:
        plan = form.plan(idea, access.account(), survey.parent)
        against = offering.review(access.account(), survey.parent, idea, plan.spans, access.now())
        if against and request.form.get("sure") != "yes":
            return _dates(survey, idea, form.told(against), 0, status=422)
        made = inviting.begin(access.account().id, survey.parent.id, plan, access.now())
    except Invalid as fault:
        return _dates(survey, idea, form.told([fault.sentence]), 0, status=422)
    except Refused:
        return redirect(url_for("today.show"), 303)
    return redirect(url_for("reach_out.words", invitation_id=made), 303)


@blueprint.get("/warm-up")
def warm_up() -> ResponseReturnValue:
    """For who hesitates: a two-minute message to somebody easy first, the one thing shown to help."""
    return rooms.page("reach_out/warm_up.html", rooms.look())


@blueprint.get("/<uuid:invitation_id>/words")
def words(invitation_id: UUID) -> ResponseReturnValue:
    invitation, parent = own(invitation_id)
    if invitation.sent_at is not None:
        return redirect(url_for("waiting.show", invitation_id=invitation.id))
    return _words(invitation, parent)


@blueprint.post("/<uuid:invitation_id>/words")
def keep_words(invitation_id: UUID) -> ResponseReturnValue:
    """Keeps what stands in the box; `fresh` asks for a new draft in the warmth that was picked."""
    invitation, parent = own(invitation_id)
    _keep(invitation, fresh="fresh" in request.form)
    if "fresh" in request.form:
        return redirect(url_for("reach_out.words", invitation_id=invitation.id), 303)
    return _words(invitations.get(invitation.id, access.account().id) or invitation, parent, checked=True)


@blueprint.post("/<uuid:invitation_id>/draft")
@own_page_only
def keep_draft(invitation_id: UUID) -> ResponseReturnValue:
    """The same by script, while somebody types: {"words"}."""
    invitation, _ = own(invitation_id)
    said = read_object().get("words")
    kept = Words(said if isinstance(said, str) else "", invitation.warmth, with_link=invitation.with_link)
    inviting.write(access.account().id, invitation.id, kept)
    return jsonify(result="kept")


@blueprint.post("/tone")
@own_page_only
def tone() -> ResponseReturnValue:
    """What the tone coach says of {"text"}. Nothing is kept."""
    text = read_object().get("text")
    response = jsonify(wording.reviewed(text if isinstance(text, str) else ""))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/<uuid:invitation_id>/sent")
def sent(invitation_id: UUID) -> ResponseReturnValue:
    invitation, _ = own(invitation_id)
    if invitation.sent_at is None:
        if "words" in request.form:
            _keep(invitation, fresh=False)
        inviting.sent(access.account().id, invitation.id, request.form.get("way", ""), access.now())
    return redirect(url_for("reach_out.show_sent", invitation_id=invitation.id), 303)


@blueprint.get("/<uuid:invitation_id>/sent")
def show_sent(invitation_id: UUID) -> ResponseReturnValue:
    invitation, parent = own(invitation_id)
    if invitation.sent_at is None:
        return redirect(url_for("reach_out.words", invitation_id=invitation.id))
    survey = rooms.look(parent)
    known = reckoning.standing_of(parent, survey.zone, access.now())
    held = [one for one in options.of_invitation(invitation.id) if one.hold is not None]
    return rooms.page(
        "reach_out/sent.html",
        survey,
        invitation=invitation,
        held=len(held),
        has_feed=feeds.get(access.account().id) is not None,
        next_on=known.next_on if known.phase is Phase.WAITING else None,
        words=rooms.hearth_of(survey),
        fears=list(zip(FEARS, FEAR_WORDS, strict=True)),
    )


@blueprint.post("/<uuid:invitation_id>/sent/undo")
def undo_sent(invitation_id: UUID) -> ResponseReturnValue:
    invitation, _ = own(invitation_id)
    inviting.take_back(access.account().id, invitation.id, access.now())
    return redirect(url_for("reach_out.words", invitation_id=invitation.id), 303)


@blueprint.post("/<uuid:invitation_id>/feared")
def keep_fear(invitation_id: UUID) -> ResponseReturnValue:
    invitation, _ = own(invitation_id)
    awkward, glad = fear(request.form.get("awkward")), fear(request.form.get("glad"))
    inviting.fear(access.account().id, invitation.id, awkward, glad)
    return redirect(url_for("today.show"), 303)


@blueprint.post("/<uuid:invitation_id>/end")
def end(invitation_id: UUID) -> ResponseReturnValue:
    """Called off: the link, the holds and the waiting end."""
    invitation, _ = own(invitation_id)
    inviting.call_off(access.account().id, invitation.id, access.now())
    return redirect(url_for("today.show"), 303)


@blueprint.post("/<uuid:invitation_id>/link/end")
def end_link(invitation_id: UUID) -> ResponseReturnValue:
    invitation, _ = own(invitation_id)
    inviting.revoke_link(access.account().id, invitation.id, access.now())
    return redirect(url_for("waiting.show", invitation_id=invitation.id), 303)


def own(invitation_id: UUID) -> tuple[Invitation, Parent]:
    """The asker's own invitation and its parent; anything else is the same 404."""
    invitation = invitations.get(invitation_id, access.account().id)
    parent = parents.get(invitation.parent_id, access.account().id) if invitation else None
    if invitation is None or parent is None:
        abort(404)
    return invitation, parent


def _may_invite(survey: Survey) -> bool:
    return reckoning.standing_of(survey.parent, survey.zone, access.now()).may_invite


def _quiet(survey: Survey) -> ResponseReturnValue:
    """While it is with them, or room is given, nothing is drafted: what goes on is shown instead."""
    waiting = invitations.open_one(survey.parent.id)
    if waiting is not None:
        return redirect(url_for("waiting.show", invitation_id=waiting.id))
    thing = surveying.outlook(access.account(), survey, access.now()).thing
    card = content.next_thing_text(thing.key, survey.round.number, thing.days)
    return rooms.page("reach_out/quiet.html", survey, card=card)


def _dates(survey: Survey, idea: Idea, form: offers.OfferForm, turn: int, status: int = 200) -> ResponseReturnValue:
    return rooms.private(
        rooms.page(
            "reach_out/dates.html",
            survey,
            status,
            idea=idea,
            form=form,
            turn=turn,
            venues=[(key, VENUE_WORDS[key]) for key in VENUES],
            zone=offers.zone_of(survey.parent, access.account()),
            calendars=busy_calendars.of_account(access.account().id),
            unsent=invitations.find_draft(survey.parent.id) is not None,
        )
    )


def _keep(invitation: Invitation, *, fresh: bool) -> None:
    warmth = request.form.get("warmth", invitation.warmth)
    if warmth not in content.drafts().warmths:
        abort(400)
    said = "" if fresh else request.form.get("words", "").replace("\r\n", "\n")
    signature = request.form.get("signature")
    if signature is not None:
        setting_up.choose_signature(access.account().id, signature)
    with_link = "with_link" in request.form or "has_link_choice" not in request.form
    inviting.write(access.account().id, invitation.id, Words(said, warmth, with_link=with_link))


def _words(invitation: Invitation, parent: Parent, *, checked: bool = False) -> ResponseReturnValue:
    survey = rooms.look(parent)
    drafted = wording.drafted(invitation, access.account(), parent)
    said = invitation.words or drafted.text
    return rooms.private(
        rooms.page(
            "reach_out/words.html",
            survey,
            invitation=invitation,
            drafted=drafted,
            said=said,
            ways=wording.ways(said, drafted.subject),
            way_words=WAY_WORDS,
            warmths=content.drafts().warmths.values(),
            coach=wording.reviewed(said) if checked else {"flags": [], "missing": []},
            checked=checked,
            signature=access.account().signature or "",
        )
    )
