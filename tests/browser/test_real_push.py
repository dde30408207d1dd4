"""The loop's last arc, for real: the app as it runs, a real browser, and an encrypted push from one to the other.

`rekindle serve` sends through the tests' own push services to Firefox and to Chromium. Nothing of ours is replaced, and
time passes only by moving a nudge's due time in the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support import expected_conditions as until
from selenium.webdriver.support.wait import WebDriverWait

from tests.support import browser, chromium
from tests.support.desktop import Desktop
from tests.support.firefox import Firefox
from tests.support.ledger import Ledger
from tests.support.loop import wait_until
from tests.support.push_service import PushService
from tests.support.push_service_chromium import ChromiumPushService
from tests.support.push_service_firefox import DECRYPTED, FirefoxPushService
from tests.support.server import Server

TITLE = "A small thing for today"
TEST_WORDS = "This one is a test. It arrived."
SECONDS = 30


@pytest.fixture(scope="module")
def firefox_service() -> Iterator[FirefoxPushService]:
    with FirefoxPushService() as service:
        yield service


@pytest.fixture(scope="module")
def chromium_service() -> Iterator[ChromiumPushService]:
    with ChromiumPushService() as service:
        yield service


def serving(folder: Path, service: PushService) -> Iterator[Server]:
    settings = {"REKINDLE_PUSH_HOSTS": service.origin, "REKINDLE_VAPID_SUBJECT": "mailto:tests@rekindle.example"}
    server = Server(folder, settings)
    server.prepare()
    server.start()
    yield server
    server.stop()


def answered(ledger: Ledger, nudge_id: str) -> dict[str, Any] | None:
    nudge = ledger.nudge(nudge_id)
    return nudge if nudge["acted"] else None


def shown(ledger: Ledger, nudge_id: str) -> list[dict[str, Any]]:
    """Its deliveries, once the device has said that it showed it."""
    rows = ledger.rows("SELECT * FROM delivery WHERE nudge_id = ? AND shown_at IS NOT NULL", nudge_id)
    return rows if ledger.nudge(nudge_id)["state"] == "sent" else []


def the_test(ledger: Ledger) -> str:
    return str(ledger.row("SELECT id FROM nudge WHERE kind = 'test'")["id"])


# --- Firefox ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def firefox_server(tmp_path_factory: pytest.TempPathFactory, firefox_service: FirefoxPushService) -> Iterator[Server]:
    yield from serving(tmp_path_factory.mktemp("firefox"), firefox_service)


@pytest.fixture(scope="module")
def firefox(firefox_server: Server, firefox_service: FirefoxPushService) -> Iterator[Firefox]:
    """A Firefox in which somebody has set up a parent and switched nudges on, each with a click."""
    with Firefox(firefox_service.websocket) as firefox:
        firefox.driver.set_window_size(420, 900)
        firefox.open(firefox_server.address)
        tap(firefox, "//a[normalize-space()='Begin']")
        tap(firefox, "//button[normalize-space()='Yes']")
        tap(firefox, "//button[normalize-space()='Mom']")
        tap(firefox, "//a[normalize-space()='Skip']")
        find(firefox, "//h1[contains(., 'How far apart')]")
        tap(firefox, "//a[normalize-space()='Skip']")
        find(firefox, "//html[@data-page='today']")
        firefox.open(f"{firefox_server.address}/settings")
        switch = find(firefox, "//input[@role='switch' and @name='push' and not(@disabled)]")
        assert not switch.is_selected()
        switch.click()
        find(firefox, "//push-switch[@state='on']")
        yield firefox


@pytest.fixture
def ledger(firefox_server: Server, firefox: Firefox) -> Ledger:
    ledger = Ledger(firefox_server.database)
    ledger.forget_answers()
    return ledger


def find(firefox: Firefox, path: str) -> WebElement:
    return WebDriverWait(firefox.driver, SECONDS).until(until.presence_of_element_located((By.XPATH, path)))


def tap(firefox: Firefox, path: str) -> None:
    WebDriverWait(firefox.driver, SECONDS).until(until.element_to_be_clickable((By.XPATH, path))).click()


def plan_anew(firefox: Firefox, server: Server) -> None:
    """Opens the page of hours and saves it as it is: whatever is due next is planned again."""
    firefox.open(f"{server.address}/settings/hour")
    tap(firefox, "//button[normalize-space()='Save']")
    find(firefox, "//html[@data-page='settings']")


def test_firefox_is_sent_a_test_nudge_and_shows_it_once(
    firefox: Firefox, firefox_server: Server, firefox_service: FirefoxPushService, ledger: Ledger
) -> None:
    firefox.open(f"{firefox_server.address}/settings")
    tap(firefox, "//button[contains(., 'Send a test nudge')]")
    alert = firefox.wait_for_alert(TITLE)
    assert alert["text"] == TEST_WORDS
    (delivery,) = wait_until(lambda: shown(ledger, the_test(ledger)), what="the receipt")
    assert (delivery["state"], delivery["status"], delivery["attempt"]) == ("shown", 201, 1)
    firefox_service.wait_for_acknowledgement()
    assert set(firefox_service.acknowledged) == {DECRYPTED}
    assert len([alert for alert in firefox.alerts() if alert["text"] == TEST_WORDS]) == 1
    (post,) = firefox_service.accepted
    assert (post.headers["Content-Encoding"], int(post.headers["TTL"]) > 0) == ("aes128gcm", True)
    assert TEST_WORDS.encode() not in post.body
    firefox.open(f"{firefox_server.address}/settings")
    find(firefox, "//button[contains(., 'on this phone: Today')]")


def test_tomorrow_in_firefox_moves_it_one_local_day(firefox: Firefox, firefox_server: Server, ledger: Ledger) -> None:
    plan_anew(firefox, firefox_server)
    nudge_id = ledger.make_due()
    wait_until(lambda: shown(ledger, nudge_id), SECONDS, "the nudge and its receipt")
    assert [button["title"] for button in firefox.wait_for_alert(TITLE)["actions"]] == ["I reached out", "Tomorrow"]
    hour = ledger.row("SELECT nudge_hour FROM account")["nudge_hour"]
    before = firefox.addresses()
    firefox.click(TITLE, "snooze")
    assert wait_until(lambda: answered(ledger, nudge_id), what="Tomorrow")["acted"] == "snooze"
    tomorrow = ledger.today().toordinal() + 1
    kind, on, at = ledger.planned()
    assert (kind, on.toordinal(), at) == ("begin", tomorrow, hour)
    assert ledger.row("SELECT until_on FROM snooze")["until_on"] == on.isoformat()
    assert firefox.addresses() == before, "nothing had to be opened for it"


def test_i_reached_out_in_firefox_is_written_down(firefox: Firefox, firefox_server: Server, ledger: Ledger) -> None:
    plan_anew(firefox, firefox_server)
    nudge_id = ledger.make_due()
    wait_until(lambda: shown(ledger, nudge_id), SECONDS, "the nudge and its receipt")
    firefox.wait_for_alert(TITLE)
    firefox.click(TITLE, "done")
    assert wait_until(lambda: answered(ledger, nudge_id), what="I reached out")["acted"] == "done"
    moment = ledger.row("SELECT * FROM moment")
    assert (moment["by"], moment["nudge_id"]) == ("you", nudge_id)
    tick = ledger.row("SELECT * FROM tick")
    assert (tick["task"], tick["done"], tick["by"]) == ("reach_out.send_invitation", 1, "app")
    assert ledger.planned()[0] == "follow_up"
    firefox.open(f"{firefox_server.address}/moments")
    find(firefox, "//ul//*[contains(., 'Today')]")


def test_a_click_on_it_opens_the_page_that_is_its_two_buttons(
    firefox: Firefox, firefox_server: Server, ledger: Ledger
) -> None:
    plan_anew(firefox, firefox_server)
    nudge_id = ledger.make_due()
    wait_until(lambda: shown(ledger, nudge_id), SECONDS, "the nudge and its receipt")
    firefox.wait_for_alert(TITLE)
    firefox.click(TITLE)
    find(firefox, "//html[@data-page='nudge']")
    tap(firefox, "//button[contains(., 'Tomorrow')]")
    find(firefox, "//h1[normalize-space()='Tomorrow it is']")
    assert ledger.planned()[1].toordinal() == ledger.today().toordinal() + 1
    tap(firefox, "//button[normalize-space()='Undo']")
    find(firefox, "//button[contains(., 'I reached out')]")
    assert ledger.nudge(nudge_id)["acted"] is None


def test_a_device_that_is_gone_is_forgotten_and_opening_the_app_heals_it(
    firefox: Firefox, firefox_server: Server, firefox_service: FirefoxPushService, ledger: Ledger
) -> None:
    plan_anew(firefox, firefox_server)
    before = ledger.row("SELECT endpoint_hash FROM subscription")["endpoint_hash"]
    firefox.run("await (await (await navigator.serviceWorker.ready).pushManager.getSubscription()).unsubscribe()")
    nudge_id = ledger.make_due()
    wait_until(lambda: ledger.nudge(nudge_id)["state"] == "no_device", SECONDS, "the end of the nudge")
    assert firefox_service.posts[-1].status == 410
    assert ledger.rows("SELECT * FROM subscription") == []
    firefox.open(firefox_server.address)
    (healed,) = wait_until(lambda: ledger.rows("SELECT * FROM subscription"), what="the new subscription")
    assert healed["endpoint_hash"] != before
    firefox.open(f"{firefox_server.address}/settings")
    tap(firefox, "//button[contains(., 'Send a test nudge')]")
    wait_until(lambda: shown(ledger, the_test(ledger)), what="the receipt")


def test_a_push_service_that_forgot_firefox_is_subscribed_to_anew_without_an_opening(
    firefox: Firefox, firefox_server: Server, firefox_service: FirefoxPushService, ledger: Ledger
) -> None:
    firefox.open("about:blank")
    before = ledger.row("SELECT id, endpoint_hash FROM subscription")
    firefox_service.forget()

    def renewed() -> dict[str, Any] | None:
        row = ledger.row("SELECT id, endpoint_hash FROM subscription")
        return row if row["endpoint_hash"] != before["endpoint_hash"] else None

    assert wait_until(renewed, SECONDS, "the worker's telling")["id"] == before["id"]
    firefox.open(f"{firefox_server.address}/settings")
    tap(firefox, "//button[contains(., 'Send a test nudge')]")
    wait_until(lambda: shown(ledger, the_test(ledger)), SECONDS, "the receipt")


# --- Chromium -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desktop]:
    with Desktop() as desktop:
        yield desktop


@pytest.fixture(scope="module")
def chromium_server(
    tmp_path_factory: pytest.TempPathFactory, chromium_service: ChromiumPushService
) -> Iterator[Server]:
    yield from serving(tmp_path_factory.mktemp("chromium"), chromium_service)


@pytest.fixture(scope="module")
def page(
    playwright: Playwright,
    chromium_server: Server,
    chromium_service: ChromiumPushService,
    desktop: Desktop,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Page]:
    """A Chromium in which somebody has set up a parent and switched nudges on."""
    folder = tmp_path_factory.mktemp("profile")
    phone = chromium.open_phone(playwright, chromium_server.address, folder, chromium_service, desktop)
    page = phone.goto("/")
    page.get_by_role("link", name="Begin").tap()
    page.get_by_role("button", name="Yes").tap()
    page.get_by_role("button", name="Mom").tap()
    page.get_by_role("link", name="Skip", exact=True).tap()
    expect(page.get_by_role("heading", name="How far apart are you?")).to_be_visible()
    page.get_by_role("link", name="Skip", exact=True).tap()
    expect(page.locator("html[data-page=today]")).to_be_attached()
    page.goto(f"{chromium_server.address}/settings")
    page.get_by_role("switch", name="Nudge this phone").tap()
    expect(page.locator("push-switch[state=on]")).to_be_attached(timeout=SECONDS * 1_000)
    yield page
    phone.close()


@pytest.fixture
def chromium_ledger(chromium_server: Server, page: Page) -> Ledger:
    ledger = Ledger(chromium_server.database)
    ledger.forget_answers()
    return ledger


def plan_in_chromium(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/settings/hour")
    page.get_by_role("button", name="Save").tap()
    expect(page.locator("html[data-page=settings]")).to_be_attached()


def test_chromium_is_sent_a_test_nudge_and_shows_it_once(
    page: Page, chromium_server: Server, desktop: Desktop, chromium_ledger: Ledger
) -> None:
    page.goto(f"{chromium_server.address}/settings")
    page.get_by_role("button", name="Send a test nudge").tap()
    assert TEST_WORDS in desktop.wait_for(TITLE).body
    (delivery,) = wait_until(lambda: shown(chromium_ledger, the_test(chromium_ledger)), what="the receipt")
    assert (delivery["state"], delivery["status"], delivery["attempt"]) == ("shown", 201, 1)
    assert len([one for one in desktop.shown if TEST_WORDS in one.body]) == 1
    desktop.dismiss(TITLE)
    page.goto(f"{chromium_server.address}/settings")
    expect(page.get_by_role("button", name="on this phone: Today")).to_be_visible()


@pytest.mark.parametrize(("button", "action"), [("Tomorrow", "snooze"), ("I reached out", "done")])
def test_a_button_in_chromium_is_an_answer(
    page: Page, chromium_server: Server, desktop: Desktop, chromium_ledger: Ledger, button: str, action: str
) -> None:
    plan_in_chromium(page, chromium_server)
    nudge_id = chromium_ledger.make_due()
    wait_until(lambda: shown(chromium_ledger, nudge_id), SECONDS, "the nudge and its receipt")
    desktop.click(TITLE, button)
    assert wait_until(lambda: answered(chromium_ledger, nudge_id), what=button)["acted"] == action
    kind, on, _ = chromium_ledger.planned()
    if action == "snooze":
        assert (kind, on.toordinal()) == ("begin", chromium_ledger.today().toordinal() + 1)
    else:
        assert (kind, len(chromium_ledger.rows("SELECT * FROM moment"))) == ("follow_up", 1)


# --- The whole of it: an idea, a text, her answer ------------------------------------------------------------------

THEIR_TITLE = "There is an answer waiting"


def test_her_answer_on_a_second_browser_reaches_the_first_as_a_push(
    page: Page, chromium_server: Server, desktop: Desktop, playwright: Playwright, chromium_ledger: Ledger
) -> None:
    page.goto(f"{chromium_server.address}/settings/calendar")
    page.get_by_role("button", name="Make a private address").tap()
    feed = page.locator("[data-feed]").inner_text()
    link = invite(page, chromium_server)
    assert statuses(page, feed) == ["TENTATIVE"] * 3
    hers = playwright.chromium.launch(executable_path=browser.chromium(), args=["--no-sandbox"])
    try:
        context = hers.new_context(java_script_enabled=False)
        their_page = context.new_page()
        their_page.goto(link)
        their_page.locator('[data-option="1"]').click()
        expect(their_page.get_by_text("knows already")).to_be_visible()
        assert context.cookies() == []
    finally:
        hers.close()
    assert "Mom" not in desktop.wait_for(THEIR_TITLE).body
    assert statuses(page, feed) == ["CANCELLED", "CONFIRMED", "CANCELLED"]
    desktop.click(THEIR_TITLE, "Open")
    expect(page.get_by_role("heading", name="A day is set")).to_be_visible(timeout=SECONDS * 1_000)


def invite(page: Page, server: Server) -> str:
    """From an idea to a text that has gone; gives the link in it. Five taps at most until the text is ready."""
    page.goto(f"{server.address}/ideas/tea_among_the_roses")
    taps = 0
    for role, name in (("link", "Invite Mom to this"), ("button", "On to the words")):
        page.get_by_role(role, name=name).tap()  # type: ignore[arg-type]
        taps += 1
    words = page.get_by_label("Your message to Mom").input_value()
    assert (taps <= 5 and "No rush" in words) or "fine" in words
    expect(page.get_by_role("button", name="Send as a text")).to_be_visible()
    page.get_by_role("button", name="It has gone out").tap()
    expect(page.get_by_role("heading", name="It is with her now")).to_be_visible()
    return next(word for word in words.split() if "/for/" in word)


def statuses(page: Page, feed: str) -> list[str]:
    text = page.request.get(feed).text()
    return [line.removeprefix("STATUS:") for line in text.splitlines() if line.startswith("STATUS:")]
