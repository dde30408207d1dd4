"""Drafts: the words for an invitation, its follow-ups and a note, put together in the person's voice. Never sent by us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

LONGEST_TEXT = 320
FOLLOW_UPS = (1, 2, 3)


@dataclass(frozen=True)
class Warmth:
    """Pieces of one tone of voice; each tuple holds ways to say the same."""

    key: str
    label: str
    greetings: tuple[str, ...]
    openings: tuple[str, ...]
    offers: tuple[str, ...]
    outs: tuple[str, ...]
    endings: tuple[str, ...]


@dataclass(frozen=True)
class Pieces:
    """All that drafts are made of. `follow_ups`: number → ways to say it."""

    warmths: dict[str, Warmth]
    links: tuple[str, ...]
    call_openings: tuple[str, ...]
    call_points: tuple[str, ...]
    subjects: tuple[str, ...]
    email_offers: tuple[str, ...]
    follow_ups: dict[int, tuple[str, ...]]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What is written about. `dates` and `short_dates`: the same days, told at length and in few letters.

    `link` is empty where none is to be sent. `signature`: how the person signs, empty where it is not known.
    """

    name: str
    signature: str
    say: str
    title: str
    dates: Sequence[str]
    short_dates: Sequence[str]
    link: str = ""


@dataclass(frozen=True)
class Call:
    opening: str
    points: tuple[str, ...]


def text(pieces: Pieces, warmth: str, matter: Matter, seed: str) -> str:
    """A text of at most LONGEST_TEXT letters, link and all: what is least needed goes first.

    The same for the same `seed`, which is what makes one invitation differ from the next.
    """
    parts = _parts(pieces, warmth, seed)
    link = _fill(_pick(pieces.links, seed, "link"), matter, matter.dates) if matter.link else ""
    tries = (
        ((parts.greeting, parts.opening, "{say}", parts.offer, parts.out), matter.dates),
        ((parts.greeting, parts.opening, "{say}", parts.offer, parts.out), matter.short_dates),
        ((parts.greeting, "{say}", parts.offer, parts.out), matter.short_dates),
        ((parts.greeting, parts.offer, parts.out), matter.short_dates),
        ((parts.offer, parts.out), matter.short_dates),
    )
    made = ""
    for kept, dates in tries:
        made = _joined([*(_fill(part, matter, dates) for part in kept), link, matter.signature])
        if len(made) <= LONGEST_TEXT:
            break
    return made


def email(pieces: Pieces, warmth: str, matter: Matter, seed: str) -> tuple[str, str]:
    """Subject and body."""
    parts = _parts(pieces, warmth, seed)
    subject = _fill(_pick(pieces.subjects, seed, "subject"), matter, matter.dates)
    link = _fill(_pick(pieces.links, seed, "link"), matter, matter.dates) if matter.link else ""
    days = "\n".join(f"– {each}" for each in matter.dates)
    offer = _pick(pieces.email_offers, seed, "offer")
    first = _joined([_fill(parts.opening, matter, ()), _fill("{say}", matter, ())])
    blocks = (
        _fill(parts.greeting, matter, ()),
        _sentence(first),
        f"{offer}\n{days}",
        _joined([parts.out, link]),
        _joined([parts.ending]),
        matter.signature,
    )
    return subject, "\n\n".join(block for block in blocks if block)


def call(pieces: Pieces, matter: Matter, seed: str) -> Call:
    """How to begin, and three things to say."""
    opening = _fill(_pick(pieces.call_openings, seed, "call"), matter, matter.dates)
    return Call(opening, tuple(_fill(point, matter, matter.dates) for point in pieces.call_points))


def follow_up(pieces: Pieces, number: int, matter: Matter, seed: str) -> str:
    """The kind line of that number (1 to 3); each differs from the one before, and the third offers another way."""
    said = _fill(_pick(pieces.follow_ups[number], seed, "follow-up"), matter, matter.short_dates)
    return _joined([said, matter.link, matter.signature])


def note(pieces: Pieces, matter: Matter, seed: str) -> str:
    """A line that asks for nothing, so it carries no link and no dates."""
    return _joined([_fill(_pick(pieces.notes, seed, "note"), matter, ()), matter.signature])


@dataclass(frozen=True)
class _Parts:
    greeting: str
    opening: str
    offer: str
    out: str
    ending: str


def _parts(pieces: Pieces, warmth: str, seed: str) -> _Parts:
    known = pieces.warmths[warmth]
    return _Parts(
        greeting=_pick(known.greetings, seed, "greeting"),
        opening=_pick(known.openings, seed, "opening"),
        offer=_pick(known.offers, seed, "offer"),
        out=_pick(known.outs, seed, "out"),
        ending=_pick(known.endings, seed, "ending"),
    )


def _pick(ways: Sequence[str], seed: str, what: str) -> str:
    lot = blake2b(f"{what} {seed}".encode(), digest_size=4).digest()
    return ways[int.from_bytes(lot, "big") % len(ways)]


def _fill(piece: str, matter: Matter, dates: Sequence[str]) -> str:
    """In one pass, so that nothing in a name is ever taken for a placeholder."""
    told = {
        "{name}": matter.name,
        "{say}": matter.say,
        "{title}": matter.title,
        "{link}": matter.link,
        "{dates}": _listed(dates),
    }
    if not matter.name:
        piece = piece.replace("Dear {name}", "Hello").replace(" {name}", "").replace("{name}, ", "")
    made, at = [], 0
    while at < len(piece):
        key = next((key for key in told if piece.startswith(key, at)), None)
        made.append(told[key] if key else piece[at])
        at += len(key) if key else 1
    return "".join(made)


def _listed(dates: Sequence[str]) -> str:
    """ "a, b or c" """
    return " or ".join(part for part in (", ".join(dates[:-1]), *dates[-1:]) if part)


def _joined(parts: Sequence[str]) -> str:
    """As sentences. What follows a greeting's comma goes on in the line if it begins small, else on the next."""
    made = ""
    for part in parts:
        if part and made.endswith(","):
            made += f" {part}" if part[0].islower() else f"\n{part}"
        elif part:
            begins = part if part.startswith("http") else _sentence(part)
            made = f"{made} {begins}" if made else begins
    return made


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
