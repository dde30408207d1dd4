"""Draws static/icons/*.png from the SVGs beside them, with Playwright on Debian's Chromium: python docs/make_icons.py"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ICONS = Path(__file__).resolve().parent.parent / "static" / "icons"
CHROMIUM = "/usr/bin/chromium"

BRICK = "#A93B16"  # as in the drawings
COLOURS = 96  # flat paints: more only makes the files heavier

# file, drawing, size, kind. A phone that cuts the icon itself gets a full square; iOS blackens what is
# see-through, so its icon has no alpha channel at all.
CUT, SQUARE, PLAIN = "cut", "square", "plain"
PICTURES = (
    ("icon-192.png", "icon.svg", 192, CUT),
    ("icon-512.png", "icon.svg", 512, CUT),
    ("icon-maskable-192.png", "icon-maskable.svg", 192, SQUARE),
    ("icon-maskable-512.png", "icon-maskable.svg", 512, SQUARE),
    ("apple-touch-icon.png", "icon.svg", 180, PLAIN),
    ("badge-96.png", "badge.svg", 96, CUT),
    ("favicon-32.png", "icon.svg", 32, CUT),
)


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, drawing, size, kind in PICTURES:
            drawn = _drawn(browser, (ICONS / drawing).read_text(), size, "transparent" if kind == CUT else BRICK)
            _painted(drawn, kind).save(ICONS / name, optimize=True)
            print(name, (ICONS / name).stat().st_size)
        browser.close()


def _drawn(browser: Browser, drawing: str, size: int, ground: str) -> Image.Image:
    page = browser.new_page(viewport={"width": size, "height": size})
    style = f"body{{margin:0;background:{ground}}}svg{{display:block;width:{size}px;height:{size}px}}"
    page.set_content(f"<style>{style}</style>{drawing}")
    picture = page.screenshot(omit_background=True)
    page.close()
    return Image.open(BytesIO(picture)).convert("RGBA")


def _painted(drawn: Image.Image, kind: str) -> Image.Image:
    """The picture with few colours, see-through only where it may be."""
    if kind == PLAIN:
        return drawn.convert("RGB")
    if kind == SQUARE:
        return drawn.convert("RGB").quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return drawn.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main()
