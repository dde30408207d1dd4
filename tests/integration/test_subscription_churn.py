"""Browsers that subscribe, renew their keys, rotate, change hands and vanish, in any order; and a server whose key changes.

`REKINDLE_SEED` repeats a run.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from pwa.push import vapid
from pwa.storage.database import db
from pwa.storage.subscriptions import AT_MOST, Subscription, find, hash_of
from tests.support.device import Device
from tests.support.nudged import Office
from tests.support.people import Person, settle_in

SEED = int(os.environ.get("REKINDLE_SEED", "0")) or random.randrange(1, 10**9)
STEPS = 400


@dataclass
class Browsers:
    """What each browser would tell, and whom it belongs to by what the server has answered."""

    chance: random.Random
    owners: dict[str, Person] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)

    def step(self, people: list[Person]) -> None:
        person = self.chance.choice(people)
        known = self.chance.choice(sorted(self.devices)) if self.devices else None
        # more come than go, so that some account is full before the end
        what = self.chance.choices(
            ("arrive", "resync", "renew", "rotate", "change hands", "leave"), (5, 2, 2, 2, 2, 1)
        )[0]
        if what == "arrive" or known is None:
            self._tell(person, self._fresh())
        elif what == "resync":
            self._tell(self.owners[known], self.devices[known])
        elif what == "renew":
            self._tell(self.owners[known], Device(known))
        elif what == "rotate":
            self._rotate(known)
        elif what == "change hands":
            self._tell(person, self.devices[known])
        else:
            self._leave(self.owners[known], known)

    def of(self, person: Person) -> set[str]:
        return {endpoint for endpoint, owner in self.owners.items() if owner is person}

    def _fresh(self) -> Device:
        return Device(f"https://fcm.googleapis.com/fcm/send/{self.chance.getrandbits(128):032x}")

    def _tell(self, person: Person, device: Device) -> None:
        is_new = self.owners.get(device.endpoint) is not person
        full = is_new and len(self.of(person)) >= AT_MOST
        answer = person.client.send("/push/subscriptions", device.json())
        assert answer.status_code == (409 if full else 201 if is_new else 200), answer.text
        if not full:
            self.owners[device.endpoint], self.devices[device.endpoint] = person, device

    def _rotate(self, endpoint: str) -> None:
        """The browser has another endpoint: its page gives the old one up and tells the new one."""
        owner = self.owners[endpoint]
        self._leave(owner, endpoint)
        self._tell(owner, self._fresh())

    def _leave(self, person: Person, endpoint: str) -> None:
        for _ in range(self.chance.choice((1, 2))):  # said twice, it is the same
            answer = person.client.send("/push/subscriptions", {"endpoint": endpoint}, method="DELETE")
            assert answer.status_code == 204
        del self.owners[endpoint], self.devices[endpoint]


def test_whatever_browsers_do_each_has_one_row_with_its_newest_keys(
    app: Flask, ana: Person, ben: Person, office: Office, record_property: pytest.RecordProperty
) -> None:
    record_property("seed", SEED)
    people = [ana, ben, settle_in(app, "Dora", office.clock.now, "Mum")]
    browsers, fullest = Browsers(random.Random(SEED)), 0
    for _ in range(STEPS):
        browsers.step(people)
        fullest = max(fullest, *(len(browsers.of(person)) for person in people))
        assert rows() == {
            hash_of(endpoint): (browsers.owners[endpoint].account_id, device.p256dh)
            for endpoint, device in browsers.devices.items()
        }, f"seed {SEED}"
    assert fullest == AT_MOST, f"no account was ever full; seed {SEED}"


def rows() -> dict[bytes, tuple[UUID | None, str]]:
    """By endpoint, of which no two are the same."""
    db.session.expire_all()
    found = list(db.session.scalars(select(Subscription)))
    by_endpoint = {hash_of(row.endpoint): (row.account_id, row.p256dh) for row in found}
    assert len(by_endpoint) == len(found), "two rows for one endpoint"
    return by_endpoint


def test_when_our_key_changes_old_rows_are_marked_and_the_browser_that_subscribes_anew_is_nudged(
    office: Office, ana: Person
) -> None:
    before = vapid.load(vapid.generate(), "mailto:tests@rekindle.example")
    old = office.switch_on(ana, office.service.device(before.public_key))
    office.plan(ana)
    assert office.at_due(ana) == {"deferred": 1}
    db.session.expire_all()
    marked = find(old.endpoint)
    assert marked is not None, "it is kept: only its browser can make another"
    assert marked.vapid_key_id == ""
    key = ana.client.get("/push/key").json["key"]
    assert key == office.key.public_key
    fresh = office.service.device(key)
    office.switch_on(ana, fresh)
    ana.client.send("/push/subscriptions", {"endpoint": old.endpoint}, method="DELETE")
    assert office.at_due(ana) == {"sent": 1}
    assert len(office.service.mail(fresh)) == 1
