"""The rules of the house that need the app at work: its doors, its settings, its tables, its words."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import jsonschema
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import MetaData

from pwa import settings as settings_module
from pwa.app import create_app
from pwa.settings import Settings
from pwa.storage.database import db
from tests.support.house import ROOT
from tests.support.people import Client

CONTENT = ROOT / "pwa" / "content"


def doors_open_to(client: Client, app: Flask, open_doors: dict[str, str]) -> list[str]:
    """Addresses that answer a stranger with something else than "who are you?", though nothing says they may."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in open_doors:
            continue
        example = {name: _example(converter) for name, converter in rule._converters.items()}
        path = rule.build(example, append_unknown=False)[1]  # type: ignore[index]
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            answers = _knocks(client, path, method)
            turned_away = [answer for answer in answers if answer == 401 or answer == "/"]
            if not turned_away or set(answers) - {400, 401, 403, 415, "/"}:
                found.append(f"{method} {path} ({rule.endpoint}): {answers}")
    return found


def _knocks(client: Client, path: str, method: str) -> list[int | str]:
    """What a form of our own page and a script of our own page are told; where to, when they are sent elsewhere."""
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    form = {} if method == "GET" else {"data": {"csrf_token": client.form_token()}}
    answers = [client.open(path, method=method, headers=headers, **form)]
    if method != "GET":
        answers.append(client.send(path, {}, method))
    return [answer.location or answer.status_code for answer in answers]


def _example(converter: object) -> object:
    kind = type(converter).__name__
    return {"UUIDConverter": "01936f7e-0000-7000-8000-000000000000", "IntegerConverter": 1}.get(kind, "x")


class Recorder(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__({f"REKINDLE_{name.upper()}": "A" * 43 for name in settings_module.SECRETS})
        self.asked: set[str] = set()

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.asked.add(name)
        return super().get(name, default)


def differences(settings: Settings, url: str, metadata: MetaData) -> list[str]:
    """What the models say and the database has not, or the other way round."""
    app = create_app(replace(settings, database_url=url))
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        found = [str(difference) for difference in compare_metadata(context, metadata)]
    with app.app_context():
        db.engine.dispose()
    return found


def content_faults(name: str, text: str) -> list[str]:
    schema = json.loads((CONTENT / "schema" / f"{Path(name).stem}.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    document = json.loads(json.dumps(tomllib.loads(text), default=str))
    return [f"{name}: {fault.json_path}: {fault.message}" for fault in validator.iter_errors(document)]
