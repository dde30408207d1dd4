"""Arranging: when nudges may come, where somebody lives by the clock, and how the app looks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pwa.domain import dates
from pwa.domain.quiet import QuietHours, hour_of_day
from pwa.services import finding, nudging
from pwa.storage import accounts, database, pauses, subscriptions


def choose_hour(account_id: UUID, hour: int, now: datetime) -> None:
    """The local hour at which nudges come."""
    hour_of_day(hour, "hour")
    with database.transaction(account_id):
        finding.account(account_id).nudge_hour = hour
        accounts.touch(account_id)
        nudging.replan(account_id, now)


def choose_quiet_hours(account_id: UUID, quiet: QuietHours, now: datetime) -> None:
    with database.transaction(account_id):
        account = finding.account(account_id)
        account.quiet_from_hour, account.quiet_until_hour = quiet.from_hour, quiet.until_hour
        accounts.touch(account_id)
        nudging.replan(account_id, now)


def choose_zone(account_id: UUID, zone: str, now: datetime) -> None:
    dates.zone(zone)
    with database.transaction(account_id):
        finding.account(account_id).zone = zone
        accounts.touch(account_id)
        nudging.replan(account_id, now)


def choose_theme(account_id: UUID, theme: str) -> None:
    """ "light", "dark", or "" for as the phone is."""
    with database.transaction(account_id):
        finding.account(account_id).theme = theme
        accounts.touch(account_id)


def show_names(session_id: UUID, *, shown: bool) -> None:
    """Whether this device's lock screen may name a parent."""
    session = finding.session(session_id)
    with database.transaction(session.account_id):
        for subscription in subscriptions.of_session(session_id):
            subscription.names_shown = shown
        accounts.touch(session.account_id)


def pause(account_id: UUID, now: datetime) -> None:
    """Silence for the whole account, until it is lifted."""
    with database.transaction(account_id):
        if pauses.find_pause(account_id, now) is None:
            pauses.add_pause(account_id, now, None)
        accounts.touch(account_id)
        nudging.replan(account_id, now)


def resume(account_id: UUID, now: datetime) -> None:
    with database.transaction(account_id):
        pause = pauses.find_pause(account_id, now)
        if pause is not None:
            pause.lifted_at = now
        accounts.touch(account_id)
        nudging.replan(account_id, now)
