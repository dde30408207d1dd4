"""Access: who is asking, and which doors stand open to a stranger. Closed by default."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from pwa.services import keeping
from pwa.settings import Settings
from pwa.storage import parents, sessions
from pwa.storage.accounts import Account
from pwa.storage.parents import Parent
from pwa.storage.sessions import Session

# Every endpoint that a stranger may call, and why.
OPEN: dict[str, str] = {
    "static": "styles, scripts and pictures hold nothing private",
    "today.show": "it shows the welcome page to someone new",
    "setup.ask_safety": "the first question comes before there is an account",
    "setup.answer_safety": "its answer is not stored",
    "setup.ask_name": "the name is asked before there is an account",
    "setup.save_name": "the first write makes the account",
    "help.show": "people who can help are for everyone",
    "shell.manifest": "a browser asks for it without cookies",
    "shell.service_worker": "it must answer signed out too, or the worker is lost",
    "shell.offline": "it holds nothing of anyone's",
    "shell.up": "for whoever watches the server",
    "metrics.show": "the token in the header is the authority, and without one set it is not there",
    "push.key": "the public half of the key",
    "push.subscribe": "switching nudges on may be the first write",
    "push.acknowledge": "the token in the body is the authority",
    "nudges.act": "the token in the body is the authority",
    "calendar.feed": "the token in the address is the authority",
    "their_page.show": "the token in the address is the authority",
    "their_page.answer": "the token in the address is the authority",
    "their_page.undo": "the token in the address is the authority",
    "their_page.add_line": "the token in the address is the authority",
    "their_page.calendar": "the token in the address is the authority",
}

# What is the same for everybody, so that nobody need be recognised.
NOBODYS = (
    *("static", "shell.manifest", "shell.service_worker", "shell.offline", "shell.up", "push.key", "metrics.show"),
    *(endpoint for endpoint in OPEN if endpoint.startswith(("their_page.", "calendar."))),
)


def init_app(app: Flask) -> None:
    app.before_request(_recognise)
    app.after_request(_hand_out)
    app.context_processor(_for_templates)


def now() -> datetime:
    """The instant of this request: the same however often it is asked."""
    if "now" not in g:
        g.now = current_app.extensions["rekindle.clock"]()
    return cast("datetime", g.now)


def settings() -> Settings:
    return cast("Settings", current_app.extensions["rekindle.settings"])


def current_session() -> Session | None:
    return cast("Session | None", g.get("session_row"))


def session() -> Session:
    """The session of someone known to be signed in."""
    found = current_session()
    if found is None:
        abort(401)
    return found


def account() -> Account:
    return session().account


def parent_or_404(parent_id: UUID) -> Parent:
    """The asker's own parent of that id; anything else is the same 404."""
    found = parents.get(parent_id, account().id)
    if found is None:
        abort(404)
    return found


def current_parent() -> Parent | None:
    """Whose room this browser shows: the one chosen, else the first."""
    known = session()
    chosen = parents.get(known.parent_id, known.account_id) if known.parent_id else None
    if chosen is not None:
        return chosen
    own = parents.of_account(known.account_id)
    return own[0] if own else None


def sign_in(token: str, session_id: UUID) -> None:
    """Hands `token` to the browser with this response, and knows the session from here on."""
    g.new_token = token
    g.session_row = sessions.get(session_id)


def sign_out() -> None:
    """The browser forgets its token with this response."""
    g.new_token = ""
    g.session_row = None


def account_tag(account_id: UUID) -> str:
    """An opaque name for the account, by which a device keeps its caches apart."""
    key = current_app.config["SECRET_KEY"].encode()
    return urlsafe_b64encode(hmac.digest(key, b"cache " + account_id.bytes, "sha256")[:12]).decode()


def _recognise() -> BaseResponse | None:
    g.session_row = None
    token = request.cookies.get(_cookie_name(), "") if request.endpoint not in NOBODYS else ""
    if token:
        g.session_row = sessions.find(token, now())
        _roll(token)
    if g.session_row is None and request.endpoint is not None and request.endpoint not in OPEN:
        return _turn_away()
    return None


def _roll(token: str) -> None:
    found = current_session()
    if found is not None and now() - found.seen_at > sessions.SEEN_EVERY:
        keeping.roll(found.id, now())
        g.session_row = sessions.get(found.id)
        g.new_token = token


def _turn_away() -> BaseResponse:
    if request.method == "GET" and request.accept_mimetypes.best == "text/html":
        return redirect(url_for("today.show"))
    return abort(401)


def _hand_out(response: Response) -> Response:
    found = current_session()
    if response.mimetype == "text/html":
        response.vary.add("Cookie")
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if found is not None:
            response.headers["Rekindle-Account"] = account_tag(found.account_id)
    token = g.get("new_token")
    if token is not None:
        _set_cookie(response, token)
    return response


def _set_cookie(response: Response, token: str) -> None:
    secure = settings().is_https
    age = int(sessions.LIFETIME.total_seconds()) if token else 0
    response.set_cookie(_cookie_name(), token, max_age=age, path="/", secure=secure, httponly=True, samesite="Lax")


def _cookie_name() -> str:
    return "__Host-rekindle" if settings().is_https else "rekindle"


def _for_templates() -> dict[str, Any]:
    found = current_session()
    if found is None:
        return {"account": None}
    return {
        "account": found.account,
        "account_tag": account_tag(found.account_id),
        "revision": found.account.revision,
    }
