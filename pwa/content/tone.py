"""tone.toml: what the tone coach listens for, made into the rules that it reads a draft with."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import get_args

from pwa.content.files import Table
from pwa.domain.errors import Invalid
from pwa.domain.tone import CATEGORIES, Need, Reach, Rule, ToneRules
from pwa.domain.tone_patterns import Finder, Pattern, pattern
from pwa.domain.tone_words import Spelling
from pwa.domain.typos import mend

# Words shorter than this are not taken for slips of others.
SHORTEST_MEANT = 4
SINGLE = ("openers", "joints", "weak_joints", "subjects", "shouted", "warm")


def tone_in(file: Table, known: Collection[str]) -> ToneRules:
    """`known`: words that are never taken for a slip."""
    written = {typed: tuple(file.table("spelling").text(typed).split()) for typed in file.table("spelling").fields}
    words = {name: frozenset(_listed(file, name)) for name in SINGLE}
    weightless = frozenset(_listed(file, "weightless"))
    spelling = Spelling(written, weightless, lambda _: None)
    lists = {name: file.table("lists").texts(name) for name in file.table("lists").fields}
    kind = [(0, each) for table in file.tables("kind") for each in _phrases(table, lists, spelling)]
    rules, faulty = [], []
    for number, table in enumerate(file.tables("rules")):
        rules.append(_rule(table))
        faulty += [(number, each) for each in _phrases(table, lists, spelling)]
    needs, met = [], []
    for number, table in enumerate(file.tables("needs")):
        needs.append(Need(table.text("key"), table.text("sentence")))
        met += [(number, each) for each in _phrases(table, lists, spelling)]
    meant = {word for _, each in (*kind, *faulty, *met) for word in each.words()} | set(written)
    return ToneRules(
        rules=tuple(rules),
        faulty=Finder(faulty),
        kind=Finder(kind),
        shouting=_shouting(file, rules),
        spelling=Spelling(written, weightless, _Mender(known, meant | weightless)),
        needs=tuple(needs),
        met=Finder(met),
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


def _shouting(file: Table, rules: list[Rule]) -> int:
    found = [number for number, rule in enumerate(rules) if rule.shouting]
    if len(found) != 1:
        raise file.fault("rules", "has to have one rule that is for shouting")
    return found[0]


def _phrases(table: Table, lists: dict[str, tuple[str, ...]], spelling: Spelling) -> Iterator[Pattern]:
    for line in table.text("phrases").splitlines():
        if line.strip():
            try:
                yield pattern(line, lists, spelling)
            except Invalid as fault:
                raise table.fault("phrases", f"has a line that can’t be read: {fault.sentence}") from fault


def _listed(file: Table, field: str) -> tuple[str, ...]:
    """Words with commas between them."""
    words = tuple(word.strip() for word in file.text(field).split(","))
    if not all(words):
        raise file.fault(field, "has a comma with nothing before or after it")
    return words
