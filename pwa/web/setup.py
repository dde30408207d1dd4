"""Setup: one quiet question, then three short ones, each of which may be skipped."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pwa import content
from pwa.domain import dates
from pwa.domain.parents import Person, speak
from pwa.services import setting_up
from pwa.services.setting_up import Naming
from pwa.web import access, rooms
from pwa.web.forms import LikesForm, NameForm, NearnessForm

blueprint = Blueprint("setup", __name__, url_prefix="/setup")

UNTOLD = "UTC"
SOMEONE = Person(None, "they")


@blueprint.get("")
def ask_safety() -> ResponseReturnValue:
    return rooms.page("setup/safety.html", ask=content.setup().safety)


@blueprint.post("")
def answer_safety() -> ResponseReturnValue:
    """The answer leads somewhere and is written nowhere."""
    answer = request.form.get("answer", "")
    if answer not in ("yes", "no"):
        return rooms.page("setup/safety.html", status=422, ask=content.setup().safety, error="Pick one of the two.")
    return redirect(url_for("setup.ask_name" if answer == "yes" else "help.show"), 303)


@blueprint.get("/name")
def ask_name() -> ResponseReturnValue:
    return _name_page(NameForm())


@blueprint.post("/name")
def save_name() -> ResponseReturnValue:
    form = NameForm()
    if not form.is_sent():
        return _name_page(form, 422)
    return redirect(url_for("setup.ask_enjoys", parent_id=_welcome(form.naming(), form.zone.data)), 303)


@blueprint.get("/<uuid:parent_id>/enjoys")
def ask_enjoys(parent_id: UUID) -> ResponseReturnValue:
    parent = access.parent_or_404(parent_id)
    return _enjoys_page(parent_id, LikesForm(interests=parent.interests, likes=parent.likes))


@blueprint.post("/<uuid:parent_id>/enjoys")
def save_enjoys(parent_id: UUID) -> ResponseReturnValue:
    form = LikesForm()
    if not form.is_sent():
        return _enjoys_page(parent_id, form, 422)
    setting_up.learn_likes(access.account().id, parent_id, form.told())
    return redirect(url_for("setup.ask_distance", parent_id=parent_id), 303)


@blueprint.get("/<uuid:parent_id>/distance")
def ask_distance(parent_id: UUID) -> ResponseReturnValue:
    parent = access.parent_or_404(parent_id)
    known = NearnessForm(distance=parent.distance, channels=parent.channel.split(","), bad_times=parent.bad_times)
    return _distance_page(parent_id, known)


@blueprint.post("/<uuid:parent_id>/distance")
def save_distance(parent_id: UUID) -> ResponseReturnValue:
    form = NearnessForm()
    if not form.is_sent():
        return _distance_page(parent_id, form, 422)
    setting_up.learn_nearness(access.account().id, parent_id, form.lives())
    return redirect(url_for("today.show"), 303)


def _welcome(naming: Naming, zone: str) -> UUID:
    """Somebody new gets an account with the first parent; somebody known gets another parent."""
    known = access.current_session()
    if known is not None:
        return setting_up.add_parent(known.id, naming, access.now())
    arrival = setting_up.begin(zone or UNTOLD, naming, access.now())
    access.sign_in(arrival.token, arrival.session_id)
    return arrival.parent_id


def _name_page(form: NameForm, status: int = 200) -> ResponseReturnValue:
    ask = content.setup().name
    zones = [("", "Pick one"), *((zone, zone) for zone in dates.zone_names())] if form.said("zone") else []
    words: dict[str, Any] = {"ask": ask, "form": form, "zones": zones, "pronouns_words": speak(ask.pronouns, SOMEONE)}
    return rooms.page("setup/name.html", status=status, **words)


def _enjoys_page(parent_id: UUID, form: LikesForm, status: int = 200) -> ResponseReturnValue:
    survey = rooms.look(access.parent_or_404(parent_id))
    words = {
        "ask": content.setup().enjoys,
        "interests": content.interests().chips(form.interests.data or ()),
        "form": form,
    }
    return rooms.private(rooms.page("setup/enjoys.html", survey, status, **words))


def _distance_page(parent_id: UUID, form: NearnessForm, status: int = 200) -> ResponseReturnValue:
    survey = rooms.look(access.parent_or_404(parent_id))
    words = {"ask": content.setup().distance, "form": form}
    return rooms.private(rooms.page("setup/distance.html", survey, status, **words))
