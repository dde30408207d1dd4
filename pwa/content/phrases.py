"""Phrases as data files have them: lists with commas, spellings, and lines of the small grammar of tone_patterns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pwa.content.files import Table
from pwa.domain.errors import Invalid
from pwa.domain.tone_patterns import Pattern, pattern
from pwa.domain.tone_words import Spelling


def owned(
    tables: Sequence[Table], lists: Mapping[str, Sequence[str]], spelling: Spelling
) -> Iterator[tuple[int, Pattern]]:
    """Each phrase, with the number of the table it stands in."""
    for number, table in enumerate(tables):
        for line in filter(str.strip, table.text("phrases").splitlines()):
            try:
                yield number, pattern(line, lists, spelling)
            except Invalid as fault:
                raise table.fault("phrases", f"has a line that can’t be read: {fault.sentence}") from fault


def spelled(file: Table) -> dict[str, tuple[str, ...]]:
    spelled = {}
    for each in listed(file, "spelling"):
        typed, colon, meant = each.partition(":")
        if not (colon and typed.strip() and meant.split()):
            raise file.fault("spelling", f"has what is no spelling: {each}")
        spelled[typed.strip()] = tuple(meant.split())
    return spelled


def listed(file: Table, field: str) -> tuple[str, ...]:
    """Words or phrases with commas between them."""
    phrases = tuple(" ".join(phrase.split()) for phrase in file.text(field).split(","))
    if not all(phrases):
        raise file.fault(field, "has a comma with nothing before or after it")
    return phrases
