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
      asked.onupgradeneeded = () => asked.transaction.abort(); // it has gone meanwhile, and looking must not bring it back
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => resolve(null);
    });
    if (!db) continue;
    if (db.objectStoreNames.contains("ops")) found.push(...await new Promise((resolve) => {
      const asked = db.transaction("ops").objectStore("ops").getAll();
      asked.onsuccess = () => resolve(asked.result);
    }));
    db.close();
  }
  return found;
}"""
_JOTTED = """() => Object.keys(localStorage).filter((name) => name.startsWith("rekindle-draft "))
  .map((name) => name.slice("rekindle-draft ".length))"""
_ACCOUNT = """document.querySelector('meta[name="rekindle-account"]')?.content"""
_JOT = (
    """([draft, account]) => localStorage.setItem(`rekindle-draft ${account} ${draft.item}`, JSON.stringify(draft))"""
)
_LOOP_KEPT = """async () => {
  const paths = ["/", ...[...document.querySelectorAll("a[data-loop]")].map(({pathname}) => pathname)];
  return (await Promise.all(paths.map((path) => caches.match(path, {ignoreVary: true})))).every(Boolean);
}"""
_KEPT = "async (path) => Boolean(await caches.match(path, {ignoreVary: true}))"


def moved_in(phone: Phone, household: Household, person: Person) -> Phone:
    """Signed in, Today open, the worker in charge, and all kept that it keeps."""
    household.sign_in(phone, person)
    phone.goto("/")
    phone.installed()
    until(phone.page, _LOOP_KEPT)
    return phone


def box(page: Page, task: str = FIRST) -> Locator:
    return page.locator(f'input[data-task="{task}"]')


def tap(page: Page, task: str = FIRST) -> None:
    box(page, task).locator("xpath=ancestor::label").click()


def ops(page: Page) -> list[dict[str, Any]]:
    """Every record in every outbox on this device, once what this page has to write is written."""
    until_written(page)
    return page.evaluate(_OPS)


def waiting(page: Page) -> int:
    return sum(op["state"] != "acked" for op in ops(page))


def jotted(page: Page) -> list[str]:
    """Every draft that is not struck out yet, as "account item"."""
    return page.evaluate(_JOTTED)


def jot(page: Page, draft: dict[str, Any], account: str) -> None:
    """Leaves a draft as a page does that is gone before its database has it."""
    page.evaluate(_JOT, [draft, account])


def account(page: Page) -> str:
    """The name under which this device keeps what the page shows."""
    return page.evaluate(f"() => {_ACCOUNT}")


def until_written(page: Page) -> None:
    """Waits until the database has all that was tapped: the page paints it before."""
    until(page, f"() => !({_JOTTED})().some((each) => each.startsWith(`${{{_ACCOUNT}}} `))")


def until_sent(page: Page, but: int = 0) -> None:
    """Waits until nothing waits any more, but for so many."""
    until_written(page)
    until(page, f"async (but) => (await ({_OPS})()).filter((op) => op.state !== 'acked').length === but", but)


def until_kept(page: Page, path: str) -> None:
    """Waits until the worker has kept the page at `path`."""
    until(page, _KEPT, path)


def until(page: Page, asked: str, value: object = None) -> None:
    """Playwright's own waiting takes a promise for a yes."""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(asked, value):
        assert time.monotonic() < deadline, asked
        page.wait_for_timeout(100)
