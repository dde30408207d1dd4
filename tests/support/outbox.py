"""What a page keeps in the browser, looked at from outside: the outbox, the kept pages, and waiting for either."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Locator, Page

from tests.support.browser import Phone
from tests.support.household import Household
from tests.support.people import Person

TASKS = ("perspective.longer_view", "perspective.name_a_change", "perspective.one_thing_for_you")
FIRST = TASKS[0]
PATIENCE = 10  # seconds

_OPS = """async () => {
  const found = [];
  for (const {name} of await indexedDB.databases()) {
    const db = await new Promise((resolve) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => resolve(asked.result);
    });
    if (db.objectStoreNames.contains("ops")) found.push(...await new Promise((resolve) => {
      const asked = db.transaction("ops").objectStore("ops").getAll();
      asked.onsuccess = () => resolve(asked.result);
    }));
    db.close();
  }
  return found;
}"""
_KEPT = "async (path) => Boolean(await caches.match(path, {ignoreVary: true}))"


def moved_in(phone: Phone, household: Household, person: Person) -> Phone:
    """Signed in, Today open, the worker in charge and the page kept."""
    household.sign_in(phone, person)
    phone.goto("/")
    phone.installed()
    until_kept(phone.page, "/")
    return phone


def box(page: Page, task: str = FIRST) -> Locator:
    return page.locator(f'input[data-task="{task}"]')


def tap(page: Page, task: str = FIRST) -> None:
    box(page, task).locator("xpath=ancestor::label").click()


def ops(page: Page) -> list[dict[str, Any]]:
    """Every record in every outbox on this device."""
    return page.evaluate(_OPS)


def waiting(page: Page) -> int:
    return sum(op["state"] != "acked" for op in ops(page))


def until_sent(page: Page) -> None:
    """Waits until nothing waits any more."""
    until(page, f"async () => (await ({_OPS})()).every((op) => op.state === 'acked')")


def until_kept(page: Page, path: str) -> None:
    """Waits until the worker has kept the page at `path`."""
    until(page, _KEPT, path)


def until(page: Page, asked: str, value: object = None) -> None:
    """Playwright's own waiting takes a promise for a yes."""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(asked, value):
        assert time.monotonic() < deadline, asked
        page.wait_for_timeout(100)
