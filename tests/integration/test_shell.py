"""What makes the pages an app: the manifest, the worker's script, the page for no signal, and whether all is well."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from pwa.storage import database, heartbeats
from pwa.web import shell
from pwa.worker.running import BEAT_EVERY
from tests.support.people import Client, Clock, Person


@pytest.fixture
def script(client: Client) -> str:
    return client.get("/sw.js").text


def test_the_manifest_says_who_we_are(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    assert answer.headers["Cache-Control"] == "no-cache"
    said = answer.json
    assert (said["id"], said["start_url"], said["scope"], said["display"]) == ("/", "/", "/", "standalone")
    assert len(said["shortcuts"]) == 2


def test_every_picture_the_manifest_names_is_there_and_of_its_size(client: Client, app: Flask) -> None:
    said = client.get("/manifest.webmanifest").json
    purposes = [(icon["sizes"], icon["purpose"]) for icon in said["icons"]]
    for size in ("192x192", "512x512"):
        assert {(size, "any"), (size, "maskable")} <= set(purposes)
    assert not any(" " in purpose for _, purpose in purposes)
    for picture in [*said["icons"], *said["screenshots"]]:
        answer = client.get(picture["src"], buffered=True)
        assert answer.status_code == 200, picture
        width, height = (int.from_bytes(answer.data[at : at + 4], "big") for at in (16, 20))
        assert f"{width}x{height}" == picture["sizes"], picture


def test_the_shortcuts_lead_somewhere(ana: Person) -> None:
    for shortcut in ana.client.get("/manifest.webmanifest").json["shortcuts"]:
        assert ana.client.get(shortcut["url"]).status_code == 200, shortcut


def test_the_worker_is_the_same_for_everybody(client: Client, ana: Person) -> None:
    stranger, owner = client.get("/sw.js"), ana.client.get("/sw.js")
    assert stranger.status_code == owner.status_code == 200
    assert stranger.data == owner.data
    assert stranger.mimetype == "text/javascript"
    assert stranger.headers["Cache-Control"] == "no-cache"
    assert "unsafe" not in stranger.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in owner.headers


def test_everything_the_worker_installs_is_there(client: Client, script: str) -> None:
    """One missing file and no phone would ever install the worker."""
    files = re.findall(r'"(/static/[^"]+)"', script)
    assert any(file.endswith("/js/app.js") for file in files)
    assert any(file.endswith("/css/app.css") for file in files)
    for file in files:
        assert client.get(file, buffered=True).status_code == 200, file


def test_the_worker_changes_with_every_release(app: Flask, client: Client, script: str) -> None:
    assert app.extensions["rekindle.release"] in script
    app.extensions["rekindle.release"] = "another"
    assert client.get("/sw.js").text != script


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_the_script_is_small(client: Client, script: str, encoding: str) -> None:
    """All of it, the library and the worker included, as it comes over the wire."""
    ours = re.findall(r'"(/static/[^"]+\.js)"', script)
    sizes = [
        len(client.get(file, headers={"Accept-Encoding": encoding}, buffered=True).data) for file in [*ours, "/sw.js"]
    ]
    assert sum(sizes) <= 14_000, sizes


def test_the_page_for_no_signal_is_nobodys(client: Client, ana: Person) -> None:
    answer = ana.client.get("/offline")
    assert answer.status_code == 200
    assert "Rekindle-Account" not in answer.headers
    assert "rekindle-account" not in answer.text
    assert answer.text == client.get("/offline").text


def test_all_is_well_while_a_worker_lives(app: Flask, client: Client, clock: Clock) -> None:
    with app.app_context(), database.transaction():
        heartbeats.save("worker-1", clock.now)
    assert client.get("/up").json == {"ok": True, "reasons": []}
    clock.forward(seconds=shell.WORKER_SILENT_FOR.total_seconds() + 1)
    late = client.get("/up")
    assert late.status_code == 503
    assert late.json["reasons"] == ["no worker since 2026-03-04 17:30:00 UTC"]
    assert late.headers["Cache-Control"] == "no-store"


def test_a_worker_that_never_was_is_said(client: Client) -> None:
    answer = client.get("/up")
    assert answer.status_code == 503
    assert "rekindle worker" in answer.json["reasons"][0]


def test_a_database_that_is_away_is_said(app: Flask, client: Client, clock: Clock) -> None:
    with app.app_context():
        with database.transaction():
            heartbeats.save("worker-1", clock.now)
        database.db.session.remove()
        database.db.drop_all()
    answer = client.get("/up")
    assert answer.status_code == 503
    assert answer.json == {"ok": False, "reasons": ["the database does not answer"]}


def test_a_worker_may_miss_a_beat_or_two() -> None:
    assert timedelta(seconds=3 * BEAT_EVERY) < shell.WORKER_SILENT_FOR
