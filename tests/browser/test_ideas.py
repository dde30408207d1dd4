"""Ideas on a phone: found, filtered, loved and refused with a thumb, read without signal, and invited to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.browser import Phone
from tests.support.household import Household
from tests.support.outbox import moved_in, until_kept
from tests.support.people import Person
from tests.support.server import Server

OpenPhone = Callable[..., Phone]
SMS = "sms:?&body=Mom%2C%20you%20never%20call%20me."
WORDS = "loves her roses, old Bollywood films, bad knees, hates crowds"


@pytest.fixture
def phone(open_phone: OpenPhone, household: Household, server: Server, ana: Person) -> Phone:
    phone = moved_in(open_phone(server), household, ana)
    page = phone.goto("/ideas/understood")
    page.get_by_label("In your own words").fill(WORDS)
    page.get_by_role("button", name="Save, and show ideas").click()
    expect(page.get_by_role("heading", name="Ideas for Mom")).to_be_visible()
    return phone


def test_a_tap_filters_and_a_tap_refuses(phone: Phone) -> None:
    page = phone.page
    page.locator("label.chip", has_text="At a distance").click()
    expect(page).to_have_url(f"{phone.origin}/ideas?only=apart&q=")
    expect(page.get_by_label("At a distance")).to_be_checked()
    page.goto(phone.origin + "/ideas")
    title = page.locator("li.idea h3").nth(1).inner_text()
    page.get_by_role("button", name=f"Not for her: {title}").click()
    page.get_by_role("button", name="Too dear").click()
    expect(page.locator(".refused")).to_contain_text("Too dear")
    page.locator(".refused").get_by_role("button", name="Undo").click()
    expect(page.locator(".refused")).to_have_count(0)
    page.get_by_role("button", name=f"Love it: {title}").click()
    expect(page.get_by_role("button", name=f"Love it: {title}")).to_have_attribute("aria-pressed", "true")


def test_this_weeks_ideas_are_read_without_signal(phone: Phone) -> None:
    page = phone.page
    links = [link.get_attribute("href") for link in page.locator("li.idea h3 a").all()]
    page.reload()  # what the list links to is fetched when a page opens
    for link in links:
        until_kept(page, link or "")
    until_kept(page, "/ideas")
    phone.offline()
    page.reload()
    expect(page.locator("li.idea")).to_have_count(6)
    for number in range(len(links)):
        page.locator("li.idea h3 a").nth(number).click()
        expect(page.get_by_role("heading", name="A way to say it")).to_be_visible()
        page.get_by_role("link", name="Ideas").first.click()
        expect(page.locator("li.idea")).to_have_count(6)


def test_everything_works_without_scripts(
    open_phone: OpenPhone, household: Household, server: Server, ana: Person
) -> None:
    phone = open_phone(server, java_script_enabled=False)
    household.sign_in(phone, ana)
    page = phone.goto("/ideas")
    page.get_by_label("Search the ideas").fill("roses")
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_role("link", name="Tea among the roses").click()
    page.get_by_role("button", name="Love it").click()
    expect(page.get_by_role("button", name="Love it")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Invite Mom to this").click()
    expect(page.get_by_role("heading", name="Three times to offer")).to_be_visible()
    page.get_by_role("button", name="On to the words").click()
    page.get_by_role("textbox", name="Your message to Mom").fill("Mom, you never call me.")
    page.get_by_role("button", name="How does it read?").click()
    expect(page.get_by_role("heading", name="This may land as blame")).to_be_visible()
    expect(page.get_by_role("link", name="Open a text")).to_have_attribute("href", SMS)
    page.get_by_role("button", name="It has gone out").click()
    expect(page.get_by_role("heading", name="It is with her now")).to_be_visible()
