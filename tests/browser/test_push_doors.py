"""The two real doors by themselves: what pwa.push sends comes out as a notification in Firefox and in Chromium.

The page and its worker are the tests' own; the app's are driven in the tests of nudges.
"""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright

from pwa.push import vapid
from pwa.push.message import Action, Message, Notification, payload, topic
from pwa.push.outcome import Outcome
from pwa.push.subscription import Subscription, read
from pwa.push.vapid import Vapid
from tests.support import chromium, sending
from tests.support.desktop import Desktop
from tests.support.firefox import Firefox
from tests.support.loop import wait_until
from tests.support.push_service import PushService
from tests.support.push_service_chromium import ChromiumPushService
from tests.support.push_service_firefox import DECRYPTED, FirefoxPushService
from tests.support.site import SUBSCRIBE, Site


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture(scope="module")
def identity() -> Vapid:
    return vapid.load(vapid.generate(), "mailto:keeper@rekindle.example")


class Sender:
    """Sends nudges from one site to one browser, as the app would."""

    def __init__(self, site: Site, service: PushService, identity: Vapid, subscribed: object) -> None:
        self.site, self.service, self.identity = site, service, identity
        self.subscription: Subscription = read(subscribed, [service.origin])

    def send(self, title: str) -> tuple[Outcome, str]:
        token = uuid.uuid4().hex
        at = f"{self.site.origin}/nudges/{token}"
        actions = [Action("done", "I reached out", f"{at}?a=done"), Action("snooze", "Tomorrow", f"{at}?a=snooze")]
        words = Notification(title, "One small step, 👩‍👩‍👧 Zoë.", at, f"nudge-{token}", token, actions)
        message = Message(payload(words), topic(token, "begin"), ttl=300)
        now = datetime.now(UTC)
        outcome = sending.send(message, self.subscription, hosts=[self.service.origin], vapid=self.identity, now=now)
        return outcome, token

    def shown(self, token: str) -> None:
        wait_until(lambda: f"/shown/{token}" in self.site.reports, what="the worker's receipt")


# --- Firefox ---


@pytest.fixture(scope="module")
def firefox_service() -> Iterator[FirefoxPushService]:
    with FirefoxPushService() as service:
        yield service


@pytest.fixture(scope="module")
def firefox(firefox_service: FirefoxPushService) -> Iterator[Firefox]:
    with Firefox(firefox_service.websocket) as firefox:
        yield firefox


@pytest.fixture(scope="module")
def to_firefox(site: Site, firefox: Firefox, firefox_service: FirefoxPushService, identity: Vapid) -> Sender:
    firefox.open(site.origin)
    return Sender(site, firefox_service, identity, firefox.run(SUBSCRIBE, identity.public_key))


def test_firefox_shows_what_was_sent(to_firefox: Sender, firefox: Firefox, firefox_service: FirefoxPushService) -> None:
    before = len(firefox_service.acknowledged)
    outcome, token = to_firefox.send("Begin")
    assert (outcome.kind, outcome.status) == ("accepted", 201)
    alert = firefox.wait_for_alert("Begin")
    assert alert["text"] == "One small step, 👩‍👩‍👧 Zoë."
    assert [button["title"] for button in alert["actions"]] == ["I reached out", "Tomorrow"]
    to_firefox.shown(token)
    firefox_service.wait_for_acknowledgement(before + 1)
    assert set(firefox_service.acknowledged) == {DECRYPTED}
    assert len([alert for alert in firefox.alerts() if alert["title"] == "Begin"]) == 1


def test_firefox_hands_a_click_on_a_button_to_the_worker(to_firefox: Sender, firefox: Firefox) -> None:
    _, token = to_firefox.send("Tomorrow?")
    firefox.wait_for_alert("Tomorrow?")
    firefox.click("Tomorrow?", "snooze")
    wait_until(lambda: f"/acted/{token}/snooze" in to_firefox.site.reports, what="the button's report")
    wait_until(lambda: not firefox.wait_for_alert("Tomorrow?")["open"], what="the alert's closing")


def test_firefox_opens_the_nudge_on_a_click(to_firefox: Sender, firefox: Firefox) -> None:
    _, token = to_firefox.send("Open me")
    firefox.wait_for_alert("Open me")
    firefox.click("Open me")
    wait_until(lambda: f"{to_firefox.site.origin}/nudges/{token}" in firefox.addresses(), what="the nudge's page")


def test_a_nudge_sent_while_firefox_is_away_comes_when_it_is_back(
    to_firefox: Sender, firefox: Firefox, firefox_service: FirefoxPushService
) -> None:
    firefox_service.disconnect()
    outcome, token = to_firefox.send("While away")
    assert outcome.kind == "accepted"
    firefox.wait_for_alert("While away")
    to_firefox.shown(token)


def test_a_device_that_was_forgotten_is_gone(to_firefox: Sender, firefox_service: FirefoxPushService) -> None:
    firefox_service.drop(to_firefox.subscription.endpoint)
    assert to_firefox.send("Too late")[0].kind == "gone"


# --- Chromium ---


@pytest.fixture(scope="module")
def chromium_service() -> Iterator[ChromiumPushService]:
    with ChromiumPushService() as service:
        yield service


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desktop]:
    with Desktop() as desktop:
        yield desktop


@pytest.fixture(scope="module")
def page(
    playwright: Playwright,
    site: Site,
    chromium_service: ChromiumPushService,
    desktop: Desktop,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Page]:
    phone = chromium.open_phone(playwright, site.origin, tmp_path_factory.mktemp("chromium"), chromium_service, desktop)
    yield phone.goto("/")
    phone.close()


@pytest.fixture(scope="module")
def to_chromium(site: Site, page: Page, chromium_service: ChromiumPushService, identity: Vapid) -> Sender:
    subscribed: Any = page.evaluate(f"async args => {{ {SUBSCRIBE} }}", [identity.public_key])
    return Sender(site, chromium_service, identity, subscribed)


def test_chromium_shows_what_was_sent(to_chromium: Sender, page: Page, desktop: Desktop) -> None:
    outcome, token = to_chromium.send("Begin")
    assert (outcome.kind, outcome.status) == ("accepted", 201)
    shown = desktop.wait_for("Begin")
    assert "One small step, 👩‍👩‍👧 Zoë." in shown.body
    assert {"I reached out", "Tomorrow"} <= set(shown.actions)
    to_chromium.shown(token)
    assert chromium.wait_for_notification(page, "Begin")["data"]["t"] == token


def test_chromium_hands_a_click_on_a_button_to_the_worker(to_chromium: Sender, desktop: Desktop) -> None:
    _, token = to_chromium.send("Tomorrow?")
    to_chromium.shown(token)
    desktop.click("Tomorrow?", "Tomorrow")
    wait_until(lambda: f"/acted/{token}/snooze" in to_chromium.site.reports, what="the button's report")


def test_chromium_opens_the_nudge_on_a_click(to_chromium: Sender, page: Page, desktop: Desktop) -> None:
    _, token = to_chromium.send("Open me")
    to_chromium.shown(token)
    desktop.wait_for("Open me")
    with page.context.expect_page() as opened:
        desktop.click("Open me")
    assert opened.value.url == f"{to_chromium.site.origin}/nudges/{token}"
