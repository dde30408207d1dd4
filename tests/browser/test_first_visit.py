"""The first visit: from the address to the first ticked task in six taps, light, and without asking anybody else."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.support.browser import Phone

KILOBYTE = 1_000
PAGE_AT_MOST, SCRIPT_AT_MOST = 90 * KILOBYTE, 15 * KILOBYTE
TAPS = 6
FIRST_TASK = "perspective.longer_view"


class Finger:
    """Counts every tap it makes."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, what: Locator) -> None:
        what.tap()
        self.taps += 1


def set_up(page: Page, finger: Finger) -> None:
    """The shortest honest way from the welcome page to Today."""
    finger.tap(page.get_by_role("link", name="Begin"))
    finger.tap(page.get_by_role("button", name="Yes"))
    finger.tap(page.get_by_role("button", name="Mom"))
    finger.tap(page.get_by_role("link", name="Skip", exact=True))
    expect(page.get_by_role("heading", name="How far apart are you?")).to_be_visible()
    finger.tap(page.get_by_role("link", name="Skip", exact=True))


def test_the_first_task_is_ticked_within_six_taps(phone: Phone) -> None:
    page, finger = phone.goto("/"), Finger()
    set_up(page, finger)
    box = page.locator(f'input[data-task="{FIRST_TASK}"]')
    with page.expect_response(lambda answer: answer.url.endswith("/sync")) as synced:
        finger.tap(box.locator("xpath=ancestor::label"))
    assert synced.value.ok
    assert finger.taps <= TAPS
    page.reload()
    expect(box).to_be_checked()


def test_the_first_visit_is_light(phone: Phone) -> None:
    """Welcome to Today, with everything that the pages and the service worker fetch along the way."""
    phone.page.goto("about:blank")
    came = phone.transferred()
    page = phone.goto("/")
    page.wait_for_load_state("networkidle")
    assert came.total <= PAGE_AT_MOST, came.bytes
    assert came.script <= SCRIPT_AT_MOST, came.bytes


def test_today_is_light_for_somebody_who_sees_it_first(phone: Phone) -> None:
    page = phone.goto("/")
    set_up(page, Finger())
    came = phone.transferred()
    came.devtools.send("Network.setBypassServiceWorker", {"bypass": True})
    came.devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.reload(wait_until="networkidle")
    assert came.total <= PAGE_AT_MOST, came.bytes
    assert came.script <= SCRIPT_AT_MOST, came.bytes


def test_the_phone_itself_tells_its_time_zone(phone: Phone) -> None:
    page = phone.goto("/setup/name")
    expect(page.locator('input[name="zone"]')).to_have_value("Europe/Berlin")


def test_enter_in_the_name_means_next_and_not_the_first_chip(phone: Phone) -> None:
    page = phone.goto("/setup/name")
    page.get_by_label("The name you use").fill("Nana")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What does Nana enjoy?")).to_be_visible()


def test_a_zone_that_the_server_does_not_know_can_be_picked(phone: Phone) -> None:
    page = phone.goto("/setup/name")
    page.locator('input[name="zone"]').evaluate("field => { field.value = 'Mars/Base'; }")
    page.get_by_label("The name you use").fill("Nana")
    with page.expect_response("**/setup/name") as answer:
        page.get_by_role("button", name="Next").tap()
    assert answer.value.status == 422
    expect(page.get_by_label("The name you use")).to_have_value("Nana")
    page.get_by_label("Your time zone").select_option("Asia/Kolkata")
    page.get_by_role("button", name="Next").tap()
    expect(page.get_by_role("heading", name="What does Nana enjoy?")).to_be_visible()
    assert [error for error in phone.errors if "422" not in error] == []
    phone.errors.clear()  # a browser prints each 422
