"""A new VAPID key: whoever subscribed with the old one is reached by the old one until their browser comes by."""

from __future__ import annotations

from dataclasses import replace

from pwa.push import vapid
from pwa.storage import subscriptions
from pwa.storage.database import db
from tests.support.device import Device
from tests.support.nudged import Office
from tests.support.people import Person


def rotated(office: Office, *, keep: bool) -> Office:
    old = office.settings.vapid_private_key if keep else ""
    settings = replace(office.settings, vapid_private_key=vapid.generate(), vapid_private_key_old=old)
    return Office(settings, office.clock, office.service)


def test_devices_of_both_keys_are_reached_each_by_its_own(office: Office, ana: Person) -> None:
    before = office.switch_on(ana)
    office = rotated(office, keep=True)
    after = office.switch_on(ana)
    office.plan(ana)
    assert office.at_due(ana) == {"sent": 1}
    assert [len(office.service.mail(device)) for device in (before, after)] == [1, 1]
    assert office.key.older is not None
    assert subscriptions.count_by_key() == {office.key.older.kid: 1, office.key.kid: 1}


def test_a_key_that_was_thrown_away_cuts_its_devices_off_until_they_come_by(office: Office, ana: Person) -> None:
    device = office.switch_on(ana)
    office = rotated(office, keep=False)
    office.plan(ana)
    office.at_due(ana)
    assert office.service.mail(device) == []
    assert subscriptions.count_by_key() == {"": 1}, "kept, for its browser to subscribe anew"


def test_a_browser_that_says_which_key_it_subscribed_with_is_believed(office: Office, ana: Person) -> None:
    device = Device("https://fcm.googleapis.com/fcm/send/c0ffee")
    for key, status in ((office.key.public_key, 201), (None, 200), (vapid.generate(), 422), (7, 422)):
        assert ana.client.send("/push/subscriptions", {**device.json(), "key": key}).status_code == status
    db.session.expire_all()
    row = subscriptions.find(device.endpoint)
    assert row is not None
    assert row.vapid_key_id == office.key.kid
