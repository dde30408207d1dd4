"""What a device keeps is one person's: nobody else's pages, nobody else's queue, and nothing once they have left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Phone
from tests.support.household import Household
from tests.support.outbox import (
    FIRST,
    TASKS,
    account,
    box,
    jot,
    jotted,
    moved_in,
    ops,
    tap,
    until,
    until_sent,
    waiting,
)
from tests.support.people import Person
from tests.support.server import Server

OpenPhone = Callable[..., Phone]
SENTINEL = "Sentinella"
PAGES = ("/", "/steps/perspective", "/steps/reach_out", "/moments", "/settings", "/settings/sign-out")
KEPT_TEXT = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) texts.push(request.url + await (await cache.match(request)).text());
  }
  return texts.join("");
}"""


@pytest.fixture
def ana(household: Household) -> Person:
    return household.settle("Ana", SENTINEL)


@pytest.fixture
def ben(household: Household) -> Person:
    return household.settle("Ben", "Papa")


@pytest.fixture
def phone(open_phone: OpenPhone, household: Household, server: Server, ana: Person) -> Phone:
    return moved_in(open_phone(server), household, ana)


def sign_out(page: Page) -> None:
    page.goto(page.url.split("/")[0] + "//" + page.url.split("/")[2] + "/settings/sign-out")
    page.locator("sign-out").get_by_role("button", name="Forget this phone").click()


def is_welcome(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("data-page", "welcome")


def nothing_is_left(page: Page) -> None:
    assert ops(page) == []
    assert jotted(page) == []
    until(page, "async () => (await indexedDB.databases()).length === 0")  # the browser takes its time with the last
    assert page.evaluate("async () => (await caches.keys()).filter((name) => !name.startsWith('static-'))") == []
    assert SENTINEL not in page.evaluate(KEPT_TEXT)
    assert SENTINEL not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")


# --- Leaving ------------------------------------------------------------------------------------------------------


def test_signing_out_leaves_no_page_and_no_op(phone: Phone) -> None:
    page = phone.page
    for path in PAGES:
        phone.goto(path)
    tap(phone.goto("/"))
    until_sent(page)
    assert SENTINEL in page.evaluate(KEPT_TEXT)
    sign_out(page)
    is_welcome(page)
    nothing_is_left(page)


def test_after_signing_out_no_page_can_be_seen_without_signal(phone: Phone) -> None:
    page = phone.page
    for path in PAGES:
        phone.goto(path)
    sign_out(page)
    is_welcome(page)
    phone.installed()
    phone.offline()
    for path in PAGES:
        phone.page.goto(phone.origin + path)
        assert SENTINEL not in page.content()
    for _ in range(len(PAGES) + 3):
        page.go_back()
        assert SENTINEL not in page.content()
    phone.errors.clear()


def test_another_tab_shows_nothing_any_more(phone: Phone) -> None:
    other = phone.context.new_page()
    other.goto(phone.origin + "/")
    expect(other.locator("html")).to_have_attribute("data-page", "today")
    sign_out(phone.context.pages[0])
    is_welcome(phone.context.pages[0])
    is_welcome(other)


def test_what_still_waits_is_named_before_it_is_lost(phone: Phone, household: Household, ana: Person) -> None:
    page = phone.page
    page.route("**/sync", lambda route: route.abort())
    tap(page)
    tap(page, TASKS[1])
    sign_out(page)
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("2 things you did here have not been sent yet. They would be lost.")
    sheet.get_by_role("button", name="Keep it for now").click()
    expect(sheet).to_be_hidden()
    assert waiting(page) == 2
    page.locator("sign-out").get_by_role("button", name="Forget this phone").click()
    sheet.get_by_role("button", name="Forget it all").click()
    is_welcome(page)
    nothing_is_left(page)
    assert household.ticks(ana) == {}
    phone.errors.clear()


def test_what_never_came_as_far_as_a_database_is_named_and_goes_too(phone: Phone) -> None:
    page = phone.goto("/settings/sign-out")
    jot(page, {"item": "tick 1 a.b", "id": "1", "state": "waiting"}, "somebody-else")
    page.locator("sign-out").get_by_role("button", name="Forget this phone").click()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("One thing you did here has not been sent yet")
    sheet.get_by_role("button", name="Forget it all").click()
    is_welcome(page)
    nothing_is_left(page)


def test_leaving_takes_no_longer_than_a_moment_on_a_dead_line(phone: Phone) -> None:
    """What is kept here goes even where the server cannot be told."""
    page = phone.goto("/settings/sign-out")
    phone.offline()
    with page.expect_event("requestfailed", lambda request: request.method == "POST" and "sign-out" in request.url):
        page.locator("sign-out").get_by_role("button", name="Forget this phone").click()
    phone.online()
    page.goto(phone.origin + "/offline")
    assert SENTINEL not in page.evaluate(KEPT_TEXT)
    phone.errors.clear()


# --- Somebody else ------------------------------------------------------------------------------------------------


def test_the_pages_of_whoever_was_here_before_go(phone: Phone, household: Household, ben: Person) -> None:
    page = phone.page
    assert SENTINEL in page.evaluate(KEPT_TEXT)
    household.sign_in(phone, ben)
    page.reload()
    expect(page.locator("h1")).to_contain_text("Papa")
    until(page, "async () => (await (await caches.match('/', {ignoreVary: true}))?.text())?.includes('Papa')")
    assert SENTINEL not in page.evaluate(KEPT_TEXT)


def test_a_queue_is_never_sent_for_somebody_else(phone: Phone, household: Household, ana: Person, ben: Person) -> None:
    page = phone.page
    phone.offline()
    tap(page)
    household.sign_in(phone, ben)
    phone.online()
    expect(page.locator("offline-strip")).to_contain_text("Someone else is signed in here")
    page.reload()
    expect(page.locator("h1")).to_contain_text("Papa")
    expect(box(page)).not_to_be_checked()
    tap(page, TASKS[1])
    until_sent(page, but=1)
    assert household.ticks(ana) == {}
    assert household.ticks(ben) == {TASKS[1]: True}
    assert waiting(page) == 1

    household.sign_in(phone, ana)
    page.reload()
    until_sent(page)
    assert household.ticks(ana) == {FIRST: True}
    assert household.ticks(ben) == {TASKS[1]: True}
    phone.errors.clear()


def test_what_was_jotted_down_is_taken_up_for_its_own_account_alone(
    phone: Phone, household: Household, ana: Person, ben: Person
) -> None:
    page = phone.page
    hers = account(page)
    draft = {"item": f"tick {ana.round_id} {FIRST}", "id": str(uuid4()), "kind": "tick", "round": str(ana.round_id)}
    draft |= {"task": FIRST, "done": True, "n": 1, "at": datetime.now(UTC).isoformat(), "state": "waiting"}
    household.sign_in(phone, ben)
    page.reload()
    expect(page.locator("h1")).to_contain_text("Papa")
    jot(page, draft, hers)
    page.reload()
    tap(page, TASKS[1])
    until_sent(page)
    assert household.ticks(ben) == {TASKS[1]: True}
    assert household.ticks(ana) == {}
    assert jotted(page) == [f"{hers} {draft['item']}"]

    household.sign_in(phone, ana)
    page.reload()
    expect(box(page)).to_be_checked()
    until_sent(page)
    assert household.ticks(ana) == {FIRST: True}
    assert jotted(page) == []


def test_a_session_that_ended_asks_before_it_forgets_what_waits(
    phone: Phone, household: Household, ana: Person
) -> None:
    page = phone.page
    phone.offline()
    tap(page)
    assert waiting(page) == 1
    household.sign_out_everywhere(ana)
    phone.online()
    phone.goto("/")
    is_welcome(page)
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("One thing you did here has not been sent yet")
    assert SENTINEL not in page.evaluate(KEPT_TEXT)
    sheet.get_by_role("button", name="Keep it for now").click()
    assert waiting(page) == 1
    household.sign_in(phone, ana)
    phone.goto("/")
    until_sent(page)
    assert household.ticks(ana) == {FIRST: True}
    phone.errors.clear()


def test_pages_with_private_words_are_never_kept(phone: Phone) -> None:
    page = phone.page
    answer = page.goto(phone.origin + "/steps/perspective/longer-view")
    assert answer is not None
    assert "no-store" in answer.headers["cache-control"]
    page.wait_for_timeout(300)
    assert not page.evaluate("async () => Boolean(await caches.match(location.href, {ignoreVary: true}))")
