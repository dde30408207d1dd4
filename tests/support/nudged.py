"""The worker's side for tests in one process: devices at a strict push service, and dispatching at whatever time it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pwa.push import vapid
from pwa.push.client import Client
from pwa.push.message import Message
from pwa.push.outcome import Outcome
from pwa.push.subscription import Subscription as Address
from pwa.services import dispatching, nudging, subscribing
from pwa.services.dispatching import Terms
from pwa.services.parcelling import Parcel, Post, Tokens
from pwa.services.subscribing import Telling
from pwa.settings import Settings
from pwa.storage import database, deliveries, nudges
from pwa.storage.database import db
from pwa.storage.nudges import Nudge
from tests.support.device import Device
from tests.support.people import Clock, Person
from tests.support.push_service import PushService

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass
class Office:
    """Sends for real, over loopback. `answers` stands in for the network where a test wants an outcome by name."""

    settings: Settings
    clock: Clock
    service: PushService
    answers: list[Outcome] = field(default_factory=list)
    sent: list[tuple[Message, Address]] = field(default_factory=list)
    answered: list[tuple[Parcel, Outcome]] = field(default_factory=list)

    def __post_init__(self) -> None:
        keys = self.settings.vapid_private_key, self.settings.vapid_private_key_old
        self.key = vapid.load(keys[0], self.settings.vapid_subject, keys[1])
        self.tokens = Tokens(self.settings.secret_key)
        self.client: Client[Parcel] = Client(self.key, [self.service.origin])
        self.post = Post(self, self.settings.base_url, self.tokens)

    @property
    def room(self) -> int:
        return self.client.room

    def put(self, parcel: Parcel, _now: datetime) -> None:
        """The push service has a clock of its own, which is right."""
        self.sent.append((parcel.message, parcel.to))
        if self.answers:
            self.answered.append((parcel, self.answers.pop(0)))
        else:
            self.client.put(parcel, datetime.now(UTC))

    def poll(self, seconds: float, _now: datetime) -> list[tuple[Parcel, Outcome]]:
        answered, self.answered = self.answered, []
        return answered + self.client.poll(0 if answered else seconds, datetime.now(UTC))

    def recall(self, origin: str | None = None, wait: int | None = None) -> list[tuple[Parcel, Outcome]]:
        return self.client.recall(origin, wait)

    # --- what happens ---

    def switch_on(self, person: Person, device: Device | None = None) -> Device:
        """Nudges on, on this person's own browser."""
        device = device or self.service.device(self.key.public_key)
        assert person.session_id is not None
        given = Address(device.endpoint, device.p256dh, device.auth)
        subscribing.subscribe(person.session_id, given, Telling(self.key.kid), self.clock.now)
        return device

    def plan(self, person: Person) -> Nudge | None:
        """Plans, and returns what is due next."""
        assert person.account_id is not None
        with database.transaction(person.account_id):
            nudging.replan(person.account_id, self.clock.now)
        return self.waiting(person)

    def dispatch(self, **terms: Any) -> Counter[str]:
        given = {"owner": "worker-1", "draw": Random(1), **terms}
        return dispatching.dispatch(self.clock.now, self.post, Terms(**given))

    def at(self, when: datetime, **terms: Any) -> Counter[str]:
        """Moves the clock there, and dispatches."""
        self.clock.now = when
        return self.dispatch(**terms)

    def at_due(self, person: Person, late: timedelta = timedelta(0), **terms: Any) -> Counter[str]:
        """Moves the clock to what is due next for this person, and dispatches."""
        nudge = self.waiting(person)
        assert nudge is not None, "nothing is planned"
        return self.at(nudge.due_at + late, **terms)

    # --- what there is ---

    def waiting(self, person: Person) -> Nudge | None:
        assert person.account_id is not None
        db.session.expire_all()
        found = nudges.open_of_account(person.account_id)
        return found[0] if found else None

    def history(self, person: Person) -> list[tuple[str, str]]:
        """Kind and state of every nudge about this person's parent, oldest first."""
        assert person.parent_id is not None
        db.session.expire_all()
        return [(nudge.kind, nudge.state) for nudge in reversed(nudges.of_parent(person.parent_id))]

    def deliveries(self, nudge_id: UUID) -> list[deliveries.Passage]:
        db.session.expire_all()
        return deliveries.of_nudges([nudge_id])[nudge_id]

    def token(self, device: Device, place: int = -1) -> str:
        """The token in what a device was sent."""
        notification: Any = self.service.mail(device)[place]["notification"]
        return str(notification["data"]["t"])


def at_home(nudge: Nudge | None) -> str:
    assert nudge is not None
    return f"{nudge.due_at.astimezone(BERLIN):%m-%d %H:%M} {nudge.kind}"


def said(office: Office, device: Any) -> list[str]:
    """The titles a device was sent."""
    return [str(message["notification"]["title"]) for message in office.service.mail(device)]
