"""Being in touch: contacts with a parent as they happen, by either side, and taking one back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pwa.domain import dates
from pwa.domain.errors import Invalid
from pwa.services import finding, nudging
from pwa.storage import accounts, database, moments

NOON = 12


@dataclass(frozen=True)
class Contact:
    """`kind` is one of storage's KINDS, `by` is "you" or "them", `on` the local date it happened."""

    kind: str
    by: str
    on: date
    note: str | None = None


def log(account_id: UUID, parent_id: UUID, contact: Contact, now: datetime) -> UUID:
    """Writes a contact down; from here the rhythm counts anew."""
    with database.transaction(account_id):
        parent = finding.parent(parent_id, account_id)
        happened_at = _instant(contact.on, finding.account(account_id).zone, now)
        moment = moments.add(parent.id, happened_at, contact.kind, contact.by, contact.note, None)
        accounts.touch(account_id)
        nudging.replan(account_id, now)
        return moment.id


def take_back(account_id: UUID, moment_id: UUID, now: datetime) -> None:
    with database.transaction(account_id):
        moments.delete(finding.moment(moment_id, account_id))
        accounts.touch(account_id)
        nudging.replan(account_id, now)


def _instant(on: date, zone_name: str, now: datetime) -> datetime:
    zone = dates.zone(zone_name)
    today = dates.local_date(now, zone)
    if on > today:
        raise Invalid("That day is still to come. Pick today or an earlier one.", "on")
    return now if on == today else dates.at_local(on, NOON, zone)
