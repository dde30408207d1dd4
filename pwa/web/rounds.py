"""Rounds: closing one, and beginning the lighter next."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pwa.services import closing
from pwa.web import access
from pwa.web.today import uuid_or_404

blueprint = Blueprint("rounds", __name__, url_prefix="/rounds")


@blueprint.post("")
def begin() -> ResponseReturnValue:
    """`round` is the one to close; the next begins with it."""
    closing.begin_next(access.account().id, uuid_or_404(request.form.get("round")), access.now())
    return redirect(url_for("today.show"), 303)
