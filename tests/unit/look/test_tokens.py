"""The tokens keep their three steps, and the styles keep to browsers as old as Safari 16.4."""

from __future__ import annotations

import re

import pytest

from tests.support import palette

SHEETS = sorted(path.name for path in palette.CSS.glob("*.css"))
SWITCH = [
    r":root \{ --day: initial; --night: ; color-scheme: light dark; \}",
    r'@media \(prefers-color-scheme: dark\) \{\s*:root:not\(\[data-theme="light"\]\) \{ --day: ; --night: initial; \}\s*\}',
    r':root\[data-theme="dark"\] \{ --day: ; --night: initial; color-scheme: dark; \}',
    r':root\[data-theme="light"\] \{ color-scheme: light; \}',
]
TOO_NEW = {
    "light-dark() is Safari 17.5": r"light-dark\(",
    "relative colours are Safari 16.4 to 18 in parts": r"(?:rgb|hsl|oklch|oklab|lab|lch|color)\(\s*from\b",
    "nesting is Safari 16.5": r"(?:^|[;{}])\s*&",
    "@scope is Safari 17.4": r"@scope",
    "@starting-style is Safari 17.5": r"@starting-style",
    "container style queries are Safari 18": r"@container[^{]*style\(",
}


def declared(sheet: str) -> set[str]:
    return set(re.findall(r"(?:^|[{;\s])--([\w-]+)\s*:", sheet))


def used(sheet: str) -> set[str]:
    return set(re.findall(r"var\(--([\w-]+)", sheet))


def test_every_raw_colour_has_a_day_and_a_night() -> None:
    names = {name for name in declared(palette.sheet("tokens-raw.css")) if name.startswith("raw-")}
    assert names == set(palette.raw())


@pytest.mark.parametrize("rule", SWITCH)
def test_dark_turns_one_switch_and_nothing_else(rule: str) -> None:
    assert re.search(rule, palette.sheet("tokens-raw.css"))


def test_the_switch_is_turned_in_one_file() -> None:
    assert [name for name in SHEETS if re.search(r"--(?:day|night):|prefers-color-scheme", palette.sheet(name))] == [
        "tokens-raw.css"
    ]


def test_only_meaning_speaks_of_raw_paint() -> None:
    speaking = [name for name in SHEETS if any(each.startswith("raw-") for each in used(palette.sheet(name)))]
    assert set(speaking) <= {"tokens.css", "tokens-sizes.css"}


def test_every_raw_colour_means_something() -> None:
    named = used(palette.sheet("tokens.css")) | used(palette.sheet("tokens-sizes.css"))
    assert set(palette.raw()) <= named


def test_every_token_used_is_declared() -> None:
    everywhere = "\n".join(palette.sheet(name) for name in SHEETS)
    assert used(everywhere) - declared(everywhere) == set()


def test_every_token_declared_is_used() -> None:
    everywhere = "\n".join(palette.sheet(name) for name in SHEETS)
    drawn = used((palette.CSS.parent / "icons" / "art.svg").read_text())
    assert declared(everywhere) - used(everywhere) - drawn == set()


@pytest.mark.parametrize("name", SHEETS)
def test_a_stylesheet_is_one_short_thing(name: str) -> None:
    assert len((palette.CSS / name).read_text().splitlines()) <= 120


@pytest.mark.parametrize("why", TOO_NEW)
def test_the_styles_ask_nothing_too_new(why: str) -> None:
    assert [name for name in SHEETS if re.search(TOO_NEW[why], palette.sheet(name), re.MULTILINE)] == []
