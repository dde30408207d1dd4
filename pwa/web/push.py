"""Push: a browser tells where it can be reached, and its worker what it has shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from pwa.domain.platforms import platform_of
from pwa.push import subscription, vapid
from pwa.push.subscription import Subscription
from pwa.push.vapid import Vapid
from pwa.services import answering, nudging, subscribing
from pwa.services.hearing import Heard
from pwa.services.parcelling import Tokens
from pwa.services.subscribing import Telling
from pwa.storage import subscriptions
from pwa.web import access
from pwa.web.bodies import read_object
from pwa.web.security import csrf, own_page_only

blueprint = Blueprint("push", __name__, url_prefix="/push")

ELSEWHERE = "UTC"


@blueprint.get("/key")
def key() -> ResponseReturnValue:
    response = jsonify(key=own_key().public_key)
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.post("/subscriptions")
@own_page_only
def subscribe() -> ResponseReturnValue:
    body = read_object()
    given = subscription.read(body, access.settings().push_hosts)
    told = _telling(body)
    known = access.session() if told.by_itself else access.current_session()
    if known is None:
        newcomer = subscribing.arrive(given, told, _zone(body), access.now())
        access.sign_in(newcomer.token, newcomer.session_id)
        return _subscribed(given), 201
    created = subscribing.subscribe(known.id, given, told, access.now())
    return _subscribed(given), 201 if created else 200


@blueprint.delete("/subscriptions")
@own_page_only
def unsubscribe() -> ResponseReturnValue:
    endpoint = read_object().get("endpoint")
    if isinstance(endpoint, str):
        subscribing.unsubscribe(access.account().id, endpoint)
        return "", 204
    return jsonify(error="Say which subscription, as {“endpoint”: …}."), 422


@blueprint.post("/receipts")
def acknowledge() -> ResponseReturnValue:
    answering.acknowledge(tokens(), read_object().get("token"), access.now())
    return "", 204


csrf.exempt(acknowledge)  # the token is the authority, and a worker has no form


@blueprint.post("/test")
@own_page_only
def test() -> ResponseReturnValue:
    nudging.send_test(access.session().id, access.now())
    wake()
    return _said("on its way"), 202


def tokens() -> Tokens:
    return Tokens(str(current_app.config["SECRET_KEY"]))


def own_key() -> Vapid:
    """The key pair of this server, read once."""
    known = current_app.extensions.get("rekindle.vapid")
    if known is None:
        settings = access.settings()
        known = vapid.load(settings.vapid_private_key, settings.vapid_subject, settings.vapid_private_key_old)
        current_app.extensions["rekindle.vapid"] = known
    return cast("Vapid", known)


def wake() -> None:
    """Tells a worker that something is due now. Where nothing is wired for it, the worker looks for itself."""
    cast("Callable[[], None]", current_app.extensions.get("rekindle.wake", lambda: None))()


def known_to(heard: Heard) -> str:
    """What the page's script compares the browser's own subscription with: our public key, and the rows there are."""
    return " ".join((own_key().public_key, *(row.id.hex for row in heard.rows if row.vapid_key_id)))


def _telling(body: dict[str, Any]) -> Telling:
    replaces = body.get("replaces")
    return Telling(
        key_id=own_key().kid_of(body.get("key")),
        platform=platform_of(request.user_agent.string),
        replaces=replaces if isinstance(replaces, str) else "",
        by_itself=body.get("by_itself") is True,
    )


def _zone(body: dict[str, Any]) -> str:
    return body["zone"] if isinstance(body.get("zone"), str) else ELSEWHERE


def _subscribed(given: Subscription) -> Response:
    known = subscriptions.find(given.endpoint)
    return _said("subscribed", device=known.id.hex if known else "")


def _said(result: str, **more: str) -> Response:
    response = jsonify(result=result, **more)
    response.headers["Cache-Control"] = "private, no-store"
    return response
