"""The questions: enough for every interest and stage, easy to say, presuming nothing, none twice, and a wrong file named by its line."""

from __future__ import annotations

import json
import re
import tomllib
from itertools import combinations
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from pwa import content
from pwa.content.files import ContentError, parse
from pwa.content.questions import rows_in
from pwa.domain.parents import Person, speak
from pwa.domain.questions import CALL, DEPTHS, GROUPS, PHOTOGRAPHS, TOGETHER, Question

FOLDER = Path(content.__file__).parent
QUESTIONS = content.questions().by_key
INTERESTS = content.interests().by_key
# Flesch and Kincaid's grade (1975): the school year that reads it; the seventh is the twelfth year of life.
HIGHEST_GRADE = 7
GENDERED = r"\b(she|her|hers|he|him|his|mom|mum|mother|dad|father|son|daughter)\b"
TELLING = r"!|['\"`—]|\b(just|should|must|ought|finally|quality time|bonding|elderly)\b"
REPROACHING = r"\bwhy\b|\b(did|do|have|could|would)n’t you\b|\byou (always|never) (call|write|visit|ask|come|say|listen|let)\b|\b(blame|fault|sorry|regret|forgive|miss me|ignore|lonely|excuse)\b"
LOCAL = (
    r"\b(favou?rit\w*|colou?r\w*|gr[ea]y|programs?|programmes?|holidays?|vacations?|sweets|candy|cosy|cozy|neighbou?rs?|fortnight|queue|fall"
    r"|practi[sc]e[sd]|movies?|telly|apartment|flat|mom|mum|cookies?|biscuits?|reali[sz]e\w*|organi[sz]e\w*|recogni[sz]e\w*)\b"
)
# What a question may not take for granted, and the interest whose own question may speak of it.
PRESUMING = {
    "marriage": (r"\b(husband|wife|spouse|partner|marri\w+|wedding|bride|divorce\w*|widow\w*|in-laws?)\b", None),
    "children": (
        r"\b(grandchild\w*|grandkids?|grandson|granddaughter|your (kids|children)|brothers?|sisters?|little ones)\b",
        "grandkids",
    ),
    "money": (
        r"\b(money|rich|poor|pay|paid|afford\w*|cost\w*|bu(y|ying)|bought|price\w*|pension|salary|wealth)\b",
        None,
    ),
    "faith": (r"\b(god|church|mosque|temple|pray\w*|bless\w*|faith|worship|soul|heaven|bible|sin)\b", "faith"),
    "health": (
        r"\b(health\w*|ill|sick\w*|doctor\w*|pains?|hospital|pills?|weight|tired|frail|body|memory|die|death|dying|retire\w*|old age)\b",
        None,
    ),
}


SILENT = (r"[^aeiouyl]e$|[^aeiouy][aeiouy]+le$", r"[^aeiouytd]ed$", r"[^aeiouysxzcgh]es$")


def texts_of(question: Question) -> str:
    return f"{question.text} {question.follow_up}"


def syllables(word: str) -> int:
    """So many vowel groups, without a silent e at the end, and without that of -ed and -es where it isn't heard."""
    bare = word.lower().replace("’", "")
    groups = len(re.findall(r"[aeiouy]+", bare))
    return max(1, groups - any(re.search(silent, bare) for silent in SILENT))


def grade(text: str) -> float:
    words = re.findall(r"[A-Za-z’]+", text)
    sentences = max(1, len(re.findall(r"[.?]", text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("dog", 1), ("made", 1), ("table", 2), ("little", 2), ("missed", 1), ("wanted", 2), ("times", 1),
        ("garden", 2), ("family", 3), ("photo", 2), ("memory", 3), ("pages", 2), ("imagination", 5), ("the", 1),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_heard(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_grade_is_that_of_the_formula_and_knows_hard_words() -> None:
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 * 1 - 15.59)
    assert grade("Which professional achievements exemplify your fundamental aspirations?") > HIGHEST_GRADE


def test_no_question_needs_more_than_seven_years_of_school() -> None:
    hard = [(round(grade(text), 1), text) for each in QUESTIONS.values() for text in (each.text, each.follow_up)]
    assert [one for one in hard if one[0] > HIGHEST_GRADE] == []


def test_there_are_enough_of_every_group_and_depth() -> None:
    assert len(QUESTIONS) >= 300
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{2,47}", key) for key in QUESTIONS)
    for group in GROUPS:
        own = [each for each in QUESTIONS.values() if each.group == group]
        assert len(own) >= 45
        assert {each.depth for each in own} == set(DEPTHS)


@pytest.mark.parametrize("interest", INTERESTS)
def test_every_interest_has_questions(interest: str) -> None:
    own = [each for each in QUESTIONS.values() if interest in each.interests]
    assert len(own) >= 2
    assert len({each.group for each in own}) >= 2


def test_there_are_enough_for_anybody_of_whom_nothing_is_known() -> None:
    anybodys = [each for each in QUESTIONS.values() if not each.interests]
    assert sum(each.depth == 1 for each in anybodys) >= 60
    for place in (CALL, TOGETHER):
        assert sum(place in each.fits for each in anybodys) >= 120
    assert sum(PHOTOGRAPHS in each.fits for each in QUESTIONS.values()) >= 10
    assert sum(each.dads for each in QUESTIONS.values()) >= 300


def test_no_question_is_nearly_another() -> None:
    bags = {each.key: set(re.findall(r"[a-z]{3,}", texts_of(each).lower())) - COMMON for each in QUESTIONS.values()}
    near = [
        (one, other)
        for one, other in combinations(bags, 2)
        if len(bags[one] & bags[other]) >= max(3, 0.6 * min(len(bags[one]), len(bags[other])))
    ]
    assert near == []
    said = [set(re.findall(r"[a-z]+", each.text.lower())) for each in QUESTIONS.values()]
    assert [pair for pair in combinations(said, 2) if len(pair[0] & pair[1]) > 0.75 * len(pair[0] | pair[1])] == []
    assert len({each.text.lower() for each in QUESTIONS.values()}) == len(QUESTIONS)


COMMON = frozenset(
    {"what", "which", "who", "whose", "where", "when", "how", "the", "and", "you", "your", "for", "was", "were", "are"}
    | {"did", "does", "would", "could", "that", "this", "with", "from", "have", "has", "had", "not", "can", "there"}
    | {"they", "them", "about", "one", "thing", "things", "like", "most", "best", "first", "these", "days", "lately"}
    | {"now", "been", "will", "shall"}
)


@pytest.mark.parametrize(
    ("what", "pattern"),
    [("a gender", GENDERED), ("a word we don’t use", TELLING), ("a reproach", REPROACHING), ("one country", LOCAL)],
)
def test_no_question_holds(what: str, pattern: str) -> None:
    found = [
        (each.key, hit[0]) for each in QUESTIONS.values() if (hit := re.search(pattern, texts_of(each), re.IGNORECASE))
    ]
    assert found == []


@pytest.mark.parametrize(("what", "pattern", "whose"), [(what, *rule) for what, rule in PRESUMING.items()])
def test_no_question_presumes(what: str, pattern: str, whose: str | None) -> None:
    found = [
        (each.key, hit[0])
        for each in QUESTIONS.values()
        if whose not in each.interests and (hit := re.search(pattern, texts_of(each), re.IGNORECASE))
    ]
    assert found == []


def test_each_is_a_question_and_every_follow_up_asks_on() -> None:
    assert [each.key for each in QUESTIONS.values() if not each.text.endswith("?") or len(each.text) > 90] == []
    assert [each.key for each in QUESTIONS.values() if not 5 <= len(each.follow_up) <= 80] == []
    telling = [each.key for each in QUESTIONS.values() if "?" not in each.follow_up]
    assert len(telling) <= 3


@pytest.mark.parametrize("pronouns", ["she", "he", "they"])
def test_the_heading_of_a_group_can_be_told_of_anybody(pronouns: str) -> None:
    labels = content.questions().labels
    assert set(labels) == set(GROUPS)
    assert not [label for label in labels.values() if "{" in speak(label, Person(None, pronouns))]  # type: ignore[arg-type]


@pytest.mark.parametrize("group", GROUPS)
def test_a_file_passes_its_schema(group: str) -> None:
    schema = json.loads((FOLDER / "schema" / "questions.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    fields = tomllib.loads((FOLDER / "questions" / f"{group}.toml").read_text(encoding="utf-8"))
    assert [f"{fault.json_path}: {fault.message}" for fault in Draft202012Validator(schema).iter_errors(fields)] == []
    assert fields["group"] == group
    fields["questions"][0]["stray"] = 1
    assert list(Draft202012Validator(schema).iter_errors(fields))


def test_every_file_of_the_folder_is_read() -> None:
    assert sorted(path.stem for path in (FOLDER / "questions").iterdir()) == sorted(GROUPS)


GOOD = """group = "now"
label = "{Their} life now"

[[questions]]
key = "dog"
text = "What has the dog been up to?"
follow_up = "And then?"
depth = 1
interests = ["dogs"]
fits = ["call"]
dads = true
"""


def read(text: str) -> list[str]:
    return [row["key"] for row in rows_in([parse("questions/now.toml", text)], INTERESTS)["questions"]]


def test_one_more_question_is_one_more_table() -> None:
    more = GOOD[GOOD.index("[[") :].replace('"dog"', '"cat"')
    assert read(GOOD + more) == ["dog", "cat"]
    with pytest.raises(ContentError, match=r"questions\[1\].key \(line 13\) is the key of another question: dog"):
        read(GOOD + more.replace('"cat"', '"dog"'))


@pytest.mark.parametrize(
    ("was", "is_now", "sentence"),
    [
        ('group = "now"', 'group = "then"', "questions/now.toml group (line 1) is no such thing: then"),
        ('["dogs"]', '["wolves"]', "questions/now.toml questions[0].interests (line 9) is no such thing: wolves"),
        ('["call"]', '["letter"]', "questions/now.toml questions[0].fits (line 10) is no such thing: letter"),
        ('["call"]', "[]", "questions/now.toml questions[0].fits (line 10) is not a list of texts"),
        ("depth = 1", "depth = 4", "questions/now.toml questions[0].depth (line 8) is 4, not from 1 to 3"),
        ("dads = true\n", "", "questions/now.toml questions[0].dads (line 4) is missing"),
        ("the dog been", "{their} dog been", "questions/now.toml questions[0].text (line 6) holds a placeholder"),
        ("{Their} life", "{Its} life", "questions/now.toml label (line 2) cannot be spoken: {Its}"),
    ],
)
def test_a_wrong_file_is_named_with_its_line_and_the_reason(was: str, is_now: str, sentence: str) -> None:
    assert was in GOOD
    with pytest.raises(ContentError) as refused:
        read(GOOD.replace(was, is_now))
    assert str(refused.value).startswith(sentence)
