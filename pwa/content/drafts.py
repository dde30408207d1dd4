"""drafts.toml: the pieces of which messages to a parent are made."""

from __future__ import annotations

import re

from pwa.content.files import Table, keyed
from pwa.domain.drafts import FOLLOW_UPS, Pieces, Warmth

_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_KNOWN = {"name", "say", "dates", "link", "title"}


def drafts_in(file: Table) -> Pieces:
    warmths = keyed(file, "warmths", _warmth, lambda warmth: warmth.key)
    follow_ups = {table.number("number"): _texts(table, "texts") for table in file.tables("follow_ups")}
    if tuple(sorted(follow_ups)) != FOLLOW_UPS:
        raise file.fault("follow_ups", "are not numbered 1, 2, 3")
    return Pieces(
        warmths={warmth.key: warmth for warmth in warmths.values()},
        links=_texts(file.table("link"), "texts"),
        call_openings=_texts(file.table("call"), "opening"),
        call_points=_texts(file.table("call"), "points"),
        subjects=_texts(file.table("email"), "subjects"),
        email_offers=_texts(file.table("email"), "offers"),
        follow_ups=follow_ups,
        notes=tuple(text for table in file.tables("notes") for text in _texts(table, "texts")),
    )


def _warmth(table: Table) -> Warmth:
    return Warmth(
        key=table.text("key"),
        label=table.text("label"),
        greetings=_texts(table, "greetings"),
        openings=_texts(table, "openings"),
        offers=_texts(table, "offers"),
        outs=_texts(table, "outs"),
        endings=_texts(table, "endings"),
    )


def _texts(table: Table, field: str) -> tuple[str, ...]:
    """Texts whose braces are all ones that a draft fills."""
    given = table.raw_texts(field)
    for text in given:
        strange = set(_PLACEHOLDER.findall(text)) - _KNOWN
        if strange or text.count("{") != len(_PLACEHOLDER.findall(text)):
            raise table.fault(field, f"holds what no draft can fill: {text}")
    return given
