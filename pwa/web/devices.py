"""Devices: where an account's nudges arrive, and what helps where they do not."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pwa import content
from pwa.domain import dates
from pwa.domain.platforms import platform_of
from pwa.services import hearing, subscribing
from pwa.services.hearing import Heard
from pwa.storage import pauses
from pwa.web import access, phrases, push, rooms

blueprint = Blueprint("devices", __name__, url_prefix="/settings/devices")


@blueprint.get("")
def show() -> ResponseReturnValue:
    session, now = access.session(), access.now()
    words, here = content.devices(), hearing.of_session(session.id, now)
    platform = platform_of(request.user_agent.string)
    return rooms.page(
        "devices/devices.html",
        words=words,
        here=here,
        push_known=push.known_to(here),
        label=words.label(platform),
        last=last(here),
        coming=coming(paused=pauses.find_pause(session.account_id, now) is not None),
        elsewhere=[
            (each.device, _label(each), last(each)) for each in hearing.elsewhere(session.account_id, session.id)
        ],
        own=words.of(platform),
        others=[each for key, each in words.platforms.items() if key != platform],
        battery=words.battery if platform in words.battery.platforms else None,
    )


@blueprint.post("/<uuid:device_id>/off")
def switch_off(device_id: UUID) -> ResponseReturnValue:
    subscribing.switch_off(access.account().id, device_id, access.now())
    return redirect(url_for("devices.show"), 303)


@blueprint.post("/silence/noted")
def take_note() -> ResponseReturnValue:
    """The notice on Today has been read."""
    hearing.take_note(access.session().id, access.now())
    return redirect(url_for("today.show"), 303)


def last(heard: Heard) -> str:
    """When it last showed a nudge: "today at 6 pm", "on Sunday"; "" where it never did."""
    if heard.shown_at is None:
        return ""
    zone = dates.zone(access.account().zone)
    said = phrases.lately(heard.shown_at, zone, dates.local_date(access.now(), zone))
    return said if said.startswith(("today", "yesterday")) else f"on {said}"


def coming(*, paused: bool) -> str:
    """When the next nudge is planned, as a sentence."""
    if paused:
        return "Nudges are paused."
    account, now = access.account(), access.now()
    due_at, zone = hearing.next_at(account.id), dates.zone(account.zone)
    if due_at is None:
        return "None is planned for now."
    return f"The next is planned for {phrases.soon(max(due_at, now), zone, dates.local_date(now, zone))}."


def _label(heard: Heard) -> str:
    return content.devices().label(heard.device.platform if heard.device else None)
