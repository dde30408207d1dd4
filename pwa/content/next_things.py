"""next_things.toml: the card on the hearthstone, one text for each key of the rule, and spans of days in words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pwa.content.files import Table, keyed
from pwa.domain.next_thing import KEYS

AGAIN = ".again"


@dataclass(frozen=True)
class NextThingText:
    """`body_timed` is None or holds {span}; the two href keys say where the lit and the quiet button lead."""

    key: str
    eyebrow: str
    icon: str
    title: str
    body: str
    body_timed: str | None
    act: str
    act_href_key: str
    later: str | None
    later_href_key: str | None


@dataclass(frozen=True)
class NextThings:
    """`spans`: (up to so many days, the words for it), rising."""

    texts: dict[str, NextThingText]
    spans: tuple[tuple[int, str], ...]

    def text(self, key: str, round_number: int, days: int | None) -> NextThingText:
        again = self.texts.get(key + AGAIN) if round_number > 1 else None
        text = again or self.texts[key]
        if text.body_timed is None or days is None:
            return text
        return replace(text, body=text.body_timed.replace("{span}", self.span(days)))

    def span(self, days: int) -> str:
        return next((words for up_to, words in self.spans if days <= up_to), self.spans[-1][1])


def next_things_in(file: Table) -> NextThings:
    rows = keyed(file, "next_things", _text, lambda text: text.key)
    texts = {text.key: text for text in rows.values()}
    missing = [key for key in KEYS if key not in texts]
    if missing:
        raise file.fault("next_things", f"say nothing for {', '.join(missing)}")
    spans = tuple((row.number("up_to"), row.text("text")) for row in file.tables("spans"))
    if list(spans) != sorted(spans):
        raise file.fault("spans", "do not rise")
    return NextThings(texts, spans)


def _text(table: Table) -> NextThingText:
    return NextThingText(
        key=table.text("key"),
        eyebrow=table.text("eyebrow"),
        icon=table.text("icon"),
        title=table.text("title"),
        body=table.text("body"),
        body_timed=table.text_or_none("body_timed", beside=["span"]),
        act=table.text("act"),
        act_href_key=table.text("act_href_key"),
        later=table.text_or_none("later"),
        later_href_key=table.text_or_none("later_href_key"),
    )
