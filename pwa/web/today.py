"""Today: the one next thing and the five steps; the welcome page for somebody new."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pwa.services import setting_up, surveying
from pwa.storage import parents
from pwa.web import access, phrases, rooms

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
    return rooms.page(
        "today/today.html",
        survey,
        family=parents.of_account(account.id),
        words=rooms.hearth_of(survey),
        heading=rooms.heading_of(survey),
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
