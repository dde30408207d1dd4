"""The rules of the house, kept by machine. Each rule has a bad sample beside it, which it must find."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from sqlalchemy import Column, Integer, MetaData, Table

from pwa import settings as settings_module
from pwa.app import create_app
from pwa.settings import Settings
from pwa.storage.database import db
from pwa.web import access
from tests.support import house
from tests.support.databases import Databases
from tests.support.people import Client, Person

ROOT = Path(__file__).resolve().parent.parent
PWA, STATIC, TEMPLATES, CONTENT = ROOT / "pwa", ROOT / "static", ROOT / "templates", ROOT / "pwa" / "content"
LOCKS = sorted((ROOT / "deploy").glob("requirements*.txt"))
TOP_LEVEL = {
    ".ci", ".editorconfig", ".gitignore", "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "bench", "deploy",
    "docs", "migrations", "pwa", "pyproject.toml", "static", "templates", "tests",
}  # fmt: skip
# Below these lies a known fault (RELIABILITY: sessions cached for others, bodies that eat memory, smuggled requests).
FLOORS = {
    "brotli": "1.2.0", "cryptography": "46.0.0", "flask": "3.1.3", "jinja2": "3.1.6", "requests": "2.32.4",
    "urllib3": "2.6.0", "werkzeug": "3.1.6",
}  # fmt: skip

Rule = Callable[[str], list[str]]


def faults(rule: Rule, paths: Iterator[Path]) -> list[str]:
    return [f"{path.relative_to(ROOT)}:{fault}" for path in sorted(paths) for fault in rule(path.read_text("utf-8"))]


def run(*command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV_"))}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=100)


def tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


# --- 1 · The arrows -----------------------------------------------------------------------------------------------


def test_imports_only_go_down() -> None:
    told = run(tool("lint-imports"), "--no-cache")
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("storage/stray.py", "from pwa.push import endpoints", "Imports only go down"),
        ("services/stray.py", "from pwa.web import access", "Imports only go down"),
        ("domain/stray.py", "import sqlalchemy", "The rules know no framework"),
        ("services/stray.py", "from flask import request", "Only web and the roots speak"),
        ("web/stray.py", "import socket", "Only push opens a socket"),
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


def test_only_push_opens_sockets() -> None:
    elsewhere = (path for path in PWA.rglob("*.py") if "push" not in path.relative_to(PWA).parts[:1])
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


class Recorder(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__({f"REKINDLE_{name.upper()}": "A" * 43 for name in settings_module.SECRETS})
        self.asked: set[str] = set()

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.asked.add(name)
        return super().get(name, default)


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


def differences(settings: Settings, url: str, metadata: MetaData) -> list[str]:
    """What the models say and the database has not, or the other way round."""
    app = create_app(replace(settings, database_url=url))
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        found = [str(difference) for difference in compare_metadata(context, metadata)]
    with app.app_context():
        db.engine.dispose()
    return found


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


def content_faults(name: str, text: str) -> list[str]:
    schema = json.loads((CONTENT / "schema" / f"{Path(name).stem}.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    document = json.loads(json.dumps(tomllib.loads(text), default=str))
    return [f"{name}: {fault.json_path}: {fault.message}" for fault in validator.iter_errors(document)]


CONTENT_FILES = sorted(path.name for path in CONTENT.glob("*.toml"))


@pytest.mark.parametrize("name", CONTENT_FILES)
def test_every_content_file_passes_its_schema(name: str) -> None:
    assert content_faults(name, (CONTENT / name).read_text("utf-8")) == []


@pytest.mark.parametrize("name", CONTENT_FILES)
def test_a_content_file_with_a_stray_or_missing_field_is_found(name: str) -> None:
    text = (CONTENT / name).read_text("utf-8")
    assert content_faults(name, f'strayed = "x"\n{text}')
    assert content_faults(name, "")


# --- What lies where, and what it stands on -----------------------------------------------------------------------


def top_level() -> set[str]:
    listed = run("git", "ls-files")
    assert listed.returncode == 0, listed.stderr
    return {path.partition("/")[0] for path in listed.stdout.splitlines()}


def test_the_top_level_is_fixed() -> None:
    assert top_level() - TOP_LEVEL == set()
    assert {"README.md", "LICENSE", "CHANGELOG.md", "Makefile", "pyproject.toml"} <= top_level()


def test_nothing_secret_and_nothing_made_is_kept() -> None:
    listed = run("git", "ls-files").stdout.splitlines()
    made = re.compile(r"(^|/)(instance|node_modules|__pycache__|\.venv)/|\.(db|sqlite3?|pem|pyc)$|(^|/)\.env$")
    assert [path for path in listed if made.search(path)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_locks_name_exact_versions_and_hashes_and_no_address(lock: Path) -> None:
    assert house.unpinned(lock.read_text()) == []
    assert house.unpinned("flask==3.1.3\n") and house.unpinned("flask>=3 \\\n    --hash=sha256:0\n")
    assert house.unpinned("--index-url https://x.example\n")


def test_the_lock_holds_what_the_project_asks_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {"requirements": asked["project"]["dependencies"] + asked["dependency-groups"]["build"]}
    wanted["requirements-test"] = wanted["requirements"] + asked["dependency-groups"]["test"]
    wanted["requirements-postgresql"] = asked["project"]["optional-dependencies"]["postgresql"]
    for stem, requirements in wanted.items():
        pinned = house.pinned((ROOT / "deploy" / f"{stem}.txt").read_text())
        for requirement in map(Requirement, requirements):
            assert requirement.specifier.contains(pinned[requirement.name]), requirement


def undeclared(source: str, declared: set[str]) -> set[str]:
    """What is imported from a distribution that only comes along with another."""
    distributions = importlib.metadata.packages_distributions()
    roots = {module.partition(".")[0] for _line, module, _name in house.imports(source)} - sys.stdlib_module_names
    brought_by = {root: {canonicalize_name(name) for name in distributions.get(root, [root])} for root in roots}
    return {root for root, names in brought_by.items() if root not in ("", "pwa", "tests") and not names & declared}


@pytest.mark.parametrize("folder", ["pwa", "tests", "docs", "deploy"])
def test_every_import_is_a_declared_dependency(folder: str) -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())
    requirements = asked["project"]["dependencies"] + asked["project"]["optional-dependencies"]["postgresql"]
    if folder != "pwa":
        requirements += asked["dependency-groups"]["test"]
    declared = {canonicalize_name(Requirement(requirement).name) for requirement in requirements}

    def rule(source: str) -> list[str]:
        return sorted(undeclared(source, declared))

    assert faults(rule, (ROOT / folder).rglob("*.py")) == []
    assert undeclared("import grimp", declared) == {"grimp"}


def test_the_locks_agree_with_each_other() -> None:
    all_pinned = [house.pinned(lock.read_text()) for lock in LOCKS]
    for name in set().union(*all_pinned):
        assert len({pinned[name] for pinned in all_pinned if name in pinned}) == 1, name


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_no_version_with_a_known_fault_is_locked(name: str, floor: str) -> None:
    for lock in LOCKS:
        version = house.pinned(lock.read_text()).get(name)
        assert version is None or Version(version) >= Version(floor), f"{lock.name}: {name} {version}"
    assert name in house.pinned((ROOT / "deploy" / "requirements.txt").read_text())


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    heads = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE)
    assert heads[0] == "[Unreleased]"


SKIPS = re.compile(r"pytest\.(skip|importorskip|xfail)|mark\.(skip|skipif|xfail)\b")


def test_no_test_is_ever_skipped() -> None:
    """What is missing is a failure: a green run means that everything ran."""
    this = Path(__file__)
    skipping = [str(path) for path in (ROOT / "tests").rglob("*.py") if path != this and SKIPS.search(path.read_text())]
    assert skipping == []
    assert SKIPS.search("@pytest.mark.skipif(True)") and SKIPS.search("pytest.importorskip('x')")


def test_ci_runs_the_same_as_make_check() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text().rstrip().endswith("exec make check")


def test_every_target_of_make_is_explained() -> None:
    told = run("make", "help").stdout
    assert all(f"make {target} " in told for target in ("run", "test", "check", "help", "lock", "screenshots"))


# --- Style and types, so that `make test` alone runs all that CI runs ---------------------------------------------


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)],
    ids=["ruff", "format", "mypy"],
)
def test_style_and_types_are_kept(command: tuple[str, ...]) -> None:
    told = run(tool(command[0]), *command[1:])
    assert told.returncode == 0, told.stdout + told.stderr
