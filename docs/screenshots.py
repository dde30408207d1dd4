"""Takes the pictures of the README and the manifest from the running app: `make screenshots`.

A picture's name says where it goes: its form factor, its place, and its caption.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.browser import DESKTOP, Phone  # noqa: E402 the path comes first
from tests.support.server import Server  # noqa: E402

PICTURES = ROOT / "static" / "screenshots"
DONE = ("perspective", "reach_out", "follow_up", "be_together")
MOMENTS = (
    ("A visit", "Mom did", "Yesterday", "Walked round the lake. She laughed about the ducks."),
    ("A call", "I did", "Today", "She asked for the soup recipe."),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        server.prepare()
        server.start()
        try:
            phone = Phone(playwright, server.address, Path(folder) / "phone").open()
            live_a_little(phone)
            take_narrow(phone)
            take_wide(phone)
            phone.close()
        finally:
            server.stop()


def live_a_little(phone: Phone) -> None:
    """Sets up Mom, finishes four steps, and writes down two moments."""
    page = phone.goto("/setup")
    page.get_by_role("button", name="Yes").click()
    page.get_by_role("button", name="Mom", exact=True).click()
    page.get_by_role("link", name="Skip", exact=True).click()
    page.get_by_role("link", name="Skip", exact=True).click()
    for step in DONE:
        tick_all(phone.goto(f"/steps/{step}"))
    for how, who, when, note in MOMENTS:
        page = phone.goto("/moments")
        if not page.get_by_label("A note").is_visible():
            page.get_by_text("I was in touch").click()
        for choice in (how, who, when):
            page.locator("form").get_by_text(choice, exact=True).click()
        page.get_by_label("A note").fill(note)
        page.get_by_role("button", name="Write it down").click()


def tick_all(page: Page) -> None:
    for box in page.locator("input[type=checkbox][data-task]").all():
        box.check()
    page.locator("[data-pending]").first.wait_for(state="detached")


def take_narrow(phone: Phone) -> None:
    take(phone, "/", "narrow-1-the-one-next-thing")
    take(phone, "/steps/look_for_good", "narrow-2-a-step-and-its-tasks")
    take(phone, "/moments", "narrow-3-your-time-together")
    phone.page.emulate_media(color_scheme="dark")
    take(phone, "/", "narrow-4-the-same-room-at-night")
    phone.page.emulate_media(color_scheme="light")


def take_wide(phone: Phone) -> None:
    phone.options = {"viewport": DESKTOP, "device_scale_factor": 1, "is_mobile": False, "has_touch": False}
    phone.reopen()
    take(phone, "/", "wide-1-today-on-a-computer")


def take(phone: Phone, path: str, name: str) -> None:
    page = phone.goto(path)
    page.evaluate("document.fonts.ready.then(() => true)")
    phone.screenshot(PICTURES / f"{name}.png", animations="disabled")
    print(f"Took {(PICTURES / name).relative_to(ROOT)}.png")


if __name__ == "__main__":
    main()
