"""Wording: a draft for each way of sending, and what the tone coach says of it, as pages and scripts are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pwa import content
from pwa.domain import dates, drafts, tone
from pwa.domain.drafts import Call, Matter
from pwa.storage import options
from pwa.storage.accounts import Account
from pwa.storage.invitations import Invitation
from pwa.storage.parents import Parent
from pwa.web import access, phrases

LONGEST_REVIEWED = 4_000


@dataclass(frozen=True)
class Drafted:
    """The same invitation for each way of sending."""

    text: str
    subject: str
    email: str
    call: Call


def link_of(invitation: Invitation) -> str:
    return f"{access.settings().base_url}/for/{invitation.token}"


def drafted(invitation: Invitation, account: Account, parent: Parent) -> Drafted:
    matter, pieces = matter_of(invitation, account, parent), content.drafts()
    warmth = invitation.warmth if invitation.warmth in pieces.warmths else "warm"
    seed = str(invitation.id)
    subject, body = drafts.email(pieces, warmth, matter, seed)
    return Drafted(drafts.text(pieces, warmth, matter, seed), subject, body, drafts.call(pieces, matter, seed))


def matter_of(invitation: Invitation, account: Account, parent: Parent) -> Matter:
    """What is written about; the dates as the parent's clocks show them."""
    zone = dates.zone(invitation.zone or account.zone)
    idea = content.catalogue().ideas.get(invitation.idea)
    offered = options.of_invitation(invitation.id)
    return Matter(
        name=parent.name or "",
        signature=account.signature or "",
        say=idea.say if idea else f"{invitation.title}?",
        title=invitation.title,
        dates=[told(one.starts_at, zone) for one in offered],
        short_dates=[briefly(one.starts_at, zone) for one in offered],
        link=link_of(invitation) if invitation.with_link else "",
    )


def told(at: datetime, zone: ZoneInfo) -> str:
    """ "Saturday 13 June at 11" """
    return f"{phrases.on_day(at, zone)} at {phrases.o_clock(at, zone)}"


def briefly(at: datetime, zone: ZoneInfo) -> str:
    """ "Sat 13 at 11" """
    shown = dates.local(at, zone)
    return f"{shown:%a} {shown.day} at {phrases.o_clock(at, zone)}"


def ways(words: str, subject: str) -> dict[str, str]:
    """Way of sending → the address that opens it with the words in it. Without a number or an address: the person picks."""
    return {
        "text": f"sms:?&body={quote(words)}",
        "email": f"mailto:?subject={quote(subject)}&body={quote(words)}",
    }


def reviewed(text: str) -> dict[str, Any]:
    """What the tone coach says, as a script is told: {"flags": [...], "missing": [...]}."""
    rules = content.tone()
    text = text[:LONGEST_REVIEWED]
    return {
        "flags": [_flag(flag, text) for flag in tone.review(text, rules)],
        "missing": [need.sentence for need in tone.missing(text, rules)] if text.strip() else [],
    }


CATEGORY_WORDS: Mapping[str, str] = {
    "blame": "blame",
    "guilt": "guilt",
    "pressure": "pressure",
    "passive_aggression": "a hidden barb",
    "criticism": "criticism",
    "ultimatum": "an ultimatum",
    "self_pity": "self-pity",
}


def _flag(flag: tone.Flag, text: str) -> dict[str, Any]:
    """`start` and `end` in UTF-16 units, as scripts count; `said` names the category in words."""
    return {
        "category": flag.category,
        "said": " or ".join(CATEGORY_WORDS[each] for each in (flag.category, *flag.also[:1])),
        "start": _units(text[: flag.start]),
        "end": _units(text[: flag.end]),
        "phrase": flag.phrase,
        "why": flag.why,
        "kinder": flag.kinder,
    }


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
