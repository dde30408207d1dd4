"""How a parent is called and spoken of."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from pwa.domain.errors import Invalid

Pronouns = Literal["she", "he", "they"]

LONGEST_NAME = 40

_FORMS: dict[str, dict[Pronouns, str]] = {
    "they": {"she": "she", "he": "he", "they": "they"},
    "them": {"she": "her", "he": "him", "they": "them"},
    "their": {"she": "her", "he": "his", "they": "their"},
    "theirs": {"she": "hers", "he": "his", "they": "theirs"},
    "themself": {"she": "herself", "he": "himself", "they": "themself"},
}


@dataclass(frozen=True)
class Person:
    """Who a text is about. `name` is what the child calls them, or None when not told."""

    name: str | None
    pronouns: Pronouns


class UnknownPlaceholder(ValueError):
    """A text asks for something that `speak` cannot fill: a fault in the content, not in the input."""


def speak(text: str, person: Person) -> str:
    """Fill a text about a parent.

    `{name}` `{Name}` (at the start of a sentence), `{they}` `{them}` `{their}` `{theirs}` `{themself}`
    and capitalised `{They}` …; `{is|are}` after a pronoun: left for she and he, right for they.
    Any other brace raises UnknownPlaceholder. One pass, so a name is never read as a placeholder; the
    result is plain text and still to be escaped.
    """
    return _BRACES.sub(lambda found: _fill(found.group(), person), text)


_BRACES = re.compile(r"\{[^{}]*\}|[{}]")


def _fill(placeholder: str, person: Person) -> str:
    word = placeholder[1:-1]
    if word in ("name", "Name"):
        return _name(person, capital=word == "Name")
    if word.lower() in _FORMS and word in (word.lower(), word.lower().capitalize()):
        form = _FORMS[word.lower()][person.pronouns]
        return form.capitalize() if word[0].isupper() else form
    if word.count("|") == 1:
        singular, plural = word.split("|")
        return plural if person.pronouns == "they" else singular
    raise UnknownPlaceholder(f"{placeholder} is nothing that can be filled in")


def _name(person: Person, *, capital: bool) -> str:
    if person.name is None:
        return "Your parent" if capital else "your parent"
    return person.name
