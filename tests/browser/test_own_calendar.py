"""One's own calendar by its address, on a phone: what is read, what fails and for how long, and with scripts off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from pwa.domain.readings import AHEAD
from pwa.storage import busy_calendars, database
from pwa.storage.busy_calendars import BusyCalendar
from tests.browser.test_screens import look_at, now_at
from tests.support.browser import Phone
from tests.support.household import Household
from tests.support.people import Person
from tests.support.server import Server

OpenPhone = Callable[..., Phone]
PAGE = "/settings/calendar"
CLOSED = "The server there says this address is closed. Make a new one there, and give it here."
SLOW = "The server there takes too long to answer."


@pytest.fixture
def read(household: Household, ana: Person) -> None:
    """A file, an address that is read, one that failed today and one that has failed for long."""
    now = now_at(household)
    with household.app.app_context(), database.transaction():
        for name, days, fault in (
            ("work.ics", 3, None),
            ("calendar.google.com", 0, None),
            ("p42-caldav.icloud.com", 1, SLOW),
            ("outlook.office365.com", 12, CLOSED),
        ):
            busy_calendars.add(
                BusyCalendar(
                    account_id=ana.account_id,
                    name=name,
                    address=f"https://{name}/private-5ecret" if "ics" not in name else None,
                    spans="[]",
                    read_at=now - timedelta(days=days),
                    read_until=now - timedelta(days=days) + AHEAD,
                    fault=fault,
                    failing_since=now - timedelta(days=days) if fault else None,
                )
            )


def test_the_page_has_no_fault_whatever_became_of_the_calendars(signed_in: Phone, read: None) -> None:
    signed_in.goto(PAGE)
    signed_in.page.get_by_text("Where to find it").click()
    expect(signed_in.page.get_by_text("Secret address in iCal format")).to_be_visible()
    assert "5ecret" not in signed_in.page.content()
    assert look_at(signed_in, PAGE) == []


def test_an_address_is_given_and_refused_with_scripts_off(
    open_phone: OpenPhone, server: Server, household: Household, ana: Person
) -> None:
    phone = open_phone(server, java_script_enabled=False)
    household.sign_in(phone, ana)
    page = phone.goto(PAGE)
    page.get_by_label("Its address").fill("https://127.0.0.1/private-5ecret")
    page.get_by_role("button", name="Read it from there").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Copy it whole")
    expect(alert).to_be_in_viewport()
    assert "5ecret" not in page.content()
    phone.errors[:] = [error for error in phone.errors if "422" not in error]
