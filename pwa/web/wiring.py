"""Wiring: every page module's blueprint, in one list."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from flask import Flask

PAGES = (
    "today",
    "setup",
    "steps",
    "parents",
    "rounds",
    "moments",
    "settings",
    "help",
    "nudges",
    "push",
    "sync",
    "shell",
)


def init_app(app: Flask) -> None:
    for name in PAGES:
        if find_spec(f"pwa.web.{name}") is None:  # while the pages are being built
            continue
        app.register_blueprint(import_module(f"pwa.web.{name}").blueprint)
