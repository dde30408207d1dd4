"""Every page in a real browser: nothing for axe to find in light or dark, at three widths, quiet console, no stranger asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page

from pwa import content
from pwa.services import closing, setting_up, stepping, stopping
from pwa.services.reflecting import LongerView, keep
from pwa.services.setting_up import Naming
from pwa.services.touching import Contact, log
from tests.support.browser import DESKTOP, PHONE, SMALL, Phone
from tests.support.household import Household
from tests.support.people import Person
from tests.support.server import Server

OpenPhone = Callable[..., Phone]
THEMES = ("light", "dark")
SMALLEST_TEXT, SMALLEST_TARGET = 16, 44
FOR_EVERYONE = ("/", "/setup", "/setup/name", "/help", "/offline", "/no-such-page")
OWN = (
    "/",
    "/setup/{parent}/enjoys",
    "/setup/{parent}/distance",
    *(f"/steps/{step.key}" for step in content.steps()),
    "/steps/perspective/longer-view",
    "/ideas",
    "/ideas?only=free&q=tea",
    "/ideas?q=zzzz",
    "/ideas/tea_among_the_roses",
    "/ideas/understood",
    "/ideas/learnt",
    "/reach-out?idea=tea_among_the_roses",
    "/reach-out/warm-up",
    "/settings/calendar",
    "/moments",
    "/moments/{moment}/deletion",
    "/settings",
    "/settings/devices",
    "/settings/hour",
    "/settings/quiet-hours",
    "/settings/zone",
    "/settings/appearance",
    "/settings/sign-out",
    "/settings/account/deletion",
    "/parents/{parent}",
    "/help",
)
# What is on the page but not a target of its own: a link within a sentence may be as small as its words.
TOO_SMALL = """([least]) => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary, textarea')]
  .map((each) => each.closest('label') ?? each)
  .filter((each) => each.checkVisibility({visibilityProperty: true, opacityProperty: false}))
  .filter((each) => !each.matches('p a:not(.btn), .vh, .skip, [tabindex="-1"]'))
  .filter((each) => { const {width, height} = each.getBoundingClientRect(); return Math.min(width, height) < least - .5; })
  .map((each) => each.outerHTML.slice(0, 120))"""
TOO_FINE = """([least]) => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = new Set();
  while (walker.nextNode()) {
    const {parentElement: holder, data} = walker.currentNode;
    if (!data.trim() || holder.closest('script, noscript, template, svg') || !holder.checkVisibility()) continue;
    if (parseFloat(getComputedStyle(holder).fontSize) < least) found.add(data.trim().slice(0, 60));
  }
  return [...found];
}"""


def look_at(phone: Phone, address: str) -> list[str]:
    """The faults of a page, in both themes and at three widths."""
    page = phone.goto(address)
    faults = [f"{address} {theme}: {fault}" for theme in THEMES for fault in axe(phone, theme)]
    for size in (PHONE, SMALL, DESKTOP):
        page.set_viewport_size(size)
        faults += [f"{address} at {size['width']}: {fault}" for fault in measure(phone)]
    page.set_viewport_size(PHONE)
    return faults


def axe(phone: Phone, theme: str) -> list[str]:
    phone.page.emulate_media(color_scheme=theme)
    return phone.accessibility_faults()


def measure(phone: Phone) -> list[str]:
    page = phone.page
    faults = ["it can be pushed sideways"] if phone.overflows() else []
    faults += [f"too small to tap: {each}" for each in page.evaluate(TOO_SMALL, [SMALLEST_TARGET])]
    return faults + [f"too small to read: {each}" for each in page.evaluate(TOO_FINE, [SMALLEST_TEXT])]


def forgive_missing_page(phone: Phone) -> None:
    """A browser prints each 404; the page that was asked for and is not there is no fault."""
    phone.errors[:] = [error for error in phone.errors if "no-such-page" not in error]


def live_a_little(household: Household, person: Person) -> str:
    """A note, a longer view and a moment, so that pages have something to show. Returns the moment's id."""
    assert person.account_id is not None and person.round_id is not None and person.parent_id is not None
    now = now_at(household)
    with household.app.app_context():
        keep(person.account_id, person.round_id, LongerView(("hopeful",), (), friend="We both miss it."), now)
        return str(
            log(person.account_id, person.parent_id, Contact("visit", "them", now.date(), "Tea.\nOne rose."), now)
        )


def now_at(household: Household) -> datetime:
    return household.app.extensions["rekindle.clock"]()


def finish_round(household: Household, person: Person) -> None:
    assert person.account_id is not None and person.round_id is not None
    with household.app.app_context():
        for step in content.steps():
            for task in step.tasks:
                stepping.tick(person.account_id, person.round_id, task.key, done=True, now=now_at(household))


@pytest.mark.parametrize("address", FOR_EVERYONE)
def test_a_page_for_everyone_has_no_fault(open_phone: OpenPhone, server: Server, address: str) -> None:
    phone = open_phone(server)
    assert look_at(phone, address) == []
    forgive_missing_page(phone)


def test_every_page_of_somebody_has_no_fault(signed_in: Phone, household: Household, ana: Person) -> None:
    moment = live_a_little(household, ana)
    addresses = [address.format(parent=ana.parent_id, moment=moment) for address in OWN]
    assert [fault for address in addresses for fault in look_at(signed_in, address)] == []


def test_every_page_of_an_invitation_has_no_fault(signed_in: Phone, household: Household, ana: Person) -> None:
    page = signed_in.goto("/reach-out?idea=tea_among_the_roses")
    page.get_by_role("button", name="On to the words").click()
    page.get_by_label("Your message to Mom").fill("Mom, you never call me. Saturday?")
    page.locator(".coach").wait_for()
    faults = [f"the coach, {theme}: {fault}" for theme in THEMES for fault in axe(signed_in, theme)]
    faults += look_at(signed_in, page.url.removeprefix(signed_in.origin))
    page.get_by_role("button", name="It has gone out").click()
    page.get_by_role("heading", name="It is with her now").wait_for()
    sent = page.url.removeprefix(signed_in.origin)
    waiting = sent.removesuffix("/sent")
    ((token,),) = household.tokens(ana)
    for address in (sent, waiting, f"{waiting}/answer", f"{waiting}/calendar", f"/for/{token}"):
        faults += look_at(signed_in, address)
    page.get_by_role("button", name="Not now, perhaps later").click()
    faults += [f"not now, {theme}: {fault}" for theme in THEMES for fault in axe(signed_in, theme)]
    page.goto(f"{signed_in.origin}/for/{token}")
    page.locator('[data-option="1"]').click()
    for address in (f"/for/{token}", waiting, "/", f"{waiting}/calendar"):
        faults += look_at(signed_in, address)
    assert faults == [], "\n".join(faults)


def test_today_has_no_fault_at_any_time_of_a_round(signed_in: Phone, household: Household, ana: Person) -> None:
    finish_round(household, ana)
    faults = look_at(signed_in, "/")
    with household.app.app_context():
        assert ana.account_id is not None and ana.round_id is not None
        closing.begin_next(ana.account_id, ana.round_id, now_at(household))
    assert faults + look_at(signed_in, "/") == []


def test_two_rooms_and_a_stop_have_no_fault(signed_in: Phone, household: Household, ana: Person) -> None:
    with household.app.app_context():
        assert ana.session_id is not None and ana.account_id is not None and ana.parent_id is not None
        setting_up.add_parent(ana.session_id, Naming("Dad", "he"), now_at(household))
        stopping.stop(ana.account_id, ana.parent_id, now_at(household))
    assert look_at(signed_in, "/") + look_at(signed_in, "/help") == []
    open_family(signed_in.page)
    assert [fault for theme in THEMES for fault in axe(signed_in, theme)] == []


def open_family(page: Page) -> None:
    page.goto(page.url.replace("/help", "/"))
    page.locator("details.family summary").tap()


def test_a_form_with_faults_has_no_fault_of_its_own(open_phone: OpenPhone, server: Server) -> None:
    phone = open_phone(server)
    phone.goto("/setup/name").get_by_role("button", name="Next").tap()
    phone.page.get_by_text("Write what you call them").wait_for()
    assert [fault for theme in THEMES for fault in axe(phone, theme)] == []
    phone.errors.clear()  # a browser prints each 422


@pytest.mark.parametrize("theme", THEMES)
def test_the_theme_that_was_chosen_outweighs_the_phones(
    open_phone: OpenPhone, server: Server, household: Household, ana: Person, theme: str
) -> None:
    other = next(each for each in THEMES if each != theme)
    phone = open_phone(server, color_scheme=other)
    household.sign_in(phone, ana)
    household.change("UPDATE account SET theme = '" + theme + "' WHERE id = ?", ana.account_id)
    page = phone.goto("/settings")
    paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    light = sum(int(part) for part in paper.removeprefix("rgb(").removesuffix(")").split(",")) > 3 * 128
    assert light == (theme == "light")
