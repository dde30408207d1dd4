"""Planning: the facts about one parent that the rules of `domain.nudges` ask for, and the rows of what is due next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from pwa.domain import dates
from pwa.domain.nudges import USEFULNESS, Due, Facts, Kind, Planning, next_due, precedence
from pwa.domain.quiet import QuietHours
from pwa.domain.steps import CONTACT_TASKS, GOOD_THING_KEPT, INVITED, QUESTIONS_PICKED
from pwa.services import reckoning
from pwa.storage import accounts, answers, deliveries, moments, nudges, parents, pauses, rounds, ticks
from pwa.storage.accounts import Account
from pwa.storage.nudges import Nudge
from pwa.storage.parents import Parent

_OF_ONE_DAY = (Kind.GET_READY, Kind.LOOK_BACK)
_ON_ITS_WAY = (deliveries.SENDING, deliveries.ACCEPTED, deliveries.SHOWN)


def replan(account_id: UUID, now: datetime) -> None:
    """Brings the scheduled nudges of the account's parents in line with the facts. Idempotent.

    Call it inside the transaction that changed the facts.
    """
    account = accounts.get(account_id)
    if account is None:
        return
    waiting = nudges.open_of_account(account_id)
    for parent in parents.of_account(account_id):
        due = next_due(planning_of(account, parent, now), now)
        _bring_in_line(parent, due, [nudge for nudge in waiting if nudge.parent_id == parent.id], now)


def schedule(parent: Parent, due: Due, reason: str = "") -> None:
    """Writes one occurrence down, unless it is there already. One that was cancelled is taken up again."""
    for known in nudges.of_parent(parent.id, due.kind.value):
        if known.local_on == due.local_on:
            if known.state == nudges.CANCELLED:
                known.state, known.settled_at, known.reason = nudges.SCHEDULED, None, reason
            if known.state == nudges.SCHEDULED:
                known.due_at, known.useful_until = due.due_at, due.useful_until
            return
    nudges.add(
        Nudge(
            account_id=parent.account_id,
            parent_id=parent.id,
            kind=due.kind.value,
            local_on=due.local_on,
            due_at=due.due_at,
            useful_until=due.useful_until,
            reason=reason,
        )
    )


def facts_of(nudge: Nudge, account: Account, parent: Parent | None, now: datetime) -> Facts:
    """What `decide` asks for, about a nudge that has fallen due."""
    planning = planning_of(account, parent, now, but=nudge) if parent else _of_account(account, now)
    today = dates.local_date(now, planning.zone)
    midnight = dates.at_local(today, 0, planning.zone)
    others = [other for other in nudges.open_of_account(account.id) if other is not nudge and _counts(other)]
    begun = any(other.attempt and _went_out(other) for other in others if other.local_on == today)
    return Facts(
        **vars(planning),
        kind=Kind(nudge.kind),
        local_on=nudge.local_on,
        due_at=nudge.due_at,
        useful_until=nudge.useful_until,
        sent_today=begun or any(_counts(sent) for sent in nudges.sent_since(account.id, midnight)),
        more_useful_due_today=_counts(nudge)
        and any(_before(other, nudge) for other in others if other.local_on == today),
        taken_back=nudge.kind == Kind.SHE_REPLIED and answered(nudge) is None,
    )


def answered(nudge: Nudge) -> Parent | None:
    """Whose answer the nudge tells of; None for another kind, and for an answer that was taken back."""
    return answers.find_parent(nudge.answer_id) if nudge.answer_id else None


def planning_of(account: Account, parent: Parent, now: datetime, but: Nudge | None = None) -> Planning:
    """What `next_due` asks for. `but`: the nudge being decided, which must not count as sent before itself."""
    pause = pauses.find_pause(account.id, now)
    snooze = pauses.find_snooze(parent.id)
    earlier = [nudge for nudge in nudges.of_parent(parent.id) if nudge is not but]
    sent = [nudge for nudge in earlier if _is_sent(nudge)]
    zone = dates.zone(account.zone)
    planning = Planning(
        zone=zone,
        hour=account.nudge_hour,
        quiet=QuietHours(account.quiet_from_hour, account.quiet_until_hour),
        set_up_at=parent.created_at,
        last_sent=_last_sent(sent + [nudge for nudge in earlier if nudge.state == nudges.NO_DEVICE]),
        begins_sent=sum(nudge.kind == Kind.BEGIN for nudge in sent),
        reached_out_at=ticks.last_done_at(parent.id, (INVITED,)),
        last_contact_at=last_contact_at(parent.id),
        rhythm_days=parent.rhythm_days,
        snoozed_until=snooze.until_on if snooze else None,
        paused=pause is not None,
        paused_until=pause.until_at if pause else None,
        stopped=pauses.find_stop(parent.id) is not None,
        events=reckoning.events_of(parent.id, zone),
        most_follow_ups=parent.most_follow_ups,
    )
    has_meetings = any(event.meeting for event in planning.events)
    return _with_meetings(planning, parent.id) if has_meetings else planning


def last_contact_at(parent_id: UUID) -> datetime | None:
    """The newest contact of any kind: one written down, or one that a tick tells of."""
    return _newest(moments.last_contact_at(parent_id), ticks.last_done_at(parent_id, CONTACT_TASKS))


def _with_meetings(planning: Planning, parent_id: UUID) -> Planning:
    picked = ticks.find(rounds.current(parent_id).id, QUESTIONS_PICKED)
    called_at = moments.last_contact_at(parent_id, "call")
    return replace(
        planning,
        ready_at=picked.changed_at if picked is not None and picked.done else None,
        visited_at=moments.last_contact_at(parent_id, "visit"),
        looked_back_at=_newest(called_at, ticks.last_done_at(parent_id, (GOOD_THING_KEPT,))),
    )


def _newest(*known: datetime | None) -> datetime | None:
    return max((at for at in known if at is not None), default=None)


def _of_account(account: Account, now: datetime) -> Planning:
    """For a nudge that no rule about a parent decides on: a test, an answer."""
    return Planning(
        zone=dates.zone(account.zone),
        hour=account.nudge_hour,
        quiet=QuietHours(account.quiet_from_hour, account.quiet_until_hour),
        set_up_at=account.created_at,
        last_sent={},
        paused=pauses.find_pause(account.id, now) is not None,
    )


def _bring_in_line(parent: Parent, due: Due | None, waiting: list[Nudge], now: datetime) -> None:
    fresh = [nudge for nudge in waiting if _may_be_replaced(nudge, now)]
    wanted = (due.kind, due.local_on) if due else None
    stale = [nudge.id for nudge in fresh if (nudge.kind, nudge.local_on) != wanted]
    if stale:
        nudges.cancel(stale, now, "replanned")
    # One that is due, being sent or put off plans the next itself when it ends: too late for what has its own day.
    if due is not None and (len(fresh) == len(waiting) or due.kind in _OF_ONE_DAY):
        schedule(parent, due)


def _may_be_replaced(nudge: Nudge, now: datetime) -> bool:
    return nudge.state == nudges.SCHEDULED and not nudge.reason and nudge.due_at > now


def _last_sent(sent: list[Nudge]) -> dict[Kind, datetime]:
    newest: dict[Kind, datetime] = {}
    for nudge in sent:
        kind, at = Kind(nudge.kind), nudge.settled_at or nudge.due_at
        newest[kind] = max(at, newest.get(kind, at))
    return newest


def _counts(nudge: Nudge) -> bool:
    """Whether it is one of those of which a day has at most one."""
    return nudge.kind in USEFULNESS


def _is_sent(nudge: Nudge) -> bool:
    still_trying = nudge.state in (nudges.SCHEDULED, nudges.LEASED) and nudge.attempt > 0
    return nudge.state == nudges.SENT or (still_trying and _went_out(nudge))


def _went_out(nudge: Nudge) -> bool:
    return any(delivery.state in _ON_ITS_WAY for delivery in deliveries.of_nudge(nudge.id))


def _before(other: Nudge, nudge: Nudge) -> bool:
    order = [precedence(Kind(one.kind), one.due_at, str(one.id)) for one in (other, nudge)]
    return order[0] < order[1]
