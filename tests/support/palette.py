"""The colours as the stylesheets write them, by day and by night, and how well they are told apart (WCAG 2.2)."""

from __future__ import annotations

import re
from pathlib import Path

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
DAY, NIGHT = 0, 1
PAIR = re.compile(r"--([\w-]+): var\(--day, (#\w{6,8})\) var\(--night, (#\w{6,8})\);")
ALWAYS = re.compile(r"--([\w-]+): (#\w{6});")
MEANING = re.compile(r"--([\w-]+): var\(--(raw-[\w-]+)\);")
HEAT = re.compile(r"\[data-fire=\"(\d)\"\] \{ --heat: ([\d.]+);")

Colour = tuple[float, float, float]


def sheet(name: str) -> str:
    return re.sub(r"/\*.*?\*/", "", (CSS / name).read_text(), flags=re.DOTALL)


def raw() -> dict[str, tuple[str, str]]:
    """Every raw colour: its day and its night."""
    source = sheet("tokens-raw.css")
    pairs = {name: (day, night) for name, day, night in PAIR.findall(source)}
    return pairs | {name: (one, one) for name, one in ALWAYS.findall(source)}


def meaning() -> dict[str, str]:
    """What each token stands for, outside any room: its raw colour's name."""
    return dict(MEANING.findall(sheet("tokens.css").partition("[data-room=")[0]))


def heat() -> list[float]:
    """How warm the wall is at fire 0 to 5."""
    return [float(value) for _, value in sorted(HEAT.findall(sheet("tokens.css")))]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def laid_over(top: str, opacity: float, below: str) -> str:
    """`top` painted over `below` at this opacity."""
    mixed = (opacity * a + (1 - opacity) * b for a, b in zip(_bytes(top), _bytes(below), strict=True))
    return "#" + "".join(f"{round(value):02X}" for value in mixed)


def mixed(one: str, other: str, share: float) -> str:
    """color-mix(in oklab, one share, other), as CSS Color 4 has it."""
    pairs = zip(_oklab(one), _oklab(other), strict=True)
    lightness, a, b = (share * first + (1 - share) * second for first, second in pairs)
    return _hex((lightness, a, b))


def _bytes(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _linear(colour: str) -> Colour:
    red, green, blue = (_uncurved(value / 255) for value in _bytes(colour))
    return red, green, blue


def _uncurved(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _curved(value: float) -> float:
    clipped = max(0.0, min(1.0, value))
    return clipped * 12.92 if clipped <= 0.0031308 else 1.055 * float(clipped ** (1 / 2.4)) - 0.055


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklab(colour: str) -> Colour:
    red, green, blue = _linear(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _hex(oklab: Colour) -> str:
    lightness, a, b = oklab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    colours = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _curved(value)):02X}" for value in colours)
