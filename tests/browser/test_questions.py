"""The questions to bring in a real browser: swapped and kept with scripts off, read with the network off."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.browser import Phone
from tests.support.household import Household
from tests.support.outbox import moved_in, until_kept
from tests.support.people import Person

PAGE = "/steps/be_together"
KEYS = "cards => cards.map(each => each.dataset.question)"


def shown(page: Page) -> list[str]:
    return list(page.locator("[data-question]").evaluate_all(KEYS))


def test_with_scripts_off_one_is_swapped_one_kept_and_the_three_are_brought(
    plain_phone: Phone, household: Household, ana: Person
) -> None:
    household.sign_in(plain_phone, ana)
    page = plain_phone.goto(PAGE)
    first = shown(page)
    page.get_by_role("button", name="Another").nth(1).click()
    expect(page.locator(f'[data-question="{first[1]}"]')).to_have_count(0)
    assert (len(shown(page)), shown(page)[0], shown(page)[2]) == (3, first[0], first[2])
    asked = page.locator("[data-question] h3").first.inner_text()
    page.get_by_role("button", name="Keep for later").first.click()
    kept = page.get_by_role("region", name="Kept for later")
    expect(kept.locator("p", has_text=asked)).to_have_count(1)
    kept.get_by_role("button", name="Let it go").click()
    expect(kept).to_have_count(0)
    page.get_by_role("button", name="I’ll bring these").click()
    expect(page.locator('[data-task="be_together.pick_questions"]')).to_be_checked()


def test_after_one_visit_to_today_they_are_read_with_the_network_off(
    phone: Phone, household: Household, ana: Person
) -> None:
    moved_in(phone, household, ana)
    page = phone.goto("/")
    until_kept(page, PAGE)
    phone.offline()
    phone.goto(PAGE)
    expect(page.locator("[data-question]")).to_have_count(3)
    expect(page.get_by_text("Then ask more")).to_have_count(3)
    before = shown(page)
    page.get_by_role("button", name="Another").first.click()
    expect(page.locator("toast-region")).to_contain_text("No signal")
    assert shown(page) == before
