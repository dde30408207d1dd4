"""Migrations from the command line: an app with a database and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask
from flask_migrate import upgrade as run_upgrade

from pwa.settings import ROOT
from pwa.storage import database

if TYPE_CHECKING:
    from pwa.settings import Settings


def upgrade(settings: Settings) -> None:
    """Brings the database to the newest migration; does nothing when it is there."""
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    with bare_app(settings).app_context():
        run_upgrade()


def bare_app(settings: Settings) -> Flask:
    """No pages, no secrets: migrating must work before there are any."""
    app = Flask("pwa", root_path=str(ROOT), static_folder=None)
    app.extensions["rekindle.root"] = ROOT
    database.init_app(app, settings.database_url)
    return app
