"""Errors: what a person or a page is told when something cannot be done. Always a sentence."""

from __future__ import annotations

import logging
import sqlite3

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from pwa.domain.errors import Invalid, NotThere, Refused

log = logging.getLogger(__name__)

SENTENCES = {
    400: "That could not be read. Go back and try once more; nothing you wrote before is lost.",
    401: "You are not signed in on this phone. Open Rekindle and carry on from there.",
    403: "That came from somewhere else than Rekindle’s own pages.",
    404: "The address may be old, or the page is gone. Nothing you wrote is lost.",
    405: "That address does not take this kind of request.",
    409: "Something changed in the meantime. Open the page again and look.",
    413: "That is too large. Send less than 256 kB.",
    415: "Send JSON, with Content-Type: application/json.",
    422: "Something in it needs another look.",
    429: "That was a lot at once. Wait a minute and try again.",
    500: "It is our fault, and nothing you wrote is lost.",
    503: "Rekindle is busy for a moment. Nothing you wrote is lost; try again soon.",
    507: "There is no room to save this right now. Nothing saved before is lost; try again soon.",
}


def init_app(app: Flask) -> None:
    app.register_error_handler(Invalid, lambda error: answer(422, str(error)))
    app.register_error_handler(NotThere, lambda error: answer(404, str(error) or None))
    app.register_error_handler(Refused, lambda error: answer(409, str(error)))
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(SecurityError, _strange_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(Exception, _ours)


def answer(status: int, sentence: str | None = None) -> Response:
    """The error as JSON to a script and as a page to a person."""
    said = sentence or SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])
    if wants_json():
        response = jsonify(error=said)
    else:
        response = make_response(render_template("error.html", status=status, sentence=said))
    response.status_code = status
    response.headers["Cache-Control"] = "private, no-store"
    return response


def wants_json() -> bool:
    best = request.accept_mimetypes.best_match(("text/html", "application/json"), default="application/json")
    return request.mimetype == "application/json" or best == "application/json"


def _http(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]  # a redirect, as it is
    own = error.description if error.description != type(error).description else None
    response = answer(error.code, own)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _stale_form(_error: CSRFError) -> Response:
    return answer(400, "This page was open for a long time, or cookies are off. Go back, reload it, and send it again.")


def _strange_host(_error: SecurityError) -> Response:
    """Plain text: no page of ours can be drawn for a name that is not ours."""
    return Response(
        "This server does not answer to that name. Its owner sets it in REKINDLE_BASE_URL.\n",
        400,
        mimetype="text/plain",
    )


def _database(error: OperationalError) -> Response:
    if isinstance(error.orig, sqlite3.OperationalError) and "full" in str(error.orig):
        return answer(507)
    log.error("the database did not take it: %s", type(error.orig).__name__)
    return answer(503)


def _ours(error: Exception) -> Response:
    log.error("unforeseen: %s", type(error).__name__, exc_info=error)
    return answer(500)
