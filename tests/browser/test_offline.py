"""Without signal Today still works: what is ticked is painted, kept through anything, and arrives exactly once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Error, Route, expect

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
    until_kept,
    until_sent,
    waiting,
)
from tests.support.people import Person
from tests.support.server import Server

OpenPhone = Callable[..., Phone]


@pytest.fixture
def phone(open_phone: OpenPhone, household: Household, server: Server, ana: Person) -> Phone:
    """Ana's, with Today open and the worker in charge."""
    return moved_in(open_phone(server), household, ana)


def refusing(status: int) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, content_type="application/json", body='{"error":"No."}')


# --- Through anything ---------------------------------------------------------------------------------------------


def test_three_ticks_made_offline_survive_a_kill_and_arrive_once(
    phone: Phone, household: Household, ana: Person
) -> None:
    phone.reopen()  # Chromium writes its cookies down when it is closed
    phone.goto("/")
    phone.offline()
    for task in TASKS:
        tap(phone.page, task)
    expect(phone.page.locator("[data-pending]")).to_have_count(3)
    assert waiting(phone.page) == 3
    phone.kill()

    phone.open()
    phone.offline()
    phone.goto("/")
    for task in TASKS:
        expect(box(phone.page, task)).to_be_checked()
    expect(phone.page.locator("[data-pending]")).to_have_count(3)
    assert household.ticks(ana) == {}

    phone.online()
    expect(phone.page.locator("[data-pending]")).to_have_count(0)
    until_sent(phone.page)
    assert household.ticks(ana) == dict.fromkeys(TASKS, True)
    assert household.ops(ana) == 3

    phone.offline()
    phone.page.reload()
    for task in TASKS:
        expect(box(phone.page, task)).to_be_checked()
    expect(phone.page.locator("[data-pending]")).to_have_count(0)
    expect(phone.page.locator('[data-step="perspective"]')).to_have_attribute("data-state", "done")


LEAVE_AT_ONCE = """([tasks, path]) => {
  for (const task of tasks) document.querySelector(`input[data-task="${task}"]`).closest("label").click();
  if (path) location.assign(path);
  else location.reload();
}"""


@pytest.mark.parametrize("rate", [1, 6, 20])
@pytest.mark.parametrize("path", ["/settings/sign-out", "/up", ""])
def test_a_page_that_is_left_in_the_moment_of_the_tap_loses_nothing(
    phone: Phone, household: Household, ana: Person, path: str, rate: int
) -> None:
    """Tapped and gone in one breath, on a phone so many times as slow, before a database can have answered."""
    page = phone.page
    phone.devtools().send("Emulation.setCPUThrottlingRate", {"rate": rate})
    page.route("**/sync", lambda route: route.abort())
    with page.expect_navigation():
        page.evaluate(LEAVE_AT_ONCE, [TASKS[:2], path])
    page.unroute_all(behavior="wait")
    phone.goto("/")
    for task in TASKS[:2]:
        expect(box(page, task)).to_be_checked()
    until_sent(page)
    assert household.ticks(ana) == dict.fromkeys(TASKS[:2], True)
    assert household.ops(ana) == 2
    assert household.rows("SELECT n FROM tick WHERE round_id = ?", ana.round_id) == [(1,), (1,)]
    assert jotted(page) == []
    phone.errors.clear()


def test_what_was_sent_is_not_done_again_where_its_page_left_it_jotted_down(
    phone: Phone, household: Household, ana: Person
) -> None:
    page = phone.page
    tap(page)
    until_sent(page)
    [sent] = ops(page)
    jot(page, {**sent, "state": "waiting"}, account(page))
    page.reload()
    until_sent(page)
    assert [(op["id"], op["n"], op["state"]) for op in ops(page)] == [(sent["id"], 1, "acked")]
    assert household.ops(ana) == 1


def test_what_was_jotted_down_never_undoes_what_was_done_after(phone: Phone, household: Household, ana: Person) -> None:
    page = phone.page
    phone.offline()
    tap(page)
    tap(page)
    [last] = ops(page)
    first = {**last, "id": str(uuid4()), "n": last["n"] - 1, "done": True, "at": "2020-01-01T00:00:00.000Z"}
    jot(page, first, account(page))
    page.reload()
    phone.online()
    until_sent(page)
    assert household.ticks(ana) == {FIRST: False}
    assert jotted(page) == []


def test_a_clock_that_is_set_back_undoes_nothing(phone: Phone, household: Household, ana: Person) -> None:
    page = phone.page
    phone.offline()
    tap(page)
    expect(box(page)).to_be_checked()
    page.evaluate("() => { Date.prototype.toISOString = () => '2020-01-01T00:00:00.000Z'; }")
    tap(page)
    expect(box(page)).not_to_be_checked()
    page.reload()
    expect(box(page)).not_to_be_checked()
    phone.online()
    until_sent(page)
    assert household.ticks(ana) == {FIRST: False}


def test_a_tick_needs_no_room_in_the_journal(phone: Phone, household: Household, ana: Person) -> None:
    page = phone.page
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }; }")
    tap(page)
    until_sent(page)
    assert household.ticks(ana) == {FIRST: True}


def test_a_tick_is_painted_at_once_with_its_step_and_the_fire(phone: Phone) -> None:
    page = phone.page
    phone.offline()
    for task in TASKS:
        tap(page, task)
    expect(page.locator('[data-step="perspective"]')).to_have_attribute("data-state", "done")
    expect(page.locator('[data-step="reach_out"]')).to_have_attribute("data-state", "now")
    expect(page.locator("body")).to_have_attribute("data-fire", "1")
    expect(page.locator("svg.hearth")).to_have_attribute("data-fire", "1")
    expect(page.locator("nav svg.mini:not([data-still])").first).to_have_attribute("data-fire", "1")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("body")).to_have_attribute("data-fire", "0")
    expect(box(page, TASKS[2])).not_to_be_checked()
    expect(page.locator('[data-step="reach_out"]')).to_have_attribute("data-state", "later")


def test_what_waits_says_so_in_words_and_the_strip_counts_it(phone: Phone) -> None:
    page = phone.page
    strip = page.locator("offline-strip [data-words]")
    expect(strip).to_be_hidden()
    phone.offline()
    expect(strip).to_have_text("No signal. Everything here still works.")
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/sync")):
        tap(page)
    expect(page.locator("[data-pending] .waits")).to_have_text("Saved here. It will go out when there is signal.")
    expect(strip).to_contain_text("one thing is waiting to be sent")
    tap(page, TASKS[1])
    expect(strip).to_contain_text("2 things are waiting to be sent")
    phone.online()
    expect(strip).to_have_text("Back online. 2 things were sent.")
    expect(strip).to_be_hidden(timeout=10_000)


def test_ticking_and_unticking_before_the_signal_is_back_sends_the_last_word(
    phone: Phone, household: Household, ana: Person
) -> None:
    phone.offline()
    for _ in range(3):
        tap(phone.page)
    tap(phone.page, TASKS[1])
    tap(phone.page, TASKS[1])
    phone.online()
    until_sent(phone.page)
    assert household.ticks(ana) == {TASKS[0]: True, TASKS[1]: False}
    assert household.ops(ana) == 2


def test_an_answer_that_got_lost_is_asked_for_again_and_counts_once(
    phone: Phone, household: Household, ana: Person
) -> None:
    def lose(route: Route) -> None:
        route.fetch()  # the server takes it in …
        route.abort()  # … and the phone never hears of it

    phone.page.route("**/sync", lambda route: route.abort())
    phone.page.route("**/sync", lose, times=1)
    tap(phone.page)
    expect(phone.page.locator("[data-pending]")).to_have_count(1)
    phone.page.unroute_all()
    phone.page.evaluate("() => { dispatchEvent(new Event('online')); }")
    expect(phone.page.locator("[data-pending]")).to_have_count(0)
    until_sent(phone.page)
    assert household.ops(ana) == 1
    assert household.rows("SELECT n FROM tick WHERE round_id = ?", ana.round_id) == [(1,)]
    phone.errors.clear()


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "signed out"), (403, "slow on our side"), (409, "Someone else"), (500, "slow on our side")],
)
def test_nothing_is_dropped_whatever_the_server_says(
    phone: Phone, household: Household, ana: Person, status: int, words: str
) -> None:
    page = phone.page
    page.route("**/sync", refusing(status))
    tap(page)
    expect(page.locator("[data-pending]")).to_have_count(1)
    expect(page.locator("offline-strip")).to_contain_text(words)
    assert waiting(page) == 1
    page.unroute("**/sync")
    page.reload()
    until_sent(page)
    assert household.ticks(ana) == {FIRST: True}
    phone.errors.clear()  # the browser itself prints a refused request


def test_a_session_that_ended_keeps_what_was_done(phone: Phone, household: Household, ana: Person) -> None:
    household.sign_out_everywhere(ana)
    tap(phone.page)
    expect(phone.page.locator("offline-strip")).to_contain_text("You are signed out here")
    assert waiting(phone.page) == 1
    household.sign_in(phone, ana)
    phone.page.reload()
    until_sent(phone.page)
    assert household.ticks(ana) == {FIRST: True}
    phone.errors.clear()


def test_a_refused_op_is_told_and_can_be_let_go(phone: Phone, household: Household, ana: Person) -> None:
    page = phone.page
    phone.offline()
    tap(page)
    household.change("UPDATE round SET closed_at = began_at WHERE id = ?", ana.round_id)
    phone.online()
    strip = page.locator("offline-strip")
    expect(strip).to_contain_text("That round is closed. Open Today to see the one you are in.")
    expect(box(page)).not_to_be_checked()
    strip.get_by_role("button", name="All right").click()
    expect(strip).to_be_hidden()
    assert waiting(page) == 0


def test_storage_that_was_wiped_breaks_nothing_else(phone: Phone, household: Household, ana: Person) -> None:
    page = phone.page
    phone.offline()
    tap(page)
    page.evaluate(
        """async () => { for (const {name} of await indexedDB.databases()) await new Promise((resolve) => {
        const r = indexedDB.deleteDatabase(name); r.onsuccess = r.onerror = resolve; }); }"""
    )
    phone.online()
    tap(page, TASKS[1])
    until_sent(page)
    page.reload()
    expect(box(page, TASKS[1])).to_be_checked()
    assert household.ticks(ana)[TASKS[1]] is True


def test_tomorrow_without_signal_is_kept_and_sent(phone: Phone, household: Household, ana: Person) -> None:
    page = phone.page
    phone.offline()
    page.get_by_role("button", name="Tomorrow").click()
    expect(page.locator("form[data-snooze][data-pending]")).to_have_count(1)
    page.reload()
    expect(page.get_by_role("button", name="Tomorrow")).to_be_disabled()
    phone.online()
    expect(page.get_by_text("Nothing to do tonight")).to_be_visible()
    assert household.rows("SELECT n FROM snooze WHERE parent_id = ?", ana.parent_id) == [(1,)]


# --- Plain forms --------------------------------------------------------------------------------------------------


def test_a_form_is_not_sent_into_a_dead_line(phone: Phone) -> None:
    page = phone.goto("/setup/name")
    page.get_by_label("The name you use").fill("Papa")
    phone.offline()
    page.get_by_role("button", name="Next").click()
    expect(page.locator("toast-region [data-words]")).to_contain_text("No signal. Nothing is lost")
    expect(page.get_by_label("The name you use")).to_have_value("Papa")


def test_a_form_tapped_twice_is_sent_once(phone: Phone) -> None:
    page = phone.goto("/setup/name")
    page.get_by_label("The name you use").fill("Papa")
    told: list[str] = []
    phone.context.on("request", lambda request: told.append(request.url) if request.method == "POST" else None)
    page.evaluate("""() => { const form = document.querySelector("main form:has(input[name=name])");
        form.requestSubmit(); form.requestSubmit(); form.requestSubmit(); }""")
    page.wait_for_url("**/enjoys")
    assert len(told) == 1


# --- Pages without signal -----------------------------------------------------------------------------------------


def test_today_and_the_steps_open_without_signal(phone: Phone) -> None:
    page = phone.page
    until_kept(page, "/steps/reach_out")
    phone.devtools().send("Network.clearBrowserCache")
    phone.offline()
    page.goto(phone.origin + "/")
    expect(page.locator("html")).to_have_attribute("data-page", "today")
    page.locator('a[href="/steps/reach_out"]').first.click()
    expect(page.locator("html")).to_have_attribute("data-page", "step")
    assert page.evaluate("getComputedStyle(document.body).fontFamily") != "Times"


def test_the_steps_are_kept_for_somebody_who_came_by_the_welcome_page(
    open_phone: OpenPhone, household: Household, server: Server, ana: Person
) -> None:
    """There the worker was in charge before there was an account."""
    phone = open_phone(server)
    phone.goto("/")
    phone.installed()
    household.sign_in(phone, ana)
    phone.goto("/")
    for path in ("/", "/steps/perspective", "/steps/look_for_good"):
        until_kept(phone.page, path)


def test_it_is_the_worker_that_does_it(
    open_phone: OpenPhone, household: Household, server: Server, ana: Person
) -> None:
    """The browser's own cache alone does not open the app."""
    phone = open_phone(server, service_workers="block")
    household.sign_in(phone, ana)
    phone.goto("/")
    phone.offline()
    with pytest.raises(Error):
        phone.page.goto(phone.origin + "/")


def test_a_page_that_was_not_kept_says_what_still_works(phone: Phone) -> None:
    phone.offline()
    phone.goto("/settings/quiet-hours")
    expect(phone.page.locator("html")).to_have_attribute("data-page", "offline")
    phone.page.get_by_role("link", name="Open Today").click()
    expect(phone.page.locator("html")).to_have_attribute("data-page", "today")


def test_a_server_that_hangs_does_not_hold_the_page_up(open_phone: OpenPhone, own_server: Server) -> None:
    household = Household(own_server)
    phone = moved_in(open_phone(own_server), household, household.settle())
    assert own_server.process is not None
    os.killpg(own_server.process.pid, signal.SIGSTOP)
    try:
        phone.page.goto(phone.origin + "/", wait_until="domcontentloaded", timeout=8_000)
        expect(phone.page.locator("html")).to_have_attribute("data-page", "today")
    finally:
        os.killpg(own_server.process.pid, signal.SIGCONT)


def test_a_page_older_than_the_ticks_shows_them_all_the_same(phone: Phone, household: Household, ana: Person) -> None:
    """The trap: the tick is acknowledged and gone from the queue, and the kept page is from before it."""
    page = phone.page
    before = page.evaluate("async () => (await caches.match('/', {ignoreVary: true})).text()")
    tap(page)
    until_sent(page)
    page.wait_for_timeout(500)  # the worker fetches the page anew
    page.evaluate(
        """async (before) => { const [name] = (await caches.keys()).filter((each) => each.startsWith("pages-"));
        const headers = {"Content-Type": "text/html"};
        await (await caches.open(name)).put("/", new Response(before, {headers})); }""",
        before,
    )
    phone.offline()
    page.reload()
    expect(box(page)).to_be_checked()
    expect(page.locator("[data-pending]")).to_have_count(0)


def test_the_kept_page_is_fetched_anew_after_a_sync(phone: Phone) -> None:
    page = phone.page
    tap(page)
    until_sent(page)
    until(
        page,
        """async () => (await (await caches.match("/", {ignoreVary: true})).text()).includes('revision" content="1"')""",
    )


def test_going_back_shows_what_was_ticked_since(phone: Phone) -> None:
    page = phone.page
    until_kept(page, "/steps/perspective")
    phone.offline()
    page.locator('a[href="/steps/perspective"]').first.click()
    expect(page.locator("html")).to_have_attribute("data-page", "step")
    tap(page)
    expect(page.locator("[data-pending]")).to_have_count(1)
    page.go_back()
    expect(page.locator("html")).to_have_attribute("data-page", "today")
    expect(box(page)).to_be_checked()


# --- Several tabs, several devices --------------------------------------------------------------------------------


def test_two_tabs_show_the_same_and_send_once(phone: Phone, household: Household, ana: Person) -> None:
    first = phone.page
    second = phone.context.new_page()
    second.goto(phone.origin + "/")
    answered: list[str] = []
    phone.context.on("response", lambda each: answered.append(each.url) if each.request.method == "POST" else None)
    phone.offline()
    tap(first)
    expect(box(second)).to_be_checked()
    phone.online()
    for page in (first, second):
        expect(page.locator("[data-pending]")).to_have_count(0)
    until_sent(first)
    assert answered == [f"{phone.origin}/sync"]
    assert household.ops(ana) == 1


def test_two_devices_end_with_the_same_word(
    open_phone: OpenPhone, phone: Phone, household: Household, server: Server, ana: Person
) -> None:
    laptop = moved_in(open_phone(server), household, ana)
    phone.offline()
    laptop.offline()
    tap(phone.page)  # ticked here …
    tap(laptop.page)
    tap(laptop.page)  # … ticked and unticked there, which counts one further
    tap(laptop.page, TASKS[1])
    laptop.online()
    until_sent(laptop.page)
    phone.online()
    until_sent(phone.page)
    expect(box(phone.page)).not_to_be_checked()
    assert household.ticks(ana) == {TASKS[0]: False, TASKS[1]: True}
    for device in (phone, laptop):
        device.page.reload()
        expect(box(device.page)).not_to_be_checked()
        expect(box(device.page, TASKS[1])).to_be_checked()


# --- Without scripts ----------------------------------------------------------------------------------------------


@pytest.fixture
def plain(open_phone: OpenPhone, household: Household, server: Server, ana: Person) -> Phone:
    phone = open_phone(server, java_script_enabled=False)
    household.sign_in(phone, ana)
    return phone


def test_with_scripts_off_the_form_ticks(plain: Phone, household: Household, ana: Person) -> None:
    page = plain.goto("/")
    form = page.locator("form", has=box(page))
    tap(page)
    form.get_by_role("button", name="Save").click()
    expect(box(page)).to_be_checked()
    assert household.ticks(ana) == {FIRST: True}
