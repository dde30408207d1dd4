"""A draft as the tone coach reads it: plain words in one line, each knowing where it stands in what was typed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from pwa.domain.texts import fold

# More than anyone sends to a parent; what comes after is not read.
MOST_LETTERS = 20_000
# How many unknown words of a draft may be slips: each costs time.
MOST_SLIPS = 40

_APOSTROPHES = "'’‘ʼ`´′＇"
_WORD = re.compile(rf"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*(?:[{_APOSTROPHES}][^\W_]+)*")
_APOSTROPHE = re.compile(rf"[{_APOSTROPHES}]")
_MARKS = re.compile(r"[^\s*_~'’‘`´]+(?:\s*[^\s*_~'’‘`´]+)*")
_EYES = "🙄😒"
_QUOTES = (
    re.compile(r'"[^"\n]{3,400}"'),
    re.compile(r"“[^”]{3,400}”"),
    re.compile(r"(?<!\w)[‘'][^’'\n‘]{3,400}(?:[’'](?=\w)[^’'\n‘]{1,400}){0,9}[’'](?!\w)"),
)

_BETWEEN = frozenset({"not", "never", "ever", "even", "only", "always"})
_AUXILIARIES = frozenset(
    {"do", "does", "did", "can", "could", "would", "will", "have", "has", "had", "are", "is", "was", "were", "should"}
)
_SUBJECTS = frozenset({"you", "i", "we", "he", "she", "they", "it"})

STOPS = frozenset({".", "!", "?", "???"})
MARKS = STOPS | {","}


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark. `start` and `end` are places in the text; with the words about it that weigh nothing, `lead` and `tail`."""

    word: str
    start: int
    end: int
    lead: int
    tail: int
    loud: bool


@dataclass(frozen=True)
class Spelling:
    """`written`: as typed (without apostrophes, or with where only that tells) → the words meant; `weightless`: left out;
    `mend`: a word mistyped → the word meant, or None; `participles`: words that make “’d” a “had”."""

    written: Mapping[str, tuple[str, ...]]
    weightless: frozenset[str]
    mend: Callable[[str], str | None]
    participles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Draft:
    """`line`: every word and a space; `starts`: where in it each begins; `quoted`: what somebody else said, in places of `typed`."""

    typed: str
    tokens: tuple[Token, ...]
    line: str
    starts: tuple[int, ...]
    quoted: tuple[tuple[int, int], ...]

    def at(self, place: int) -> int:
        """The number of the token that begins at `place` of the line, or that would come next."""
        return bisect_left(self.starts, place)

    def is_quoted(self, start: int, end: int) -> bool:
        return any(first <= start and end <= last for first, last in self.quoted)


def draft(typed: str, spelling: Spelling) -> Draft:
    tokens = _tokens(typed[:MOST_LETTERS], spelling)
    quoted = tuple(found.span() for quotes in _QUOTES for found in quotes.finditer(typed[:MOST_LETTERS]))
    return _drafted(typed, tokens, quoted)


def without_perfect(read: Draft, participles: frozenset[str]) -> tuple[Draft, tuple[int, ...]]:
    """“you have managed” as “you managed”, and the number that each token left has in `read`."""
    words = [token.word for token in read.tokens]
    left = tuple(number for number in range(len(words)) if not _is_perfect(words[number : number + 4], participles))
    return _drafted(read.typed, [read.tokens[number] for number in left], read.quoted), left


def _is_perfect(words: list[str], participles: frozenset[str]) -> bool:
    after = next((word for word in words[1:] if word not in _BETWEEN), "")
    return words[0] in ("have", "has", "had") and _is_participle(after, participles)


def _is_participle(word: str, participles: frozenset[str]) -> bool:
    return word in participles or (word.endswith("ed") and word != "need")


def _drafted(typed: str, tokens: list[Token], quoted: tuple[tuple[int, int], ...]) -> Draft:
    lengths = [len(token.word) + 1 for token in tokens]
    line = "".join(f"{token.word} " for token in tokens)
    starts = tuple(accumulate(lengths, initial=0))[:-1] if lengths else ()
    return Draft(typed, tuple(tokens), line, starts, quoted)


def _tokens(typed: str, spelling: Spelling) -> list[Token]:
    reader = _Reader(typed, spelling)
    end = 0
    for found in _WORD.finditer(typed):
        reader.between(end, found.start(), found.group()[0].isupper())
        reader.word(found)
        end = found.end()
    reader.between(end, len(typed), True)
    return _reordered(_told_apart(reader.tokens, spelling.participles))


def _told_apart(tokens: list[Token], participles: frozenset[str]) -> list[Token]:
    """“you’d been” is “you had been”, whatever “you’d” is elsewhere."""
    told = list(tokens)
    for number, (before, token) in enumerate(pairwise(tokens), 1):
        if token.word == "would" and before.start == token.start:
            after = next((each.word for each in tokens[number + 1 : number + 3] if each.word not in _BETWEEN), "")
            if _is_participle(after, participles):
                told[number] = replace(token, word="had")
    return told


def _reordered(tokens: list[Token]) -> list[Token]:
    """“do you not care” says what “don’t you care” says: the words change places, what they cover does not."""
    ordered = list(tokens)
    for number in range(len(tokens) - 2):
        verb, subject, no = ordered[number : number + 3]
        if verb.word in _AUXILIARIES and subject.word in _SUBJECTS and no.word == "not":
            ordered[number + 1] = replace(subject, word=no.word)
            ordered[number + 2] = replace(no, word=subject.word)
    return ordered


class _Reader:
    """`lead`: where weightless words began that wait for the word they go with."""

    def __init__(self, typed: str, spelling: Spelling) -> None:
        self.typed, self.spelling = typed, spelling
        self.tokens: list[Token] = []
        self.lead: int | None = None
        self.slips: dict[str, str | None] = {}

    def between(self, start: int, end: int, capital: bool) -> None:
        gap = self.typed[start:end]
        if gap.isspace() and "\n" not in gap and "\r" not in gap:
            return
        found = _MARKS.search(gap)
        mark = _mark(found.group() if found else "", gap, self.typed[start - 1 : start], capital)
        if mark is None:
            return
        first, last = (start + found.start(), start + found.end()) if found else (start, start)
        self.lead = None
        eyes = next((place for place in range(first, last) if self.typed[place] in _EYES), last)
        self.tokens.append(Token(mark, first, eyes, first, eyes, False))
        if eyes < last:
            self.tokens.append(Token("rolleyes", eyes, eyes + 1, eyes, eyes + 1, False))

    def word(self, found: re.Match[str]) -> None:
        start, end = found.span()
        typed = found.group()
        meant = self._meant(typed)
        if len(meant) == 1 and meant[0] in self.spelling.weightless:
            self._weightless(start, end)
            return
        lead = start if self.lead is None else self.lead
        self.lead = None
        loud = len(typed) > 1 and typed.isupper()
        self.tokens += [Token(word, start, end, lead, end, loud) for word in meant]

    def _weightless(self, start: int, end: int) -> None:
        self.lead = start if self.lead is None else self.lead
        if self.tokens and self.tokens[-1].word not in MARKS:
            last = self.tokens[-1]
            self.tokens[-1] = Token(last.word, last.start, last.end, last.lead, end, last.loud)

    def _meant(self, typed: str) -> tuple[str, ...]:
        marked = fold(_APOSTROPHE.sub("_", typed)).replace("_", "'")
        plain = marked.replace("'", "")
        written = self.spelling.written
        if marked in written or plain in written:
            return written.get(marked) or written[plain]
        if typed[0].isupper():
            return (plain,)
        if plain not in self.slips and len(self.slips) < MOST_SLIPS:
            self.slips[plain] = self.spelling.mend(plain)
        mended = self.slips.get(plain) or plain
        return written.get(mended, (mended,))


def _mark(marks: str, gap: str, before: str, capital: bool) -> str | None:
    """What parts two words; a line may be broken inside a sentence, and a full stop may stand in a number."""
    asked, cried = marks.count("?"), marks.count("!")
    if asked > 2 or (asked and asked + cried > 2):
        return "???"
    if asked:
        return "?"
    if cried:
        return "!"
    if any(stop in marks for stop in ".…;。") and not (before.isdigit() and marks == gap):
        return "."
    lines = gap.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    if lines > 1 or (lines and capital):
        return "."
    return "," if marks else None
