"""Nudges on this device: what the browser holds is what the switch shows, what was lost is mended, and it ends with a sign-out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.support import chromium
from tests.support.browser import Phone
from tests.support.household import Household
from tests.support.outbox import moved_in
from tests.support.people import Person
from tests.support.push_service_chromium import ChromiumPushService
from tests.support.server import Server

ENDPOINT = (
    """async () => (await (await navigator.serviceWorker.ready).pushManager.getSubscription())?.endpoint ?? null"""
)
LOSE = "async () => (await (await navigator.serviceWorker.ready).pushManager.getSubscription()).unsubscribe()"
SLOW = 30_000  # Chromium takes its time with a push service it has not met


@pytest.fixture(scope="module")
def service() -> Iterator[ChromiumPushService]:
    with ChromiumPushService() as service:
        yield service


@pytest.fixture
def server(tmp_path: Path, service: ChromiumPushService) -> Iterator[Server]:
    settings = {"REKINDLE_PUSH_HOSTS": service.origin, "REKINDLE_VAPID_SUBJECT": "mailto:tests@rekindle.example"}
    server = Server(tmp_path, settings)
    server.prepare()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def household(server: Server) -> Household:
    return Household(server)


@pytest.fixture
def open_one(
    playwright: Playwright, server: Server, service: ChromiumPushService, tmp_path: Path
) -> Iterator[Callable[[], Phone]]:
    phones: list[Phone] = []

    def open_one() -> Phone:
        folder = tmp_path / f"profile-{len(phones)}"
        phones.append(chromium.open_phone(playwright, server.address, folder, service))
        return phones[-1]

    yield open_one
    for phone in phones:
        phone.close()


@pytest.fixture
def nudged(open_one: Callable[[], Phone], household: Household, ana: Person) -> Phone:
    """Ana's phone, with nudges switched on."""
    phone = moved_in(open_one(), household, ana)
    page = phone.goto("/settings")
    switch(page).tap()
    expect(page.locator("push-switch[state=on]")).to_be_attached(timeout=SLOW)
    return phone


def switch(page: Page):
    return page.get_by_role("switch", name="Nudge this phone")


def subscriptions(household: Household) -> int:
    return household.rows("SELECT count(*) FROM subscription")[0][0]


def endpoint(phone: Phone) -> str | None:
    return phone.page.evaluate(ENDPOINT)


def until_subscribed(phone: Phone, household: Household, before: str | None) -> str:
    for _ in range(100):
        held = endpoint(phone)
        if held not in (None, before) and subscriptions(household) == 1:
            return held
        phone.page.wait_for_timeout(100)
    raise AssertionError("nobody mended it")


def test_the_switch_tells_of_this_device_and_no_other(
    nudged: Phone, open_one: Callable[[], Phone], household: Household, ana: Person
) -> None:
    other = moved_in(open_one(), household, ana)
    expect(other.goto("/settings").locator("push-switch[state=off]")).to_be_attached()
    expect(switch(other.page)).not_to_be_checked()
    expect(other.page.get_by_role("button", name="Send a test nudge")).to_be_hidden()
    nudged.page.reload()
    expect(switch(nudged.page)).to_be_checked()
    expect(nudged.page.get_by_role("button", name="Send a test nudge")).to_be_visible()


def test_what_the_browser_lost_is_mended_on_the_next_opening(nudged: Phone, household: Household) -> None:
    before = endpoint(nudged)
    nudged.page.evaluate(LOSE)
    assert endpoint(nudged) is None
    nudged.goto("/")
    for _ in range(100):
        if endpoint(nudged):
            break
        nudged.page.wait_for_timeout(100)
    assert endpoint(nudged) not in (None, before)
    expect(nudged.goto("/settings").locator("push-switch[state=on]")).to_be_attached()


def test_a_new_key_of_the_server_is_taken_up(nudged: Phone, household: Household, server: Server) -> None:
    before = endpoint(nudged)
    server.stop()
    (server.instance / "vapid_private_key").unlink()
    server.prepare()
    server.start()
    household.change("DELETE FROM subscription")
    nudged.reopen()
    nudged.context.grant_permissions(["notifications"], origin=nudged.origin)
    nudged.goto("/")
    assert until_subscribed(nudged, household, before) != before


def test_what_was_switched_off_stays_off(nudged: Phone, household: Household) -> None:
    page = nudged.page
    switch(page).tap()
    expect(page.locator("push-switch[state=off]")).to_be_attached(timeout=SLOW)
    assert subscriptions(household) == 0
    nudged.goto("/")
    page.wait_for_timeout(1_000)
    assert endpoint(nudged) is None


def test_nudges_end_with_the_sign_out_and_do_not_come_to_the_next_person(nudged: Phone, household: Household) -> None:
    page = nudged.goto("/settings/sign-out")
    page.locator("sign-out").get_by_role("button", name="Forget this phone").tap()
    expect(page.locator("html[data-page=welcome]")).to_be_attached()
    assert subscriptions(household) == 0
    moved_in(nudged, household, household.settle("Ben", "Papa"))
    page.wait_for_timeout(1_000)
    assert endpoint(nudged) is None
    assert subscriptions(household) == 0
    expect(nudged.goto("/settings").locator("push-switch[state=off]")).to_be_attached()


def test_a_session_that_ended_takes_its_nudges_along(nudged: Phone, household: Household, ana: Person) -> None:
    household.sign_out_everywhere(ana)
    page = nudged.goto("/")
    expect(page.locator("html[data-page=welcome]")).to_be_attached()
    page.wait_for_timeout(1_000)
    assert endpoint(nudged) is None
