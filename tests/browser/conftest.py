"""Who is at the browser: Ana, with an account made straight in the shared server's database."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.browser import Phone
from tests.support.household import Household
from tests.support.people import Person
from tests.support.server import Server

OpenPhone = Callable[..., Phone]
expect.set_options(timeout=10_000)  # as long as any other waiting here: the machine may be busy


@pytest.fixture(scope="module")
def household(server: Server) -> Household:
    return Household(server)


@pytest.fixture
def ana(household: Household) -> Person:
    return household.settle()


@pytest.fixture
def signed_in(open_phone: OpenPhone, server: Server, household: Household, ana: Person) -> Phone:
    phone = open_phone(server)
    household.sign_in(phone, ana)
    return phone
