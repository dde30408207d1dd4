"""Parents: what is known of each, "Tomorrow", and stopping."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from pwa import content
from pwa.domain import dates
from pwa.domain.persistence import MOST_FOLLOW_UPS
from pwa.domain.rhythm import RHYTHM_DAYS
from pwa.services import setting_up, snoozing, stopping
from pwa.storage import pauses
from pwa.storage.parents import ROOMS, Parent
from pwa.web import access, rooms
from pwa.web.forms import NEVER, PRONOUNS, ParentForm

FOLLOW_UP_WORDS = ("None", "One", "Two", "Three")

blueprint = Blueprint("parents", __name__, url_prefix="/parents")


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """Another parent begins with the same quiet question."""
    return redirect(url_for("setup.ask_safety"))


@blueprint.get("/<uuid:parent_id>")
def show(parent_id: UUID) -> ResponseReturnValue:
    parent = access.parent_or_404(parent_id)
    return _page(parent, ParentForm(data=_known(parent)))


@blueprint.post("/<uuid:parent_id>")
def change(parent_id: UUID) -> ResponseReturnValue:
    form = ParentForm()
    parent = access.parent_or_404(parent_id)
    if not form.is_sent():
        return _page(parent, form, 422)
    setting_up.change(access.account().id, parent_id, form.portrait(), access.now())
    return redirect(url_for("settings.show"), 303)


@blueprint.post("/<uuid:parent_id>/snooze")
def snooze(parent_id: UUID) -> ResponseReturnValue:
    snoozing.until_tomorrow(access.account().id, parent_id, access.now())
    return redirect(url_for("today.show"), 303)


@blueprint.post("/<uuid:parent_id>/stop")
def stop(parent_id: UUID) -> ResponseReturnValue:
    stopping.stop(access.account().id, parent_id, access.now())
    return redirect(url_for("help.show"), 303)


@blueprint.post("/<uuid:parent_id>/stop/undo")
def undo_stop(parent_id: UUID) -> ResponseReturnValue:
    stopping.resume(access.account().id, parent_id, access.now())
    return redirect(url_for("today.show"), 303)


def _known(parent: Parent) -> dict[str, object]:
    return {
        "name": parent.name,
        "pronouns": parent.pronouns,
        "interests": parent.interests,
        "likes": parent.likes,
        "distance": parent.distance,
        "channels": parent.channel.split(","),
        "bad_times": parent.bad_times,
        "rhythm_days": parent.rhythm_days or NEVER,
        "room": parent.room,
        "zone": parent.zone or "",
        "most_follow_ups": str(parent.most_follow_ups),
    }


def _page(parent: Parent, form: ParentForm, status: int = 200) -> ResponseReturnValue:
    words = {
        "form": form,
        "ask": content.setup(),
        "interests": content.interests().chips(form.interests.data or ()),
        "pronouns": PRONOUNS,
        "rhythms": [(days, f"About every {content.span(days).removeprefix('about ')}") for days in RHYTHM_DAYS],
        "never": NEVER,
        "rooms": ROOMS,
        "their_stop": pauses.find_stop(parent.id, by="them"),
        "zones": [("", "The same as mine"), *((name, name.replace("_", " ")) for name in sorted(dates.zone_names()))],
        "follow_ups": [(str(number), FOLLOW_UP_WORDS[number]) for number in range(MOST_FOLLOW_UPS + 1)],
    }
    return rooms.private(rooms.page("parents/parent.html", rooms.look(parent), status, **words))
