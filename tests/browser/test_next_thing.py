"""The one next thing follows the ticks at once, with signal and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.browser import Phone
from tests.support.household import Household
from tests.support.outbox import TASKS, moved_in, tap
from tests.support.people import Person
from tests.support.server import Server

OpenPhone = Callable[..., Phone]


@pytest.fixture
def phone(open_phone: OpenPhone, server: Server, household: Household, ana: Person) -> Phone:
    return moved_in(open_phone(server), household, ana)


@pytest.mark.parametrize("signal", [True, False], ids=["with signal", "without"])
def test_a_finished_step_brings_the_next_thing_and_undo_takes_it_back(phone: Phone, signal: bool) -> None:
    if not signal:
        phone.offline()
    card = phone.page.locator("[data-next] h2")
    expect(card).to_have_text("Put it in perspective")
    for task in TASKS:
        tap(phone.page, task)
    expect(card).to_have_text("Reach out today")
    expect(phone.page.get_by_role("heading", name="Reach out today")).to_be_visible()
    said = phone.page.locator("toast-region")
    expect(said).to_contain_text("The kindling is laid")
    said.get_by_role("button", name="Undo").click()
    expect(card).to_have_text("Put it in perspective")
