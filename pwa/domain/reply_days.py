"""Which days and times a reply speaks of, and which of the dates offered each of them fits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pwa.domain.tone_words import Draft

PARTS = {"morning": range(12), "afternoon": range(12, 17), "evening": range(16, 24)}
FRIDAY, SATURDAY = 4, 5
# What may stand between the parts of one day: "Saturday the 13th at about 11".
BETWEEN = frozenset(
    ["the", "of", "on", "at", "in", "around", "about", "by", "from", "th", ",", "a", "this", "for", "o"]
)
UNITS = frozenset(
    ["years", "year", "months", "month", "weeks", "week", "days", "hours", "minutes", "people", "of", "more", "times"]
)
FOLLOWING = ("following", "after", "other", "another", "different")
ORDINALS = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "last": -1,
    "middle": 1,
    "earliest": 0,
    "soonest": 0,
    "earlier": 0,
    "latest": -1,
    "later": -1,
    "one": 0,
    "two": 1,
    "three": 2,
}
# "The later one" is one of those offered, "later would be better" is none.
COMPARED = frozenset(["earlier", "later"])
CHOSEN = frozenset(["one", "slot", "option", "time", "date", "day", "choice"])
AFTER_ORDINAL = frozenset(
    ["one", "option", "date", "day", "works", "is", "suits", "would", "please", "choice", "time", "slot"]
)
BEFORE_NUMBER = frozenset(["option", "number", "no", "choice"])
BEFORE_TIME = frozenset(
    ["say", "at", "by", "around", "about", "from", "4", "till", "until", "before", "after", "make", "to", "not", "than"]
)
AFTER_TIME = frozenset(["am", "pm", "oclock", "works", "suits", "is", "instead", "would", "sharp"])

_DATE = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?!\d)", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d\d))?\s?([ap]\.?m\b)?", re.IGNORECASE)
# With a full stop it is a date only where the second number can be a month: 6.30 is an hour.
_SLASHED = re.compile(r"(\d{1,2})(?:[/-](\d{1,2})|\.(0?[1-9]|1[0-2]))(?![\d:])")


@dataclass(frozen=True)
class DayWords:
    """Word → weekday (Monday is 0), month (1–12), or key of PARTS."""

    days: Mapping[str, int]
    months: Mapping[str, int]
    parts: Mapping[str, str]


@dataclass(frozen=True)
class Mention:
    """Tokens from `start` up to `end`, that one not counted in; `fits`: which of the dates offered it can mean.

    `is_part`: only a part of the day was named, which may be of any day; `is_time`: only an hour; `is_choice`: one
    of those offered was pointed at, "the evening one".
    """

    start: int
    end: int
    fits: frozenset[int]
    is_part: bool = False
    is_time: bool = False
    is_choice: bool = False


def mentions(draft: Draft, options: Sequence[datetime], words: DayWords) -> list[Mention]:
    """In the order of the text; what stands together is one."""
    found: list[Mention] = []
    for each in _pieces(draft, options, words):
        last = found[-1] if found else None
        if last is not None and _stand_together(draft, last, each):
            kinds = last.is_part and each.is_part, last.is_time and each.is_time, last.is_choice or each.is_choice
            found[-1] = Mention(last.start, each.end, last.fits & each.fits, *kinds)
        else:
            found.append(each)
    return found


def _stand_together(draft: Draft, one: Mention, other: Mention) -> bool:
    between = [token.word for token in draft.tokens[one.end : other.start]]
    return len(between) <= 3 and all(word in BETWEEN for word in between) and not _same_kind(draft, one, other)


def _same_kind(draft: Draft, one: Mention, other: Mention) -> bool:
    """Two weekdays, or two dates, are two days, with a comma between them or without."""
    first, second = draft.tokens[one.start].word, draft.tokens[other.start].word
    return (
        first[0].isdigit() == second[0].isdigit()
        and one.is_time == other.is_time
        and not (one.is_part or other.is_part)
        and not one.fits & other.fits
    )


def _pieces(draft: Draft, options: Sequence[datetime], words: DayWords) -> Iterator[Mention]:
    place = 0
    while place < len(draft.tokens):
        made = _piece(draft, place, options, words)
        if made is not None:
            yield made
        place = made.end if made else place + 1


def _piece(draft: Draft, place: int, options: Sequence[datetime], words: DayWords) -> Mention | None:
    word = draft.tokens[place].word
    if word in words.days and (_word(draft, place - 1) in FOLLOWING or _word(draft, place + 1) == "week"):
        return Mention(place, place + 1, frozenset())
    if word in words.days:
        return _made(place, 1, options, lambda at: at.weekday() == words.days[word])
    if word == "midweek":
        return _made(place, 1, options, lambda at: 0 < at.weekday() < FRIDAY)
    if word == "weekday":
        return _made(place, 1, options, lambda at: at.weekday() < SATURDAY)
    if word == "weekend" and (_word(draft, place - 1) in ("next", *FOLLOWING) or _word(draft, place + 1) == "after"):
        return Mention(place, place + 1, frozenset())
    if word == "weekend":
        return _made(place, 1, options, lambda at: at.weekday() >= SATURDAY)
    if word in words.parts:
        hours = PARTS[words.parts[word]]
        fits = frozenset(n for n, at in enumerate(options) if at.hour in hours)
        is_one = _word(draft, place + 1) in CHOSEN
        return Mention(place, place + 1 + is_one, fits, is_part=not is_one, is_choice=bool(is_one))
    if word[0].isdigit() and not (word in ORDINALS and _word(draft, place + 1) in CHOSEN):
        return _number(draft, place, options, words) or _ordinal(draft, place, options)
    if word in words.months:
        return _month_first(draft, place, options, words)
    return _half_past(draft, place, options) or _hour_in_words(draft, place, options) or _ordinal(draft, place, options)


def _made(place: int, length: int, options: Sequence[datetime], fits: object) -> Mention:
    return Mention(place, place + length, frozenset(n for n, at in enumerate(options) if fits(at)))  # type: ignore[operator]


def _number(draft: Draft, place: int, options: Sequence[datetime], words: DayWords) -> Mention | None:
    """A number is a date with a month or an ending, a time beside a word for time, an option after "option"."""
    typed, start = draft.typed, draft.tokens[place].start
    before, after = _word(draft, place - 1), _word(draft, place + 1)
    if before in BEFORE_NUMBER and typed[start] in "123" and not typed[start + 1 : start + 2].isdigit():
        return Mention(place - 1, place + 1, frozenset({int(typed[start]) - 1}) & frozenset(range(len(options))))
    slashed = _SLASHED.match(typed, start)
    if slashed and before not in BEFORE_TIME:
        return _slashed(place, slashed, options)
    date = _DATE.match(typed, start)
    if date and after in words.months:
        return _made(place, 2, options, lambda at: (at.day, at.month) == (int(date[1]), words.months[after]))
    if date and len(date[0]) > len(date[1]):
        length = 3 if after == "of" and _word(draft, place + 2) in words.months else 1
        return _made(place, length, options, lambda at: at.day == int(date[1]))
    return _clock(draft, place, options, words)


def _slashed(place: int, found: re.Match[str], options: Sequence[datetime]) -> Mention:
    pair = int(found[1]), int(found[2] or found[3])
    return _made(place, 3, options, lambda at: pair in ((at.day, at.month), (at.month, at.day)))


def _clock(draft: Draft, place: int, options: Sequence[datetime], words: DayWords) -> Mention | None:
    before, after = _word(draft, place - 1), _word(draft, place + 1)
    found = _CLOCK.match(draft.typed, draft.tokens[place].start)
    if found is None or int(found[1]) > 24:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    is_told = bool(found[2] or found[3]) or after in AFTER_TIME or before in BEFORE_TIME
    is_told = is_told or (before == "it" and _word(draft, place - 2) in ("make", "say", "call"))
    is_told = is_told or (after == "on" and _word(draft, place + 2) in words.days)
    if after in UNITS:
        return None
    if not is_told:
        days = frozenset(n for n, at in enumerate(options) if at.day == hour)
        return Mention(place, place + 1, days) if before == "the" and days else None
    hours = {hour % 24, (hour + 12) % 24} if hour <= 12 and not found[3] else {_of_half(hour, found[3] or "")}
    end = place + 1
    while end < len(draft.tokens) and draft.tokens[end].start < found.end():
        end += 1
    fits = frozenset(n for n, at in enumerate(options) if at.hour in hours and at.minute == minute)
    return Mention(place, end, fits, is_time=True)


def _of_half(hour: int, half: str) -> int:
    return hour % 12 + (12 if half[:1].lower() == "p" else 0) if half else hour % 24


def _half_past(draft: Draft, place: int, options: Sequence[datetime]) -> Mention | None:
    minutes = {"half": 30, "quarter": 15}.get(_word(draft, place))
    told = _word(draft, place + 2)
    hour = _HOURS.get(told, int(told) if told.isdigit() and len(told) < 3 else None)
    if minutes is None or _word(draft, place + 1) not in ("past", "to") or hour is None:
        return None
    at_hour, at_minute = (hour, minutes) if _word(draft, place + 1) == "past" else (hour - 1, 60 - minutes)
    fits = frozenset(n for n, at in enumerate(options) if at.hour % 12 == at_hour % 12 and at.minute == at_minute)
    return Mention(place, place + 3, fits, is_time=True)


def _hour_in_words(draft: Draft, place: int, options: Sequence[datetime]) -> Mention | None:
    """ "at four", "say four", "four o'clock" """
    hour = _HOURS.get(draft.tokens[place].word)
    if hour is None or _word(draft, place - 1) in ORDINALS or _word(draft, place + 1) in UNITS:
        return None
    after = AFTER_TIME if hour > 1 else {"oclock"}
    if not (_word(draft, place - 1) in BEFORE_TIME or _word(draft, place + 1) in after):
        return None
    fits = frozenset(n for n, at in enumerate(options) if at.hour % 12 == hour % 12 and at.minute == 0)
    return Mention(place, place + 1, fits, is_time=True)


_HOURS = {
    word: number
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=1
    )
}


def _month_first(draft: Draft, place: int, options: Sequence[datetime], words: DayWords) -> Mention | None:
    day = _DATE.match(_word(draft, place + 1))
    if day is None:
        return None
    month = words.months[draft.tokens[place].word]
    return _made(place, 2, options, lambda at: (at.day, at.month) == (int(day[1]), month))


def _ordinal(draft: Draft, place: int, options: Sequence[datetime]) -> Mention | None:
    word, before, after = _word(draft, place), _word(draft, place - 1), _word(draft, place + 1)
    if word not in ORDINALS or not options:
        return None
    if word in COMPARED and (before != "the" or after not in CHOSEN):
        return None
    is_counted = word in ("one", "two", "three")
    if is_counted and before not in BEFORE_NUMBER:
        return None
    if after in AFTER_ORDINAL or before in BEFORE_NUMBER or (before in ("the", "") and after in ("", ".", ",", "!")):
        return Mention(place, place + 1, frozenset({ORDINALS[word] % len(options)}), is_choice=True)
    return None


def _word(draft: Draft, place: int) -> str:
    return draft.tokens[place].word if 0 <= place < len(draft.tokens) else ""
