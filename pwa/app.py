"""The composition root of the web: settings, database, doors and pages become one Flask app."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask
from flask_compress import Compress

from pwa import settings as settings_module
from pwa.net import fetching
from pwa.settings import ROOT, Settings
from pwa.storage import database, sealing
from pwa.web import (
    access,
    assets,
    calendar,
    devices,
    errors,
    ideas,
    metrics,
    moments,
    nudges,
    parents,
    push,
    questions,
    rates,
    reach_out,
    rounds,
    security,
    setup,
    shell,
    steps,
    sync,
    their_page,
    today,
    understood,
    waiting,
)
from pwa.web import help as help_
from pwa.web import settings as settings_pages
from pwa.worker.waking import waker

PAGES = (
    today,
    setup,
    steps,
    questions,
    understood,
    ideas,
    reach_out,
    waiting,
    parents,
    rounds,
    moments,
    settings_pages,
    devices,
    help_,
    nudges,
    push,
    sync,
    their_page,
    calendar,
    metrics,
    shell,
)
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(settings: Settings | None = None, clock: Clock = utc_now) -> Flask:
    """The app for `settings` (default: the environment's). `clock` gives the instant of each request."""
    settings = settings or settings_module.load(os.environ)
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    app = Flask("pwa", root_path=str(ROOT), static_folder=None, template_folder="templates")
    app.extensions["rekindle.root"] = ROOT
    app.extensions["rekindle.settings"] = settings
    app.extensions["rekindle.clock"] = clock
    app.extensions["rekindle.fetch"] = fetching.get
    app.extensions["rekindle.wake"] = waker(settings.queue_url, settings.secret_key)
    _configure(app, settings)
    database.init_app(app, settings.database_url)
    sealing.init_app(app, settings.data_key)
    assets.init_app(app, ROOT / "static", settings.instance / "assets")
    security.init_app(app, settings)
    access.init_app(app)
    errors.init_app(app)
    rates.init_app(app)
    for pages in PAGES:
        app.register_blueprint(pages.blueprint)
    Compress(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    prefix = "__Host-" if settings.is_https else ""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=256 * 1024,
        MAX_FORM_MEMORY_SIZE=128 * 1024,
        MAX_FORM_PARTS=200,
        SESSION_COOKIE_NAME=f"{prefix}rekindle-form",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=400 * 24 * 3600,
        WTF_CSRF_TIME_LIMIT=None,
        COMPRESS_MIMETYPES=["text/html", "application/json", "application/manifest+json", "text/javascript"],
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,
        COMPRESS_MIN_SIZE=500,
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.json.sort_keys = False  # type: ignore[attr-defined]  # DefaultJSONProvider has it
