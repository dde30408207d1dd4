"""tone.toml: what the tone coach listens for, made into the rules that it reads a draft with."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import get_args

from pwa.content.files import Table
from pwa.domain.errors import Invalid
from pwa.domain.tone import CATEGORIES, Need, Reach, Rule, ToneRules, Topic
from pwa.domain.tone_patterns import Finder, Pattern, pattern
from pwa.domain.tone_words import Spelling
from pwa.domain.typos import mend

# Words shorter than this are not taken for slips of others.
SHORTEST_MEANT = 4
SINGLE = ("openers", "joints", "weak_joints", "subjects", "shouted", "warm")


def tone_in(file: Table, known: Collection[str]) -> ToneRules:
    """`known`: words that are never taken for a slip."""
    spelling = Spelling(_spelled(file), frozenset(_listed(file, "weightless")), lambda _: None)
    words = {name: frozenset(_listed(file, name)) for name in SINGLE}
    lists = {name: _listed(file.table("lists"), name) for name in file.table("lists").fields}
    rules = tuple(_rule(table) for table in file.tables("rules"))
    needs = tuple(Need(table.text("key"), table.text("sentence")) for table in file.tables("needs"))
    for table in file.tables("kind"):
        table.text("about")
    owned = {name: list(_owned(file.tables(name), lists, spelling)) for name in ("kind", "rules", "needs")}
    meant = {word for patterns in owned.values() for _, each in patterns for word in each.words()}
    return ToneRules(
        rules=rules,
        topics=tuple(map(_topic, file.tables("topics"))),
        faulty=Finder(owned["rules"]),
        kind=Finder(owned["kind"]),
        shouting=_shouting(file, rules),
        spelling=replace(spelling, mend=_Mender(known, meant | set(spelling.written) | spelling.weightless)),
        needs=needs,
        met=Finder(owned["needs"]),
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
    return Rule(category, table.text("why"), table.text("kinder"), reach, table.flag("shouting"))  # type: ignore[arg-type]


def _topic(table: Table) -> Topic:
    categories = frozenset(_listed(table, "categories"))
    if not categories <= set(CATEGORIES):
        raise table.fault("categories", f"has one that is none of {', '.join(CATEGORIES)}")
    return Topic(frozenset(_listed(table, "words")), categories, table.text("kinder"))


def _shouting(file: Table, rules: Sequence[Rule]) -> int:
    found = [number for number, rule in enumerate(rules) if rule.shouting]
    if len(found) != 1:
        raise file.fault("rules", "has to have one rule that is for shouting")
    return found[0]


def _owned(
    tables: Sequence[Table], lists: Mapping[str, Sequence[str]], spelling: Spelling
) -> Iterator[tuple[int, Pattern]]:
    """Each phrase, with the number of the table it stands in."""
    for number, table in enumerate(tables):
        for line in filter(str.strip, table.text("phrases").splitlines()):
            try:
                yield number, pattern(line, lists, spelling)
            except Invalid as fault:
                raise table.fault("phrases", f"has a line that can’t be read: {fault.sentence}") from fault


def _spelled(file: Table) -> dict[str, tuple[str, ...]]:
    spelled = {}
    for each in _listed(file, "spelling"):
        typed, colon, meant = each.partition(":")
        if not (colon and typed.strip() and meant.split()):
            raise file.fault("spelling", f"has what is no spelling: {each}")
        spelled[typed.strip()] = tuple(meant.split())
    return spelled


def _listed(file: Table, field: str) -> tuple[str, ...]:
    """Words or phrases with commas between them."""
    phrases = tuple(" ".join(phrase.split()) for phrase in file.text(field).split(","))
    if not all(phrases):
        raise file.fault(field, "has a comma with nothing before or after it")
    return phrases
