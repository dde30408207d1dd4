"""Arriving: what a push service said about one parcel, as it is written down for the delivery and the device."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from pwa.domain import deliveries as rules
from pwa.domain.deliveries import Again, Past
from pwa.push.outcome import Outcome
from pwa.services.parcelling import Parcel, address_of
from pwa.storage import deliveries, subscriptions
from pwa.storage.deliveries import Delivery
from pwa.storage.subscriptions import Subscription

log = logging.getLogger(__name__)

UNSENT, UNSURE = "not tried", "it may have been sent"
# What goes wrong before a byte of the message is on its way.
_NEVER_LEFT = {UNSENT, "gaierror", "ConnectionRefusedError", "SSLCertVerificationError"}
# On Apple's devices a second message never takes the place of the first.
_STACKING = ".push.apple.com"
_FINAL = {
    "accepted": deliveries.ACCEPTED,
    "gone": deliveries.GONE,
    "too_big": deliveries.FAILED,
    "refused": deliveries.FAILED,
}


@dataclass(frozen=True)
class Sent:
    parcel: Parcel
    outcome: Outcome


def past_of(delivery: Delivery, device: Subscription) -> Past:
    """What an earlier attempt left behind, for the rule that says whether to send again."""
    settled = delivery.settled_at is not None or delivery.shown_at is not None
    return Past(settled, delivery.state == deliveries.FAILED, _is_replaceable(device))


def note(sent: Sent, attempt: int, now: datetime) -> None:
    """Writes down one answer. What the device itself has said since, or a later attempt, stays as it is."""
    delivery = deliveries.get(sent.parcel.delivery_id)
    device = _device_of(sent.parcel)
    if delivery is not None and delivery.attempt == attempt and delivery.settled_at is None:
        _end(delivery, sent.outcome, now)
        if device is not None and rules.again(past_of(delivery, device)) is Again.GIVE_UP:
            give_up(delivery, now)
    if device is not None:
        _learn(device, sent.outcome, now)


def give_up(delivery: Delivery, now: datetime) -> None:
    """It may have been shown already, and a second one would stack: never again, and it counts as sent."""
    delivery.state, delivery.settled_at, delivery.reason = deliveries.ACCEPTED, now, UNSURE


def _end(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    delivery.status, delivery.reason = outcome.status, outcome.reason
    if outcome.kind in _FINAL:
        delivery.state, delivery.settled_at = _FINAL[outcome.kind], now
    elif outcome.status is not None or outcome.reason in _NEVER_LEFT:
        delivery.state = deliveries.FAILED


def _device_of(parcel: Parcel) -> Subscription | None:
    """The very subscription it was sent to; a browser that has renewed its keys since is another."""
    device = subscriptions.get(parcel.subscription_id)
    return device if device is not None and address_of(device) == parcel.to else None


def _learn(device: Subscription, outcome: Outcome, now: datetime) -> None:
    if outcome.kind == "accepted":
        device.accepted_at, device.failures = now, 0
    elif outcome.kind == "gone":
        subscriptions.forget(device)
    elif outcome.reason != UNSENT:
        device.failures += 1
        if outcome.needs_resubscribe:
            device.vapid_key_id = ""


def _is_replaceable(device: Subscription) -> bool:
    host = device.endpoint.removeprefix("https://").partition("/")[0]
    return not ("." + host).endswith(_STACKING)
