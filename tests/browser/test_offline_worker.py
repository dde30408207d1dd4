"""The service worker by itself: a push always shows, a receipt is never lost, and nothing leads away from here."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Worker

from tests.support.browser import Phone
from tests.support.household import Household
from tests.support.loop import wait_until
from tests.support.outbox import moved_in, until
from tests.support.server import Server

OpenPhone = Callable[..., Phone]
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(
  ({title, body, tag, lang, dir, data, actions}) => ({title, body, tag, lang, dir, data, actions}))"""
COUNT_SHOWN = """() => {
  self.told = 0;
  const show = registration.showNotification.bind(registration);
  registration.showNotification = (...all) => show(...all).then(() => { told += 1; });
}"""
CLEAR = "async () => { for (const n of await (await navigator.serviceWorker.ready).getNotifications()) n.close(); }"


@pytest.fixture
def phone(open_phone: OpenPhone, household: Household, server: Server) -> Phone:
    phone = open_phone(server)
    phone.context.grant_permissions(["notifications"], origin=phone.origin)
    return moved_in(phone, household, household.settle())


@pytest.fixture
def push(phone: Phone) -> Callable[[str], dict[str, Any]]:
    """Delivers a push as the browser would, and returns the one notification that it shows."""
    devtools, known = phone.devtools(), {}
    working = worker(phone)
    working.evaluate(COUNT_SHOWN)
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda told: known.update(by_scope(told)))
    devtools.send("ServiceWorker.enable")

    def deliver(data: str) -> dict[str, Any]:
        phone.page.evaluate(CLEAR)
        phone.page.wait_for_timeout(200)
        registration, before = known[f"{phone.origin}/"], working.evaluate("() => told")
        told = {"origin": phone.origin, "registrationId": registration, "data": data}
        devtools.send("ServiceWorker.deliverPushMessage", told)
        wait_until(lambda: working.evaluate("() => told") > before, what="a notification")
        phone.page.wait_for_timeout(900)  # asked for too early, Chromium forgets it
        [shown] = phone.page.evaluate(SHOWN)
        return shown

    return deliver


def by_scope(told: dict[str, Any]) -> dict[str, str]:
    return {one["scopeURL"]: one["registrationId"] for one in told["registrations"] if not one.get("isDeleted")}


def worker(phone: Phone) -> Worker:
    [found] = phone.context.service_workers
    return found


def nudge(phone: Phone, **more: Any) -> str:
    there = f"{phone.origin}/nudges/1"
    buttons = [
        {"action": "done", "title": "I reached out", "navigate": f"{there}?a=done"},
        {"action": "snooze", "title": "Tomorrow", "navigate": f"{there}?a=snooze"},
    ]
    said = {"title": "A small thing for today", "body": "Two minutes.", "navigate": there, "tag": "nudge-1"}
    said |= {"lang": "en", "dir": "auto", "silent": False, "actions": buttons, "data": {"t": "token"}}
    return json.dumps({"web_push": 8030, "notification": {**said, **more}})


# --- Shown --------------------------------------------------------------------------------------------------------


def test_a_nudge_is_shown_as_it_was_sent(phone: Phone, push: Callable[[str], dict[str, Any]]) -> None:
    shown = push(nudge(phone))
    assert [(each["action"], each["title"]) for each in shown.pop("actions")] == [
        ("done", "I reached out"),
        ("snooze", "Tomorrow"),
    ]
    paths = {"done": "/nudges/1?a=done", "snooze": "/nudges/1?a=snooze"}
    assert shown == {
        "title": "A small thing for today",
        "body": "Two minutes.",
        "tag": "nudge-1",
        "lang": "en",
        "dir": "auto",
        "data": {"t": "token", "path": "/nudges/1", "paths": paths},
    }


def test_whatever_comes_is_shown_and_says_something(phone: Phone, push: Callable[[str], dict[str, Any]]) -> None:
    """A push that shows nothing costs the subscription."""
    garbled = ["", "{", "null", "[]", "5", '"text"', "{}", '{"notification":null}', '{"notification":7}', "\x00" * 50]
    for data in garbled:
        assert push(data)["title"] == "A small thing for today", data


def test_a_field_of_the_wrong_kind_does_not_stop_a_push(phone: Phone, push: Callable[[str], dict[str, Any]]) -> None:
    wrong: list[dict[str, Any]] = [
        {"actions": "both"},
        {"actions": [None, 5, {"action": {}}, {"action": "a"}, {"title": "b"}]},
        {"dir": "up", "lang": 5, "tag": {}, "body": []},
        {"lang": "not a language!", "data": None, "navigate": 7},
        {"title": 5},
        {"title": ""},
        {"silent": "yes", "requireInteraction": 1, "vibrate": "x", "renotify": True, "tag": ""},
        {"title": "x" * 10_000, "body": "y" * 10_000},
    ]
    for more in wrong:
        assert push(nudge(phone, **more))["title"], more


# --- Where a tap leads --------------------------------------------------------------------------------------------

ELSEWHERE = (
    "//e.example", "/\\e.example", "\\\\e.example", "/%09/e.example", "https://e.example/", "http:e.example",
    "///e.example", "https:/e.example", "https:e.example", "javascript:alert(1)", "data:text/html,x", "blob:x",
    "file:///etc/passwd", "ftp://e.example", "https://127.0.0.1.e.example/", "http://127.0.0.1@e.example/",
    "http://e.example#@127.0.0.1", "ws://e.example", "https://[", "//", "mailto:a@e.example", "about:blank",
    "chrome://settings", "\thttps://e.example", "/\t/e.example", "https://e.example\\@127.0.0.1/", "ORIGIN//e.example",
)  # fmt: skip


def test_a_notification_never_leads_to_another_site(phone: Phone) -> None:
    follow = "(address) => new URL(path(path(address)), location.origin).origin"  # read from the push, then opened
    for address in ELSEWHERE:
        assert worker(phone).evaluate(follow, address.replace("ORIGIN", phone.origin)) == phone.origin, address


def test_a_notification_leads_to_a_page_of_ours(phone: Phone) -> None:
    for address in ("/nudges/1", f"{phone.origin}/nudges/1?a=done", "/nudges/1?a=done#x"):
        assert worker(phone).evaluate("(address) => path(address)", address).startswith("/nudges/1")


# --- Receipts -----------------------------------------------------------------------------------------------------

BOX = "async () => (await caches.has('receipts')) ? (await (await caches.open('receipts')).keys()).length : 0"


def test_a_receipt_without_signal_waits_for_the_next_opening(
    phone: Phone, push: Callable[[str], dict[str, Any]]
) -> None:
    phone.offline()
    push(nudge(phone))
    until(phone.page, f"async () => (await ({BOX})()) === 1")
    phone.online()
    phone.page.reload()
    until(phone.page, f"async () => (await ({BOX})()) === 0")
    phone.errors.clear()


# --- One account --------------------------------------------------------------------------------------------------

OF_SOMEBODY_ELSE = """async () => {
  const before = (await caches.keys()).filter((name) => name.startsWith("pages-"));
  await keep("/", new Response("", {headers: {"Rekindle-Account": "somebody-else"}}));
  const after = (await caches.keys()).filter((name) => name.startsWith("pages-"));
  return [before.length, after.length];
}"""


def test_a_page_of_somebody_else_ends_what_was_kept(phone: Phone) -> None:
    """The worker sees to it by itself, also where the page's own script does not run."""
    assert worker(phone).evaluate(OF_SOMEBODY_ELSE) == [1, 0]


@pytest.mark.parametrize("control", ["no-store", "private, no-store, max-age=0"])
def test_the_worker_heeds_no_store(phone: Phone, control: str) -> None:
    said = """async (control) => { const [name] = (await caches.keys()).filter((each) => each.startsWith("pages-"));
    const headers = {"Rekindle-Account": name.slice(6), "Cache-Control": control};
    const response = new Response("", {headers});
    Object.defineProperty(response, "type", {value: "basic"});
    await keep(location.origin + "/private", response);
    return Boolean(await caches.match("/private")); }"""
    assert worker(phone).evaluate(said, control) is False
    assert worker(phone).evaluate(said, "private, no-cache") is True


# --- Releases -----------------------------------------------------------------------------------------------------


def test_the_release_before_stays_and_older_ones_go(phone: Phone) -> None:
    page = phone.page
    page.evaluate(
        """async () => { for (const old of ["oldest", "older"]) await caches.open(`static-${old}`);
        await (await navigator.serviceWorker.ready).unregister(); }"""
    )
    page.reload()
    phone.installed()
    until(page, "async () => !(await caches.has('static-oldest')) || !(await caches.has('static-older'))")
    names = page.evaluate("async () => (await caches.keys()).filter((name) => name.startsWith('static-'))")
    assert len(names) == 2


def test_the_worker_is_in_charge_of_every_page(phone: Phone) -> None:
    assert phone.page.evaluate("async () => (await navigator.serviceWorker.ready).scope") == f"{phone.origin}/"


def test_the_browser_would_install_it(phone: Phone) -> None:
    assert phone.installability_errors() == []


def test_what_is_no_page_and_no_file_is_left_alone(phone: Phone) -> None:
    """A hand in the way of a form or of the queue could lose what is sent."""
    page: Page = phone.page
    for path in ("/sync", "/push/key", "/sw.js", "/manifest.webmanifest", "/up"):
        page.evaluate("async (path) => { await fetch(path).catch(() => null); }", path)
    kept = page.evaluate(
        """async () => { const urls = []; for (const name of await caches.keys())
        for (const {url} of await (await caches.open(name)).keys()) urls.push(new URL(url).pathname); return urls; }"""
    )
    assert not {"/sync", "/push/key", "/sw.js", "/manifest.webmanifest", "/up"} & set(kept)
    phone.errors.clear()  # GET /sync is refused, as it must be
