"""The modules of static/js, joined into the one file that a page asks for, do what they do apart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pwa.web import scripts

STATIC = Path(__file__).resolve().parent.parent.parent / "static"
MODULES = sorted((STATIC / "js").rglob("*.js"))


@pytest.fixture
def written(tmp_path: Path):
    def write(**modules: str) -> Path:
        for name, source in modules.items():
            (tmp_path / f"{name}.js").write_text(source)
        return tmp_path / "app.js"

    return write


@pytest.fixture(scope="module")
def joined() -> str:
    return scripts.join(STATIC / "js" / "app.js")


def test_a_module_runs_after_what_it_imports(written) -> None:
    app = written(app='import { one } from "./one.js";\nconsole.log(one);\n', one="export const one = 1;\n")
    assert scripts.join(app) == (
        "const m0 = (() => {\nconst one = 1;\nreturn { one };\n})();\n"
        "const m1 = (() => {\nconst { one } = m0;\nconsole.log(one);\nreturn {  };\n})();\n"
    )


def test_a_module_imported_twice_runs_once(written) -> None:
    app = written(
        app='import "./a.js";\nimport "./b.js";\n', a='import "./c.js";\n', b='import "./c.js";\n', c="ring();\n"
    )
    assert scripts.join(app).count("ring();") == 1


def test_names_and_whole_modules_are_handed_over(written) -> None:
    app = written(
        app='import {\n  one,\n  two as other,\n} from "./a.js";\nimport * as all from "./a.js";\n',
        a="export function one() {}\nexport async function two() {}\n",
    )
    text = scripts.join(app)
    assert "return { one, two };" in text
    assert "const { one, two: other, } = m0;\nconst all = m0;\n" in text


def test_comments_and_indents_stay_behind_and_licences_do_not(written) -> None:
    app = written(app="// why\nif (a) {\n  // because\n  go();\n}\n/*! kept */\n")
    assert "if (a) {\ngo();\n}\n/*! kept */\n" in scripts.join(app)


@pytest.mark.parametrize(
    "line",
    ["export default 1;", "export { a };", "export let a = 1;", 'export * from "./a.js";', 'import a from "./a.js";',
     'import { a } from "idb";', 'const a = await import("./a.js");', "await go();"],
)  # fmt: skip
def test_a_form_that_the_joining_does_not_know_is_refused(written, line: str) -> None:
    with pytest.raises(ValueError):
        scripts.join(written(app=f"{line}\n", a="\n"))


def test_modules_that_need_each_other_are_refused(written) -> None:
    with pytest.raises(ValueError):
        scripts.join(written(app='import "./a.js";\n', a='import "./app.js";\n'))


def test_every_module_is_joined(joined: str) -> None:
    """One that nobody imports would be dead, and would not be kept for the road."""
    assert joined.count("})();\n") >= len(MODULES)
    for module in MODULES:
        last = [line.strip() for line in module.read_text().splitlines() if line.strip()][-1]
        assert last in joined, module.name


def test_no_text_runs_over_a_line(joined: str) -> None:
    """Indents are taken away, so a template literal may not hold any."""
    for module in MODULES:
        for number, line in enumerate(module.read_text().splitlines(), 1):
            assert line.count("`") % 2 == 0, f"{module.name}:{number}"


def test_nothing_is_written_as_markup_and_nothing_is_evaluated(joined: str) -> None:
    risky = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.on\w+ = \"|javascript:"
    for module in MODULES:
        assert re.findall(risky, module.read_text()) == [], module.name


def test_only_this_origin_is_asked(joined: str) -> None:
    for module in [*MODULES, STATIC.parent / "templates" / "shell" / "service-worker.js"]:
        for address in re.findall(r'fetch\(\s*"([^"]+)"', module.read_text()):
            assert address.startswith("/") and not address.startswith("//"), address


def test_an_element_is_about_forty_lines() -> None:
    for module in (STATIC / "js" / "elements").glob("*.js"):
        assert len(module.read_text().splitlines()) <= 70, module.name
