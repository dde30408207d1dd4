"""Nudges: the page that is a notification's two buttons, for phones whose notifications have none, and the answers to it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pwa import content
from pwa.domain.dates import local
from pwa.domain.nudges import Kind
from pwa.services import answering, setting_up
from pwa.services.answering import DONE, SNOOZE
from pwa.services.surveying import Survey
from pwa.storage import answers, invitations, nudges, parents
from pwa.storage.nudges import Nudge
from pwa.web import access, phrases, push, rooms
from pwa.web.bodies import read_object
from pwa.web.security import csrf

blueprint = Blueprint("nudges", __name__, url_prefix="/nudges")

# The step that a nudge about one day leads to.
STEPS = {Kind.GET_READY.value: "be_together", Kind.LOOK_BACK.value: "look_for_good"}


@blueprint.get("/<uuid:nudge_id>")
def show(nudge_id: UUID) -> ResponseReturnValue:
    """Opening it changes nothing: what `?a=` names is put first, and still wants a tap."""
    nudge = _own(nudge_id)
    answered = answers.find_invitation(nudge.answer_id) if nudge.answer_id else None
    if answered is not None:
        return redirect(url_for("waiting.show", invitation_id=answered.id))
    parent = parents.get(nudge.parent_id, nudge.account_id) if nudge.parent_id else None
    if parent is None:
        return rooms.page("nudges/test.html", None, nudge=nudge)
    survey = rooms.look(parent)
    if _leads_on(nudge, survey):
        return redirect(url_for("steps.show", key=STEPS[nudge.kind]))
    return rooms.page(
        "nudges/nudge.html",
        survey,
        nudge=nudge,
        text=content.nudge_texts(nudge.kind),
        asked=request.args.get("a", ""),
        comes_back=_comes_back(nudge, survey),
        waiting=None if nudge.kind in STEPS else invitations.open_one(parent.id),
        leads_to=STEPS.get(nudge.kind),
    )


@blueprint.post("/<uuid:nudge_id>/step")
def open_step(nudge_id: UUID) -> ResponseReturnValue:
    """The step that it is about, in the room of the parent that it is about."""
    nudge = _own(nudge_id)
    if nudge.parent_id is None or nudge.kind not in STEPS:
        abort(404)
    setting_up.choose_parent(access.session().id, nudge.parent_id)
    return redirect(url_for("steps.show", key=STEPS[nudge.kind]), 303)


@blueprint.post("/<uuid:nudge_id>/contact")
def reach_out(nudge_id: UUID) -> ResponseReturnValue:
    return _answer(nudge_id, DONE)


@blueprint.post("/<uuid:nudge_id>/snooze")
def snooze(nudge_id: UUID) -> ResponseReturnValue:
    return _answer(nudge_id, SNOOZE)


@blueprint.post("/<uuid:nudge_id>/undo")
def undo(nudge_id: UUID) -> ResponseReturnValue:
    answering.undo(access.account().id, _own(nudge_id).id, access.now())
    return redirect(url_for("nudges.show", nudge_id=nudge_id), 303)


@blueprint.post("/act")
def act() -> ResponseReturnValue:
    """What a notification's button sends: {"token", "action"}."""
    body = read_object()
    answer = answering.act(push.tokens(), body.get("token"), body.get("action"), access.now())
    response = jsonify(result=answer.result)
    response.headers["Cache-Control"] = "private, no-store"
    return response


csrf.exempt(act)  # the token is the authority, and a worker has no form


def _answer(nudge_id: UUID, action: str) -> ResponseReturnValue:
    answering.act_as(access.account().id, _own(nudge_id).id, action, access.now())
    return redirect(url_for("nudges.show", nudge_id=nudge_id), 303)


def _leads_on(nudge: Nudge, survey: Survey) -> bool:
    """Whether a tap leads to the step at once: there is nothing else to choose, and this browser shows that parent."""
    if nudge.kind not in STEPS or survey.stopped or nudge.acted == SNOOZE:
        return False
    here = access.current_parent()
    asked = nudge.kind == Kind.GET_READY or request.args.get("a") == "open"
    return asked and here is not None and here.id == nudge.parent_id


def _own(nudge_id: UUID) -> Nudge:
    nudge = nudges.get(nudge_id, access.account().id)
    if nudge is None:
        abort(404)
    return nudge


def _comes_back(nudge: Nudge, survey: Survey) -> str:
    """When this parent's next nudge is due, as in "Tue 9 June at 7 pm"; nothing where none is."""
    waiting = [one for one in nudges.open_of_account(nudge.account_id) if one.parent_id == nudge.parent_id]
    at = next((one.due_at for one in waiting if one.due_at > access.now()), None)
    return f"{phrases.day(local(at, survey.zone).date())} at {phrases.clock(at, survey.zone)}" if at else ""
