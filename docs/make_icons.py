"""Draws static/icons/*.png from the SVGs beside them, with Playwright on Debian's Chromium: python docs/make_icons.py"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ICONS = Path(__file__).resolve().parent.parent / "static" / "icons"
CHROMIUM = "/usr/bin/chromium"

BRICK = "#A93B16"  # as in the drawings

# file, drawing, size, opaque. A phone that cuts the icon itself gets a full square; iOS blackens what is
# see-through, so its icon has no alpha channel at all.
PICTURES = (
    ("icon-192.png", "icon.svg", 192, False),
    ("icon-512.png", "icon.svg", 512, False),
    ("icon-maskable-192.png", "icon-maskable.svg", 192, True),
    ("icon-maskable-512.png", "icon-maskable.svg", 512, True),
    ("apple-touch-icon.png", "icon.svg", 180, True),
    ("badge-96.png", "badge.svg", 96, False),
    ("favicon-32.png", "icon.svg", 32, False),
)


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, drawing, size, opaque in PICTURES:
            size_of, pixels = _decoded(
                _drawn(browser, (ICONS / drawing).read_text(), size, BRICK if opaque else "transparent")
            )
            assert size_of == (size, size)
            (ICONS / name).write_bytes(_encoded(pixels, size, opaque))
            print(name, (ICONS / name).stat().st_size)
        browser.close()


def _drawn(browser: Browser, drawing: str, size: int, ground: str) -> bytes:
    page = browser.new_page(viewport={"width": size, "height": size})
    style = f"body{{margin:0;background:{ground}}}svg{{display:block;width:{size}px;height:{size}px}}"
    page.set_content(f"<style>{style}</style>{drawing}")
    picture = page.screenshot(omit_background=True)
    page.close()
    return picture


def _decoded(png: bytes) -> tuple[tuple[int, int], list[bytes]]:
    """Size and rows of RGBA bytes of an 8-bit PNG without interlace, as Chromium writes them."""
    width, height, _, kind = struct.unpack(">IIBB", png[16:26])
    depth = {2: 3, 6: 4}[kind]
    packed = zlib.decompress(b"".join(body for name, body in _chunks(png) if name == b"IDAT"))
    rows: list[bytes] = []
    before = bytes(width * depth)
    for start in range(0, len(packed), width * depth + 1):
        before = _unfiltered(packed[start], bytearray(packed[start + 1 : start + 1 + width * depth]), before, depth)
        rows.append(before)
    assert len(rows) == height
    return (width, height), rows if depth == 4 else [_with_alpha(row) for row in rows]


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _unfiltered(kind: int, row: bytearray, above: bytes, depth: int) -> bytes:
    for i in range(len(row)):
        left, up, corner = (row[i - depth], above[i], above[i - depth]) if i >= depth else (0, above[i], 0)
        row[i] = (row[i] + (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]) & 255
    return bytes(row)


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


def _with_alpha(row: bytes) -> bytes:
    return b"".join(row[i : i + 3] + b"\xff" for i in range(0, len(row), 3))


def _encoded(rows: list[bytes], size: int, opaque: bool) -> bytes:
    """A PNG of the smallest filter for the whole picture; without the alpha channel where it is opaque."""
    depth = 3 if opaque else 4
    if opaque:
        assert all(row[3::4] == b"\xff" * size for row in rows), "this drawing has holes in it"
        rows = [b"".join(row[i : i + 3] for i in range(0, len(row), 4)) for row in rows]
    above = [bytes(size * depth), *rows[:-1]]
    plain = b"".join(b"\0" + row for row in rows)
    lifted = b"".join(
        b"\2" + bytes((a - b) & 255 for a, b in zip(*pair, strict=True)) for pair in zip(rows, above, strict=True)
    )
    packed = min((zlib.compress(data, 9) for data in (plain, lifted)), key=len)
    header = struct.pack(">IIBBBBB", size, size, 8, 2 if opaque else 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")


if __name__ == "__main__":
    main()
