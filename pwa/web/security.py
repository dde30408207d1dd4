"""Security: what every response says, and which requests are heard at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, ParamSpec
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from pwa.settings import Settings

csrf = CSRFProtect()

_DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types rekindle",
)
POLICY = "; ".join(_DIRECTIVES)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex",
}
TRANSPORT = "max-age=63072000; includeSubDomains"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

P = ParamSpec("P")


def init_app(app: Flask, settings: Settings) -> None:
    csrf.init_app(app)
    app.config["TRUSTED_HOSTS"] = trusted_hosts(settings)
    hops = settings.trusted_proxies
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    app.wsgi_app = _say(app.wsgi_app, headers(settings))  # type: ignore[method-assign, assignment]


def _say(answer: WSGIApplication, said: Mapping[str, str]) -> WSGIApplication:
    """Outside everything, so that no answer goes without: not a file, not a refusal, not a fault."""

    def saying(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, given: list[tuple[str, str]], *fault: Any) -> Callable[[bytes], object]:
            names = {name.lower() for name, _ in given}
            missing = [(name, value) for name, value in said.items() if name.lower() not in names]
            return start_response(status, given + missing, *fault)

        return answer(environ, start)

    return saying


def headers(settings: Settings) -> dict[str, str]:
    """What every response carries, pages, errors and static files alike."""
    transport = {"Strict-Transport-Security": TRANSPORT} if settings.is_https else {}
    return HEADERS | transport


def trusted_hosts(settings: Settings) -> list[str]:
    """The names this server answers to: its own, the one it was told to listen on, and loopback."""
    own = urlsplit(settings.base_url).hostname or ""
    named = (own, settings.host) if settings.host not in ("0.0.0.0", "::") else (own,)  # noqa: S104 compared
    return sorted({*named, *LOOPBACK} - {""})


def own_page_only(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Guards a JSON address: only this origin's own pages, and only JSON. Stands in for a form token.

    A browser says where a request comes from (`Sec-Fetch-Site`, else `Origin`); a page elsewhere cannot
    send JSON here without asking first, and is never allowed to.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if not _is_own_page():
            abort(403, "This address is only for Rekindle’s own pages.")
        if request.method != "GET" and request.mimetype != "application/json":
            abort(415, "Send JSON, with Content-Type: application/json.")
        return view(*args, **kwargs)

    csrf.exempt(guarded)
    return guarded


def _is_own_page() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == request.host_url.rstrip("/")
