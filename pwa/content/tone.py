"""tone.toml: what the tone coach listens for, made into the rules that it reads a draft with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import get_args

from pwa.content.files import Table
from pwa.content.phrases import listed, owned, spelled
from pwa.domain.tone import CATEGORIES, Need, Reach, Rule, ToneRules, Topic
from pwa.domain.tone_patterns import Finder
from pwa.domain.tone_words import Spelling
from pwa.domain.typos import mend

# Words shorter than this are not taken for slips of others.
SHORTEST_MEANT = 4
SINGLE = ("openers", "joints", "weak_joints", "subjects", "shouted", "warm")


def tone_in(file: Table, known: Collection[str]) -> ToneRules:
    """`known`: words that are never taken for a slip."""
    spelling = Spelling(
        spelled(file), frozenset(listed(file, "weightless")), lambda _: None, frozenset(listed(file, "participles"))
    )
    words = {name: frozenset(listed(file, name)) for name in SINGLE}
    lists = {name: listed(file.table("lists"), name) for name in file.table("lists").fields}
    rules = tuple(_rule(table) for table in file.tables("rules"))
    needs = tuple(Need(table.text("key"), table.text("sentence")) for table in file.tables("needs"))
    for table in file.tables("kind"):
        table.text("about")
    phrases = {name: list(owned(file.tables(name), lists, spelling)) for name in ("kind", "rules", "needs")}
    meant = {word for patterns in phrases.values() for _, each in patterns for word in each.words()}
    return ToneRules(
        rules=rules,
        topics=tuple(map(_topic, file.tables("topics"))),
        faulty=Finder(phrases["rules"]),
        kind=Finder(phrases["kind"]),
        shouting=_shouting(file, rules),
        spelling=replace(spelling, mend=_Mender(known, meant | set(spelling.written) | spelling.weightless)),
        needs=needs,
        met=Finder(phrases["needs"]),
        **words,
    )


class _Mender:
    """Mends a slip of the pen only towards the words that the rules know."""

    def __init__(self, known: Collection[str], meant: Collection[str]) -> None:
        self.meant = {word: word for word in meant if len(word) >= SHORTEST_MEANT and word.isalpha()}
        self.known = frozenset(known) | self.meant.keys()

    def __call__(self, word: str) -> str | None:
        return mend(word, self.known, self.meant, lambda word: word)


def _rule(table: Table) -> Rule:
    category, reach = table.text("category"), table.text_or_none("reach") or "clause"
    if category not in CATEGORIES:
        raise table.fault("category", f"is none of {', '.join(CATEGORIES)}")
    if reach not in get_args(Reach):
        raise table.fault("reach", f"is none of {', '.join(get_args(Reach))}")
    also = listed(table, "also") if "also" in table.fields else ()
    if not set(also) <= set(CATEGORIES) - {category}:
        raise table.fault("also", f"has one that is none of {', '.join(CATEGORIES)}, or the category itself")
    return Rule(category, table.text("why"), table.text("kinder"), reach, table.flag("shouting"), also)  # type: ignore[arg-type]


def _topic(table: Table) -> Topic:
    categories = frozenset(listed(table, "categories"))
    if not categories <= set(CATEGORIES):
        raise table.fault("categories", f"has one that is none of {', '.join(CATEGORIES)}")
    return Topic(frozenset(listed(table, "words")), categories, table.text("kinder"))


def _shouting(file: Table, rules: Sequence[Rule]) -> int:
    found = [number for number, rule in enumerate(rules) if rule.shouting]
    if len(found) != 1:
        raise file.fault("rules", "has to have one rule that is for shouting")
    return found[0]
