"""Preparing: claimed nudges are put to the rules, and what is to be sent is written down before it goes out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from pwa.domain import deliveries as rules
from pwa.domain.deliveries import Again
from pwa.domain.nudges import Defer, Drop, Due, Kind, Reason, decide
from pwa.services import arriving, gathering, parcelling, planning, settling
from pwa.services.gathering import Gathered
from pwa.services.parcelling import Parcel, Post
from pwa.services.planning import Wanted
from pwa.services.settling import DEFERRED, TAKEN_OVER
from pwa.storage import database, deliveries, nudges, parents, subscriptions
from pwa.storage.database import new_id
from pwa.storage.deliveries import Passage
from pwa.storage.nudges import Occurrence
from pwa.storage.parents import Parent
from pwa.storage.subscriptions import Device


@dataclass(frozen=True)
class Prepared:
    """What is to be sent now, how many of the others ended how, and what was known when that was decided."""

    parcels: Sequence[Parcel]
    ended: Counter[str]
    known: Gathered


def prepare(claimed: Sequence[Occurrence], now: datetime, post: Post) -> Prepared:
    """In one transaction for all of them. What is returned is written down already."""
    with database.transaction(*(nudge.account_id for nudge in claimed)):
        held = nudges.still_held(claimed)
        account_ids = {nudge.account_id for nudge in held}
        desk = _Desk(now, gathering.gather(account_ids, now), _devices(account_ids))
        desk.counts[TAKEN_OVER] += len(claimed) - len(held)
        for nudge in held:
            desk.work_off(nudge)
        deliveries.begin_all([letter.passage for letter in desk.letters])
        deliveries.save_all(desk.closed)
        nudges.save_all(nudge for nudge in held if nudge.state != nudges.LEASED)
        planning.schedule(desk.later)
        planning.replan_all(desk.ended, now)
        return Prepared(desk.pack(post), +desk.counts, desk.known)


@dataclass(frozen=True)
class _Letter:
    nudge: Occurrence
    passage: Passage
    to: Device


@dataclass
class _Desk:
    """`closed`: passages of earlier attempts whose story ends here; `begun`: account and local date of what goes out now."""

    now: datetime
    known: Gathered
    devices: Mapping[UUID, Sequence[Device]]
    letters: list[_Letter] = field(default_factory=list)
    closed: list[Passage] = field(default_factory=list)
    later: list[Wanted] = field(default_factory=list)
    begun: set[tuple[UUID, date]] = field(default_factory=set)
    ended: set[UUID] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)

    def work_off(self, nudge: Occurrence) -> None:
        verdict = decide(planning.facts_of(nudge, self.known, self.now, self.begun), self.now)
        if isinstance(verdict, Defer | Drop) and settling.any_went_out(self._tried(nudge)):
            self._conclude(nudge)
        elif isinstance(verdict, Defer):
            self._put_off(nudge, verdict)
        elif isinstance(verdict, Drop):
            state = nudges.EXPIRED if verdict.reason is Reason.TOO_LATE else nudges.CANCELLED
            self._finish(nudge, state, verdict.reason.value)
        else:
            self._address(nudge)

    def pack(self, post: Post) -> list[Parcel]:
        """The letters as they are sent; a parent is named only to a device that may show names."""
        named = [each.nudge for each in self.letters if each.to.names_shown]
        found = parents.of_ids([nudge.parent_id for nudge in named if nudge.parent_id])
        names = {
            nudge.id: found.get(nudge.parent_id) if nudge.parent_id else planning.answered(nudge) for nudge in named
        }
        return [
            self._packed(each, names.get(each.nudge.id) if each.to.names_shown else None, post) for each in self.letters
        ]

    def _packed(self, letter: _Letter, parent: Parent | None, post: Post) -> Parcel:
        nudge = letter.nudge
        return parcelling.pack(nudge, letter.passage.id, letter.to, parent, self.known.turn(nudge), post, self.now)

    def _put_off(self, nudge: Occurrence, verdict: Defer) -> None:
        self.counts[DEFERRED] += 1
        parent = self.known.parents[nudge.parent_id] if nudge.parent_id else None
        if verdict.local_on == nudge.local_on or parent is None:
            nudge.put_back(verdict.until_at, verdict.reason.value)
            nudge.useful_until = verdict.useful_until
            return
        nudge.end(nudges.CANCELLED, self.now, verdict.reason.value)
        later = Due(Kind(nudge.kind), verdict.local_on, verdict.until_at, verdict.useful_until)
        self.later.append(Wanted(parent, later, verdict.reason.value))

    def _address(self, nudge: Occurrence) -> None:
        known = {each.subscription_id: each for each in self._tried(nudge)}
        devices = [device for device in self.devices[nudge.account_id] if nudge.subscription_id in (None, device.id)]
        before = len(self.letters)
        for device in devices:
            self._begin(nudge, device, known.get(device.id))
        for passage in known.values():
            if passage.settled_at is None and passage.subscription_id not in {device.id for device in devices}:
                passage.settle(deliveries.GONE, self.now)
                self.closed.append(passage)
        if len(self.letters) == before:
            self._conclude(nudge)
        elif planning.counts(nudge):
            self.begun.add((nudge.account_id, nudge.local_on))

    def _begin(self, nudge: Occurrence, device: Device, known: Passage | None) -> None:
        again = rules.again(arriving.past_of(known, device.endpoint) if known else None)
        if again is Again.SEND:
            delivery_id = known.id if known else new_id()
            passage = Passage(delivery_id, nudge.id, device.id, deliveries.SENDING, nudge.attempt, self.now)
            self.letters.append(_Letter(nudge, passage, device))
        elif again is Again.GIVE_UP and known is not None:
            arriving.give_up(known, self.now)
            self.closed.append(known)

    def _conclude(self, nudge: Occurrence) -> None:
        self._finish(nudge, settling.end_of(self._tried(nudge)))

    def _finish(self, nudge: Occurrence, state: str, reason: str = "") -> None:
        settling.finish(nudge, self._tried(nudge), state, self.now, reason)
        self.closed += self._tried(nudge)
        self.ended.add(nudge.account_id)
        self.counts[state] += 1

    def _tried(self, nudge: Occurrence) -> Sequence[Passage]:
        return self.known.deliveries.get(nudge.id, ())


def _devices(account_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Device]]:
    found: dict[UUID, list[Device]] = defaultdict(list)
    for device in subscriptions.of_accounts(account_ids):
        found[device.account_id].append(device)
    return found
