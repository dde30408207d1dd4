"""The rules of the house, kept by machine. Each rule has a bad sample beside it, which it must find."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table

from pwa import settings as settings_module
from pwa.storage.database import db
from pwa.web import access
from tests.support import house
from tests.support.databases import Databases
from tests.support.house import ROOT, faults, run, tool
from tests.support.house_at_work import Recorder, content_faults, differences, doors_open_to
from tests.support.people import Person

PWA, STATIC, TEMPLATES = ROOT / "pwa", ROOT / "static", ROOT / "templates"
CONTENT = PWA / "content"

# --- 1 · The arrows -----------------------------------------------------------------------------------------------


def test_imports_only_go_down() -> None:
    told = run(tool("lint-imports"), "--no-cache")
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("storage/stray.py", "from pwa.push import endpoints", "Imports only go down"),
        ("services/stray.py", "from pwa.web import access", "Imports only go down"),
        ("calendars/stray.py", "from pwa.storage import parents", "Imports only go down"),
        ("domain/stray.py", "import sqlalchemy", "The rules know no framework"),
        ("services/stray.py", "from flask import request", "Only web and the roots speak"),
        ("web/stray.py", "import socket", "Only push and net open a socket"),
        ("net/stray.py", "from pwa.push import endpoints", "Imports only go down"),
        ("calendars/stray.py", "from pwa.net import fetching", "Only push and services go through the door"),
        ("storage/stray.py", "from pwa.settings import Settings", "Settings are handed down"),
    ],
)
def test_an_import_that_goes_up_is_found(tmp_path: Path, module: str, line: str, contract: str) -> None:
    shutil.copytree(PWA, tmp_path / "pwa", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "pwa" / module).write_text(f"{line}\n")
    told = run(tool("lint-imports"), "--no-cache", cwd=tmp_path)
    assert told.returncode != 0
    assert re.search(rf"{contract}.*BROKEN", told.stdout), told.stdout


def test_the_rules_import_only_the_standard_library() -> None:
    assert faults(house.impure_imports, PWA.glob("domain/**/*.py")) == []


@pytest.mark.parametrize(
    "line", ["import flask", "from requests import get", "import os", "from pwa.storage import ticks"]
)
def test_a_rule_that_reaches_outside_is_found(line: str) -> None:
    assert house.impure_imports(line)
    assert house.impure_imports("from datetime import UTC\nfrom pwa.domain.errors import Invalid") == []


def test_only_web_speaks_flasks_request() -> None:
    elsewhere = (path for path in PWA.rglob("*.py") if "web" not in path.relative_to(PWA).parts[:1])
    assert faults(house.request_imports, elsewhere) == []


@pytest.mark.parametrize(
    "line", ["from flask import request", "from flask import Flask, session", "from flask import g"]
)
def test_flasks_request_elsewhere_is_found(line: str) -> None:
    assert house.request_imports(line)
    assert house.request_imports("from flask import Flask, current_app") == []


def test_only_push_and_net_open_sockets() -> None:
    elsewhere = (path for path in PWA.rglob("*.py") if path.relative_to(PWA).parts[0] not in ("push", "net"))
    assert faults(house.socket_imports, elsewhere) == []


@pytest.mark.parametrize("line", ["import requests", "from urllib.request import urlopen", "from http import client"])
def test_a_socket_elsewhere_is_found(line: str) -> None:
    assert house.socket_imports(line)
    assert house.socket_imports("from urllib.parse import urlsplit\nfrom http import HTTPStatus") == []


# --- 2 · Pages read, services write -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def storage_writers() -> dict[str, set[str]]:
    return {path.stem: house.writers(path.read_text()) for path in PWA.glob("storage/*.py")}


def test_pages_write_only_through_services(storage_writers: dict[str, set[str]]) -> None:
    def rule(source: str) -> list[str]:
        return house.page_writes(source, storage_writers)

    assert faults(rule, PWA.glob("web/**/*.py")) == []


@pytest.mark.parametrize(
    "line",
    [
        "ticks.save(1)",
        "parents.delete(mom)",
        "nudges.claim(now, 5)",
        "from pwa.storage.database import db",
        "from pwa.storage.ticks import save",
        "database.db.session.commit()",
        "with database.transaction(): pass",
        "parent.name = 'Mom'",
    ],
)
def test_a_page_that_writes_is_found(storage_writers: dict[str, set[str]], line: str) -> None:
    assert house.page_writes(line, storage_writers)


def test_a_page_that_reads_is_not_blamed(storage_writers: dict[str, set[str]]) -> None:
    source = "from pwa.storage.parents import Parent\nparents.get(1, 2)\nmoments.of_account(1)\nform.name.data = 1\ng.now = 2"
    assert house.page_writes(source, storage_writers) == []


def test_transactions_are_opened_by_services_alone() -> None:
    elsewhere = (path for path in PWA.rglob("*.py") if "services" not in path.relative_to(PWA).parts[:1])
    found = [fault for fault in faults(house.transactions, elsewhere) if "storage/database.py" not in fault]
    assert found == []
    assert house.transactions("with database.transaction():\n    db.session.commit()")


# --- 3 · Closed by default ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("databases_of_kind", ["sqlite"], indirect=True)
def test_a_stranger_finds_every_door_shut_that_is_not_listed(app: Flask, cleo: Person) -> None:
    assert doors_open_to(cleo.client, app, access.OPEN) == []


@pytest.mark.parametrize("databases_of_kind", ["sqlite"], indirect=True)
def test_an_unguarded_door_is_found(app: Flask, cleo: Person) -> None:
    app.before_request_funcs[None] = [
        guard for guard in app.before_request_funcs[None] if guard.__module__ != access.__name__
    ]
    app._got_first_request = False
    app.add_url_rule("/stray", endpoint="stray", view_func=lambda: "hello")
    assert any("/stray" in door for door in doors_open_to(cleo.client, app, access.OPEN))


@pytest.mark.parametrize("databases_of_kind", ["sqlite"], indirect=True)
def test_a_new_door_is_shut_until_it_is_listed(app: Flask, cleo: Person) -> None:
    app.add_url_rule("/stray", endpoint="stray", view_func=lambda: "hello")
    assert cleo.client.get("/stray", headers={"Accept": "application/json"}).status_code == 401


@pytest.mark.parametrize("databases_of_kind", ["sqlite"], indirect=True)
def test_each_open_door_exists_and_says_why_it_is_open(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {endpoint for endpoint in access.OPEN if endpoint not in endpoints} == set()
    assert {endpoint for endpoint, why in access.OPEN.items() if len(why) < 10} == set()


# --- 4 · Size and shape -------------------------------------------------------------------------------------------


def python_files() -> Iterator[Path]:
    for folder in (PWA, ROOT / "deploy", ROOT / "docs", ROOT / "tests" / "support"):
        yield from folder.rglob("*.py")


def test_no_module_is_above_300_lines_and_no_function_above_40() -> None:
    assert faults(house.too_long, python_files()) == []


def test_a_long_module_and_a_long_function_are_found() -> None:
    body = "    pass\n"
    assert house.too_long("def long() -> None:\n" + body * 40) == ["1: long() has 41 lines, at most 40"]
    assert house.too_long("def fits() -> None:\n" + body * 39) == []
    assert house.too_long("x = 1\n" * 301) == ["301 lines, at most 300"]


def test_every_module_says_what_may_live_in_it() -> None:
    assert faults(house.without_docstring, PWA.rglob("*.py")) == []
    assert house.without_docstring("x = 1\n")


def test_every_stylesheet_declares_its_layer() -> None:
    assert faults(house.unlayered, STATIC.glob("css/**/*.css")) == []


@pytest.mark.parametrize(
    "sheet", [".card { color: red }", "/* @layer x { */ .card {}", ".a {} @layer components { .b {} }"]
)
def test_a_stylesheet_outside_the_layers_is_found(sheet: str) -> None:
    assert house.unlayered(sheet)
    assert house.unlayered("/* cards */\n@layer components {\n  .card {}\n}") == []


def test_colours_and_pixels_are_written_in_the_tokens_alone() -> None:
    sheets = (path for path in STATIC.glob("css/**/*.css") if not path.name.startswith("tokens"))
    assert faults(house.raw_values, sheets) == []


@pytest.mark.parametrize(
    "rule",
    [
        "color: #fff",
        "color: rgb(1 2 3)",
        "border: 1px solid",
        "margin: -.5px",
        "fill: oklch(.5 .1 20)",
        "inset: 0 4PX",
    ],
)
def test_a_raw_value_is_found(rule: str) -> None:
    assert house.raw_values(f".card {{\n  {rule};\n}}")


@pytest.mark.parametrize(
    "sheet",
    ["a { margin: 0px; color: var(--ink) }", "@media (min-width: 700px) { a { margin: 0 } }",
     "@container (width > 300px) { a { gap: var(--gap) } }", "a { fill: color-mix(in oklab, var(--a), var(--b) 4%) }"],
)  # fmt: skip
def test_tokens_conditions_and_nought_are_free(sheet: str) -> None:
    assert house.raw_values(sheet) == []


def test_no_template_holds_script_or_style() -> None:
    assert faults(house.inline_code, TEMPLATES.rglob("*.html")) == []


@pytest.mark.parametrize(
    "template",
    [
        "<script>1</script>",
        "<style>a{}</style>",
        "<p style='x'>",
        "<button onclick='x()'>",
        "<a href='javascript:x'>",
    ],
)
def test_script_or_style_in_a_template_is_found(template: str) -> None:
    assert house.inline_code(f"<main>\n{template}</main>")
    assert house.inline_code('<script type="module" src="/static/app.js"></script>{# <style> #}') == []


# --- 5 · Settings, migrations, content ----------------------------------------------------------------------------


def test_every_setting_has_a_row_in_the_readme() -> None:
    environment = Recorder()
    settings_module.load(environment)
    assert len(environment.asked) >= 12
    rows = [line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith("| `")]
    assert {name for name in environment.asked if not any(f"| `{name}` |" in row for row in rows)} == set()


def test_nobody_else_reads_the_environment() -> None:
    roots = {PWA / "settings.py", PWA / "app.py"} | set(PWA.glob("cli/*.py"))
    reading = re.compile(r"os\.environ|getenv")
    assert [str(path) for path in PWA.rglob("*.py") if path not in roots and reading.search(path.read_text())] == []


def test_migrations_make_exactly_what_the_models_say(databases_of_kind: Databases, database: str) -> None:
    assert differences(databases_of_kind.settings, database, db.metadata) == []


def test_a_model_without_its_migration_is_found(databases_of_kind: Databases, database: str) -> None:
    drifted = MetaData(naming_convention=db.metadata.naming_convention)
    for table in db.metadata.tables.values():
        table.to_metadata(drifted)
    Table("stray", drifted, Column("id", Integer, primary_key=True))
    drifted.tables["account"].append_column(Column("stray", Integer))
    found = differences(databases_of_kind.settings, database, drifted)
    assert len(found) == 2 and all("stray" in difference for difference in found)


CONTENT_FILES = sorted(path.name for path in CONTENT.glob("*.toml"))


@pytest.mark.parametrize("name", CONTENT_FILES)
def test_every_content_file_passes_its_schema(name: str) -> None:
    assert content_faults(name, (CONTENT / name).read_text("utf-8")) == []


@pytest.mark.parametrize("name", CONTENT_FILES)
def test_a_content_file_with_a_stray_or_missing_field_is_found(name: str) -> None:
    text = (CONTENT / name).read_text("utf-8")
    assert content_faults(name, f'strayed = "x"\n{text}')
    assert content_faults(name, "")
