"""Every picture a page asks for is there, and the icons are what phones expect of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from PIL import Image

from pwa import content
from pwa.domain.steps import STEP_KEYS

ROOT = Path(__file__).resolve().parents[3]
ICONS = ROOT / "static" / "icons"
ASKED = [
    re.compile(r"""icon\(\s*"([a-z-]+)\""""),
    re.compile(r"""glyph\(\s*"([a-z-]+)\""""),
    re.compile(r"""glyph="([a-z-]+)\""""),
    re.compile(r"""sprite\.svg"\) \}\}#([a-z-]+)"""),
]


def symbols(file: str) -> set[str]:
    return set(re.findall(r'<symbol id="([^"]+)"', (ICONS / file).read_text()))


def asked_for() -> set[str]:
    pages = "\n".join(
        re.sub(r"\{#.*?#\}", "", page.read_text(), flags=re.DOTALL) for page in ROOT.glob("templates/**/*.html")
    )
    return {glyph for pattern in ASKED for glyph in pattern.findall(pages)}


def pictures() -> object:
    places = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)
    places.globals["asset"] = lambda path: f"/static/x/{path}"
    return places.get_template("macros/pictures.html").module


def test_every_glyph_a_page_asks_for_is_in_the_sprite() -> None:
    assert asked_for() - symbols("sprite.svg") == set()
    assert {"check", "notebook", "arrow-left"} <= asked_for()


def test_every_glyph_the_next_thing_asks_for_is_in_the_sprite() -> None:
    found = re.findall(r'icon = "([a-z-]+)"', (Path(content.__file__).parent / "next_things.toml").read_text())
    assert found
    assert set(found) - symbols("sprite.svg") == set()


@pytest.mark.parametrize("step_key", STEP_KEYS)
def test_every_step_has_its_piece(step_key: str) -> None:
    assert str(pictures().piece(step_key)).count("<path") >= 2  # type: ignore[attr-defined]


@pytest.mark.parametrize("mantel", ["roses", "radio", "reel", "teapot", "books"])
def test_every_mantel_object_is_drawn_differently(mantel: str) -> None:
    def hearth(which: str) -> str:
        return str(pictures().hearth(3, mantel=which, sentence="A small flame."))  # type: ignore[attr-defined]

    others = {"roses", "radio", "reel", "teapot", "books"} - {mantel}
    assert hearth(mantel) not in {hearth(other) for other in others}


def test_a_hearth_says_what_it_shows() -> None:
    sentences = [f"Fire {fire} & so on" for fire in range(6)]
    drawn = str(pictures().hearth(2, sentences=sentences))  # type: ignore[attr-defined]
    assert 'role="img" aria-label="Fire 2 &amp; so on"' in drawn
    assert 'data-fire5="Fire 5 &amp; so on"' in drawn


@pytest.mark.parametrize(
    ("file", "size", "cut"),
    [
        ("icon-192.png", 192, True),
        ("icon-512.png", 512, True),
        ("icon-maskable-192.png", 192, False),
        ("icon-maskable-512.png", 512, False),
        ("apple-touch-icon.png", 180, False),
        ("badge-96.png", 96, True),
        ("favicon-32.png", 32, True),
    ],
)
def test_an_icon_has_its_size_and_holes_only_where_it_may(file: str, size: int, cut: bool) -> None:
    with Image.open(ICONS / file) as icon:
        assert icon.size == (size, size)
        assert icon.has_transparency_data is cut


def test_the_icon_for_ios_has_no_alpha_channel() -> None:
    with Image.open(ICONS / "apple-touch-icon.png") as icon:
        assert icon.mode == "RGB"
