"""Push: a browser tells where it can be reached, and its worker what it has shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify
from flask.typing import ResponseReturnValue

from pwa.push import subscription, vapid
from pwa.push.vapid import Vapid
from pwa.services import answering, nudging, subscribing
from pwa.services.parcelling import Tokens
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
    key_id = own_key().kid_of(body.get("key"))
    known = access.current_session()
    if known is None:
        newcomer = subscribing.arrive(given, key_id, _zone(body), access.now())
        access.sign_in(newcomer.token, newcomer.session_id)
        return _said("subscribed"), 201
    created = subscribing.subscribe(known.id, given, key_id, access.now())
    return _said("subscribed"), 201 if created else 200


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


def _zone(body: dict[str, Any]) -> str:
    return body["zone"] if isinstance(body.get("zone"), str) else ELSEWHERE


def _said(result: str) -> Response:
    response = jsonify(result=result)
    response.headers["Cache-Control"] = "private, no-store"
    return response
