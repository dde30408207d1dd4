"""The small grammar in which phrases are written down, and how they are found in a draft.

`a b` words in a row · `(a|b c)` either · `[a]` perhaps · `*3` up to three words · `...` the rest of the clause, up to a “but” ·
`call~` call, calls, called, calling · `#` a word that begins with a digit · `<name>` a list of that name · `, . ! ? ???` marks · `^` first: where a
clause begins · `$` last: where it ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pwa.domain.errors import Invalid
from pwa.domain.tone_words import MARKS, Draft, Spelling, without_perfect

_PART = re.compile(r"\s*(\*\d|\.\.\.|\?\?\?|<\w+>|[()\[\]|^$]|[^\W_]+(?:'[^\W_]+)*~?|[,.?!#])")
_ANY_WORD = r"(?:[^ ,.?!]+ )"
# "I love you but …": what comes after it takes back what came before.
_ANY_WORD_BUT_BUT = r"(?:(?!but )[^ ,.?!]+ )"
_END = r"(?=[,.?!]|\Z)"
_CONSONANT_Y = re.compile(r"[^aeiou]y$")


@dataclass(frozen=True)
class Pattern:
    """`source` is a regular expression over a draft's line; `firsts`: the words it can begin with."""

    written: str
    source: str
    firsts: frozenset[str]
    at_start: bool

    def words(self) -> list[str]:
        """Every word that it asks for."""
        return re.findall(r"[a-z]+", self.source.replace("Z", ""))

    @cached_property
    def expression(self) -> re.Pattern[str]:
        return re.compile(self.source)


@dataclass(frozen=True)
class Found:
    """A pattern from one token up to another, that one not counted in."""

    owner: int
    start: int
    end: int


def pattern(written: str, lists: Mapping[str, Sequence[str]], spelling: Spelling) -> Pattern:
    """Raises Invalid for what isn't in the grammar."""
    return _Writer(written, lists, spelling).pattern()


class Finder:
    """Looks for many patterns at once, by the word that each begins with."""

    def __init__(self, owned: Sequence[tuple[int, Pattern]]) -> None:
        self.by_first: dict[str, list[tuple[int, Pattern]]] = {}
        for owner, each in owned:
            for first in each.firsts:
                self.by_first.setdefault(first, []).append((owner, each))

    def find(self, draft: Draft, begins: Sequence[bool]) -> Iterator[Found]:
        """`begins`: whether a clause begins at each token."""
        for number, token in enumerate(draft.tokens):
            first = "#" if token.word[0].isdigit() and token.word not in self.by_first else token.word
            for owner, each in self.by_first.get(first, ()):
                if each.at_start and not begins[number]:
                    continue
                met = each.expression.match(draft.line, draft.starts[number])
                if met and met.end() > draft.starts[number]:
                    yield Found(owner, number, draft.at(met.end()))

    def find_either(self, draft: Draft, begins: Sequence[bool], participles: frozenset[str]) -> list[Found]:
        """What is found in the draft as it reads and, where nothing is, with “you did” for “you have done”."""
        found = list(self.find(draft, begins))
        bare, numbers = without_perfect(draft, participles)
        if len(numbers) == len(draft.tokens):
            return found
        met = {number for each in found for number in range(each.start, each.end)}
        for each in self.find(bare, [begins[number] for number in numbers]):
            start, end = numbers[each.start], numbers[each.end - 1] + 1
            if met.isdisjoint(range(start, end)):
                found.append(Found(each.owner, start, end))
        return found


class _Writer:
    """Reads one pattern from left to right. Every part returns its expression, its first words, and whether it may be left out."""

    def __init__(self, written: str, lists: Mapping[str, Sequence[str]], spelling: Spelling) -> None:
        self.written, self.lists, self.spelling = written, lists, spelling
        self.parts = self._cut()
        self.place = 0

    def pattern(self) -> Pattern:
        at_start = self._take("^")
        source, firsts, is_empty = self._row()
        if self.place < len(self.parts):
            raise Invalid(f"“{self.written}” has a stray {self.parts[self.place]}")
        if is_empty or not firsts:
            raise Invalid(f"“{self.written}” has to begin with a word")
        return Pattern(self.written, source, frozenset(firsts), at_start)

    def _cut(self) -> list[str]:
        parts, end = [], 0
        written = self.written.strip()
        while end < len(written):
            found = _PART.match(written, end)
            if found is None:
                raise Invalid(f"“{self.written}” cannot be read from “{written[end:]}” on")
            parts.append(found.group(1))
            end = found.end()
        return parts

    def _take(self, part: str) -> bool:
        taken = self.place < len(self.parts) and self.parts[self.place] == part
        self.place += taken
        return taken

    def _either(self) -> tuple[str, set[str], bool]:
        sources, firsts, is_empty, weightless, is_optional = [], set[str](), False, "", False
        while True:
            began = self.place
            source, first, empty = self._row()
            is_optional |= self.place == began
            weightless = weightless or (self.parts[began] if not source and self.place > began else "")
            sources.append(source)
            firsts |= first
            is_empty |= empty
            if self._take("|"):
                continue
            if weightless and not is_optional and len(sources) > 1:
                raise Invalid(f"“{self.written}” has a choice that weighs nothing: {weightless}")
            return f"(?:{'|'.join(sources)})" if len(sources) > 1 else sources[0], firsts, is_empty

    def _row(self) -> tuple[str, set[str], bool]:
        sources, firsts, is_empty = [], set[str](), True
        while self.place < len(self.parts) and self.parts[self.place] not in ("|", ")", "]"):
            source, first, empty = self._part()
            if is_empty and not first and source not in ("", _END):
                raise Invalid(f"“{self.written}” has a gap where a word has to be")
            firsts |= first if is_empty else set()
            is_empty = is_empty and empty
            sources.append(source)
        return "".join(sources), firsts, is_empty

    def _part(self) -> tuple[str, set[str], bool]:
        part = self.parts[self.place]
        self.place += 1
        if part in ("(", "["):
            source, firsts, is_empty = self._either()
            if not self._take(")" if part == "(" else "]"):
                raise Invalid(f"“{self.written}” opens a bracket that it doesn’t close")
            return (source, firsts, is_empty) if part == "(" else (f"(?:{source})?", firsts, True)
        if part.startswith("*"):
            return f"{_ANY_WORD}{{0,{part[1:]}}}", set(), True
        if part == "...":
            return f"{_ANY_WORD_BUT_BUT}{{0,25}}", set(), True
        if part == "$":
            return _END, set(), True
        if part == "#":
            return r"(?:\d[^ ]* )", {"#"}, False
        if part.startswith("<"):
            return self._listed(part[1:-1])
        return self._word(part)

    def _listed(self, name: str) -> tuple[str, set[str], bool]:
        if name not in self.lists:
            raise Invalid(f"“{self.written}” names a list that isn’t there: {name}")
        within = _Writer(" | ".join(self.lists[name]), {}, self.spelling)
        source, firsts, is_empty = within._either()
        return f"(?:{source})", firsts, is_empty

    def _word(self, part: str) -> tuple[str, set[str], bool]:
        if part in MARKS:
            return f"{re.escape(part)} ", {part}, False
        if part.endswith("~"):
            forms = inflected(part[:-1])
            return f"(?:{'|'.join(forms)}) ", set(forms), False
        plain = part.replace("'", "")
        words = self.spelling.written.get(part) or self.spelling.written.get(plain) or (plain,)
        if not self.spelling.weightless.isdisjoint(words):
            return "", set(), True
        return "".join(f"{word} " for word in words), {words[0]}, False


def inflected(verb: str) -> list[str]:
    """The regular forms: ignore, ignores, ignored, ignoring."""
    if verb.endswith("e"):
        return [verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"]
    if _CONSONANT_Y.search(verb):
        return [verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"]
    return [verb, f"{verb}s", f"{verb}es", f"{verb}ed", f"{verb}ing"]
