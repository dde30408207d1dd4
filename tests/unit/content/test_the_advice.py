"""Together the five steps hold all that Lynn's advice says. Each element of it, and the very line that carries it."""

from __future__ import annotations

import pytest

from pwa import content
from pwa.domain.parents import Person, speak

HER = Person("Mom", "she")

# (what the advice says, where: "why" or a task's key, words of the line that carries it)
ADVICE = [
    ("perspective", "Lives are full of transitions", "why", "full of transitions"),
    ("perspective", "people drift through distance", "why", "drift through distance"),
    ("perspective", "… priorities", "why", "priorities"),
    ("perspective", "… circumstance", "why", "circumstance"),
    ("perspective", "a transition of her own", "perspective.name_a_change", "one change in her life"),
    ("perspective", "Don't take it personally", "why", "not to take the quiet personally"),
    ("perspective", "there may be nothing wrong", "why", "there may be nothing wrong"),
    ("perspective", "Refocus your attention and energy", "why", "your attention and energy"),
    ("perspective", "… on something", "perspective.one_thing_for_you", "for your attention and energy to go"),
    ("perspective", "Put it in perspective", "perspective.longer_view", "the longer view"),
    ("reach_out", "Act now", "why", "sent today"),
    ("reach_out", "call, text or e-mail", "reach_out.send_invitation", "Call, text or e-mail"),
    ("reach_out", "Offer three dates and times", "why", "three dates and times"),
    ("reach_out", "Offer three dates and times", "reach_out.offer_three_dates", "three dates and times"),
    ("reach_out", "Reserve them in your calendar", "reach_out.hold_the_dates", "Hold them in your calendar"),
    ("reach_out", "Be flexible", "why", "stay flexible"),
    ("reach_out", "Be flexible", "reach_out.offer_three_dates", "be ready to bend"),
    ("reach_out", "places and times convenient for her", "why", "at places and hours convenient for her"),
    ("reach_out", "places and times convenient for her", "reach_out.offer_three_dates", "wherever suits her"),
    ("reach_out", "an activity you know appeals to her", "reach_out.pick_something", "you know appeals to her"),
    ("reach_out", "Easy and fun", "why", "easy and fun"),
    ("reach_out", "Easy and fun", "reach_out.pick_something", "easy and fun"),
    ("follow_up", "No answer in a day or two", "follow_up.quiet_days", "a day or two"),
    ("follow_up", "reach out again", "why", "If no answer comes, reach out again"),
    ("follow_up", "reach out again", "follow_up.write_again", "Send one kind follow-up"),
    ("follow_up", "No whining", "why", "no whining"),
    ("follow_up", "no petulance", "why", "no sulking"),
    ("follow_up", "Open", "why", "open,"),
    ("follow_up", "caring", "why", "caring"),
    ("follow_up", "positive", "why", "positive"),
    ("follow_up", "glad to see her", "follow_up.write_again", "Glad to see her"),
    ("follow_up", "She may be slammed", "follow_up.quiet_days", "She may be slammed"),
    ("follow_up", "Stay the course until a date is set", "why", "Stay the course until a date is set"),
    ("follow_up", "until a date is set", "follow_up.day_is_set", "Settle on a day"),
    ("follow_up", "patient yet persistent", "lead", "Patient, persistent"),
    ("follow_up", "never a stalker", "lead", "never a pest"),
    ("follow_up", "never a stalker", "follow_up.know_when_to_stop", "Three follow-ups at most"),
    ("be_together", "Ask about her life", "why", "Ask about her life"),
    ("be_together", "her current projects", "why", "her current projects"),
    ("be_together", "her favourite activities", "why", "the things she most likes to do"),
    ("be_together", "… as questions", "be_together.pick_questions", "her projects, her favourite things to do"),
    ("be_together", "… and now", "be_together.ask_about_now", "what she is doing now"),
    ("be_together", "Share your feelings", "why", "Share your own feelings"),
    ("be_together", "your wish to strengthen the bond", "why", "like the bond to grow stronger"),
    ("be_together", "say how much you value your time together", "why", "how much you value the time together"),
    ("be_together", "say how much …", "be_together.say_what_it_means", "Say what the time means to you"),
    ("be_together", "No negativity", "be_together.leave_the_past", "Nothing negative"),
    ("be_together", "nothing that makes her defensive", "be_together.leave_the_past", "on the defensive"),
    ("be_together", "Shared values", "why", "the values you share"),
    ("be_together", "Shared values", "be_together.notice_what_you_share", "A value"),
    ("be_together", "find more chances to be together", "why", "more chances to be together"),
    ("look_for_good", "Recognise your own feelings", "why", "your own feelings first"),
    ("look_for_good", "Recognise your own feelings", "look_for_good.name_your_feeling", "Name what you felt"),
    ("look_for_good", "pivot to respect her perspective", "why", "pivot, and respect how it looks from her side"),
    ("look_for_good", "her perspective", "look_for_good.see_it_from_there", "See it from her side"),
    ("look_for_good", "Look for the good", "why", "Look for the good"),
    ("look_for_good", "Look for the good", "look_for_good.keep_one_good_thing", "one good thing"),
    ("look_for_good", "her transition from full-time mom", "why", "full-time work of raising you is behind her"),
    ("look_for_good", "to whatever she is becoming", "why", "whoever she is becoming is worth respecting"),
    ("look_for_good", "Respect her transition", "look_for_good.respect_the_change", "who she is becoming"),
    ("look_for_good", "Plan the next time", "why", "plan the next time"),
    ("look_for_good", "Plan the next time", "look_for_good.plan_the_next", "Plan the next time"),
]  # fmt: skip

TITLES = {
    "perspective": ("Put it in perspective", "Lay the kindling"),
    "reach_out": ("Reach out today", "Strike the match"),
    "follow_up": ("Follow up, kindly", "A gentle breath"),
    "be_together": ("Be curious together", "Add a log"),
    "look_for_good": ("Look for the good", "Sit in the light"),
}

# The numbers a fact may print: those that were found, and no other (each step's, then the longer view's).
FINDINGS = {
    "Birditt": ["474", "158", "22", "49"],
    "Liu": ["5,900"],
    "Giurge": [],
    "Huang": [],
    "Pillemer": ["100"],
    "Finkel": ["21", "120"],
    "Bruehlman-Senecal": [],
}


@pytest.mark.parametrize(("step_key", "says", "where", "words"), ADVICE)
def test_the_advice_is_carried(step_key: str, says: str, where: str, words: str) -> None:
    step = next(step for step in content.steps() if step.key == step_key)
    lines = {task.key: f"{task.title}. {task.hint}" for task in step.tasks}
    lines |= {"why": " ".join(step.why), "lead": step.lead}
    assert words in speak(lines[where], HER), says


def test_every_task_carries_something_of_the_advice() -> None:
    assert {task.key for step in content.steps() for task in step.tasks} == {
        where for _, _, where, _ in ADVICE if "." in where
    }


def test_the_steps_bear_the_titles_that_everybody_knows_them_by() -> None:
    assert {step.key: (step.title, step.image) for step in content.steps()} == TITLES


def test_why_is_three_sentences() -> None:
    for step in content.steps():
        assert len(step.why) == 3
        assert all(sentence.endswith(".") and ". " not in sentence for sentence in step.why)


def test_a_fact_says_in_whom_it_was_found_and_that_it_was_not_tested_on_this_parent() -> None:
    for step in content.steps():
        assert step.fact.limit.split(".")[0]
        assert "not tested on Mom" in speak(step.fact.limit, HER)
        assert step.fact.cite[-4:].isdigit()


def test_a_fact_prints_no_number_that_was_not_found() -> None:
    view = content.perspective()
    facts = [step.fact for step in content.steps()] + [view.friend.fact, view.instead.fact]
    assert len(facts) == len(FINDINGS)
    for fact in facts:
        assert fact is not None
        found = next(numbers for author, numbers in FINDINGS.items() if fact.cite.startswith(author))
        printed = [word.strip(".,:") for word in f"{fact.text} {fact.limit}".split() if word[0].isdigit()]
        assert sorted(printed) == sorted(found)


def test_the_follow_up_says_that_its_day_or_two_is_a_rule_of_ours() -> None:
    step = content.steps()[2]
    assert "our own rule" in step.fact.limit


def test_persistence_has_its_end_in_the_words_too() -> None:
    spoken = " ".join([*content.steps()[2].why, *(task.hint for task in content.steps()[2].tasks)])
    assert "three follow-ups at the most" in spoken
    assert "asks|ask} you to stop" in spoken
    assert "giving {them} room" in spoken
