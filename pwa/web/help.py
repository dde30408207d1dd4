"""Help: where being in touch is not safe or not wanted. People who can help, for everyone."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pwa import content
from pwa.services import surveying
from pwa.storage import pauses
from pwa.web import access, phrases, rooms

blueprint = Blueprint("help", __name__)


@blueprint.get("/help")
def show() -> ResponseReturnValue:
    words = content.help_words()
    country = _country(request.args.get("country"))
    parent = access.current_parent() if access.current_session() else None
    return rooms.page(
        "help/help.html",
        words=words,
        country=country,
        countries=[(each.codes[0], each.label) for each in words.countries],
        lines=content.help_lines(country),
        parent=parent,
        person=surveying.person_of(parent) if parent else None,
        stopped=parent is not None and pauses.find_stop(parent.id) is not None,
    )


def _country(said: str | None) -> str:
    """The country asked for, else the one of the browser's language: the first code of its entry here."""
    code = (said if said is not None else phrases.region()).upper()
    known = (each.codes[0] for each in content.help_words().countries if code in each.codes)
    return next(known, "")
