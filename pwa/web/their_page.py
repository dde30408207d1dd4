"""Their page: what a parent sees who opens the link. No account, no cookie, no script; opening it changes nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pwa import content
from pwa.domain import dates
from pwa.domain.errors import Invalid, Refused
from pwa.domain.invitations import LONGEST_NOTE, PUT_OFF_DAYS, Page, put_off_days
from pwa.services import publishing, replying
from pwa.services.replying import Given
from pwa.storage import accounts, answers, invitations, options
from pwa.storage.invitations import Invitation
from pwa.storage.options import Option
from pwa.storage.parents import Parent
from pwa.web import access, push, rates
from pwa.web.calendar import file
from pwa.web.security import csrf

blueprint = Blueprint("their_page", __name__, url_prefix="/for")

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
LATER, NEVER, OTHER = "later", "no", "other"
# What fetches a link that was sent, to draw a preview of it. Nobody reads with these.
_PREVIEW = re.compile(
    r"(?<!cu)bot\b|crawl|spider|url preview|facebookexternalhit|facebookcatalog|^whatsapp/|embedly|iframely|vkshare"
    r"|proofpoint|barracuda|safelinks|urlscan|mail\.ru_",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Opened:
    """What the link leads to. `zone`: where the parent lives; `by`: how the person signs."""

    token: str
    invitation: Invitation
    parent: Parent
    zone: ZoneInfo
    by: str
    page: Page


@blueprint.get("/<token>")
def show(token: str) -> ResponseReturnValue:
    return _page(_opened(token))


@blueprint.post("/<token>")
def answer(token: str) -> ResponseReturnValue:
    """One of the dates, another idea, "not now" for so long, or "please don’t ask again", which is asked once more."""
    opened, pick = _opened(token), request.form.get("pick", "")
    _refuse_previews()
    if pick == LATER and "days" not in request.form:
        return _page(opened, "later")
    if pick == NEVER and request.form.get("sure") != "yes":
        return _page(opened, "never")
    try:
        replying.answer(token, _given(pick), access.now())
    except Invalid as fault:
        return _page(opened, said=fault.sentence, status=422)
    except Refused as refusal:
        return _page(_opened(token), said=str(refusal), status=409)
    push.wake()
    return redirect(url_for("their_page.show", token=token), 303)


@blueprint.post("/<token>/undo")
def undo(token: str) -> ResponseReturnValue:
    _opened(token)
    _refuse_previews()
    replying.undo(token, access.now())
    return redirect(url_for("their_page.show", token=token), 303)


@blueprint.post("/<token>/line")
def add_line(token: str) -> ResponseReturnValue:
    """A line with the answer that was given."""
    opened = _opened(token)
    _refuse_previews()
    try:
        replying.add_note(token, request.form.get("note", ""), access.now())
    except Invalid as fault:
        return _page(opened, said=fault.sentence, status=422)
    except Refused as refusal:
        return _page(opened, said=str(refusal), status=409)
    push.wake()
    return redirect(url_for("their_page.show", token=token), 303)


@blueprint.get("/<token>/calendar.ics")
def calendar(token: str) -> ResponseReturnValue:
    """The day that was set, for their own calendar."""
    opened = _opened(token)
    standing = answers.find(opened.invitation.id)
    offered = options.of_invitation(opened.invitation.id)
    chosen = next((one for one in offered if standing and one.number == standing.number), None)
    if chosen is None:
        abort(404)
    return file(publishing.agreed(chosen, opened.invitation, opened.by), "together.ics")


for _view in (answer, undo, add_line):
    csrf.exempt(_view)  # the token in the address is the authority, and there is no cookie to ride on


def _given(pick: str) -> Given:
    note = request.form.get("note")
    if pick in ("0", "1", "2"):
        return Given(answers.YES, number=int(pick), note=note)
    if pick == LATER:
        return Given(answers.NOT_NOW, days=put_off_days(request.form.get("days")), note=note)
    if pick == NEVER:
        return Given(answers.STOP)
    if pick == OTHER and (note or "").strip():
        return Given(answers.OTHER_TIME, note=note)
    raise Invalid("Write a line about what would suit you, or pick one of the days.", "note")


def _opened(token: str) -> Opened:
    rates.refuse_guessers()
    found = invitations.find(token)
    account = accounts.get(found[1].account_id) if found else None
    if found is None or account is None:
        rates.note_miss()
        abort(404)
    invitation, parent = found
    zone = dates.zone(invitation.zone or account.zone)
    by = account.signature or ""
    return Opened(token, invitation, parent, zone, by, replying.page_of(invitation, access.now()))


def _page(opened: Opened, part: str = "", said: str = "", status: int = 200) -> Response:
    invitation, now = opened.invitation, access.now()
    standing = answers.find(invitation.id)
    offered = options.of_invitation(invitation.id)
    chosen = next((one for one in offered if standing and one.number == standing.number), None)
    body = render_template(
        f"their_page/{part or _TEMPLATES[opened.page]}.html",
        opened=opened,
        picture=_picture(invitation.idea),
        offered=[one for one in offered if one.starts_at > now],
        answer=standing,
        chosen=chosen,
        minutes=_minutes(offered),
        days=PUT_OFF_DAYS,
        longest=LONGEST_NOTE,
        said=said,
    )
    response = make_response(body, status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = POLICY
    return response


_TEMPLATES = {Page.OPEN: "open", Page.PASSED: "open", Page.ANSWERED: "answered", Page.CLOSED: "closed"}


def _picture(key: str) -> tuple[str, str]:
    """The spot picture of the idea, and its paint."""
    idea = content.catalogue().ideas.get(key)
    interest = content.interests().by_key[idea.tags[0]] if idea else None
    return (interest.picture, interest.paint) if interest else ("tearose", "sage")


def _minutes(offered: list[Option]) -> int:
    return int((offered[0].ends_at - offered[0].starts_at).total_seconds() // 60) if offered else 60


def _refuse_previews() -> None:
    if _PREVIEW.search(request.headers.get("User-Agent", "")):
        abort(403, "This page is answered by a person.")
