"""Publishing: the calendar of an account, for those who subscribe to it or take a file of it; and the feed's address."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from pwa.calendars.writing import CANCELLED, CONFIRMED, TENTATIVE, Event, write
from pwa.domain.errors import NotThere
from pwa.domain.nudges import USEFULNESS
from pwa.services import finding
from pwa.storage import accounts, database, feeds, nudges, options
from pwa.storage.feeds import Feed
from pwa.storage.invitations import Invitation
from pwa.storage.options import Option
from pwa.storage.parents import Parent

NAME = "Rekindle"
SUMMARY, MAYBE = "Time together", "Time together, perhaps"
NUDGE, NUDGE_LASTS = "A small thing for today", timedelta(minutes=15)
STATUS = {options.TENTATIVE: TENTATIVE, options.CONFIRMED: CONFIRMED, options.CANCELLED: CANCELLED}
# Past events stay in the feed for a while, so that a calendar that looks seldom still learns what became of them.
KEPT = timedelta(days=60)
REMINDERS = (timedelta(days=1), timedelta(hours=2))


def make_feed(account_id: UUID, now: datetime) -> None:
    """A fresh address. Whoever had the one before sees nothing new from here on."""
    with database.transaction(account_id):
        feeds.save(account_id, now)
        accounts.touch(account_id)


def forget_feed(account_id: UUID) -> None:
    with database.transaction(account_id):
        feed = feeds.get(account_id)
        if feed is not None:
            feeds.delete(feed)
        accounts.touch(account_id)


def choose(account_id: UUID, *, named: bool, alarms: bool) -> None:
    """Whether the events say whom they are about, and whether nudge times stand among them."""
    with database.transaction(account_id):
        feed = feeds.get(account_id)
        if feed is None:
            raise NotThere
        feed.named, feed.alarms = named, alarms
        accounts.touch(account_id)


def feed(known: Feed, now: datetime) -> bytes:
    """All that is held, and the nudges to come if they are wanted: the same bytes until something changes."""
    held = options.held_of_account(known.account_id, _midnight(now - KEPT))
    events = [event_of(option, invitation, parent if known.named else None) for option, invitation, parent in held]
    if known.alarms:
        due = [nudge for nudge in nudges.open_of_account(known.account_id) if nudge.kind in USEFULNESS]
        events += [_reminder(nudge) for nudge in due]
    return write(events, NAME, is_feed=True)


def holds(invitation: Invitation, account_id: UUID) -> bytes:
    """The dates of one invitation as a file, by name: whoever takes it asked for it."""
    parent = finding.parent(invitation.parent_id, account_id)
    held = [option for option in options.of_invitation(invitation.id) if option.hold is not None]
    return write([event_of(option, invitation, parent) for option in held])


def agreed(option: Option, invitation: Invitation, signature: str | None) -> bytes:
    """The day that was set, for the parent's own calendar."""
    summary = f"{invitation.title} with {signature}" if signature else invitation.title
    return write([_event(option, summary, invitation.place or "", CONFIRMED)])


def event_of(option: Option, invitation: Invitation, named: Parent | None) -> Event:
    """`named`: whom the event may name; None for neutral words."""
    status = STATUS[option.hold or options.TENTATIVE]
    if named is None:
        return _event(option, MAYBE if status == TENTATIVE else SUMMARY, "", status)
    summary = f"{invitation.title} with {named.name}" if named.name else invitation.title
    return _event(option, f"{summary}, perhaps" if status == TENTATIVE else summary, invitation.place or "", status)


def elsewhere(option: Option, invitation: Invitation, parent: Parent) -> dict[str, str]:
    """Where an event can be added by hand: the name of a calendar → an address that opens it filled in."""
    event = event_of(option, invitation, parent)
    start, end = (f"{at:%Y%m%dT%H%M%SZ}" for at in (event.starts_at, event.ends_at))
    google = {"action": "TEMPLATE", "text": event.summary, "dates": f"{start}/{end}", "location": event.place}
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": event.summary,
        "startdt": event.starts_at.isoformat(),
        "enddt": event.ends_at.isoformat(),
        "location": event.place,
    }
    return {
        "Google": f"https://calendar.google.com/calendar/render?{urlencode(google)}",
        "Outlook": f"https://outlook.live.com/calendar/0/deeplink/compose?{urlencode(outlook)}",
    }


def _event(option: Option, summary: str, place: str, status: str) -> Event:
    return Event(
        uid=f"{option.id}@rekindle",
        starts_at=option.starts_at,
        ends_at=option.ends_at,
        summary=summary,
        changed_at=option.changed_at,
        status=status,
        sequence=option.sequence,
        place=place,
        alarms=REMINDERS if status == CONFIRMED else (),
    )


def _reminder(nudge: nudges.Nudge) -> Event:
    return Event(
        uid=f"{nudge.id}@rekindle",
        starts_at=nudge.due_at,
        ends_at=nudge.due_at + NUDGE_LASTS,
        summary=NUDGE,
        changed_at=nudge.due_at,
        takes_time=False,
        alarms=(timedelta(0),),
    )


def _midnight(at: datetime) -> datetime:
    """So that a feed does not change from one minute to the next."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
