"""Questions: another in place of one, and keeping one for later. They are shown on the step they belong to."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from pwa.domain.questions import WHY_WORDS, Pick, Why
from pwa.domain.reasons import Words
from pwa.services import asking
from pwa.services.asking import Hand
from pwa.services.surveying import Survey
from pwa.web import access
from pwa.web.today import uuid_or_404

blueprint = Blueprint("questions", __name__, url_prefix="/questions")


@blueprint.app_template_filter()
def said_of(pick: Pick, hand: Hand) -> Markup:
    """Why a question is there, as a sentence; bold marks what the person told."""
    known = hand.words.get(pick.interest or "")
    return _because(known) if pick.why is Why.INTEREST and known else escape(WHY_WORDS[pick.why])


def hand_for(survey: Survey) -> Hand:
    return asking.bring(survey.parent.account_id, survey.parent.id, access.now())


@blueprint.post("/<key>/swap")
def swap(key: str) -> ResponseReturnValue:
    asking.swap(access.account().id, _parent_id(), key, access.now())
    return _back()


@blueprint.post("/<key>/keeping")
def keep(key: str) -> ResponseReturnValue:
    asking.keep(access.account().id, _parent_id(), key, access.now())
    return _back()


@blueprint.post("/<key>/keeping/deletion")
def let_go(key: str) -> ResponseReturnValue:
    asking.let_go(access.account().id, _parent_id(), key)
    return _back()


def _parent_id() -> UUID:
    return access.parent_or_404(uuid_or_404(request.form.get("parent"))).id


def _because(known: Words) -> Markup:
    source = "you said" if known.own else "you chose"
    return Markup("Because {} <b>“{}”</b>.").format(source, known.said)


def _back() -> ResponseReturnValue:
    return redirect(url_for("steps.show", key=asking.STEP) + "#questions", 303)
