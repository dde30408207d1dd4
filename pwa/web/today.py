"""Today: the one next thing and the five steps; the welcome page for somebody new."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pwa import content
from pwa.services import hearing, setting_up, surveying
from pwa.storage import parents
from pwa.web import access, phrases, push, rooms

blueprint = Blueprint("today", __name__)
phrases.init_blueprint(blueprint)


@blueprint.get("/")
def show() -> ResponseReturnValue:
    if access.current_session() is None:
        return rooms.page("today/welcome.html")
    parent = access.current_parent()
    if parent is None:
        return redirect(url_for("setup.ask_safety"))
    account, now = access.account(), access.now()
    survey = surveying.look(account, parent, now)
    outlook = surveying.outlook(account, survey, now)
    here = hearing.of_session(access.session().id, now)
    return rooms.page(
        "today/today.html",
        survey,
        family=parents.of_account(account.id),
        words=rooms.hearth_of(survey),
        heading=rooms.heading_of(survey),
        here=here,
        arrival=content.devices(),
        push_known=push.known_to(here),
        **vars(rooms.card(survey, outlook.thing)),
        snooze_n=outlook.snooze_n,
        ahead={step_key: rooms.card(survey, thing) for step_key, thing in outlook.ahead.items()},
        lines={state.step.key: rooms.line_of(survey, state) for state in survey.progress.states},
    )


@blueprint.post("/parent")
def choose_parent() -> ResponseReturnValue:
    """Whose room this browser shows."""
    setting_up.choose_parent(access.session().id, uuid_or_404(request.form.get("parent")))
    return redirect(url_for("today.show"), 303)


def uuid_or_404(said: str | None) -> UUID:
    try:
        return UUID(said or "")
    except ValueError:
        abort(404)
