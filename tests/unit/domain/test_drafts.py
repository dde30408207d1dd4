"""Words for an invitation, its follow-ups and a note: whole, short enough, varied, and with an easy way out."""

from dataclasses import replace
from itertools import product

import pytest

from pwa import content
from pwa.domain import drafts
from pwa.domain.drafts import LONGEST_TEXT, Matter

PIECES = content.drafts()
SEEDS = [str(number) for number in range(12)]
ROSES = Matter(
    name="Mom",
    signature="Louise",
    say="The roses are out. Come and tell me which ones are worth growing.",
    title="Tea among the roses",
    dates=("Saturday 13 June at 11", "Sunday 14 June at 2", "Wednesday 17 June at half past 6"),
    short_dates=("Sat 13 at 11:00", "Sun 14 at 14:00", "Wed 17 at 18:30"),
    link="https://rekindle.example.org/for/AbCdEfGhIjKlMnOpQrStUv",
)
ALL = list(product(PIECES.warmths, SEEDS))
WAY_OUT = ("fine", "no hurry", "all right to say no", "No rush", "can wait")


@pytest.mark.parametrize(("warmth", "seed"), ALL)
def test_a_text_is_short_and_holds_the_dates_the_link_and_a_way_out(warmth: str, seed: str) -> None:
    made = drafts.text(PIECES, warmth, ROSES, seed)
    assert len(made) <= LONGEST_TEXT
    assert all(long in made or short in made for long, short in zip(ROSES.dates, ROSES.short_dates, strict=True))
    assert ROSES.link in made and made.endswith("Louise")
    assert any(words.lower() in made.lower() for words in WAY_OUT)
    assert "{" not in made and "  " not in made


@pytest.mark.parametrize("idea", list(content.catalogue().ideas.values())[::40], ids=lambda idea: idea.key)
def test_it_fits_whatever_the_idea(idea: content.Catalogue) -> None:
    for warmth, seed in ALL:
        assert len(drafts.text(PIECES, warmth, replace(ROSES, say=idea.say, title=idea.title), seed)) <= LONGEST_TEXT


def test_a_long_name_and_address_leave_the_dates_and_the_link() -> None:
    much = replace(ROSES, name="N" * 40, signature="S" * 40, say="x" * 300, link="https://a.example/for/" + "t" * 80)
    made = drafts.text(PIECES, "open", much, "1")
    assert much.link in made and all(short in made for short in much.short_dates)


def test_they_are_varied_and_the_same_for_the_same_seed() -> None:
    made = {drafts.text(PIECES, "warm", ROSES, seed) for seed in SEEDS}
    assert len(made) >= 8
    assert drafts.text(PIECES, "warm", ROSES, "1") == drafts.text(PIECES, "warm", ROSES, "1")


@pytest.mark.parametrize(("warmth", "seed"), ALL)
def test_without_a_name_nothing_is_left_hanging(warmth: str, seed: str) -> None:
    bare = replace(ROSES, name="", signature="", link="")
    for made in (drafts.text(PIECES, warmth, bare, seed), drafts.email(PIECES, warmth, bare, seed)[1]):
        assert not made.startswith(",") and "  " not in made and " ," not in made and "Dear," not in made


def test_a_placeholder_in_a_name_is_only_letters() -> None:
    assert "{dates}" in drafts.text(PIECES, "light", replace(ROSES, name="{dates}"), "1")


@pytest.mark.parametrize("seed", SEEDS)
def test_each_follow_up_differs_and_the_third_offers_another_way(seed: str) -> None:
    made = [drafts.follow_up(PIECES, number, ROSES, seed) for number in drafts.FOLLOW_UPS]
    assert len(set(made)) == 3
    assert "call" in made[2]
    assert all(len(each) <= LONGEST_TEXT for each in made)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_note_asks_for_nothing(seed: str) -> None:
    made = drafts.note(PIECES, ROSES, seed)
    assert "?" not in made and ROSES.link not in made and not any(each in made for each in ROSES.short_dates)


def test_an_email_and_a_call_say_the_same() -> None:
    subject, body = drafts.email(PIECES, "warm", ROSES, "1")
    assert subject.startswith("Tea among the roses") and all(each in body for each in ROSES.dates)
    made = drafts.call(PIECES, ROSES, "1")
    assert len(made.points) == 3 and "Sunday 14 June at 2" in made.points[1]
