"""What the pages, the rules and the worker are given."""

from __future__ import annotations

from typing import get_args

import pytest

from pwa import content
from pwa.domain import next_thing
from pwa.domain.nudges import Kind
from pwa.domain.parents import Person, Pronouns, speak
from pwa.domain.steps import STEP_KEYS, progress, round_tasks

# Interests of the taxonomy that the catalogue of ideas is tagged with; a chip is one of them.
TAXONOMY = {
    "gardening", "films", "cooking", "music_listening", "walks_hikes", "photos_memories", "knit_crochet", "cards",
    "reading", "birds_wildlife", "faith", "other_sports",
}  # fmt: skip


def test_there_are_five_steps_of_three_to_five_tasks() -> None:
    assert tuple(step.key for step in content.steps()) == STEP_KEYS
    assert all(3 <= len(step.tasks) <= 5 for step in content.steps())


def test_the_keys_of_tasks_stay() -> None:
    """Ticks are kept by these; a key may be added, but one that was given out is not taken away."""
    assert {task.key for step in content.steps() for task in step.tasks} >= {
        "perspective.longer_view",
        "perspective.name_a_change",
        "perspective.one_thing_for_you",
        "reach_out.pick_something",
        "reach_out.offer_three_dates",
        "reach_out.hold_the_dates",
        "reach_out.send_invitation",
        "follow_up.quiet_days",
        "follow_up.write_again",
        "follow_up.know_when_to_stop",
        "follow_up.day_is_set",
        "be_together.pick_questions",
        "be_together.ask_about_now",
        "be_together.say_what_it_means",
        "be_together.leave_the_past",
        "be_together.notice_what_you_share",
        "look_for_good.name_your_feeling",
        "look_for_good.see_it_from_there",
        "look_for_good.keep_one_good_thing",
        "look_for_good.respect_the_change",
        "look_for_good.plan_the_next",
    }


def test_a_later_round_skips_the_first_step_and_lightens_the_others() -> None:
    later = {step.key: round_tasks(step, 2) for step in content.steps()}
    assert later["perspective"] == ()
    assert all(0 < len(later[step.key]) <= len(step.tasks) for step in content.steps()[1:])
    assert sum(map(len, later.values())) < sum(len(step.tasks) for step in content.steps()) * 2 / 3
    assert progress(content.steps(), {}, 2).done_count == 1


def test_a_day_that_is_set_finishes_the_follow_up_and_nothing_else_finishes_a_step() -> None:
    finishing = [task.key for step in content.steps() for task in step.tasks if task.completes_step]
    assert finishing == ["follow_up.day_is_set"]


def test_every_next_thing_has_its_card_in_every_round() -> None:
    for key in next_thing.KEYS:
        for round_number in (1, 2, 7):
            assert content.next_thing_text(key, round_number).body


def test_later_rounds_speak_of_embers() -> None:
    first = content.next_thing_text("step.reach_out", 1)
    later = content.next_thing_text("step.reach_out", 2)
    assert first != later
    assert "embers" in later.body


def test_days_are_told_in_words_where_they_are_known() -> None:
    timed = content.next_thing_text("lighter_round", 2, 21)
    assert timed.body.startswith("It has been about three weeks.")
    assert "{" not in speak(content.next_thing_text("lighter_round", 2).body, Person(None, "they"))


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "a day"), (1, "a day"), (2, "two days"), (3, "a few days"), (7, "about a week"), (14, "about two weeks"),
     (21, "about three weeks"), (30, "about a month"), (60, "about two months"), (90, "about three months"),
     (200, "a good while"), (10**6, "a good while")],
)  # fmt: skip
def test_a_span_of_days_in_words(days: int, words: str) -> None:
    assert content.span(days) == words


def test_states_that_ask_for_nothing_offer_no_tomorrow() -> None:
    for key in ("stopped", "paused", "waiting", "give_room", "snoozed", "resting", "round_done"):
        assert content.next_thing_text(key).later_href_key != "snooze"


def test_each_fire_has_its_sentence() -> None:
    assert content.hearth_sentences(0, banked=False).added is None
    assert content.hearth_sentences(2, banked=True).sentence != content.hearth_sentences(2, banked=False).sentence
    assert all(content.hearth_sentences(fire, banked=False).sentence for fire in range(6))


def test_every_kind_of_nudge_has_words() -> None:
    for kind in Kind:
        assert content.nudge_texts(kind).neutral_title


def test_the_nudges_of_the_design_have_their_words_already() -> None:
    for kind in ("follow_up", "give_room", "she_replied", "get_ready", "look_back", "occasion"):
        assert content.nudge_texts(kind).named_body


def test_somebody_in_alberta_is_told_of_three_lines_and_then_of_people_near() -> None:
    lines = content.help_lines("CA")
    assert [line.number for line in lines[:3]] == ["211", "988", "911"]
    assert lines[3:] == content.help_words().anywhere


def test_the_lines_of_the_united_states() -> None:
    by_label = {line.label: line for line in content.help_lines("us")}
    hotline = by_label["National Domestic Violence Hotline"]
    assert (hotline.number, hotline.text_word, hotline.text_number) == ("18007997233", "START", "88788")
    assert (by_label["Crisis Text Line"].text_word, by_label["Crisis Text Line"].text_number) == ("HOME", "741741")
    assert by_label["988"].number == by_label["988"].text_number == "988"


@pytest.mark.parametrize(("country", "number"), [("GB", "999"), ("FR", "112"), ("IE", "112")])
def test_elsewhere_only_the_number_that_is_certain(country: str, number: str) -> None:
    assert [line.number for line in content.help_lines(country) if line.number] == [number]


@pytest.mark.parametrize("country", [None, "", "ZZ", "XK"])
def test_where_no_number_is_known_none_is_given(country: str | None) -> None:
    assert content.help_lines(country) == content.help_words().anywhere
    assert all(line.number is None and line.text_number is None for line in content.help_lines(country))


def test_no_country_stands_twice() -> None:
    codes = [code for country in content.help_words().countries for code in country.codes]
    assert len(codes) == len(set(codes)) == 30


def test_the_longer_view_shows_one_reason_of_each_kind() -> None:
    view = content.perspective()
    assert len(view.reasons) >= 12
    for turn in range(20):
        assert [reason.group for reason in view.three_reasons(turn)] == ["distance", "priorities", "circumstance"]
    seen = {reason.key for turn in range(6) for reason in view.three_reasons(turn)}
    assert seen == {reason.key for reason in view.reasons}


def test_chips_are_interests_of_the_taxonomy() -> None:
    chips = content.interests().chips()
    assert {key for key, _ in chips} <= TAXONOMY <= set(content.interests().by_key)
    assert len(content.interests().by_key) == 80
    assert len({label for _, label in chips}) == len(chips) == 12


def test_a_name_chip_knows_its_pronouns() -> None:
    chips = {chip.label: chip.pronouns for chip in content.setup().name.chips}
    assert chips["Mom"] == "she" and chips["Dad"] == "he"
    assert set(chips.values()) <= set(get_args(Pronouns))


def test_the_safety_question_can_be_answered_no_or_not_sure() -> None:
    safety = content.setup().safety
    assert "safe" in safety.question and "welcome" in safety.question
    assert "court" in safety.body and "Your answer isn’t kept" in safety.body
    assert "not sure" in safety.no
