"""What a parent cannot do, must not have or is too far away for, as far as words say so."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pwa.domain.limits import Limits
from pwa.domain.polarity import DISLIKED, Polarity
from pwa.domain.texts import STOP, Text

# How many words before a pattern a "no" reaches it.
REACH = 3
# No three words have more letters.
DENIED_WITHIN = 60
# Nearer than this nobody need be told that a visit is a journey.
FAR_HOURS, FAR_MILES, MILES_IN_KM = 2.0, 100.0, 0.62
HOUR, LEAST_MINUTES, MOST_MINUTES = 60, 5, 240
# Read the number from the words.
FROM_WORDS = -1
_NO = re.compile(
    r"\b(?:no|not|isnt|arent|wasnt|aint|never|without|hasnt|havent|doesnt|dont|didnt|nor|zero|nobody|cured)\b"
    rf"(?: \w+){{0,{REACH - 1}}} ?$"
)
# Where a "no" before it ends.
_TURNS = re.compile(r",|\b(?:and|but|because|so|since|as|although|though|with|if|unless|until|when|who|due)\b")
_NOT_WHOLE = re.compile(r"half|a quarter|three quarters")
_NUMBERS = {
    "a quarter of an": 15, "three quarters of an": 45, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "forty five": 45, "twenty five": 25, "fifty": 50, "sixty": 60, "ninety": 90, "a": 1, "half a": 30, "half": 30, "half an": 30, "an": 1,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "twelve": 12, "several": 4, "few": 3, "many": 6, "couple of": 2, "couple": 2,
}  # fmt: skip


@dataclass(frozen=True)
class LimitRule:
    """One row of limits.toml: see its head. `aversion`: only what is disliked counts.

    `limits.max_minutes` FROM_WORDS is read from the pattern's number.
    """

    pattern: re.Pattern[str]
    aversion: bool
    unless: re.Pattern[str] | None
    liked: bool
    limits: Limits


@dataclass(frozen=True)
class LimitFound:
    """What the `words`, exactly as typed, ask for: those from `first` to `last`. `liked`: they may tell a liking too."""

    limits: Limits
    words: str
    first: int
    last: int
    liked: bool = True

    @property
    def spent(self) -> range:
        """The places of the words that speak of nothing else."""
        return range(0) if self.liked else range(self.first, self.last + 1)


@dataclass(frozen=True)
class _Plain:
    """A text in plain words, a sentence a line, and where in it each word begins and ends."""

    letters: str
    starts: Sequence[int]
    ends: Sequence[int]

    def covered(self, start: int, end: int) -> range:
        """The words that the stretch from `start` to `end` touches."""
        return range(bisect_right(self.ends, start), bisect_left(self.starts, end))

    def line(self, at: int) -> tuple[int, int]:
        """Where the sentence around `at` begins and ends."""
        end = self.letters.find("\n", at)
        return self.letters.rfind("\n", 0, at) + 1, len(self.letters) if end < 0 else end


def limits_told(text: Text, heard: Polarity, rules: Sequence[LimitRule]) -> list[LimitFound]:
    """Every limit that the words tell of the parent, or of both, in their order: of a rule, once in a sentence."""
    plain = _plain(text)
    found = []
    for rule in rules:
        silent_until = 0
        for hit in rule.pattern.finditer(plain.letters):
            covered, (start, end) = plain.covered(*hit.span()), plain.line(hit.start())
            if hit.start() < silent_until or not covered:
                continue
            if rule.unless and rule.unless.search(plain.letters, start, end):
                silent_until = end
                continue
            limits = _read_numbers(hit, rule.limits) if _is_meant(covered, start, plain, heard, rule) else None
            if limits is not None:
                first, last, silent_until = covered[0], covered[-1], end
                found.append(LimitFound(limits, text.slice(first, last), first, last, rule.liked or rule.aversion))
    return sorted(found, key=lambda each: each.first)


def without_repeats(found: Sequence[LimitFound]) -> list[LimitFound]:
    """Those that ask for something that no longer stretch over the same words has asked for."""
    kept: list[LimitFound] = []
    for each in sorted(found, key=lambda one: one.first - one.last):
        around = [other for other in kept if other.first <= each.first and each.last <= other.last]
        if not any(other.limits | each.limits == other.limits for other in around):
            kept.append(each)
    return sorted(kept, key=lambda each: each.first)


def _plain(text: Text) -> _Plain:
    starts: list[int] = []
    ends: list[int] = []
    parts: list[str] = []
    length = 0
    for place, word in enumerate(text.words):
        gap = "" if place == 0 else "\n" if word.before == STOP else " , " if word.before else " "
        starts.append(length + len(gap))
        length = starts[-1] + len(word.folded)
        ends.append(length)
        parts += [gap, word.folded]
    return _Plain("".join(parts), starts, ends)


def _is_meant(covered: range, sentence: int, plain: _Plain, heard: Polarity, rule: LimitRule) -> bool:
    """Whether it is said of this parent; and disliked, where only that counts, or else not denied."""
    if heard.strangers.issuperset(covered):
        return False
    if rule.aversion:
        return any(heard.signs[place] == DISLIKED for place in covered)
    start = plain.starts[covered[0]]
    return not _NO.search(_TURNS.split(plain.letters[max(sentence, start - DENIED_WITHIN) : start])[-1])


def _read_numbers(found: re.Match[str], limits: Limits) -> Limits | None:
    """The limits with their number filled in; None where the number is too small to matter."""
    groups = found.groupdict()
    if limits.max_minutes == FROM_WORDS:
        minutes = _minutes(groups)
        return replace(limits, max_minutes=minutes) if minutes else None
    if groups.get("hours"):
        return limits if _number(groups["hours"]) >= FAR_HOURS else None
    if groups.get("miles"):
        per_mile = MILES_IN_KM if re.search(r"k(m|ilo)", found.group()) else 1.0
        return limits if _number(groups["miles"]) * per_mile >= FAR_MILES else None
    return limits


def _minutes(groups: dict[str, str | None]) -> int:
    """Those of whichever number the pattern found: n and unit, n2 and unit2 …; an hour where it has none."""
    said = next((name for name in groups if name.startswith("n") and groups[name]), None)
    if said is None:
        return HOUR
    number, unit = groups[said] or "", groups["unit" + said[1:]] or ""
    is_hours = unit.startswith("h") and not _NOT_WHOLE.match(number)
    minutes = _number(number) * HOUR if is_hours else _number(number)
    return int(minutes) if LEAST_MINUTES <= minutes <= MOST_MINUTES else 0


def _number(said: str) -> float:
    known = _NUMBERS.get(said)
    if known is not None:
        return known
    digits = said.replace(",", "")
    return float(digits) if re.fullmatch(r"\d{1,9}(\.\d{1,3})?", digits) else 0.0
