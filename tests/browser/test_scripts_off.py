"""With scripts off everything works: forms post, links link."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Phone


@pytest.fixture
def page(plain_phone: Phone) -> Page:
    """Today of somebody who has been through setup without scripts."""
    page = plain_phone.goto("/")
    page.get_by_role("link", name="Begin").click()
    page.get_by_role("button", name="Yes").click()
    page.get_by_label("The name you use").fill("Appa")
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Old films").click()
    page.get_by_label("Anything else, in a line").fill("the radio, chess")
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Same town").click()
    page.get_by_role("button", name="Lay the first kindling").click()
    expect(page.get_by_role("heading", name="Appa", level=1)).to_be_visible()
    return page


def save(page: Page, task: str, *, done: bool) -> None:
    """Ticks or unticks a task and sends its form."""
    box = page.locator(f'input[data-task="{task}"]')
    box.set_checked(done, force=True)
    page.locator("form", has=box).get_by_role("button", name="Save").click()


def test_setup_knows_a_fathers_name_and_speaks_of_him(page: Page) -> None:
    expect(page.get_by_text("Name one change in his life")).to_be_visible()


def test_a_task_is_ticked_and_unticked(page: Page) -> None:
    box = page.locator('input[data-task="perspective.longer_view"]')
    save(page, "perspective.longer_view", done=True)
    expect(box).to_be_checked()
    assert page.url.endswith("/")
    save(page, "perspective.longer_view", done=False)
    expect(box).not_to_be_checked()


def test_a_whole_step_lights_the_fire(page: Page) -> None:
    page.get_by_role("link", name="Put it in perspective").click()
    for task in ("longer_view", "name_a_change", "one_thing_for_you"):
        save(page, f"perspective.{task}", done=True)
    page.get_by_role("link", name="Today").click()
    expect(page.locator("body")).to_have_attribute("data-fire", "1")


def test_the_longer_view_is_kept_and_deleted(page: Page) -> None:
    page.get_by_role("link", name="Begin here").click()
    page.get_by_label("What a friend of you both would see").fill("We both miss it.")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_label("What a friend of you both would see")).to_have_value("We both miss it.")
    page.get_by_role("button", name="Delete these words").click()
    expect(page.get_by_label("What a friend of you both would see")).to_have_value("")


def test_tomorrow_puts_it_off(page: Page) -> None:
    page.get_by_role("button", name="Tomorrow").click()
    expect(page.get_by_role("heading", name="It can wait")).to_be_visible()


def test_a_moment_is_written_down_and_taken_back(page: Page) -> None:
    page.get_by_role("link", name="Moments").click()
    page.get_by_text("I was in touch").click()
    page.get_by_text("A visit").click()
    page.get_by_label("A note, if you like").fill("He hummed.")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("heading", name="You went to see Appa")).to_be_visible()
    page.get_by_role("link", name="Take it back").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", name="Nothing written down yet")).to_be_visible()


def test_settings_are_changed(page: Page) -> None:
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Appearance").click()
    page.get_by_text("Dark").click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("link", name="Hour", exact=False).first.click()
    page.get_by_label("At").select_option("8")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="08:00")).to_be_visible()


def test_another_parent_is_added_and_chosen(page: Page) -> None:
    page.goto(page.url + "parents/new")
    page.get_by_role("button", name="Yes").click()
    page.get_by_role("button", name="Amma").click()
    page.goto(page.url.partition("/setup")[0])
    expect(page.get_by_role("heading", name="Amma", level=1)).to_be_visible()
    page.locator("summary", has_text="Amma").click()
    page.get_by_role("button", name="Appa").click()
    expect(page.get_by_role("heading", name="Appa", level=1)).to_be_visible()


def test_everything_stops_where_it_must(page: Page) -> None:
    page.get_by_role("link", name="Reach out today").click()
    page.get_by_role("link", name="I have a reason not to be in touch").click()
    page.get_by_role("button", name="Stop here, for Appa").click()
    expect(page.get_by_role("heading", name="Then we stop here")).to_be_visible()
    page.get_by_role("button", name="That isn’t what I meant").click()
    expect(page.get_by_role("heading", name="Five steps to a fire")).to_be_visible()


def test_the_phone_is_forgotten(page: Page) -> None:
    page.goto(page.url + "settings/sign-out")
    page.get_by_role("button", name="Forget this phone").click()
    expect(page.get_by_role("link", name="Begin")).to_be_visible()
