"""The colours are told apart as well as the design's table says, by day and by night: worked out again from the tokens."""

from __future__ import annotations

import re

import pytest

from tests.support import palette
from tests.support.palette import DAY, NIGHT

SURFACES = ("paper", "card", "well")
SHEETS = ("paper", "card")
WALLS = tuple(f"raw-{room}{lit}" for room in ("sage", "dusk", "blush") for lit in ("", "-lit"))

# (what it is, colour, the surfaces it stands on, worst ratio by day, by night): DESIGN.md's table, and what it calls for
TABLE = [
    ("text", "ink", SURFACES, 13.2, 14.1),
    ("text on a wall", "ink", WALLS, 10.6, 12.5),
    ("second voice", "ink-2", SURFACES, 6.5, 8.1),
    ("second voice on a wall", "ink-2", WALLS, 5.2, 7.2),
    ("second voice in firelight", "ink-2", ("firelit card",), 6.1, 5.2),
    ("the lit thing", "on-ember", ("ember",), 6.0, 7.3),
    ("links", "ember-ink", SURFACES, 5.8, 8.4),
    ("links in firelight", "ember-ink", ("firelit card",), 5.5, 5.4),
    ("chosen", "honey-ink", ("honey-wash",), 6.2, 8.5),
    ("offline", "dusk-ink", ("dusk-wash",), 6.6, 8.1),
    ("all is well", "leaf-ink", SHEETS, 6.8, 9.4),
    ("form errors", "alert", SHEETS, 6.9, 8.4),
    ("control outlines", "edge", SHEETS, 4.6, 4.3),
]
# (what it is, colour, ground, least): pairs the table does not name, held to the guideline's own figure
GUIDELINE = [
    ("text on a chosen chip", "ink", "honey-wash", 4.5),
    ("outline of a chosen chip", "ember", "honey-wash", 3),
    ("moment glyph", "ember-ink", "honey-wash", 3),
    ("toast", "on-slip", "slip", 4.5),
    ("undo", "slip-act", "slip", 4.5),
    ("time of a notification", "ink-2", "lock", 4.5),
    ("button that is not ready", "ink-2", "well", 4.5),
    ("hovered link button", "ember-ink", "well", 4.5),
    ("selected text", "mark", "honey", 4.5),
    ("a tick on a coal", "on-ember", "ember", 3),
]
FIRELIGHT_AT_FULL_HEAT = 0.42


def colour(name: str, side: int) -> str:
    if name == "firelit card":
        return palette.laid_over(colour("firelight", side), FIRELIGHT_AT_FULL_HEAT, colour("card", side))
    return palette.raw()[palette.meaning().get(name, name)][side]


@pytest.mark.parametrize(("what", "name", "surfaces", "day", "night"), TABLE, ids=[row[0] for row in TABLE])
def test_a_ratio_is_as_tabled(what: str, name: str, surfaces: tuple[str, ...], day: float, night: float) -> None:
    for side, tabled in ((DAY, day), (NIGHT, night)):
        worst = min(palette.contrast(colour(name, side), colour(surface, side)) for surface in surfaces)
        assert worst == pytest.approx(tabled, abs=0.055), what


@pytest.mark.parametrize(("what", "name", "ground", "least"), GUIDELINE, ids=[row[0] for row in GUIDELINE])
def test_a_pair_the_table_leaves_out_meets_the_guideline(what: str, name: str, ground: str, least: float) -> None:
    for side in (DAY, NIGHT):
        assert palette.contrast(colour(name, side), colour(ground, side)) >= least, what


def test_firelight_is_as_strong_as_the_table_reckons() -> None:
    assert f"calc(var(--heat) * {FIRELIGHT_AT_FULL_HEAT:.2f}".replace("0.", ".") in palette.sheet("stone.css")


def test_every_text_colour_is_in_a_table() -> None:
    checked = {row[1] for row in TABLE} | {row[1] for row in GUIDELINE}
    sheets = "\n".join(palette.sheet(path.name) for path in palette.CSS.glob("*.css"))
    assert set(re.findall(r"(?<![\w-])color: var\(--([\w-]+)\)", sheets)) - checked == {"honey"}  # the sparks


def test_ratios_are_reckoned_as_the_guideline_has_them() -> None:
    assert palette.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert palette.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
