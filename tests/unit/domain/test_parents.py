import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pwa.domain.errors import Invalid
from pwa.domain.parents import (
    LONGEST_NAME,
    Person,
    Pronouns,
    UnknownPlaceholder,
    guess_pronouns,
    parent_name,
    speak,
)

MOM, PAPA, SAM, UNNAMED = Person("Mom", "she"), Person("Papa", "he"), Person("Sam", "they"), Person(None, "they")

SENTENCES = [
    pytest.param("{they} {is|are} well", "she is well", "he is well", "they are well", id="they"),
    pytest.param("ask {them}", "ask her", "ask him", "ask them", id="them"),
    pytest.param("{their} roses", "her roses", "his roses", "their roses", id="their"),
    pytest.param("it is {theirs}", "it is hers", "it is his", "it is theirs", id="theirs"),
    pytest.param("by {themself}", "by herself", "by himself", "by themself", id="themself"),
    pytest.param("{They}{’s|’re} glad", "She’s glad", "He’s glad", "They’re glad", id="contraction"),
    pytest.param("{They}{’s|’ve} gone", "She’s gone", "He’s gone", "They’ve gone", id="have"),
    pytest.param("{They} need{s|}", "She needs", "He needs", "They need", id="an ending on one side only"),
    pytest.param("{Their} day. {Them}!", "Her day. Her!", "His day. Him!", "Their day. Them!", id="capitals"),
    pytest.param("{Theirs}, {Themself}", "Hers, Herself", "His, Himself", "Theirs, Themself", id="more capitals"),
    pytest.param("{name}’s and {Name}’s", "Mom’s and Mom’s", "Papa’s and Papa’s", "Sam’s and Sam’s", id="name"),
    pytest.param("no braces", "no braces", "no braces", "no braces", id="plain"),
    pytest.param("", "", "", "", id="empty"),
]


@pytest.mark.parametrize(("text", "she", "he", "they"), SENTENCES)
def test_a_text_speaks_of_each_parent_rightly(text: str, she: str, he: str, they: str) -> None:
    assert [speak(text, person) for person in (MOM, PAPA, SAM)] == [she, he, they]


def test_a_parent_without_a_name_is_your_parent() -> None:
    assert speak("{Name} may be slammed. Ring {name}.", UNNAMED) == "Your parent may be slammed. Ring your parent."


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{she} is", id="a pronoun that is not in the table"),
        pytest.param("{NAME}", id="shouting"),
        pytest.param("{THEY}", id="shouting a pronoun"),
        pytest.param("{ name }", id="spaces"),
        pytest.param("{}", id="nothing"),
        pytest.param("{0}", id="a position"),
        pytest.param("{name.__class__}", id="an attribute"),
        pytest.param("{name!r}", id="a conversion"),
        pytest.param("{a|b|c}", id="three ways"),
        pytest.param("{|}", id="no ways"),
        pytest.param("{is|is}", id="two ways alike"),
        pytest.param("{name", id="not closed"),
        pytest.param("name}", id="not opened"),
        pytest.param("{{name}}", id="doubled"),
    ],
)
@pytest.mark.parametrize("person", [MOM, PAPA, SAM, UNNAMED])
def test_a_text_with_a_placeholder_we_do_not_know_is_a_fault_in_the_text(text: str, person: Person) -> None:
    with pytest.raises(UnknownPlaceholder):
        speak(text, person)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("{they}", id="a placeholder"),
        pytest.param("{is|are}", id="a choice"),
        pytest.param("{", id="a brace"),
        pytest.param("%s {0} %(name)s", id="formats"),
        pytest.param(r"\1 \g<0>", id="a replacement of re"),
        pytest.param('O’Hara "Nan" <b>&amp;', id="quotes and markup"),
        pytest.param("👩‍👧 Maman", id="emoji with a joiner"),
        pytest.param("मम्मी", id="marks"),
        pytest.param("妈妈", id="no spaces"),
    ],
)
def test_a_name_is_never_interpreted(name: str) -> None:
    assert speak("{Name}, {name}: {they}", Person(name, "she")) == f"{name}, {name}: she"


@pytest.mark.parametrize("name", ["أمي", "אמא", "Mom أمي"])
def test_a_name_that_runs_right_to_left_does_not_turn_the_words_around_it(name: str) -> None:
    assert speak("{name}’s 3 roses", Person(name, "she")) == f"\u2068{name}\u2069’s 3 roses"


def test_a_name_cannot_turn_a_sentence_round() -> None:
    assert speak("Ring {name} today", Person("\u202eMom\u2069", "she")) == "Ring Mom today"


@settings(deadline=None)
@given(st.text(), st.sampled_from(["she", "he", "they"]))
def test_whatever_the_name_the_rest_of_the_sentence_stands(name: str, pronouns: Pronouns) -> None:
    said = speak("Ask {name} today.", Person(name, pronouns))
    assert said.startswith("Ask ") and said.endswith(" today.")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("  Mom ", "Mom", id="spaces around"),
        pytest.param("Mama\r\n\tRosa", "Mama Rosa", id="line breaks"),
        pytest.param("Ma\0ma", "Ma ma", id="NUL"),
        pytest.param("\u202eMom\u202c", "Mom", id="turned round"),
        pytest.param("Mama\u0301", "Mam\u00e1", id="composed"),
        pytest.param("", None, id="nothing"),
        pytest.param(" \u200b\u200d ", None, id="nothing to be seen"),
        pytest.param("👩‍👧", "👩‍👧", id="emoji"),
        pytest.param("x" * LONGEST_NAME, "x" * LONGEST_NAME, id="long"),
    ],
)
def test_a_name_is_tidied_and_otherwise_kept(typed: str, kept: str | None) -> None:
    assert parent_name(typed) == kept


@pytest.mark.parametrize("typed", ["x" * (LONGEST_NAME + 1), "x" * 10**6, "Mom\ud800", None, 7, ["Mom"]])
def test_what_cannot_be_a_name_gets_a_sentence(typed: object) -> None:
    with pytest.raises(Invalid) as refusal:
        parent_name(typed)
    assert refusal.value.field == "name"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *[(name, "she") for name in ("Mom", "MUM", "mam", "Mama", "Maman", "Amma", "Ammi", "ama", "Mor", "Mutti", "Nana")],
        *[(name, "he") for name in ("Dad", "PAPA", "baba", "Appa", "Abba", "Pa", "Far", "Vati")],
        *[(name, "she") for name in ("Mamá", "mamá", "Äiti", "मम्मी", "أمي", "妈妈", "お母さん", "엄마", "мама")],
        *[(name, "he") for name in ("Papá", "Isä", "بابا", "爸爸", "お父さん", "아빠", "папа", "Tatínek")],
        *[("Mama Rosa", "she"), ("Papa Joe", "he"), ("step-mom", "she"), ("Mom (Jane)", "she"), ("Mom’s", "she")],
        *[("Mom & Dad", "they"), ("Ma and Pa", "they"), ("Sam", "they"), ("Momo", "they"), ("", "they"), (None, "they")],
        *[("\ud800", "they"), ("🌹", "they")],
    ],
)  # fmt: skip
def test_pronouns_are_guessed_from_what_a_parent_is_called(name: str | None, expected: Pronouns) -> None:
    assert guess_pronouns(name) == expected
