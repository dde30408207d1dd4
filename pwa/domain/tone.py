"""The tone coach: which words of a draft may hurt, how they may land, and a kinder wording with the same meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from pwa.domain.tone_patterns import Finder, Found
from pwa.domain.tone_words import MARKS, STOPS, Draft, Spelling, draft

Category = Literal["blame", "guilt", "pressure", "passive_aggression", "criticism", "ultimatum", "self_pity"]
CATEGORIES: tuple[Category, ...] = get_args(Category)
# How much a wording replaces.
Reach = Literal["words", "clause", "sentence"]

# A clause longer than this on one side of the words found is no clause, but a text without commas.
# So many words have to follow what is kind for it to be the beginning of something that isn't.
BEYOND_KIND = 3
LONGEST_CLAUSE, LONGEST_SENTENCE = 20, 30


@dataclass(frozen=True)
class Flag:
    """`phrase` is the text from `start` up to `end` (in code points, as given); `kinder` can stand in its place.

    `also`: what else the same words may land as.
    """

    category: Category
    start: int
    end: int
    phrase: str
    why: str
    kinder: str
    also: tuple[Category, ...] = ()


@dataclass(frozen=True)
class Rule:
    """`kinder` is written as a sentence without its full stop; it is fitted to where it goes."""

    category: Category
    why: str
    kinder: str
    reach: Reach = "clause"
    shouting: bool = False
    also: tuple[Category, ...] = ()


@dataclass(frozen=True)
class Topic:
    """A wording that keeps more of the meaning, where a clause of one of `categories` speaks of one of `words`."""

    words: frozenset[str]
    categories: frozenset[str]
    kinder: str


@dataclass(frozen=True)
class Need:
    """What an invitation is easier to answer with, and the sentence that says so where it isn't there."""

    key: str
    sentence: str


@dataclass(frozen=True)
class ToneRules:
    """`faulty` finds by the number of a rule; `kind` finds what is kind whatever its words; `shouted`: words that press
    when written in capitals, by the number of a rule; `warm`: words in whose clause only sarcasm hurts. `openers`: words before what a clause says; `joints`: words
    that begin a clause; `weak_joints`: words that do so before one of `subjects`. `met` finds by the number of a need."""

    rules: tuple[Rule, ...]
    topics: tuple[Topic, ...]
    faulty: Finder
    kind: Finder
    shouted: frozenset[str]
    shouting: int
    warm: frozenset[str]
    openers: frozenset[str]
    joints: frozenset[str]
    weak_joints: frozenset[str]
    subjects: frozenset[str]
    spelling: Spelling
    needs: tuple[Need, ...]
    met: Finder


def review(text: str, rules: ToneRules) -> tuple[Flag, ...]:
    """In the order of the text, none over another, one for a clause.

    A flag spans the clause that holds the faulty words, so that `kinder` can replace it whole and read well; the
    sentence, where only that can be put right; the mark itself, where that is the fault.
    """
    return _Coach(text, rules).flags()


def missing(text: str, rules: ToneRules) -> tuple[Need, ...]:
    """What an invitation leaves out; nothing of a text without words, which is only begun."""
    read = draft(text, rules.spelling)
    words = [token for token in read.tokens if token.word not in MARKS]
    if not words:
        return ()
    met = {found.owner for found in rules.met.find(read, [True] * len(read.tokens))}
    return tuple(need for number, need in enumerate(rules.needs) if number not in met)


def replaced(text: str, flags: Sequence[Flag]) -> str:
    """`text` with every kinder wording in the place of what it's for."""
    for flag in sorted(flags, key=lambda flag: -flag.start):
        text = text[: flag.start] + flag.kinder + text[flag.end :]
    return text


class _Coach:
    def __init__(self, text: str, rules: ToneRules) -> None:
        self.rules = rules
        self.draft: Draft = draft(text, rules.spelling)
        self.words = [token.word for token in self.draft.tokens]
        self.begins = self._beginnings()
        self.heard: dict[int, list[Category]] = {}

    def flags(self) -> tuple[Flag, ...]:
        taken: list[Found] = []
        for found in self._strongest():
            first, last = self._stretch(found)
            if self._is_warm(found, first, last):
                continue
            self.heard.setdefault(found.start, []).append(self.rules.rules[found.owner].category)
            met = [each for each in taken if first < each.end and each.start < last]
            if not met:
                taken.append(Found(found.owner, first, last))
            elif len(met) == 1:  # one flag for a clause, which covers whatever of it may hurt
                both = Found(met[0].owner, min(met[0].start, found.start), max(met[0].end, found.end))
                others = [each for each in taken if each is not met[0]]
                if all(both.end <= each.start or each.end <= both.start for each in others):
                    taken = [*others, both]
        return tuple(self._flag(*each) for each in self._merged(sorted(taken, key=lambda each: each.start)))

    def _merged(self, taken: Sequence[Found]) -> list[tuple[Found, str]]:
        """Each stretch with its wording; of neighbours that would get the same one, one stretch."""
        merged: list[tuple[Found, str]] = []
        for each in taken:
            kinder = self._kinder(each)
            before = merged[-1] if merged else None
            if before and before[1] == kinder and all(word in MARKS for word in self.words[before[0].end : each.start]):
                merged[-1] = Found(before[0].owner, before[0].start, each.end), kinder
            else:
                merged.append((each, kinder))
        return merged

    def _kinder(self, stretch: Found) -> str:
        rule, words = self.rules.rules[stretch.owner], self.words[stretch.start : stretch.end]
        fitting = (topic for topic in self.rules.topics if rule.category in topic.categories)
        return next((topic.kinder for topic in fitting if not topic.words.isdisjoint(words)), rule.kinder)

    def _strongest(self) -> list[Found]:
        """What is faulty and not kind: the longest first, of two as long the one further up in the rules; shouting last."""
        kind: dict[int, Found] = {}
        for found in self.rules.kind.find(self.draft, self.begins):
            for number in range(found.start, found.end):
                if number not in kind or kind[number].end < found.end:
                    kind[number] = found
        faulty = [
            *self.rules.faulty.find_either(self.draft, self.begins, self.rules.spelling.participles),
            *self._shouted(),
        ]
        kept = {found for found in faulty if not self._is_kind(found, kind) and not self._is_quoted(found)}
        shouting = self.rules.shouting
        return sorted(kept, key=lambda each: (each.owner == shouting, each.start - each.end, each.owner, each.start))

    @staticmethod
    def _is_kind(found: Found, kind: Mapping[int, Found]) -> bool:
        """Whether it touches something kind, unless that is how it begins: "no worries, I’m used to it"."""
        met = {kind[number] for number in range(found.start, found.end) if number in kind}
        return any(found.start > each.start or found.end < each.end + BEYOND_KIND for each in met)

    def _is_quoted(self, found: Found) -> bool:
        """Whether somebody else said it: all its words stand within quotation marks."""
        words = [
            self.draft.tokens[number] for number in range(found.start, found.end) if self.words[number] not in MARKS
        ]
        return bool(words) and self.draft.is_quoted(words[0].start, words[-1].end)

    def _is_warm(self, found: Found, first: int, last: int) -> bool:
        is_sarcastic = self.rules.rules[found.owner].category == "passive_aggression"
        return not is_sarcastic and not self.rules.warm.isdisjoint(self.words[first:last])

    def _shouted(self) -> list[Found]:
        """Capitals that press: a word of those, beside another in capitals."""
        loud = [token.loud for token in self.draft.tokens]
        found = []
        start = 0
        while start < len(loud):
            end = start + 1
            while loud[start] and end < len(loud) and (loud[end] or self.words[end] in MARKS | {"i", "a", "to", "me"}):
                end += 1
            while end > start + 1 and not loud[end - 1]:
                end -= 1
            run = self.draft.tokens[start:end]
            if (
                loud[start]
                and len({token.start for token in run}) > 1
                and not self.rules.shouted.isdisjoint(self.words[start:end])
            ):
                found.append(Found(self.rules.shouting, start, end))
            start = end
        return found

    def _beginnings(self) -> list[bool]:
        """Whether a clause begins at each token: after a mark, a joint, or a greeting at the beginning."""
        begins = [True] * len(self.words)
        for number in range(1, len(self.words)):
            before = self.words[number - 1]
            begins[number] = (
                before in MARKS
                or before in self.rules.joints
                or (begins[number - 1] and (before in self.rules.openers or before in self.rules.weak_joints))
                or (before in self.rules.weak_joints and self.words[number] in self.rules.subjects)
            )
        return begins

    def _stretch(self, found: Found) -> tuple[int, int]:
        reach = self.rules.rules[found.owner].reach
        if reach == "words":
            return found.start, found.end
        if reach == "sentence":
            first, last = self._out(found, STOPS, LONGEST_SENTENCE)
            if last - first <= LONGEST_SENTENCE:
                return self._after_openers(first, found.start), last
        return self._clause(found)

    def _out(self, found: Found, marks: frozenset[str], most: int) -> tuple[int, int]:
        """From the mark before to the mark after; no further than `most` words on each side."""
        first, last = found.start, found.end
        while first > 0 and self.words[first - 1] not in marks and found.start - first <= most:
            first -= 1
        if self.words[last - 1] in marks:
            return first, last
        while last < len(self.words) and self.words[last] not in marks and last - found.end <= most:
            last += 1
        return first, last

    def _clause(self, found: Found) -> tuple[int, int]:
        first, last = self._out(found, MARKS, LONGEST_CLAUSE)
        if found.start - first > LONGEST_CLAUSE:
            first = found.start
        if last - found.end > LONGEST_CLAUSE:
            last = found.end
        for number in range(found.start, first, -1):
            if self.begins[number] and self.words[number - 1] not in self.rules.openers:
                first = number
                break
        for number in range(found.end, last):
            if self._parts(number):
                last = number
                break
        return self._after_openers(first, found.start), last

    def _parts(self, number: int) -> bool:
        """Whether the word begins a clause that says something else: "but …", "so we …"."""
        after = self.words[number + 1] if number + 1 < len(self.words) else ""
        return self.words[number] in self.rules.joints or (
            self.words[number] in self.rules.weak_joints and after in self.rules.subjects
        )

    def _after_openers(self, first: int, start: int) -> int:
        while first < start and self.words[first] in self.rules.openers | self.rules.joints | MARKS:
            first += 1
        return first

    def _flag(self, stretch: Found, kinder: str) -> Flag:
        tokens, rule, first, last = self.draft.tokens, self.rules.rules[stretch.owner], stretch.start, stretch.end
        while last - first > 1 and tokens[last - 1].word in MARKS:
            last -= 1
        start, end = tokens[first].lead, tokens[last - 1].tail
        if rule.reach != "words":
            if first and tokens[first - 1].word not in STOPS:
                kinder = _lowered(kinder)
            if last < len(tokens) and tokens[last].word in STOPS:
                end = tokens[last].end
                kinder = kinder if kinder[-1] in ".?" else f"{kinder}."
        return Flag(
            rule.category, start, end, self.draft.typed[start:end], rule.why, kinder, self._also(rule, first, last)
        )

    def _also(self, rule: Rule, first: int, last: int) -> tuple[Category, ...]:
        """What other rules hear in the same words, before what the rule itself says of such."""
        heard = [category for number in range(first, last) for category in self.heard.get(number, ())]
        return tuple(category for category in dict.fromkeys([*heard, *rule.also]) if category != rule.category)


def _lowered(kinder: str) -> str:
    is_name = kinder.startswith(("I ", "I’"))
    return kinder if is_name else kinder[0].lower() + kinder[1:]
