"""The voice: what no text of ours may say, for whomever it is spoken."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

from pwa import content
from pwa.domain.parents import LONGEST_NAME, Person, Pronouns, speak

FOLDER = Path(content.__file__).parent
SPRITE = FOLDER.parent.parent / "static" / "icons" / "sprite.svg"
PEOPLE = [Person(name, pronouns) for name in (None, "Mom", "N" * LONGEST_NAME) for pronouns in get_args(Pronouns)]
# Fields that are for the program and never seen.
UNSEEN = {"key", "icon", "group", "kind", "action", "codes", "number", "text_number", "act_href_key", "later_href_key"}
# Words that people type, and what is noted of them for whoever reads the file.
UNSEEN |= {
    "phrases",
    "about",
    "category",
    "also",
    "reach",
    "lists",
    "spelling",
    "weightless",
    "openers",
    "joints",
    "weak_joints",
}
UNSEEN |= {"days", "months", "parts"}
UNSEEN |= {"subjects", "shouted", "warm", "words", "categories"}
RELATIONS = (
    r"mom|mum|mam|mama|mommy|mother|dad|papa|father|parents?|amma|appa|maman|mor|far|nana|"
    r"son|daughter|child|children|family|families|relatives?|she|he|her|him|his|hers"
)
NEVER = {
    "an exclamation mark": r"!",
    "“just”": r"\bjust\b",
    "“should” and its kin": r"\b(should|shouldn’t|must|ought|have to|need to)\b",
    "a straight quote": r"[\"'`]",
    "an emoji": r"[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F]",
    "guilt": r"\b(neglect\w*|ignor\w*|overdue|streak|disappoint\w*|blame|selfish|finally|at last|still haven’t)\b",
    "therapy jargon": r"\b(boundar\w*|trigger\w*|toxic|heal(ing)?|process(ing)?|trauma\w*|validat\w*|inner child)\b",
    "talk of therapy": r"\b(closure|attachment|self-care|journey|hold(ing)? space|mindful\w*|narrative)\b",
    "praise for obeying": r"\b(well done|good job|great job|congrat\w*|proud of you|awesome)\b",
    "two spaces, or a space at an end": r"  |^ | $",
    "a dash for a comma": r" [-–—] |—",
    "a word of the program": r"\b(user|account|app|notification|sync|click)\b",
    "an American or a British -ise/-ize word": r"\b\w+[^aeiou\W]i[sz](e|es|ed|ing)\b",
}
SPELLED_ALIKE = {"surprise", "promise", "exercise", "advise", "otherwise", "wise"}
NAMES_OF_HOBBIES = {"mindfulness", "socialising"}
HARD_CODED = r"\b(Mom|Mum|Mama|Mother|Dad|Papa|Father|Amma|Maman|she|She|he|He|her|Her|him|Him|his|His|hers)\b"


def texts_of(value: Any, field: str = "") -> list[str]:
    if field in UNSEEN and not isinstance(value, list):
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, under in value.items() for text in texts_of(under, key)]
    return [text for under in value for text in texts_of(under, field)] if isinstance(value, list) else []


# Words that people type, and that we never say.
HEARD = {"limits.toml", "polarity.toml"}
SPOKEN = sorted(path for path in FOLDER.glob("*.toml") if path.name not in HEARD)
FILES = {path.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in SPOKEN}
# Words that a person says to the parent: nobody is spoken of, and pwa.domain.drafts fills them.
SAID = {"drafts.toml"}
TEXTS = [(name, text.replace("{span}", "about a week")) for name, fields in FILES.items() for text in texts_of(fields)]


def test_there_are_texts_to_look_at() -> None:
    assert len(TEXTS) > 300
    ways_to_read = {line for lines in content.replies().benign.values() for line in lines}
    assert {text for name, text in TEXTS if name == "replies.toml"} == ways_to_read


@pytest.mark.parametrize(("what", "pattern"), NEVER.items())
def test_no_text_holds(what: str, pattern: str) -> None:
    found = [
        (name, text, hit.group())
        for name, text in TEXTS
        for hit in re.finditer(pattern, text, re.IGNORECASE)
        if hit.group().lower() not in SPELLED_ALIKE | NAMES_OF_HOBBIES
    ]
    assert found == []


def test_nobody_is_called_by_a_name_or_pronoun_of_our_choosing() -> None:
    chips = {words for chip in content.setup().name.chips for words in (chip.label, chip.pronouns)}
    assert [(name, text) for name, text in TEXTS if re.search(HARD_CODED, text) and text not in chips] == []


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: f"{(person.name or 'unnamed')[:4]}-{person.pronouns}")
def test_every_text_can_be_spoken_of_anybody(person: Person) -> None:
    for name, text in (each for each in TEXTS if each[0] not in SAID):
        spoken = speak(text, person)
        assert not re.search(r"[{}|]", spoken), (name, spoken)
        assert "your parent" not in spoken or person.name is None, (name, spoken)
        assert not re.match(r"your parent|[a-z]+ your parent", spoken) or not text.startswith("{name}"), (name, spoken)


def test_a_sentence_begins_with_a_capital_whoever_it_is_about() -> None:
    for name, text in TEXTS:
        if name not in SAID | {"setup.toml"}:
            begin = re.findall(r"(?:^|[.?] )(\{[a-z][^}|]*\})", text)
            assert begin == [], (name, text)


def test_a_verb_after_they_agrees_with_it() -> None:
    """A plain present-tense verb after {they} would be wrong for she and he, or for they."""
    alike = r"’d|may|might|could|can|will|would|said|told|read|answered"
    agreeing = r"\{[^|} ]+\|[^|} ]+\}"
    for name, text in TEXTS:
        after = re.findall(r"\{[Tt]hey\}(?: most)? ?([^\s.,;:?]+)", text)
        assert [verb for verb in after if not re.fullmatch(rf"{alike}|{agreeing}", verb)] == [], (name, text)


def test_a_verb_after_a_name_is_singular_and_has_no_choice() -> None:
    for name, text in TEXTS:
        assert not re.search(r"\{[nN]ame\} \{[^}]*\|", text), (name, text)


def test_neutral_nudges_tell_a_lock_screen_nothing() -> None:
    for nudge in FILES["nudges.toml"]["nudges"]:
        for text in content.nudge_variants(nudge["kind"]):
            for seen in (text.neutral_title, text.neutral_body or "", text.named_title, *(t for _, t in text.actions)):
                assert "{" not in seen
                assert not re.search(rf"\b({RELATIONS})\b", seen, re.IGNORECASE), seen


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: f"{(person.name or 'unnamed')[:4]}-{person.pronouns}")
def test_a_nudge_fits_a_lock_screen_with_the_longest_name(person: Person) -> None:
    for nudge in FILES["nudges.toml"]["nudges"]:
        for text in content.nudge_variants(nudge["kind"]):
            assert len(text.neutral_title) <= 40 and len(text.named_title) <= 40
            assert len(text.neutral_body or "") <= 110 and len(speak(text.named_body, person)) <= 110
            assert all(len(title) <= 20 for _, title in text.actions)


def test_nudges_of_one_kind_are_not_all_alike() -> None:
    for kind in ("begin", "keep_in_touch"):
        variants = content.nudge_variants(kind)
        assert len(variants) >= 4
        assert len({(text.neutral_title, text.neutral_body) for text in variants}) == len(variants)
        assert len({text.named_body for text in variants}) == len(variants)


def test_a_planned_nudge_offers_the_same_two_buttons() -> None:
    for kind in ("begin", "keep_in_touch"):
        assert {text.actions for text in content.nudge_variants(kind)} == {
            (("done", "I reached out"), ("snooze", "Tomorrow"))
        }


def test_the_turn_decides_which_variant_is_said_and_never_runs_out() -> None:
    variants = content.nudge_variants("begin")
    assert [content.nudge_texts("begin", turn) for turn in range(len(variants))] == list(variants)
    assert content.nudge_texts("begin", len(variants)) == content.nudge_texts("begin")


def test_every_icon_is_one_that_we_draw() -> None:
    drawn = set(re.findall(r'id="([a-z-]+)"', SPRITE.read_text(encoding="utf-8")))
    assert {text.icon for text in content.next_things().values()} <= drawn
