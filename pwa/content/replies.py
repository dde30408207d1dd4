"""replies.toml: what the reply reader listens for, made into the rules that it reads with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pwa.content.files import Table
from pwa.content.phrases import listed, owned, spelled
from pwa.domain.replies import (
    CHAT,
    COOL,
    DAY,
    EXCEPT,
    GLADLY,
    HARMLESS,
    IDLE,
    IF,
    LATER,
    NO,
    NO_DAY,
    NOT_NOW,
    NOT_THEN,
    OTHER,
    SURE,
    TOO,
    UNSURE,
    YES,
    ReplyRules,
)
from pwa.domain.reply_days import PARTS, DayWords
from pwa.domain.tone_patterns import Finder, Pattern
from pwa.domain.tone_words import Spelling

PLAIN = {
    "harmless": HARMLESS,
    "idle": IDLE,
    "not_now": NOT_NOW,
    "other": OTHER,
    "yes": YES,
    "gladly": GLADLY,
    "no_day": NO_DAY,
    "no": NO,
    "not_then": NOT_THEN,
    "except": EXCEPT,
    "day": DAY,
    "later": LATER,
    "too": TOO,
    "chat": CHAT,
    "if": IF,
}
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
YEAR = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
BENIGN = 3


def replies_in(file: Table) -> ReplyRules:
    spelling = Spelling(spelled(file), frozenset(listed(file, "weightless")), lambda _: None)
    lists = {name: listed(file.table("lists"), name) for name in file.table("lists").fields}
    families: list[str] = []
    phrases: list[tuple[int, Pattern]] = []
    for family, table in _tables(file):
        families.append(family)
        phrases += [(len(families) - 1, each) for _, each in owned([table], lists, spelling)]
    benign = {table.text("kind"): table.texts("lines", least=BENIGN) for table in file.tables("benign")}
    cool = {family.removeprefix(f"{COOL} ") for family in families if family.startswith(COOL)} | {"other"}
    if set(benign) != cool:
        raise file.fault("benign", f"have to be for {', '.join(sorted(cool))}")
    days = DayWords(_numbered(file, "days", WEEK, 0), _numbered(file, "months", YEAR, 1), _parts(file))
    return ReplyRules(Finder(phrases), families, spelling, days, benign)


def _tables(file: Table) -> Iterator[tuple[str, Table]]:
    for name, family in PLAIN.items():
        for table in file.tables(name):
            yield family, table
    for table in file.tables("stop"):
        yield (SURE if table.choice("sure") else UNSURE), table
    for table in file.tables("cool"):
        yield f"{COOL} {table.text('kind')}", table


def _numbered(file: Table, field: str, names: Sequence[str], first: int) -> Mapping[str, int]:
    table = file.table(field)
    return {word: number for number, name in enumerate(names, start=first) for word in listed(table, name)}


def _parts(file: Table) -> Mapping[str, str]:
    return {word: part for part in PARTS for word in listed(file.table("parts"), part)}
