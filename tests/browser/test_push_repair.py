"""Nudges that go on arriving: what a push service gave up, a key that changed, a permission that is gone, a phone gone silent.

Real Chromium, the server as it runs, and real pushes; time passes only in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, Playwright, expect

from pwa.push import base64url
from pwa.services import nudging
from pwa.storage import subscriptions
from pwa.storage.subscriptions import Subscription
from tests.support import chromium
from tests.support.browser import Phone
from tests.support.household import Household
from tests.support.ledger import Ledger, written
from tests.support.loop import wait_until
from tests.support.outbox import moved_in
from tests.support.people import Person
from tests.support.push_service_chromium import ChromiumPushService
from tests.support.server import Server

HELD = """async () => {
  const held = await (await navigator.serviceWorker.ready).pushManager.getSubscription();
  return held && [held.endpoint, btoa(String.fromCharCode(...new Uint8Array(held.options.applicationServerKey)))];
}"""
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
def ledger(server: Server) -> Ledger:
    return Ledger(server.database)


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
    return switched_on(moved_in(open_one(), household, ana))


def switched_on(phone: Phone) -> Phone:
    page = phone.goto("/settings")
    page.get_by_role("switch", name="Nudge this phone").tap()
    expect(page.locator("push-switch[state=on]")).to_be_attached(timeout=SLOW)
    return phone


def endpoint(page: Page) -> str | None:
    held = page.evaluate(HELD)
    return held and held[0]


def key_of(page: Page) -> str:
    """The public key that the browser's subscription was made for."""
    return str(page.evaluate(HELD)[1]).translate(str.maketrans("+/", "-_")).rstrip("=")


def devices(household: Household, person: Person) -> list[Subscription]:
    with household.app.app_context():
        assert person.account_id is not None
        return subscriptions.of_account(person.account_id)


def until_told(page: Page, household: Household, person: Person, but: str | None) -> str:
    """Waits until the server has exactly the endpoint that the browser holds, and that is another than before."""
    for _ in range(150):
        held = endpoint(page)
        if held not in (None, but) and [row.endpoint for row in devices(household, person)] == [held]:
            return held
        page.wait_for_timeout(200)
    raise AssertionError("nobody mended it")


def send_test(household: Household, session_id: UUID) -> str:
    with household.app.app_context():
        return nudging.send_test(session_id, datetime.now(UTC)).hex


def nudge_as_a_test(household: Household, ledger: Ledger, person: Person) -> str:
    """A test nudge to the account's one device, once it has been sent."""
    (device,) = devices(household, person)
    nudge_id = send_test(household, device.session_id)
    wait_until(lambda: ledger.nudge(nudge_id)["state"] == "sent", 30, "the sending of the test nudge")
    return nudge_id


def until_shown(ledger: Ledger, nudge_id: str) -> None:
    seen = "SELECT * FROM delivery WHERE nudge_id = ? AND shown_at IS NOT NULL"
    wait_until(lambda: ledger.rows(seen, nudge_id), 30, "the receipt")


def test_where_all_is_well_an_opening_asks_nothing(nudged: Phone, household: Household, ana: Person) -> None:
    asked: list[str] = []
    nudged.context.on("request", lambda request: asked.append(request.url))
    before = endpoint(nudged.page)
    for address in ("/", "/moments", "/settings"):
        page = nudged.goto(address)
        page.wait_for_timeout(1_000)
    assert [url for url in asked if "/push/" in url] == []
    assert [row.endpoint for row in devices(household, ana)] == [before] == [endpoint(page)]


# --- What the push service gave up --------------------------------------------------------------------------------


def test_what_the_push_service_gave_up_is_made_anew_on_the_next_opening(
    nudged: Phone, household: Household, ledger: Ledger, service: ChromiumPushService, ana: Person
) -> None:
    before = endpoint(nudged.page)
    assert before is not None
    service.drop(before)
    send_test(household, devices(household, ana)[0].session_id)
    wait_until(lambda: devices(household, ana) == [], 30, "the server's forgetting")
    assert (endpoint(nudged.page), devices(household, ana)) == (before, []), "the browser knows nothing of it yet"
    page = nudged.goto("/")
    until_told(page, household, ana, before)
    until_shown(ledger, nudge_as_a_test(household, ledger, ana))


def test_two_tabs_that_open_at_once_mend_it_once(nudged: Phone, household: Household, ana: Person) -> None:
    page = nudged.page
    before = endpoint(page)
    other = nudged.context.new_page()
    other.goto(nudged.origin)
    page.evaluate(
        "async () => (await (await navigator.serviceWorker.ready).pushManager.getSubscription()).unsubscribe()"
    )
    other.evaluate("() => { location.href = '/'; }")
    page.goto(nudged.origin)
    other.wait_for_load_state()
    until_told(page, household, ana, before)
    page.wait_for_timeout(1_000)
    assert [row.endpoint for row in devices(household, ana)] == [endpoint(page)] == [endpoint(other)]


# --- A new key ----------------------------------------------------------------------------------------------------


def test_a_new_key_loses_no_nudge_and_the_next_opening_moves_the_browser(
    nudged: Phone, household: Household, ledger: Ledger, server: Server, ana: Person
) -> None:
    before, old_key = endpoint(nudged.page), key_of(nudged.page)
    nudged.page.evaluate(
        """() => fetch("/settings/lock-screen", {method: "POST", body: new URLSearchParams({names: "1",
        csrf_token: document.querySelector("[name=csrf_token]").value})})"""
    )
    server.stop()
    assert server.rekindle("keys", "--rotate").returncode == 0
    server.start()
    assert "1 of 1 still hang on the old key" in server.rekindle("doctor").stdout
    until_shown(ledger, nudge_as_a_test(household, ledger, ana))
    assert key_of(nudged.page) == old_key
    page = nudged.goto("/")
    until_told(page, household, ana, before)
    new_key = page.evaluate("async () => (await (await fetch('/push/key')).json()).key")
    assert (key_of(page), new_key != old_key) == (new_key, True)
    (device,) = devices(household, ana)
    assert device.names_shown, "what was chosen for the phone stays chosen"
    assert "devices: none hangs on the old key" in server.rekindle("doctor").stdout
    until_shown(ledger, nudge_as_a_test(household, ledger, ana))
    assert len(base64url.decode(new_key)) == 65


# --- A permission that is gone ------------------------------------------------------------------------------------


def test_a_permission_taken_back_is_told_once_and_one_given_again_is_enough(
    nudged: Phone, household: Household, ana: Person
) -> None:
    nudged.context.clear_permissions()
    page = nudged.goto("/")
    notice = page.locator("[data-push-lost]")
    expect(notice).to_be_visible()
    wait_until(lambda: devices(household, ana) == [], 15, "the server's forgetting")
    nudged.goto("/")
    expect(notice).to_be_visible()
    notice.get_by_role("button", name="All right").tap()
    expect(notice).to_be_hidden()
    nudged.goto("/")
    page.wait_for_timeout(1_000)
    expect(notice).to_be_hidden()
    nudged.context.grant_permissions(["notifications"], origin=nudged.origin)
    nudged.goto("/")
    until_told(page, household, ana, None)
    expect(notice).to_be_hidden()


# --- Switched off from another phone ------------------------------------------------------------------------------


def test_switched_off_from_another_phone_it_stays_off(
    nudged: Phone, open_one: Callable[[], Phone], household: Household, ana: Person
) -> None:
    other = switched_on(moved_in(open_one(), household, ana))
    page = other.goto("/settings/devices")
    page.get_by_role("button", name="Switch off").tap()
    expect(page.get_by_text("Elsewhere")).to_be_hidden()
    assert [row.endpoint for row in devices(household, ana)] == [endpoint(page)]
    for _ in range(2):
        nudged.goto("/")
        wait_until(lambda: endpoint(nudged.page) is None, 15, "the end of the subscription")
    assert [row.endpoint for row in devices(household, ana)] == [endpoint(page)]
    switched_on(nudged)
    assert len(devices(household, ana)) == 2


# --- Silence ------------------------------------------------------------------------------------------------------


def fall_silent(ledger: Ledger) -> None:
    """As if two nudges had been taken for the phone days ago, and it had said nothing of either."""
    long_ago = datetime.now(UTC) - timedelta(days=3)
    ledger.change("UPDATE nudge SET useful_until = ?", written(long_ago + timedelta(hours=12)))
    ledger.change(
        "UPDATE delivery SET state = 'accepted', status = 201, shown_at = NULL, settled_at = ?", written(long_ago)
    )
    ledger.change("UPDATE subscription SET shown_at = NULL, created_at = ?", written(long_ago - timedelta(days=1)))


def test_a_phone_gone_silent_says_so_and_a_test_that_shows_ends_it(
    nudged: Phone, household: Household, ledger: Ledger, ana: Person
) -> None:
    for _ in range(2):
        until_shown(ledger, nudge_as_a_test(household, ledger, ana))
    fall_silent(ledger)
    page = nudged.goto("/")
    notice = page.locator("[data-silent]")
    expect(notice).to_be_visible()
    notice.get_by_role("link", name="See what helps").tap()
    expect(page.locator("html[data-page=devices]")).to_be_attached()
    expect(page.get_by_text("Has shown none yet")).to_be_visible()
    page.get_by_role("button", name="Send a test").tap()
    expect(page.get_by_role("status").filter(has_text="on its way")).to_be_visible()
    wait_until(lambda: devices(household, ana)[0].shown_at, 30, "the receipt")
    nudged.goto("/")
    expect(notice).to_have_count(0)
    expect(nudged.goto("/settings/devices").get_by_text("Last showed one today")).to_be_visible()


def test_a_silence_that_was_noted_is_not_told_again(
    nudged: Phone, household: Household, ledger: Ledger, ana: Person
) -> None:
    for _ in range(2):
        until_shown(ledger, nudge_as_a_test(household, ledger, ana))
    fall_silent(ledger)
    page = nudged.goto("/")
    page.locator("[data-silent]").get_by_role("button", name="All right").tap()
    expect(page.locator("[data-silent]")).to_have_count(0)
    expect(page.locator("html[data-page=today]")).to_be_attached()
    expect(nudged.goto("/settings").get_by_text("Two have not shown here lately")).to_be_visible()
