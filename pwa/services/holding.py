"""Holding: what each date offered is in the calendar, from the offer to the answer. For use inside a transaction."""

from __future__ import annotations

from datetime import datetime

from pwa.services import stepping
from pwa.storage import options, rounds
from pwa.storage.invitations import Invitation

HELD = "reach_out.hold_the_dates"


def hold(invitation: Invitation, now: datetime) -> None:
    """All three, tentative, if they are to be held; what was held before and is not any more is cancelled."""
    for option in options.of_invitation(invitation.id):
        if invitation.with_holds:
            options.save_hold(option, options.TENTATIVE, now)
        elif option.hold is not None:
            options.save_hold(option, options.CANCELLED, now)
    round_ = rounds.current(invitation.parent_id)
    if HELD in stepping.tasks_of(round_):
        stepping.write(round_, HELD, done=invitation.with_holds, now=now, by=stepping.BY_APP)


def hold_again(invitation: Invitation, now: datetime) -> None:
    """After an answer was taken back: what is still to come is tentative once more."""
    for option in options.of_invitation(invitation.id):
        if option.hold is not None:
            is_ahead = invitation.with_holds and option.starts_at > now
            options.save_hold(option, options.TENTATIVE if is_ahead else options.CANCELLED, now)


def confirm(invitation: Invitation, number: int, now: datetime) -> None:
    """That one is agreed; the others are free again."""
    for option in options.of_invitation(invitation.id):
        if option.number == number:
            options.save_hold(option, options.CONFIRMED, now)
        elif option.hold is not None:
            options.save_hold(option, options.CANCELLED, now)


def release(invitation: Invitation, now: datetime) -> None:
    """None of them is needed any more."""
    for option in options.of_invitation(invitation.id):
        if option.hold is not None:
            options.save_hold(option, options.CANCELLED, now)


def close(invitation: Invitation, now: datetime) -> None:
    release(invitation, now)
    invitation.closed_at = invitation.closed_at or now
