"""The phrases, patterns and places as they are read: what is wrong is named by file and line, and made only once."""

from __future__ import annotations

from pathlib import Path

import pytest

from pwa import content
from pwa.content import compiled as compiled_module
from pwa.content.compiled import compiled
from pwa.content.files import ContentError, Table, parse
from pwa.content.knowledge import stemmer
from pwa.content.lexicon import phrases_in
from pwa.content.limits import limits_in
from pwa.content.polarity import polarity_in

INTERESTS = {"gardening", "cards", "fishing", "reading"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("# gardening\nrose -> gardning", "lexicon/nature.txt line 2 has no such interest: gardning"),
        ("rose gardening", "lexicon/nature.txt line 1 is not a phrase, an arrow and interests: 'rose gardening'"),
        (" -> gardening", "lexicon/nature.txt line 1 is not a phrase, an arrow and interests: ' -> gardening'"),
        (
            "\nrose -> gardening 2",
            "lexicon/nature.txt line 2 has no interest and weight (1, or 0.1 to 0.9) in 'gardening 2'",
        ),
        ("rose -> gardening, ", "lexicon/nature.txt line 1 has no interest and weight (1, or 0.1 to 0.9) in ''"),
    ],
)
def test_a_fault_in_a_lexicon_is_told_by_file_and_line(text: str, fault: str) -> None:
    with pytest.raises(ContentError) as refused:
        phrases_in([("lexicon/nature.txt", text)], INTERESTS, stemmer())
    assert str(refused.value) == fault


def test_phrases_are_found_by_their_first_stem_longest_first() -> None:
    phrases, spelled, meant = phrases_in(
        [("a.txt", "rose -> gardening 0.6\nrose garden -> gardening\nrose tinted -> -")], INTERESTS, stemmer()
    )
    assert phrases == {
        "rose": [
            (["rose", "garden"], {"gardening": 1.0}, ""),
            (["rose", "tint"], {}, ""),
            (["rose"], {"gardening": 0.6}, ""),
        ]
    }
    assert spelled == ["garden", "rose", "tint"]
    assert meant["roses"] == "rose"


def test_phrases_of_the_same_stems_that_disagree_are_told_apart_by_their_letters() -> None:
    phrases, _, _ = phrases_in([("a.txt", "go fish -> cards\ngo fishing -> fishing")], INTERESTS, stemmer())
    assert [(letters, set(weights)) for _, weights, letters in phrases["go"]] == [
        ("go fish", {"cards"}), ("go fishing", {"fishing"}), ("", {"cards", "fishing"}),
    ]  # fmt: skip


def test_a_pastime_that_is_one_only_as_many_is_marked() -> None:
    phrases, _, _ = phrases_in([("a.txt", "cards -> cards\nbook -> reading\nbooks -> reading")], INTERESTS, stemmer())
    assert [phrases[stem][0][2] for stem in ("card", "book")] == ["s", ""]


@pytest.mark.parametrize(
    ("toml", "fault"),
    [
        (
            "[[rules]]\nmobility = 1",
            "limits.toml rules[0].when (line 1) or aversion has to be there, and only one of them",
        ),
        (
            "[[rules]]\nwhen = 'knee'\naversion = 'dog'",
            "limits.toml rules[0].when (line 2) or aversion has to be there, and only one of them",
        ),
        ("[[rules]]\nwhen = 'bad (knee'", "limits.toml rules[0].when (line 2) is no pattern: "),
        (
            "[[rules]]\nwhen = 'knee'\navoid = ['stars']",
            "limits.toml rules[0].avoid (line 3) has what is not known: stars",
        ),
        (
            "[[rules]]\nwhen = 'knee'\nneed = ['garden']",
            "limits.toml rules[0].need (line 3) has what is not known: garden",
        ),
    ],
)
def test_a_fault_in_a_limit_is_told_by_file_and_line(toml: str, fault: str) -> None:
    with pytest.raises(ContentError) as refused:
        limits_in(parse("limits.toml", toml), {"stairs"})
    assert str(refused.value).startswith(fault)


@pytest.mark.parametrize(
    ("field", "text", "fault"),
    [
        ("likes", "love,, adore", "polarity.toml likes has a comma with nothing before or after it"),
        ("wholes", {"sport": "criket"}, "polarity.toml wholes.sport has no such interest: criket"),
        ("alone", {"bridge": "bridge"}, "polarity.toml alone.bridge has no such interest: bridge"),
    ],
)
def test_a_fault_in_the_polarity_words_is_told(field: str, text: object, fault: str) -> None:
    whole = content.files.read("polarity.toml")
    with pytest.raises(ContentError) as refused:
        polarity_in(Table("polarity.toml", {**whole.fields, field: text}), content.interests().by_key)
    assert str(refused.value) == fault


def test_what_was_made_is_kept_until_its_sources_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_module, "KEPT_IN", tmp_path / "kept")
    made = []

    def make() -> list[int]:
        made.append(1)
        return [len(made)]

    assert [compiled("x", [b"one"], make), compiled("x", [b"one"], make)] == [[1], [1]]
    assert compiled("x", [b"two"], make) == [2]
    assert len(list((tmp_path / "kept").iterdir())) == 1


@pytest.mark.parametrize("rubbish", [b"", b"rubbish", b"\xe9\x05"])
def test_a_broken_copy_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rubbish: bytes) -> None:
    monkeypatch.setattr(compiled_module, "KEPT_IN", tmp_path)
    compiled("x", [b"one"], lambda: 1)
    next(tmp_path.iterdir()).write_bytes(rubbish)
    assert compiled("x", [b"one"], lambda: 2) == 2


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(compiled_module, "KEPT_IN", tmp_path / "file" / "kept")
    assert compiled("x", [b"one"], lambda: 7) == 7


def test_all_words_of_the_app_can_be_read() -> None:
    knowledge = content.knowledge()
    assert len(knowledge.phrases) > 2_000 and len(knowledge.places) > 4_000 and len(knowledge.known) > 15_000
