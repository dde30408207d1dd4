"""limits.toml: which words say what a parent cannot do, must not have or is too far away for."""

from __future__ import annotations

import re
from collections.abc import Collection

from pwa.content.files import Table
from pwa.domain.ideas import SETTINGS
from pwa.domain.limit_words import LimitRule
from pwa.domain.limits import Limits


def limits_in(file: Table, flags: Collection[str]) -> tuple[LimitRule, ...]:
    return tuple(_rule(table, flags) for table in file.tables("rules"))


def _rule(table: Table, flags: Collection[str]) -> LimitRule:
    when, aversion = _pattern(table, "when"), _pattern(table, "aversion")
    pattern = when or aversion
    if pattern is None or (when and aversion):
        raise table.fault("when", "or aversion has to be there, and only one of them")
    return LimitRule(
        pattern=pattern,
        aversion=when is None,
        unless=_pattern(table, "unless"),
        liked=table.flag("liked"),
        limits=Limits(
            max_mobility=_number(table, "mobility"),
            max_cost=_number(table, "cost"),
            max_minutes=_number(table, "minutes"),
            need=_known(table, "need", SETTINGS),
            mostly_remote=table.flag("mostly_remote"),
            avoid=_known(table, "avoid", flags),
        ),
    )


def _pattern(table: Table, field: str) -> re.Pattern[str] | None:
    written = table.fields.get(field)
    if written is None:
        return None
    if not isinstance(written, str):
        raise table.fault(field, "is not a text")
    try:
        return re.compile(written, re.MULTILINE)
    except re.error as fault:
        raise table.fault(field, f"is no pattern: {fault}") from fault


def _number(table: Table, field: str) -> int | None:
    return table.number(field) if field in table.fields else None


def _known(table: Table, field: str, known: Collection[str]) -> frozenset[str]:
    said = table.texts(field) if field in table.fields else ()
    for each in said:
        if each not in known:
            raise table.fault(field, f"has what is not known: {each}")
    return frozenset(said)
