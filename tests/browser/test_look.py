"""How the pages look where people need them otherwise: very large text, no motion; and what only a browser can mix."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from pwa.services import setting_up
from pwa.services.setting_up import Naming
from tests.support.browser import PHONE, SMALL, Phone
from tests.support.household import Household
from tests.support.outbox import until, until_sent
from tests.support.people import Person
from tests.support.server import Server

OpenPhone = Callable[..., Phone]
FOR_EVERYONE = ("/", "/setup", "/setup/name", "/help", "/offline")
OWN = (
    "/",
    "/setup/{parent}/enjoys",
    "/setup/{parent}/distance",
    "/steps/perspective",
    "/steps/perspective/longer-view",
    "/ideas",
    "/ideas/tea_among_the_roses",
    "/ideas/understood",
    "/moments",
    "/settings",
    "/settings/hour",
    "/settings/sign-out",
    "/parents/{parent}",
    "/help",
)
TWICE = "document.documentElement.style.fontSize = '200%'"
# What a page says its wall is, and what the browser paints there.
WALL = """() => {
  const [, ...mixed] = getComputedStyle(document.querySelector('.room')).backgroundImage.match(/(?:oklab|rgb|color)\\([^)]*\\)/g);
  const brush = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const painted = (colour) => { brush.fillStyle = colour; brush.fillRect(0, 0, 1, 1); return [...brush.getImageData(0, 0, 1, 1).data]; };
  const told = [...document.querySelectorAll('meta[name=theme-color]')].find(({media}) => !media || matchMedia(media).matches);
  return [painted(told.content), painted(mixed.at(-1))];
}"""
DRAWN = "(each) => each.checkVisibility({contentVisibilityAuto: true})"
ON_TOP = """(each) => {
  const {x, y, width, height} = each.getBoundingClientRect();
  return each.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""
NOTE_ANIMATIONS = """globalThis.begun = [];
addEventListener("animationstart", ({animationName}) => begun.push(animationName));"""
MOVING = "() => document.getAnimations().map((each) => each.animationName ?? each.transitionProperty)"


def pushed_sideways(phone: Phone, address: str) -> list[str]:
    page = phone.goto(address)
    found = []
    for size in (SMALL, PHONE):
        page.set_viewport_size(size)
        page.evaluate(TWICE)
        found += [f"{address} at {size['width']}"] if phone.overflows() else []
    return found


@pytest.mark.parametrize("address", FOR_EVERYONE)
def test_text_twice_as_large_fits_a_page_for_everyone(open_phone: OpenPhone, server: Server, address: str) -> None:
    assert pushed_sideways(open_phone(server), address) == []


def test_text_twice_as_large_fits_every_page_of_somebody(signed_in: Phone, ana: Person) -> None:
    addresses = [address.format(parent=ana.parent_id) for address in OWN]
    assert [fault for address in addresses for fault in pushed_sideways(signed_in, address)] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("place", ["welcome", "today"])
def test_the_browsers_own_bar_is_the_colour_of_the_wall(signed_in: Phone, theme: str, place: str) -> None:
    if place == "welcome":
        signed_in.context.clear_cookies()
    signed_in.page.emulate_media(color_scheme=theme)
    told, painted = signed_in.goto("/").evaluate(WALL)
    assert all(abs(one - other) <= 1 for one, other in zip(told, painted, strict=True)), (told, painted)


def test_nothing_moves_for_those_who_asked_for_it(signed_in: Phone) -> None:
    signed_in.context.clear_cookies()
    page = signed_in.page
    page.emulate_media(reduced_motion="reduce")
    signed_in.goto("/")
    assert page.evaluate(MOVING) == []
    page.emulate_media(reduced_motion="no-preference")
    assert set(page.evaluate(MOVING)) == {"sway"}


def test_a_piece_rises_when_a_tick_adds_it_and_lies_still_afterwards(signed_in: Phone) -> None:
    signed_in.page.emulate_media(reduced_motion="no-preference")
    signed_in.page.add_init_script(NOTE_ANIMATIONS)
    page = signed_in.goto("/")
    boxes = page.locator('[data-step="perspective"] label.task')
    for index in range(boxes.count()):
        boxes.nth(index).tap()
    expect(page.locator("body")).to_have_attribute("data-fire", "1")
    until(page, "() => begun.includes('rise-in')")
    until_sent(page)
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-fire-was", "1")
    until(page, "() => begun.includes('sway')")
    assert "rise-in" not in page.evaluate("begun")


def test_the_fire_sways_only_while_it_is_on_screen(signed_in: Phone) -> None:
    signed_in.context.clear_cookies()
    signed_in.page.emulate_media(reduced_motion="no-preference")
    page = signed_in.goto("/")
    hearth = page.locator(".hearth")
    assert hearth.evaluate(DRAWN)
    page.set_viewport_size({"width": 390, "height": 300})
    page.evaluate("document.body.style.paddingBlockEnd = '3000px'; scrollTo(0, 2000)")
    until(page, f"() => !({DRAWN})(document.querySelector('.hearth'))")


def test_a_long_list_of_parents_hangs_over_the_page(signed_in: Phone, household: Household, ana: Person) -> None:
    now = household.app.extensions["rekindle.clock"]()
    with household.app.app_context():
        assert ana.session_id is not None
        for name in ("Dad", "Papa", "Amma", "Maman", "Nana"):
            setting_up.add_parent(ana.session_id, Naming(name, "they"), now)
    page = signed_in.goto("/")
    page.locator("details.family summary").tap()
    last = page.locator(".family .item").last
    assert last.evaluate(ON_TOP)


def test_a_page_gives_way_to_the_next_without_a_jump(signed_in: Phone) -> None:
    """The style rule is there in the one sheet, within its layer and condition, as the browser reads it."""
    page = signed_in.goto("/")
    rules = page.evaluate("""() => {
      const all = (rules) => [...rules].flatMap((rule) => [rule, ...(rule.cssRules ? all(rule.cssRules) : [])]);
      return [...document.styleSheets].flatMap((sheet) => all(sheet.cssRules)).map((rule) => rule.constructor.name);
    }""")
    assert "CSSViewTransitionRule" in rules
