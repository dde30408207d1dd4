"""Scripts: the modules under static/js joined into one file, so that a page asks once. For reading they stay apart."""

from __future__ import annotations

import re
from pathlib import Path

_IMPORT = re.compile(r'^import (?:(\{[^}]*\}|\* as \w+) from )?"(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
# What the joining does not know it refuses, instead of getting it wrong.
_STRANGE = re.compile(r"^(?:import|export)\b|^[^/]*\bimport\s*\(|^await\b", re.MULTILINE)


def join(entry: Path) -> str:
    """The module at `entry` with all it imports, in the order in which a browser would run them.

    Each gets a scope of its own that hands out what it exports; comments and indents stay behind.
    Exports are values: one that changes later must be a function. ValueError for a form not known here.
    """
    joined: dict[Path, str] = {}
    _add(entry.resolve(), joined, above=())
    return "".join(joined.values())


def _add(module: Path, joined: dict[Path, str], above: tuple[Path, ...]) -> None:
    if module in above:
        raise ValueError(f"{module.name} imports itself by way of {above[-1].name}")
    source = module.read_text("utf-8")
    needed = [(names, (module.parent / path).resolve()) for names, path in _IMPORT.findall(source)]
    for _, path in needed:
        if path not in joined:
            _add(path, joined, (*above, module))
    places = {path: place for place, path in enumerate(joined)}
    taken = "".join(_taken(names, places[path]) for names, path in needed if names)
    given = ", ".join(_EXPORT.findall(source))
    body = _EXPORT.sub("", _IMPORT.sub("", source))
    if _STRANGE.search(body):
        raise ValueError(f"{module.name} has an import or export of another form")
    joined[module] = f"const m{len(joined)} = (() => {{\n{taken}{_shorten(body)}return {{ {given} }};\n}})();\n"


def _taken(names: str, place: int) -> str:
    """What an import statement becomes."""
    if names.startswith("*"):
        return f"const {names.removeprefix('* as ')} = m{place};\n"
    return f"const {' '.join(names.split()).replace(' as ', ': ')} = m{place};\n"


def _shorten(source: str) -> str:
    lines = (line.strip() for line in source.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))
