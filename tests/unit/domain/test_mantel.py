"""The object on the mantel speaks of an interest and tells one room from another."""

import pytest

from pwa.domain.mantel import OBJECTS, mantel


@pytest.mark.parametrize(
    ("interests", "taken", "chosen"),
    [
        ([], [], "roses"),
        (["faith"], [], "roses"),
        (["films"], [], "reel"),
        (["films", "cooking"], ["reel"], "teapot"),
        (["films"], ["reel"], "roses"),
        ([], ["roses"], "radio"),
        (["films"], OBJECTS, "reel"),
        ([], OBJECTS, "roses"),
    ],
)
def test_the_object_fits_and_is_not_another_parents(interests: list[str], taken: list[str], chosen: str) -> None:
    assert mantel(interests, taken) == chosen
