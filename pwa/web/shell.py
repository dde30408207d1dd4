"""Shell: what makes the pages an app: manifest, service worker, the page for no signal, and whether all is well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from struct import unpack
from typing import cast

from flask import Blueprint, current_app, jsonify, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from pwa.content import nudge_texts
from pwa.storage import database, heartbeats
from pwa.web import access

blueprint = Blueprint("shell", __name__)

DESCRIPTION = "Five small steps back to a parent you have grown distant from, two minutes a day."
THEME, PAPER = "#D3D4BF", "#F7F1E6"
ICONS = (
    ("icons/icon-192.png", 192, "any"),
    ("icons/icon-512.png", 512, "any"),
    ("icons/icon-maskable-192.png", 192, "maskable"),
    ("icons/icon-maskable-512.png", 512, "maskable"),
    ("icons/badge-96.png", 96, "monochrome"),
)
SHORTCUTS = (("Reach out", "/steps/reach_out"), ("Moments", "/moments"))
# What every page may need without signal: files of these kinds, less what only the system or few names ask for.
PRECACHED = (".css", ".js", ".woff2", ".svg", "favicon-32.png")
LEFT_OUT = ("icons/icon-maskable", "icons/badge", "fonts/young-serif-latin-ext")
WORKER_POLICY = "default-src 'none'; connect-src 'self'"
WORKER_SILENT_FOR = timedelta(seconds=90)


@blueprint.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    response = jsonify(
        id="/",
        start_url="/",
        scope="/",
        display="standalone",
        name="Rekindle",
        short_name="Rekindle",
        description=DESCRIPTION,
        lang="en",
        dir="ltr",
        theme_color=THEME,
        background_color=PAPER,
        categories=["lifestyle"],
        launch_handler={"client_mode": ["navigate-existing", "auto"]},
        icons=[_icon(*icon) for icon in ICONS],
        screenshots=list(_screenshots()),
        shortcuts=[{"name": name, "url": url} for name, url in SHORTCUTS],
    )
    response.mimetype = "application/manifest+json"
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/sw.js")
def service_worker() -> ResponseReturnValue:
    """Answers the same to everybody; its bytes change with every release, for that is how a browser learns of one."""
    words = nudge_texts("begin")
    script = render_template(
        "shell/service-worker.js",
        stamp=_assets()[0],
        release=_release(),
        files=[_address(path) for path in _assets()[1] if _is_precached(path)],
        icon=_address("icons/icon-192.png"),
        badge=_address("icons/badge-96.png"),
        unknown={"title": words.neutral_title, "body": ""},
    )
    response = make_response(script)
    response.mimetype = "text/javascript"
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Security-Policy"] = WORKER_POLICY
    return response


@blueprint.get("/offline")
def offline() -> ResponseReturnValue:
    """Kept by the worker and shown to whoever is there, so it is rendered for nobody."""
    response = make_response(render_template("shell/offline.html", account=None))
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/up")
def up() -> ResponseReturnValue:
    reasons = list(_unwell())
    response = jsonify(ok=not reasons, reasons=reasons)
    response.status_code = 503 if reasons else 200
    response.headers["Cache-Control"] = "no-store"
    return response


def _unwell() -> Iterator[str]:
    try:
        database.ping()
        last_at = heartbeats.last_at()
    except SQLAlchemyError:
        yield "the database does not answer"
        return
    if last_at is None:
        yield "no worker has been seen; start one with `rekindle worker`"
    elif access.now() - last_at > WORKER_SILENT_FOR:
        yield f"no worker since {last_at:%Y-%m-%d %H:%M:%S} UTC"


def _icon(path: str, size: int, purpose: str) -> dict[str, str]:
    return {"src": _address(path), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


def _screenshots() -> Iterator[dict[str, str]]:
    """Those that `make screenshots` took: narrow-1-today.png is the first for a phone."""
    folder = Path(current_app.extensions["rekindle.root"]) / "static"
    for file in sorted(folder.glob("screenshots/*-?-*.png")):
        form, _, name = file.stem.split("-", 2)
        width, height = unpack(">II", file.read_bytes()[16:24])
        yield {
            "src": _address(file.relative_to(folder).as_posix()),
            "sizes": f"{width}x{height}",
            "type": "image/png",
            "form_factor": form,
            "label": name.replace("-", " ").capitalize(),
        }


def _is_precached(path: str) -> bool:
    return path.endswith(PRECACHED) and not path.startswith(LEFT_OUT)


def _assets() -> tuple[str, tuple[str, ...]]:
    return cast("tuple[str, tuple[str, ...]]", current_app.extensions["rekindle.assets"])


def _address(path: str) -> str:
    return url_for("static", path=f"{_assets()[0]}/{path}")


def _release() -> str:
    """Twelve hex digits that change with the code, the words and the pages. Reckoned once."""
    known = current_app.extensions.get("rekindle.release")
    if known is None:
        root = Path(current_app.extensions["rekindle.root"])
        digest = sha256(_assets()[0].encode())
        for folder, kinds in (("pwa", (".py", ".toml")), ("templates", (".html", ".js"))):
            for file in sorted(path for path in (root / folder).rglob("*") if path.suffix in kinds):
                digest.update(file.read_bytes())
        known = current_app.extensions["rekindle.release"] = digest.hexdigest()[:12]
    return cast("str", known)
