"""Reach out: words for an idea, to send by whatever one has, and to say that they went."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pwa import content
from pwa.services import inviting, surveying
from pwa.web import access, rooms
from pwa.web.ideas import idea_or_404

blueprint = Blueprint("reach_out", __name__, url_prefix="/reach-out")

# While one of these is the next thing, nothing is drafted: it is with her, or it is time to give room.
QUIET = ("waiting", "give_room", "paused")


@blueprint.get("")
def show() -> ResponseReturnValue:
    key = request.args.get("idea", "")
    if not key:
        return redirect(url_for("ideas.show"))
    idea, survey = idea_or_404(key), rooms.look()
    if survey.stopped:
        return redirect(url_for("today.show"))
    thing = surveying.outlook(access.account(), survey, access.now()).thing
    if thing.key in QUIET:
        card = content.next_thing_text(thing.key, survey.round.number, thing.days)
        return rooms.page("reach_out/quiet.html", survey, idea=idea, card=card)
    ways = {
        "sms": f"sms:?&body={quote(idea.say)}",
        "mailto": f"mailto:?subject={quote(idea.title)}&body={quote(idea.say)}",
    }
    return rooms.page("reach_out/words.html", survey, idea=idea, ways=ways)


@blueprint.post("/sent")
def sent() -> ResponseReturnValue:
    inviting.sent(access.account().id, rooms.look().parent.id, access.now())
    return redirect(url_for("today.show"), 303)
