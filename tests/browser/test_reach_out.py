"""Reaching out on a phone: the coach marks while one types, a wording is taken or left, the words go out one's own way."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Phone
from tests.support.household import Household
from tests.support.people import Person
from tests.support.server import Server

OpenPhone = Callable[..., Phone]
BLAME = "Hi Mom, the roses are out. You never call me. Would Saturday, Sunday or Wednesday suit? No rush."


@pytest.fixture
def page(signed_in: Phone) -> Page:
    page = signed_in.goto("/reach-out?idea=tea_among_the_roses")
    page.get_by_role("button", name="On to the words").click()
    expect(page.get_by_role("heading", name="In your words")).to_be_visible()
    return page


def test_the_draft_is_ready_and_reads_warm(page: Page) -> None:
    box = page.get_by_label("Your message to Mom")
    assert len(box.input_value()) <= 320 and "/for/" in box.input_value()
    expect(page.get_by_text("Reads warm and open.")).to_be_visible()
    expect(page.get_by_role("button", name="Send as a text")).to_be_visible()


def test_what_may_hurt_is_marked_and_a_kinder_wording_taken(page: Page) -> None:
    box = page.get_by_label("Your message to Mom")
    box.fill(BLAME)
    expect(page.get_by_role("heading", name="This may land as blame")).to_be_visible()
    expect(page.locator(".mirror mark")).to_have_text("You never call me.")
    kinder = page.locator(".coach blockquote").inner_text().strip("“”")
    page.get_by_role("button", name="Use these words").click()
    expect(box).to_have_value(BLAME.replace("You never call me.", kinder))
    expect(page.locator(".mirror mark")).to_have_count(0)
    expect(page.get_by_text("Reads warm and open.")).to_be_visible()


def test_ones_own_words_are_kept_and_it_never_blocks(page: Page) -> None:
    page.get_by_label("Your message to Mom").fill(BLAME)
    page.get_by_role("button", name="Keep mine").click()
    expect(page.locator(".coach")).to_have_count(0)
    page.get_by_label("Your message to Mom").press("End")
    page.get_by_label("Your message to Mom").press_sequentially(" x")
    expect(page.get_by_text("Reads warm and open.")).to_be_visible()
    page.get_by_role("button", name="It has gone out").click()
    expect(page.get_by_role("heading", name="It is with her now")).to_be_visible()


def test_what_is_missing_is_said_without_nagging(page: Page) -> None:
    page.get_by_label("Your message to Mom").fill("Hi Mom, fancy some tea?")
    expect(page.locator("[data-coach] .note")).not_to_have_count(0)
    expect(page.locator(".coach")).to_have_count(0)


def test_a_draft_outlives_its_page(page: Page) -> None:
    with page.expect_response(re.compile("/draft$")):
        page.get_by_label("Your message to Mom").fill("My own words, Mom")
    page.reload()
    expect(page.get_by_label("Your message to Mom")).to_have_value("My own words, Mom")


def test_each_way_has_its_own_button(page: Page) -> None:
    for way, words in (("E-mail", "Send as an e-mail"), ("Other", "Share or copy")):
        page.locator("label.chip", has_text=way).click()
        expect(page.get_by_role("button", name=words)).to_be_visible()
    page.locator("label.chip", has_text="Call").click()
    expect(page.get_by_role("heading", name="If you call")).to_be_visible()
    expect(page.locator("[data-send]")).to_be_hidden()


def test_a_time_is_changed_with_its_pencil(signed_in: Phone) -> None:
    page = signed_in.goto("/reach-out?idea=tea_among_the_roses")
    expect(page.locator(".date-fields").first).to_be_hidden()
    page.locator(".date-edit summary").first.click()
    page.get_by_label("From").first.fill("23:30")
    page.get_by_role("button", name="On to the words").click()
    expect(page.get_by_role("alert")).to_contain_text("quiet hours")
    page.get_by_role("button", name="Keep these, on to the words").click()
    expect(page.get_by_role("heading", name="In your words")).to_be_visible()
    signed_in.errors.clear()  # a browser prints the 422


def test_their_page_works_without_scripts_and_keeps_nothing(
    open_phone: OpenPhone, server: Server, household: Household, ana: Person, page: Page
) -> None:
    page.get_by_role("button", name="It has gone out").click()
    expect(page.get_by_role("heading", name="It is with her now")).to_be_visible()
    ((token,),) = household.tokens(ana)
    hers = open_phone(server, java_script_enabled=False)
    their_page = hers.goto(f"/for/{token}")
    smallest = their_page.locator(".answer b").first
    expect(smallest).to_be_visible()
    their_page.get_by_role("button", name="Please don’t ask me again").click()
    their_page.get_by_role("link", name="Back, I pressed that by mistake").click()
    their_page.locator('[data-option="2"]').click()
    expect(their_page.get_by_text("knows already")).to_be_visible()
    their_page.get_by_role("button", name="Change my answer").click()
    expect(their_page.locator("[data-option]")).to_have_count(3)
    assert hers.context.cookies() == []
