"""Real Chromium on the tests' own push service: the Phone of tests/support/browser.py, made able to receive pushes.

Its profile must be a lasting one (a private window is refused every subscription), and its engine the full Chromium:
the headless shell always answers that notifications are denied.
"""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Playwright

from tests.support.browser import Phone
from tests.support.desktop import Desktop
from tests.support.push_service_chromium import ChromiumPushService

# Chromium builds the vendor's host into each endpoint; the page sees the tests' own service in its place.
_REWRITE = """(origin => {
  if (!window.PushSubscription) return;
  const local = url => url.replace(/^https:\\/\\/[^/]+\\/(fcm\\/send|wp)\\//, origin + '/fcm/send/');
  const prototype = PushSubscription.prototype;
  const endpoint = Object.getOwnPropertyDescriptor(prototype, 'endpoint').get;
  const toJSON = prototype.toJSON;
  Object.defineProperty(prototype, 'endpoint', {
    configurable: true, enumerable: true, get() { return local(endpoint.call(this)); } });
  prototype.toJSON = function () { const json = toJSON.call(this); json.endpoint = local(json.endpoint); return json; };
})('ORIGIN');"""
_NOTIFICATIONS = """navigator.serviceWorker.ready.then(registration => registration.getNotifications())
  .then(list => list.map(({ title, body, tag, data }) => ({ title, body, tag, data })))"""


def open_phone(
    playwright: Playwright,
    origin: str,
    profile: Path,
    service: ChromiumPushService,
    desktop: Desktop | None = None,
    **options: Any,
) -> Phone:
    """A phone at `origin` where notifications are allowed; with a desktop, its notifications can be seen and clicked."""
    if desktop is not None:
        options["env"] = {**os.environ, **desktop.environment}
    phone = Phone(playwright, origin, profile, options, service.arguments).open()
    phone.context.add_init_script(_REWRITE.replace("ORIGIN", service.origin))
    phone.context.grant_permissions(["notifications"], origin=origin)
    return phone


def wait_for_notification(page: Page, title: str, seconds: float = 15) -> dict[str, Any]:
    """Asks the page's worker. Slowly, because Chromium forgets a notification that is asked for before it is on screen."""
    for _ in range(int(seconds / 0.6)):
        page.wait_for_timeout(600)
        for notification in page.evaluate(_NOTIFICATIONS):
            if notification["title"] == title:
                found: dict[str, Any] = notification
                return found
    raise AssertionError(f"a notification “{title}” did not come within {seconds:g} s")
