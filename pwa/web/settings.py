"""Settings: nudges, parents, how the app looks, and the ways out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pwa import content
from pwa.domain import dates
from pwa.domain.platforms import platform_of
from pwa.services import arranging, hearing, leaving, nudging
from pwa.storage import parents, pauses
from pwa.storage.parents import Parent
from pwa.web import access, devices, phrases, push, rooms
from pwa.web.forms import Form, HourForm, QuietForm, ThemeForm, ZoneForm

blueprint = Blueprint("settings", __name__, url_prefix="/settings")

THEMES = (("", "As the phone"), ("light", "Light"), ("dark", "Dark"))


@blueprint.get("")
def show() -> ResponseReturnValue:
    account, parent = access.account(), access.current_parent()
    family = parents.of_account(account.id)
    here = hearing.of_session(access.session().id, access.now())
    paused = pauses.find_pause(account.id, access.now()) is not None
    zone = dates.zone(account.zone)
    today = dates.local_date(access.now(), zone)
    platform = content.devices().of(platform_of(request.user_agent.string))
    return rooms.page(
        "settings/settings.html",
        rooms.look(parent) if parent else None,
        family=family,
        about={each.id: _about(each) for each in family},
        faces=rooms.SPOTS,
        sent=request.args.get("sent") == "1",
        paused=paused,
        here=here,
        push_known=push.known_to(here),
        allow=platform.allow if platform else "",
        coming=devices.coming(paused=paused),
        names_shown=any(each.names_shown for each in here.rows),
        shown=phrases.ago(here.shown_at, zone, today) if here.shown_at else "",
        theme_words=dict(THEMES)[account.theme],
    )


@blueprint.route("/hour", methods=["GET", "POST"])
def hour() -> ResponseReturnValue:
    account = access.account()
    form = HourForm(hour=account.nudge_hour)
    if form.is_sent():
        arranging.choose_hour(account.id, form.hour.data, access.now())
        return _back()
    return _page("hour", form)


@blueprint.route("/quiet-hours", methods=["GET", "POST"])
def quiet_hours() -> ResponseReturnValue:
    account = access.account()
    form = QuietForm(from_hour=account.quiet_from_hour, until_hour=account.quiet_until_hour)
    if form.is_sent():
        arranging.choose_quiet_hours(account.id, form.quiet(), access.now())
        return _back()
    return _page("quiet_hours", form)


@blueprint.route("/zone", methods=["GET", "POST"])
def zone() -> ResponseReturnValue:
    account = access.account()
    form = ZoneForm(zone=account.zone)
    if form.is_sent():
        arranging.choose_zone(account.id, form.zone.data, access.now())
        return _back()
    return _page("zone", form, zones=[(name, name) for name in sorted({*dates.zone_names(), account.zone})])


@blueprint.route("/appearance", methods=["GET", "POST"])
def appearance() -> ResponseReturnValue:
    account = access.account()
    form = ThemeForm(theme=account.theme)
    if form.is_sent():
        arranging.choose_theme(account.id, form.theme.data)
        return _back()
    return _page("appearance", form, themes=THEMES)


@blueprint.post("/lock-screen")
def lock_screen() -> ResponseReturnValue:
    """`names` is 1 where this device's lock screen may name a parent."""
    arranging.show_names(access.session().id, shown=request.form.get("names") == "1")
    return _back()


@blueprint.post("/test-nudge")
def test_nudge() -> ResponseReturnValue:
    nudging.send_test(access.session().id, access.now())
    push.wake()
    return redirect(url_for("settings.show", sent=1), 303)


@blueprint.post("/pause")
def pause() -> ResponseReturnValue:
    arranging.pause(access.account().id, access.now())
    return _back()


@blueprint.post("/pause/undo")
def undo_pause() -> ResponseReturnValue:
    arranging.resume(access.account().id, access.now())
    return redirect(url_for("today.show") if request.form.get("from") == "today" else url_for("settings.show"), 303)


@blueprint.get("/sign-out")
def ask_sign_out() -> ResponseReturnValue:
    return _page("sign_out", None)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    leaving.sign_out(access.session().id)
    return _gone()


@blueprint.get("/account/deletion")
def ask_deletion() -> ResponseReturnValue:
    return _page("deletion", None)


@blueprint.post("/account/deletion")
def delete() -> ResponseReturnValue:
    leaving.delete_everything(access.account().id)
    return _gone()


def _page(name: str, form: Form | None, **words: Any) -> ResponseReturnValue:
    status = 422 if request.method == "POST" else 200
    hours = [(at, phrases.hour(at)) for at in range(24)]
    return rooms.page(f"settings/{name}.html", status=status, form=form, hours=hours, **words)


def _about(parent: Parent) -> str:
    """What they enjoy, in a few words."""
    own = {key: label for key, label in content.interests().chips(parent.interests) if key in parent.interests}
    return ", ".join(own.values())


def _back() -> ResponseReturnValue:
    return redirect(url_for("settings.show"), 303)


def _gone() -> ResponseReturnValue:
    """Nothing is left on this device: the browser is asked to clear what it kept as well."""
    access.sign_out()
    response = redirect(url_for("today.show"), 303)
    response.headers["Clear-Site-Data"] = '"storage"'
    return response
