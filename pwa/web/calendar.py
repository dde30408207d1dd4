"""Calendar: the private feed, by the token in its address, and where its address is made and changed."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pwa.calendars.reading import LARGEST
from pwa.domain import dates, readings
from pwa.domain.errors import Invalid
from pwa.services import keeping_clear, publishing
from pwa.storage import busy_calendars, feeds
from pwa.web import access, rates, rooms
from pwa.web.security import csrf

blueprint = Blueprint("calendar", __name__)

# For what a form puts around the file.
ROOM = 8 * 1_024
TYPE = "text/calendar; charset=utf-8"


@blueprint.get("/calendar/<token>.ics")
def feed(token: str) -> ResponseReturnValue:
    rates.refuse_guessers()
    known = feeds.find(token)
    if known is None:
        rates.note_miss()
        abort(404)
    return file(publishing.feed(known, access.now()), None)


@blueprint.get("/settings/calendar")
def show() -> ResponseReturnValue:
    return _page()


def _page(said: str = "", status: int = 200) -> ResponseReturnValue:
    account, now = access.account(), access.now()
    known = feeds.get(account.id)
    address = f"{access.settings().base_url}/calendar/{known.token}.ics" if known else ""
    webcal = f"webcal:{address.partition(':')[2]}"
    return rooms.private(
        rooms.page(
            "settings/calendar.html",
            None,
            status,
            feed=known,
            address=address,
            webcal=webcal,
            calendars=busy_calendars.of_account(account.id),
            zone=dates.zone(account.zone),
            today=dates.local_date(now, dates.zone(account.zone)),
            fails_long=lambda each: readings.fails_long(each.failing_since, now),
            said=said,
        )
    )


@blueprint.post("/settings/calendar")
def make() -> ResponseReturnValue:
    """A feed where there was none; else a fresh address for it."""
    publishing.make_feed(access.account().id, access.now())
    return _back()


@blueprint.post("/settings/calendar/choices")
def choose() -> ResponseReturnValue:
    publishing.choose(access.account().id, named="named" in request.form, alarms="alarms" in request.form)
    return _back()


@blueprint.post("/settings/calendar/deletion")
def forget() -> ResponseReturnValue:
    publishing.forget_feed(access.account().id)
    return _back()


@blueprint.post("/settings/calendar/busy")
def add_busy() -> ResponseReturnValue:
    """One's own calendar, as a file, so that proposals keep clear of it."""
    # Said before the form is read, which is what looking for its token does.
    request.max_content_length = LARGEST + ROOM
    csrf.protect()
    sent = request.files.get("calendar")
    if sent is None or not sent.filename:
        return _page("Choose a calendar file first; it ends in .ics.", 422)
    try:
        keeping_clear.add_file(access.account().id, sent.filename, sent.read(LARGEST + 1), access.now())
    except Invalid as fault:
        return _page(fault.sentence, 422)
    return _back()


csrf.exempt(add_busy)  # it looks for the token itself


@blueprint.post("/settings/calendar/busy/addresses")
def add_busy_address() -> ResponseReturnValue:
    """The same, by the address it is published at; it is read again by itself."""
    said, fetch = request.form.get("address", ""), current_app.extensions["rekindle.fetch"]
    with rates.errand() as may_go:
        if not may_go:
            return _page("Those were too many addresses at once. Wait ten minutes, then try again.", 429)
        try:
            keeping_clear.add_address(access.account().id, said, access.now(), fetch)
        except Invalid as fault:
            return _page(fault.sentence, 422)
    return _back()


@blueprint.post("/settings/calendar/busy/<uuid:calendar_id>/deletion")
def forget_busy(calendar_id: UUID) -> ResponseReturnValue:
    keeping_clear.forget(access.account().id, calendar_id)
    return _back()


def file(body: bytes, name: str | None) -> Response:
    """A calendar file; with a `name` it is for keeping, without one a subscription reads it again and again."""
    response = Response(body, content_type=TYPE)
    response.headers["Cache-Control"] = "private, no-cache" if name is None else "private, no-store"
    if name:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.set_etag(sha256(body).hexdigest()[:32])
    response.make_conditional(request)
    return response


def _back() -> ResponseReturnValue:
    return redirect(url_for("calendar.show"), 303)
