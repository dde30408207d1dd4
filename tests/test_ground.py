"""What lies where, what it all stands on, and that `make test` alone runs what CI runs."""

from __future__ import annotations

import importlib.metadata
import os
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.support import house
from tests.support.house import ROOT, faults, run, tool

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


# --- What lies where -----------------------------------------------------------------------


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
    extras = asked["project"]["optional-dependencies"]
    wanted["requirements-scale"] = extras["postgresql"] + extras["redis"]
    for stem, requirements in wanted.items():
        pinned = house.pinned((ROOT / "deploy" / f"{stem}.txt").read_text())
        for requirement in map(Requirement, requirements):
            assert requirement.specifier.contains(pinned[requirement.name]), requirement


def undeclared(source: str, declared: set[str]) -> set[str]:
    """What is imported from a distribution that only comes along with another."""
    distributions = importlib.metadata.packages_distributions()
    roots = {module.partition(".")[0] for _line, module, _name in house.imports(source)} - sys.stdlib_module_names
    brought_by = {root: {canonicalize_name(name) for name in distributions.get(root, [root])} for root in roots}
    return {
        root
        for root, names in brought_by.items()
        if root not in ("", "_typeshed", "pwa", "tests", "bench") and not names & declared
    }


@pytest.mark.parametrize("folder", ["pwa", "tests", "docs", "deploy"])
def test_every_import_is_a_declared_dependency(folder: str) -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = asked["project"]["optional-dependencies"]
    requirements = asked["project"]["dependencies"] + extras["postgresql"] + extras["redis"]
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


def test_each_fault_in_the_list_names_tests_that_there_are() -> None:
    listed = (ROOT / "docs" / "faults.md").read_text("utf-8")
    named = set(re.findall(r"`([a-z]+/(?:\w+/)?test_\w+\.py)`", listed))
    assert len(named) > 10
    assert {name for name in named if not (ROOT / "tests" / name).is_file()} == set()
    found = {int(number) for span in re.findall(r"^\| F([\d–F]+)", listed, re.MULTILINE) for number in _span(span)}
    assert found == set(range(1, 20))


def _span(said: str) -> range:
    first, _, last = said.partition("–F")
    return range(int(first), int(last or first) + 1)


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
