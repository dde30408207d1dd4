"""The browser's own bar takes the colour of the wall below it: the very colour the stylesheet mixes."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from tests.support import palette

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
SIDES = {"light": palette.DAY, "dark": palette.NIGHT}


def wall_colour(scheme: str, room: str, fire: int, wall: bool = True) -> str:
    macros = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True).get_template("macros/walls.html").module
    return str(macros.wall_colour(scheme, wall, room, fire)).strip()  # type: ignore[attr-defined]


@pytest.mark.parametrize("room", ["sage", "dusk", "blush"])
@pytest.mark.parametrize("scheme", SIDES)
def test_the_bar_is_the_colour_of_the_wall(scheme: str, room: str) -> None:
    cold, lit = (palette.raw()[f"raw-{room}{end}"][SIDES[scheme]] for end in ("", "-lit"))
    mixed = [palette.mixed(lit, cold, heat) for heat in palette.heat()]
    assert [wall_colour(scheme, room, fire) for fire in range(6)] == mixed


@pytest.mark.parametrize("scheme", SIDES)
def test_the_bar_is_paper_where_there_is_no_wall(scheme: str) -> None:
    assert wall_colour(scheme, "sage", 5, wall=False) == palette.raw()["raw-paper"][SIDES[scheme]]
