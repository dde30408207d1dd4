"""Gathering: all that the rules ask for about some accounts, in one query each, however many accounts they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from pwa.domain import dates
from pwa.domain.nudges import USEFULNESS, Kind, Planning
from pwa.domain.persistence import Event
from pwa.domain.quiet import QuietHours
from pwa.domain.steps import CONTACT_TASKS, GOOD_THING_KEPT, INVITED, QUESTIONS_PICKED, TickState
from pwa.services import reckoning
from pwa.services.reckoning import Records
from pwa.storage import accounts, deliveries, nudges, parents, pauses, ticks
from pwa.storage.accounts import Clockwork
from pwa.storage.deliveries import Passage
from pwa.storage.nudges import Occurrence, Past
from pwa.storage.parents import Tie
from pwa.storage.pauses import Pause, Snooze

R = TypeVar("R", Occurrence, Past)
_TASKS = frozenset((*CONTACT_TASKS, *reckoning.KINDS, QUESTIONS_PICKED, GOOD_THING_KEPT))
_ON_ITS_WAY = (deliveries.SENDING, deliveries.ACCEPTED, deliveries.SHOWN)


@dataclass(frozen=True)
class Gathered:
    """As it stands in the database now. `deliveries` are those of nudges that are being tried.

    `done`: of each parent, task → when it was last done, in any round; `ready_at`: when the questions to bring were
    picked, in the round that is open; `contacts`: kind of moment → the newest.
    """

    accounts: Mapping[UUID, Clockwork]
    parents: Mapping[UUID, Tie]
    zones: Mapping[UUID, ZoneInfo]
    pauses: Mapping[UUID, Pause]
    snoozes: Mapping[UUID, Snooze]
    stopped: Collection[UUID]
    open: Mapping[UUID, list[Occurrence]]
    past: Mapping[UUID, list[Past]]
    deliveries: Mapping[UUID, list[Passage]]
    events: Mapping[UUID, list[Event]]
    done: Mapping[UUID, Mapping[str, datetime]]
    ready_at: Mapping[UUID, datetime]
    contacts: Mapping[UUID, Mapping[str, datetime]]

    def planning_of(self, parent: Tie, but: Occurrence | None = None) -> Planning:
        """What `next_due` asks for. `but`: the nudge being decided, which must not count as sent before itself."""
        account, pause = self.accounts[parent.account_id], self.pauses.get(parent.account_id)
        snooze = self.snoozes.get(parent.id)
        past = [past for past in self.past.get(account.id, ()) if past.parent_id == parent.id]
        out = [
            nudge
            for nudge in self.open.get(account.id, ())
            if nudge.parent_id == parent.id and not (but and nudge.id == but.id) and self.is_under_way(nudge)
        ]
        done, contacts = self.done.get(parent.id, {}), self.contacts.get(parent.id, {})
        return Planning(
            zone=self.zones[account.id],
            hour=account.nudge_hour,
            quiet=QuietHours(account.quiet_from_hour, account.quiet_until_hour),
            set_up_at=parent.created_at,
            last_sent=_last_sent(past, out),
            begins_sent=sum(each.count for each in past if (each.kind, each.state) == (Kind.BEGIN, nudges.SENT))
            + sum(nudge.kind == Kind.BEGIN for nudge in out),
            reached_out_at=done.get(INVITED),
            last_contact_at=newest(*contacts.values(), *(done.get(task) for task in CONTACT_TASKS)),
            ready_at=self.ready_at.get(parent.id),
            visited_at=contacts.get("visit"),
            looked_back_at=newest(contacts.get("call"), done.get(GOOD_THING_KEPT)),
            rhythm_days=parent.rhythm_days,
            snoozed_until=snooze.until_on if snooze else None,
            paused=pause is not None,
            paused_until=pause.until_at if pause else None,
            stopped=parent.id in self.stopped,
            events=self.events[parent.id],
            most_follow_ups=parent.most_follow_ups,
        )

    def of_account(self, account_id: UUID) -> Planning:
        """For a nudge that no rule about a parent decides on: a test, an answer."""
        account = self.accounts[account_id]
        return Planning(
            zone=self.zones[account_id],
            hour=account.nudge_hour,
            quiet=QuietHours(account.quiet_from_hour, account.quiet_until_hour),
            set_up_at=account.created_at,
            last_sent={},
            paused=account_id in self.pauses,
        )

    def is_under_way(self, nudge: Occurrence) -> bool:
        """Whether a device may have got it already, though it has not ended."""
        return bool(nudge.attempt) and any(each.state in _ON_ITS_WAY for each in self.deliveries.get(nudge.id, ()))

    def last_sent_at(self, account_id: UUID) -> datetime | None:
        """When one of those of which a day has at most one last ended as sent."""
        sent = [past for past in self.past.get(account_id, ()) if past.state == nudges.SENT]
        return newest(*(past.last_at for past in sent if past.kind in USEFULNESS))

    def turn(self, nudge: Occurrence) -> int:
        """How many of its kind went out before it, so that the words change."""
        past = self.past.get(nudge.account_id, ())
        return sum(each.count for each in past if (each.parent_id, each.kind) == (nudge.parent_id, nudge.kind))

    def once_ended(self, ended: Iterable[Occurrence], still_open: Iterable[Occurrence]) -> Gathered:
        """The same once these have ended, with what is open for their accounts by now."""
        last = [
            Past(one.account_id, one.parent_id, one.kind, one.state, one.settled_at, 1)
            for one in ended
            if one.settled_at is not None and one.state in (nudges.SENT, nudges.NO_DEVICE)
        ]
        past = {account_id: [*self.past.get(account_id, ()), *own] for account_id, own in _by_account(last).items()}
        return replace(self, open=_by_account(still_open), past={**self.past, **past})


def gather(account_ids: Collection[UUID], now: datetime) -> Gathered:
    own = {account.id: account for account in accounts.of_ids(account_ids)}
    zones = {account.id: dates.zone(account.zone) for account in own.values()}
    found = {parent.id: parent for parent in parents.of_accounts(own)}
    records = Records.of(found)
    waiting = _by_account(nudges.open_of_accounts(own))
    tried = [nudge.id for each in waiting.values() for nudge in each if nudge.attempt]
    done, states = _ticked(found)
    told = reckoning.told(records, {parent.id: zones[parent.account_id] for parent in found.values()})
    return Gathered(
        accounts=own,
        parents=found,
        zones=zones,
        pauses=pauses.of_accounts(own, now),
        snoozes=pauses.snoozes_of(found),
        stopped={stop.parent_id for stop in records.stops if stop.lifted_at is None},
        open=waiting,
        past=_by_account(nudges.past_of_accounts(own)),
        deliveries=deliveries.of_nudges(tried) if tried else {},
        events={parent_id: reckoning.with_ticks(told[parent_id], states[parent_id]) for parent_id in found},
        done=done,
        ready_at={key: each[QUESTIONS_PICKED].at for key, each in states.items() if QUESTIONS_PICKED in each},
        contacts=_contacts(records),
    )


def newest(*known: datetime | None) -> datetime | None:
    return max((at for at in known if at is not None), default=None)


def _ticked(
    parent_ids: Collection[UUID],
) -> tuple[dict[UUID, dict[str, datetime]], dict[UUID, dict[str, TickState]]]:
    """Of each parent: when a task was last done, in any round; and the ticks of the round that is open."""
    done: dict[UUID, dict[str, datetime]] = defaultdict(dict)
    states: dict[UUID, dict[str, TickState]] = {parent_id: {} for parent_id in parent_ids}
    for tick in ticks.done_of_parents(parent_ids, _TASKS):
        own = done[tick.parent_id]
        own[tick.task] = max(tick.changed_at, own.get(tick.task, tick.changed_at))
        if tick.is_open:
            states[tick.parent_id][tick.task] = TickState(True, tick.changed_at, tick.by)
    return done, states


def _contacts(records: Records) -> dict[UUID, dict[str, datetime]]:
    found: dict[UUID, dict[str, datetime]] = defaultdict(dict)
    for contact in records.contacts:
        of_kind = found[contact.parent_id]
        of_kind[contact.kind] = max(contact.happened_at, of_kind.get(contact.kind, contact.happened_at))
    return found


def _last_sent(past: Iterable[Past], out: Iterable[Occurrence]) -> dict[Kind, datetime]:
    found: dict[Kind, datetime] = {}
    for kind, at in [(each.kind, each.last_at) for each in past] + [(each.kind, each.due_at) for each in out]:
        found[Kind(kind)] = max(at, found.get(Kind(kind), at))
    return found


def _by_account(rows: Iterable[R]) -> dict[UUID, list[R]]:
    found: dict[UUID, list[R]] = defaultdict(list)
    for row in rows:
        found[row.account_id].append(row)
    return found
