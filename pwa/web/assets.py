"""Assets: the files of static/ under one content-stamped folder, joined, compressed and kept for ever."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import brotli  # type: ignore[import-untyped]
from flask import Flask, abort, url_for
from whitenoise import WhiteNoise  # type: ignore[import-untyped]

from pwa.web import scripts

STYLESHEET = "css/app.css"
SCRIPT = "js/app.js"
_FIRST = ("css/layers.css", "css/tokens.css")
_COMPRESSED = {".css", ".js", ".svg", ".json", ".txt"}


def init_app(app: Flask, source: Path, built: Path) -> None:
    """Serves `source` at /static/<stamp>/, from copies with compressed twins kept in `built`."""
    stamp = stamp_of(source)
    folder = built / stamp
    if not folder.is_dir():
        _build(source, folder)
    app.extensions["rekindle.assets"] = (stamp, tuple(_files(folder)))
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(folder),
        prefix=f"static/{stamp}/",
        immutable_file_test=lambda *_: True,
    )
    app.add_url_rule("/static/<path:path>", endpoint="static", view_func=_not_there)
    app.jinja_env.globals["asset"] = lambda path: url_for("static", path=f"{stamp}/{path}")


def stamp_of(source: Path) -> str:
    """Twelve hex digits that change when any file of `source` does."""
    digest = sha256()
    for path in _files(source):
        digest.update(path.encode() + b"\0" + (source / path).read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def join_styles(folder: Path) -> bytes:
    """All stylesheets as one; each wraps itself in its layer, so only the order line must come first."""
    sheets = [path for path in _files(folder) if path.startswith("css/") and path.endswith(".css")]
    first = [path for path in _FIRST if path in sheets]
    rest = [path for path in sheets if path not in first and path != STYLESHEET]
    return b"\n".join((folder / path).read_bytes() for path in first + rest)


def _build(source: Path, folder: Path) -> None:
    fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(source, fresh)
    sheet = join_styles(fresh)
    shutil.rmtree(fresh / "css", ignore_errors=True)
    (fresh / "css").mkdir()
    (fresh / STYLESHEET).write_bytes(sheet)
    script = scripts.join(fresh / SCRIPT)
    for module in list(fresh.rglob("*.js")):
        module.unlink()
    (fresh / SCRIPT).write_text(script, "utf-8")
    for path in list(_files(fresh)):
        if Path(path).suffix in _COMPRESSED:
            _compress(fresh / path)
    try:
        fresh.rename(folder)
    except OSError:  # another process was faster; its copy is the same
        shutil.rmtree(fresh, ignore_errors=True)


def _compress(path: Path) -> None:
    plain = path.read_bytes()
    for ending, packed in (
        (".gz", gzip.compress(plain, 9, mtime=0)),
        (".br", brotli.compress(plain, quality=11)),
    ):
        if len(packed) < len(plain):
            path.with_name(path.name + ending).write_bytes(packed)


def _files(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in (".br", ".gz"):
            yield path.relative_to(folder).as_posix()


def _not_there(path: str) -> str:
    """What WhiteNoise did not answer is not there."""
    return abort(404, f"There is no file {path}.")
