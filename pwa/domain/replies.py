"""The reply reader: what a parent's answer says, in the four ways that matter, and whether one has to ask.

It never guesses a stop away: what sounds like one is a stop that is asked about. What says nothing clear is unclear.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pwa.domain.reply_days import DayWords, Mention, mentions
from pwa.domain.spans import Span, Spans
from pwa.domain.tone_patterns import Finder
from pwa.domain.tone_words import Draft, Spelling, draft

Kind = Literal["yes", "other_time", "not_now", "stop", "unclear"]
STOP: Kind = "stop"
YES: Kind = "yes"
OTHER: Kind = "other_time"
NOT_NOW: Kind = "not_now"
UNCLEAR: Kind = "unclear"
# The families of phrases, by the name that their tables have in replies.toml.
HARMLESS, IDLE, SURE, UNSURE = "harmless", "idle", "stop sure", "stop unsure"
NO_DAY, NO, EXCEPT, DAY, CHAT = "no_day", "no", "except", "day", "chat"
GLADLY, LATER, TOO, NOT_THEN, IF = "gladly", "later", "too", "not_then", "if"
COOL, COLD = "cool", "cool cold"
# What each family has to stand outside of, to be heard.
SHIELDS: Mapping[str, Sequence[str]] = {
    SURE: [HARMLESS],
    UNSURE: [HARMLESS],
    COLD: [HARMLESS],
    EXCEPT: [HARMLESS],
    NO_DAY: [HARMLESS, GLADLY],
    NO: [HARMLESS, GLADLY],
    YES: [IDLE],
    OTHER: [IDLE],
    NOT_NOW: [IDLE],
}
# What is said of a day, the strongest first, and what it comes to.
CUES = {EXCEPT: NO_DAY, NOT_THEN: NO_DAY, NO_DAY: NO_DAY, NO: NO_DAY, DAY: DAY, CHAT: CHAT}
# What says so of the day that comes after it alone.
BEFORE = (EXCEPT, NOT_THEN)
NEGATIONS = frozenset(["not", "never", "hardly", "neither", "nor"])
ENDS = frozenset([".", "!", "?", "???", ","])
REASONED = frozenset(["so", "therefore", "hence"])
ALL_BUT = frozenset(["anything", "any", "anytime", "day", "everything", "all"])
TOLD = frozenset(["told", "tell", "telling", "asked", "ask", "asking", "begged", "warned"])
# So short a reply means what its smile says.
FEW = 4
JOINTS = frozenset(["but", "though", "although", "because", "as", "so", "unless", "however", "except", "then"])
GLAD = "👍👌✅❤💕🥰😍😊🙂😀🎉💯🙌🤗😘💖☺"


@dataclass(frozen=True)
class Reading:
    """`option`: which of the dates, from 0; `sure`: False where the person has to be asked. `tone` of a cool answer
    is a key of the benign readings, empty where the answer is none."""

    reading: Kind
    option: int | None = None
    sure: bool = True
    tone: str = ""


@dataclass(frozen=True)
class ReplyRules:
    """`families`: the name of each owner in `finder`; `benign`: tone → three kind ways to read it."""

    finder: Finder
    families: Sequence[str]
    spelling: Spelling
    days: DayWords
    benign: Mapping[str, Sequence[str]]


def read(text: str, options: Sequence[datetime], rules: ReplyRules) -> Reading:
    """Say what the reply says. `options`: the dates offered, in local time, none to three."""
    told = draft(text, rules.spelling)
    return _Reader(told, list(options), rules).reading()


@dataclass(frozen=True)
class _Days:
    """`meant` and `refused` are options, `foreign` days that weren't offered; `is_by_hour`: no day was named, only hours."""

    meant: set[int]
    refused: set[int]
    foreign: Sequence[Mention]
    is_by_hour: bool


class _Reader:
    def __init__(self, told: Draft, options: list[datetime], rules: ReplyRules) -> None:
        self.told, self.options = told, options
        self.clauses = _clauses(told)
        self.first_of = {self.clauses[place]: place for place in reversed(range(len(told.tokens)))}
        self.last_of = {clause: place for place, clause in enumerate(self.clauses)}
        self.found = self._found(rules)
        self.cues = {family: self._by_clause(self.found[family]) for family in CUES}
        self.instead = {end for _, end in self.found[EXCEPT]}
        self.mentioned = mentions(told, options, rules.days)
        self.dated = {self.clauses[each.start] for each in self.mentioned}
        self.asked = {self.clauses[start] for start, _ in self.found[OTHER]}
        self.reasoned = max((self.clauses[each.start] for each in self.mentioned if self._follows(each)), default=-1)
        self.glad = sum(text in GLAD for text in told.typed)
        self.asks = any(token.word in ("?", "???") for token in told.tokens)

    def _found(self, rules: ReplyRules) -> dict[str, Spans]:
        """What of each family is meant: nothing about it takes its meaning, and it is not denied or told of others."""
        begins = [self.first_of[clause] == place for place, clause in enumerate(self.clauses)]
        found: dict[str, list[Span]] = {name: [] for name in rules.families}
        for each in rules.finder.find(self.told, begins):
            found[rules.families[each.owner]].append((each.start, each.end))
        shields = {name: Spans(found.pop(name)) for name in (HARMLESS, IDLE, GLADLY)}
        for name, around in SHIELDS.items():
            found[name] = [span for span in found[name] if not any(shields[each].touch(span) for each in around)]
        for name in (SURE, UNSURE, COLD):
            found[name] = [span for span in found[name] if not self._is_told(span)]
        found[YES] = sorted([span for span in found[YES] if not self._is_denied(span)] + [*shields[GLADLY]])
        return {name: Spans(spans) for name, spans in found.items()}

    def _by_clause(self, spans: Spans) -> dict[int, Spans]:
        parted: dict[int, list[Span]] = {}
        for span in spans:
            parted.setdefault(self.clauses[span[0]], []).append(span)
        return {clause: Spans(each) for clause, each in parted.items()}

    def reading(self) -> Reading:
        if self._has(SURE) or self._has(UNSURE):
            is_kind_too = bool(self.glad or self._days().meant)
            return Reading(STOP, sure=self._has(SURE) and not is_kind_too)
        if self._has(COLD):
            return Reading(UNCLEAR, sure=False, tone=COLD.removeprefix(f"{COOL} "))
        return self._by_days() or self._by_words()

    def _is_told(self, span: Span) -> bool:
        """ "I told Rita to leave me alone" was said to Rita; "I told you to" was not, nor "asked them to bar you"."""
        if any(token.word in ("you", "your") for token in self.told.tokens[span[0] : span[1]]):
            return False
        before = [token.word for token in self.told.tokens[max(0, span[0] - 8) : span[0]]]
        told = next((place for place, word in enumerate(before) if word in TOLD), None)
        return told is not None and before[-1] == "to" and before[told + 1] not in ("you", "to")

    def _is_denied(self, span: Span) -> bool:
        """ "It doesn't sound good", "I would not like to": a "not" before what sounds like a yes, or early in it."""
        return any(
            self.told.tokens[place].word in NEGATIONS and self.clauses[place] == self.clauses[span[0]]
            for place in range(max(0, span[0] - 2), min(span[0] + 4, span[1]))
        )

    def _by_days(self) -> Reading | None:
        """By the days that the reply speaks of, if it speaks of any."""
        days = self._days()
        left = sorted(days.meant - days.refused)
        if left and (
            self._has(LATER) or (days.is_by_hour and self._has(TOO)) or any(map(self._is_asked, days.foreign))
        ):
            return Reading(OTHER, sure=False)
        if left:
            hedged = self._has(IF) or bool(days.foreign) or (self._has(NOT_NOW) and len(left) > 1)
            return Reading(YES, left[0] if len(left) == 1 else None, sure=len(left) == 1 and not hedged)
        if days.foreign:
            return Reading(OTHER, sure=self.asks or self._has(OTHER) or self._has(DAY))
        return self._by_refusal(days.refused) if days.refused else None

    def _is_asked(self, each: Mention) -> bool:
        """ "Sunday, but at four", "Sunday is Dad's day, how about Monday?": what was not offered is asked for."""
        return each.is_time or self.clauses[each.start] in self.asked

    def _by_refusal(self, refused: set[int]) -> Reading | None:
        others = sorted(set(range(len(self.options))) - refused)
        if len(others) == 1 or (others and self._has(YES)):
            return Reading(YES, others[0] if len(others) == 1 else None, sure=False)
        return None if self._has(NOT_NOW) else Reading(OTHER, sure=self._has(OTHER))

    def _by_words(self) -> Reading:
        wants, declines = self._has(YES), self._has(NO_DAY)
        if self._has(NOT_NOW) and not (self._has(OTHER) and self.asks):
            return Reading(NOT_NOW, sure=not wants)
        if self._has(OTHER):
            return Reading(OTHER, sure=not wants)
        if (wants or (self.glad and len(self.told.tokens) < FEW)) and not self._is_chat():
            return Reading(OTHER, sure=False) if declines and not self._is_any() else self._yes()
        return Reading(UNCLEAR, sure=False, tone=self._tone())

    def _yes(self) -> Reading:
        """A yes that names no day: of one it is that one, of several one has to ask."""
        is_one = len(self.options) == 1
        return Reading(YES, 0 if is_one else None, sure=is_one)

    def _days(self) -> _Days:
        meant, refused, foreign, is_by_hour = set[int](), set[int](), [], True
        for each in self.mentioned:
            cue = self._cue(each)
            if cue == CHAT or (each.is_part and self._is_vague(cue)):
                continue
            if cue == NO_DAY or (cue is None and self._is_reason(each)):
                refused |= each.fits
            elif each.fits and each.start not in self.instead:
                meant |= each.fits if not meant & each.fits else meant & each.fits if each.is_part else each.fits
                is_by_hour &= each.is_time
            elif not each.is_part:
                foreign.append(each)
        return _Days(meant, refused, foreign, is_by_hour)

    def _is_reason(self, each: Mention) -> bool:
        """ "Dad is out on Saturday, so Sunday": the day before the "so" is why, and not when."""
        return self.clauses[each.start] < self.reasoned

    def _follows(self, each: Mention) -> bool:
        """Not "so he can mow on Saturday", which tells what for."""
        first = self.first_of[self.clauses[each.start]]
        return self.told.tokens[first].word in REASONED and self._cue(each) != CHAT

    def _is_vague(self, cue: str | None) -> bool:
        """Whether a part of the day, named alone, need not mean the one that was offered."""
        is_long = len(self.told.tokens) > FEW and cue is None
        return is_long or len(self.mentioned) > 1 or self._has(OTHER)

    def _cue(self, each: Mention) -> str | None:
        """What is said of a day: the nearest word in its clause that tells; else that of the clause after it."""
        clause = self.clauses[each.start]
        follows = clause + 1 in self.first_of and clause + 1 not in self.dated and not each.is_choice
        near = self._nearest(each, clause)
        return near or (self._nearest(each, clause + 1) if follows and not self._is_end_of_sentence(clause) else None)

    def _nearest(self, each: Mention, clause: int) -> str | None:
        best: tuple[int, int, str] | None = None
        for rank, (family, comes_to) in enumerate(CUES.items()):
            away = _away(each, self.cues[family].get(clause, Spans()), is_after=family not in BEFORE)
            if away is not None and (best is None or (away, rank) < best[:2]):
                best = (away, rank, comes_to)
        return best[2] if best else None

    def _is_end_of_sentence(self, clause: int) -> bool:
        return self.told.tokens[self.last_of[clause]].word in (".", "?", "???") and clause > 0

    def _is_any(self) -> bool:
        return any(
            self.told.tokens[start].word in ("any", "either", "all", "whichever", "whatever")
            for start, _ in self.found[YES]
        )

    def _is_chat(self) -> bool:
        """Whether it tells of something else, and what sounds like a yes came only after that."""
        first = min((self.clauses[start] for start, _ in self.found[YES]), default=1)
        return self._has(CHAT) and (self.asks or first > 0)

    def _has(self, family: str) -> bool:
        return bool(self.found[family])

    def _tone(self) -> str:
        for name, spans in self.found.items():
            if name.startswith(COOL) and spans:
                return name.removeprefix(f"{COOL} ")
        return "other"


def _clauses(told: Draft) -> list[int]:
    """The number of the clause that each token is in."""
    numbers, number = [], 0
    for place, token in enumerate(told.tokens):
        if token.word in JOINTS and place > 0 and told.tokens[place - 1].word not in ALL_BUT:
            number += 1
        numbers.append(number)
        if token.word in ENDS:
            number += 1
    return numbers


def _away(each: Mention, cues: Spans, *, is_after: bool) -> int | None:
    """How far the nearest cue is, which may stand after the day only where `is_after`; less than none where it holds it."""
    ends = [end for _, end in cues.starting_in((each.start, each.end)) if end > each.end]
    before, after = cues.end_before(each.start), cues.start_from(each.end) if is_after else None
    ends += [] if before is None else [before]
    return min([each.start - end + 1 for end in ends] + ([] if after is None else [after - each.end]), default=None)
