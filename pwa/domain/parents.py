"""How a parent is called and spoken of."""

import re
import unicodedata
from dataclasses import dataclass

from pwa.domain.errors import Invalid
from pwa.domain.pronouns import Pronouns, guess_pronouns

__all__ = [
    "LONGEST_NAME",
    "Person",
    "Pronouns",
    "UnknownPlaceholder",
    "guess_pronouns",
    "parent_name",
    "speak",
]

LONGEST_NAME = 40

_FORMS: dict[str, dict[Pronouns, str]] = {
    "they": {"she": "she", "he": "he", "they": "they"},
    "them": {"she": "her", "he": "him", "they": "them"},
    "their": {"she": "her", "he": "his", "they": "their"},
    "theirs": {"she": "hers", "he": "his", "they": "theirs"},
    "themself": {"she": "herself", "he": "himself", "they": "themself"},
}
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


@dataclass(frozen=True)
class Person:
    """Who a text is about. `name` is what the child calls them, or None when not told."""

    name: str | None
    pronouns: Pronouns


class UnknownPlaceholder(ValueError):  # noqa: N818  named by what it says, as in domain.errors
    """A text asks for something that `speak` cannot fill: a fault in the content, not in the input."""


def speak(text: str, person: Person) -> str:
    """Fill a text about a parent; the result is plain text and still to be escaped.

    `{name}`, and `{Name}` at the start of a sentence ("Your parent" when there is none; a name stays as
    it was typed). `{they}` `{them}` `{their}` `{theirs}` `{themself}`, or capitalised. `{is|are}` after a
    pronoun, never after a name: left for she and he, right for they. Any other brace raises
    UnknownPlaceholder. The text is read once, so whatever stands in a name is never a placeholder.
    """
    return _BRACES.sub(lambda found: _fill(found.group(), person), text)


def _fill(placeholder: str, person: Person) -> str:
    word = placeholder[1:-1]
    if word in ("name", "Name"):
        return _name(person, capital=word == "Name")
    if word in _FORMS:
        return _FORMS[word][person.pronouns]
    if word.lower() in _FORMS and word == word.capitalize():
        return _FORMS[word.lower()][person.pronouns].capitalize()
    singular, bar, plural = word.partition("|")
    if not bar or "|" in plural or singular == plural:
        raise UnknownPlaceholder(f"{placeholder} is nothing that can be filled in")
    return plural if person.pronouns == "they" else singular


def _name(person: Person, *, capital: bool) -> str:
    if person.name is None:
        return "Your parent" if capital else "your parent"
    name = "".join(letter for letter in person.name if letter not in _BIDI_CONTROLS)
    if any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in name):
        # Else "’s" and the words around a Hebrew or Arabic name change places on the screen.
        return f"{_FIRST_STRONG_ISOLATE}{name}{_POP_ISOLATE}"
    return name


def parent_name(text: object) -> str | None:
    """Read a name that was typed: tidied of line breaks and invisible controls; None when left empty."""
    if not isinstance(text, str) or any(unicodedata.category(letter) == "Cs" for letter in text):
        raise Invalid("That name holds something we cannot store. Type it again.", "name")
    name = " ".join("".join(_tidy(letter) for letter in unicodedata.normalize("NFC", text)).split())
    if not any(unicodedata.category(letter)[0] in "LNPS" for letter in name):
        return None
    if len(name) > LONGEST_NAME:
        raise Invalid(f"That name is long for a phone. Use up to {LONGEST_NAME} letters.", "name")
    return name


def _tidy(letter: str) -> str:
    if letter in _BIDI_CONTROLS:
        return ""
    return " " if unicodedata.category(letter) == "Cc" else letter
