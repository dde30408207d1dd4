"""The files of words: enough of them, and a wrong line is named with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from pwa import content
from pwa.content.compiled import sources
from pwa.content.files import ContentError
from pwa.content.knowledge import stemmer
from pwa.content.lexicon import phrases_in

FOLDER = Path(content.__file__).parent / "lexicon"
INTERESTS = content.interests().by_key


def test_every_interest_has_words_enough() -> None:
    counted = dict.fromkeys(INTERESTS, 0)
    for file in FOLDER.glob("*.txt"):
        for line in file.read_text("utf-8").splitlines():
            phrase, arrow, meaning = line.partition(" -> ")
            for interest in counted if arrow and phrase else ():
                counted[interest] += any(each.split()[:1] == [interest] for each in meaning.split(","))
    assert min(counted.values()) >= 50, sorted(counted.items(), key=lambda pair: pair[1])[:3]
    assert sum(counted.values()) >= 4_000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("roses gardening", "lexicon/x.txt line 2 is not a phrase, an arrow and interests: 'roses gardening'"),
        (" -> gardening", "lexicon/x.txt line 2 is not a phrase"),
        ("roses -> gardning", "lexicon/x.txt line 2 has no such interest: gardning"),
        ("roses -> gardening 2", "lexicon/x.txt line 2 has no interest and weight"),
        ("roses -> gardening 0.6 0.3", "lexicon/x.txt line 2 has no interest and weight"),
        ("roses -> ", "lexicon/x.txt line 2 has no interest and weight"),
    ],
)
def test_a_wrong_line_is_named(line: str, reason: str) -> None:
    with pytest.raises(ContentError) as refused:
        phrases_in([("lexicon/x.txt", f"# gardening\n{line}\n")], INTERESTS, stemmer())
    assert str(refused.value).startswith(reason)


def test_one_more_phrase_is_one_more_line() -> None:
    phrases, _, _ = phrases_in([("x", "zorb ball -> other_sports, travel 0.3\nzorb -> -\n")], INTERESTS, stemmer())
    assert {len(phrase[0]) for phrase in phrases["zorb"]} == {1, 2}


def test_a_file_that_is_missing_is_named() -> None:
    with pytest.raises(ContentError, match=r"no_such\.txt"):
        sources("lexicon/no_such.txt")
