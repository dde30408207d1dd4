"""Offers: the form of three dates, from what is proposed to what is planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pwa.domain import dates
from pwa.domain.errors import Invalid
from pwa.domain.ideas import Idea
from pwa.domain.invitations import venue, venue_of
from pwa.domain.proposing import Option
from pwa.services.inviting import Plan
from pwa.storage.accounts import Account
from pwa.storage.parents import Parent

NUMBERS = (0, 1, 2)
MOST_TURNS = 50


@dataclass(frozen=True)
class Row:
    """One date as it stands in the form: its local `on` and `at`, and why it was proposed."""

    on: str
    at: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True)
class OfferForm:
    """`venue` is one of the rule's VENUES; `said` what speaks against it; times are of the parent's zone."""

    rows: tuple[Row, ...]
    venue: str
    place: str
    zone: str
    with_holds: bool
    said: tuple[str, ...] = ()

    def told(self, said: Sequence[str]) -> OfferForm:
        return replace(self, said=tuple(said))

    def plan(self, idea: Idea, account: Account, parent: Parent) -> Plan:
        """Raises Invalid for what cannot be a date."""
        zone = dates.zone(self.zone) if self.zone else zone_of(parent, account)
        spans = sorted(_span(row, zone, idea.minutes) for row in self.rows)
        apart = self.zone if self.zone and self.zone != account.zone else None
        return Plan(idea.key, idea.title, venue(self.venue), self.place or None, apart, spans, self.with_holds)


def form_of(proposed: Sequence[Option], account: Account, parent: Parent, idea: Idea) -> OfferForm:
    zone = zone_of(parent, account)
    rows = [_row(option, zone) for option in proposed]
    far = parent.distance == "long_way"
    return OfferForm(tuple(rows), venue_of(idea.settings, far=far), "", parent.zone or "", with_holds=True)


def read(sent: Mapping[str, str]) -> OfferForm:
    rows = [Row(sent.get(f"on_{number}", ""), sent.get(f"at_{number}", "")) for number in NUMBERS]
    return OfferForm(
        tuple(rows), sent.get("venue", ""), sent.get("place", "").strip(), sent.get("zone", ""), "with_holds" in sent
    )


def zone_of(parent: Parent, account: Account) -> ZoneInfo:
    """Whose clocks the dates are told by: the parent's."""
    return dates.zone(parent.zone or account.zone)


def turn_in(said: str | None) -> int:
    """How often other dates were asked for."""
    return min(int(said), MOST_TURNS) if said and said.isascii() and said.isdigit() and len(said) < 4 else 0


def _row(option: Option, zone: ZoneInfo) -> Row:
    shown = dates.local(option.starts_at, zone)
    return Row(f"{shown:%Y-%m-%d}", f"{shown:%H:%M}", option.starts_at, option.ends_at, option.why)


def _span(row: Row, zone: ZoneInfo, minutes: int) -> tuple[datetime, datetime]:
    try:
        on, at = date.fromisoformat(row.on), time.fromisoformat(row.at)
    except ValueError:
        raise Invalid("Each of the three needs a day and a time.", "dates") from None
    if at.tzinfo is not None:
        raise Invalid("Each of the three needs a day and a time.", "dates")
    start = dates.at_local(on, at.hour, zone, at.minute)
    return start, dates.later(start, timedelta(minutes=minutes))
