"""The rules of the house as functions: each takes source text (or folders) and returns the faults it finds, one line each."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MODULE_LINES, FUNCTION_LINES = 300, 40
IMPURE = {"asyncio", "http", "os", "shutil", "socket", "sqlite3", "ssl", "subprocess", "threading", "urllib"}
SOCKETS = {
    "aiohttp",
    "asyncio",
    "ftplib",
    "httpx",
    "pycurl",
    "pywebpush",
    "requests",
    "smtplib",
    "socket",
    "ssl",
    "urllib3",
}
SOCKET_MODULES = {"http.client", "urllib.request"}
REQUEST = {"request", "session", "g", "has_request_context"}
SQL_WRITES = {"insert", "update", "delete"}
SESSION_WRITES = {"add", "add_all", "bulk_save_objects", "commit", "delete", "flush", "merge"}
# What a page may set something on: what it makes itself. A row is changed by a service.
OWN = {"app", "bp", "blueprint", "field", "form", "g", "request", "response", "self", "state"}


Rule = Callable[[str], list[str]]


def faults(rule: Rule, paths: Iterator[Path]) -> list[str]:
    return [f"{path.relative_to(ROOT)}:{fault}" for path in sorted(paths) for fault in rule(path.read_text("utf-8"))]


def run(*command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV_"))}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=100)


def tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


# --- Imports ------------------------------------------------------------------------------------------------------


def imports(source: str) -> Iterator[tuple[int, str, str]]:
    """Line, module, and name for each import (`import a.b` has no name). Those only for types count too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from ((node.lineno, module, alias.name) for alias in node.names)


def impure_imports(source: str) -> list[str]:
    """What a rule imports beside the standard library and other rules; and what reaches outside."""
    found = []
    for line, module, _name in imports(source):
        root = module.partition(".")[0]
        ours = module == "pwa.domain" or module.startswith("pwa.domain.")
        pure = root in sys.stdlib_module_names and root not in IMPURE
        if not (ours or pure or root == "__future__"):
            found.append(f"{line}: imports {module}")
    return found


def request_imports(source: str) -> list[str]:
    """Where Flask's request, session or g is taken in."""
    return [
        f"{line}: imports {module}.{name}"
        for line, module, name in imports(source)
        if module.partition(".")[0] == "flask" and name in REQUEST
    ]


def socket_imports(source: str) -> list[str]:
    """Where something is taken in that can open a connection."""
    return [
        f"{line}: imports {module}"
        for line, module, name in imports(source)
        if module.partition(".")[0] in SOCKETS or module in SOCKET_MODULES or f"{module}.{name}" in SOCKET_MODULES
    ]


# --- Who writes ---------------------------------------------------------------------------------------------------


def writers(source: str) -> set[str]:
    """The functions of a storage module that change rows, also by calling another that does."""
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    found = {function.name for function in functions if _changes_rows(function)}
    while True:
        more = {function.name for function in functions if found & _called_names(function)}
        if more <= found:
            return found
        found |= more


def _changes_rows(function: ast.FunctionDef) -> bool:
    rows = {name.id for node in ast.walk(function) if isinstance(node, ast.Assign) for name in _names(node.targets)}
    rows |= {argument.arg for argument in function.args.args}
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _last_name(node.func) in SQL_WRITES | SESSION_WRITES:
            return True
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _root(node) in rows - OWN:
            return True
    return False


def _names(targets: Iterable[ast.expr]) -> Iterator[ast.Name]:
    for target in targets:
        yield from (node for node in ast.walk(target) if isinstance(node, ast.Name))


def _called_names(function: ast.FunctionDef) -> set[str]:
    return {
        node.func.id for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def page_writes(source: str, storage: dict[str, set[str]]) -> list[str]:
    """Where a page writes past the services. `storage` says which functions of each storage module change rows."""
    found = []
    for line, module, name in imports(source):
        noun = module.removeprefix("pwa.storage.")
        forbidden = {"db", "transaction", "Session"} if noun == "database" else storage.get(noun, set())
        if noun != module and name in forbidden:
            found.append(f"{line}: imports {name} from {module}")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called, of = node.func.attr, _last_name(node.func.value)
            if called in storage.get(of, set()) or called in ("commit", "transaction"):
                found.append(f"{node.lineno}: calls {of}.{called}()")
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _root(node) not in OWN:
            found.append(f"{node.lineno}: sets {ast.unparse(node)}")
    return found


def transactions(source: str) -> list[str]:
    """Where a transaction is opened or committed."""
    return [
        f"{node.lineno}: calls {_last_name(node.func)}()"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and _last_name(node.func) in ("commit", "transaction")
    ]


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


# --- Size ---------------------------------------------------------------------------------------------------------


def too_long(source: str) -> list[str]:
    count = len(source.splitlines())
    found = [f"{count} lines, at most {MODULE_LINES}"] if count > MODULE_LINES else []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                found.append(f"{node.lineno}: {node.name}() has {length} lines, at most {FUNCTION_LINES}")
    return found


def without_docstring(source: str) -> list[str]:
    return (
        []
        if ast.get_docstring(ast.parse(source)) or not source.strip()
        else ["1: says nothing about what may live here"]
    )


# --- Stylesheets --------------------------------------------------------------------------------------------------

COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(|\bcolor\((?!-)", re.IGNORECASE)
LENGTH = re.compile(r"(?<![\w.#-])-?(?:\d*\.)?\d+px\b", re.IGNORECASE)
CONDITION = re.compile(r"@(?:media|container|supports)[^{]*\{", re.IGNORECASE)
MIXED_IN = re.compile(r"color-mix\(\s*in\s+\w+")
LAYER = re.compile(r"@layer\s+[\w.-]+(\s*,\s*[\w.-]+)*\s*[{;]")
WRAPPED = re.compile(
    r"\s*(?:@charset[^;]*;\s*)?(?:@layer\s+[\w.-]+(?:\s*,\s*[\w.-]+)*\s*;\s*)?(?:@layer\s+[\w.-]+\s*\{|$)"
)


def unlayered(sheet: str) -> list[str]:
    """A stylesheet that does not begin with its layer."""
    plain = _without_comments(sheet)
    begins = WRAPPED.match(plain) or plain.lstrip().startswith(("@font-face", "@property"))
    return [] if LAYER.search(plain) and begins else ["does not wrap itself in its layer"]


def raw_values(sheet: str) -> list[str]:
    """Colours and pixels that should be tokens; 0 and what stands in a condition are free."""
    plain = MIXED_IN.sub("color-mix(", CONDITION.sub("{", _without_comments(sheet)))
    plain = re.sub(r"url\([^)]*\)", "url()", plain)
    found = []
    for number, line in enumerate(plain.splitlines(), 1):
        values = line.partition(":")[2] if ":" in line else line
        raw = COLOUR.findall(values) + [px for px in LENGTH.findall(values) if float(px[:-2]) != 0]
        found += [f"{number}: {value}" for value in raw]
    return found


def _without_comments(sheet: str) -> str:
    return re.sub(r"/\*.*?\*/", lambda comment: "\n" * comment[0].count("\n"), sheet, flags=re.DOTALL)


# --- Templates ----------------------------------------------------------------------------------------------------


def inline_code(template: str) -> list[str]:
    """Script or style written into the page, which its policy would refuse."""
    finder = _InlineFinder()
    finder.feed(re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL))
    finder.close()
    return finder.found


class _InlineFinder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _value in attrs}
        line = self.getpos()[0]
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(f"{line}: <{tag}>")
        for name, value in attrs:
            if (
                name == "style"
                or re.fullmatch(r"on[a-z]+", name)
                or (value or "").strip().lower().startswith("javascript:")
            ):
                self.found.append(f"{line}: {name}=")

    handle_startendtag = handle_starttag


# --- Files --------------------------------------------------------------------------------------------------------


def unpinned(lock: str) -> list[str]:
    """Requirements of a lock without an exact version and a hash; and addresses, which have no place there."""
    found = [f"an address: {line}" for line in lock.splitlines() if "://" in line or line.startswith("-")]
    plain = re.sub(r"^#.*\n", "", lock, flags=re.MULTILINE).replace("\\\n", " ")
    for requirement in filter(None, map(str.strip, plain.splitlines())):
        if "==" not in requirement.partition(";")[0] or "--hash=sha256:" not in requirement:
            found.append(f"not pinned: {requirement[:60]}")
    return found


def pinned(lock: str) -> dict[str, str]:
    """Name → version of a lock."""
    return dict(re.findall(r"^([a-z0-9][a-z0-9.-]*)==([^\s;\\]+)", lock, flags=re.MULTILINE))
