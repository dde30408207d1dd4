"""Arriving: what a push service said about one parcel, as it is written down for the delivery and the device."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pwa.domain import deliveries as rules
from pwa.domain.deliveries import Again, Past
from pwa.push import endpoints
from pwa.push.outcome import NOT_TRIED, Outcome
from pwa.push.subscription import Subscription as Address
from pwa.services.parcelling import Parcel
from pwa.storage import deliveries, push_days, subscriptions
from pwa.storage.deliveries import Passage

UNSURE = "it may have been sent"
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


def past_of(passage: Passage, endpoint: str) -> Past:
    """What an earlier attempt left behind, for the rule that says whether to send again."""
    settled = passage.settled_at is not None or passage.shown_at is not None
    return Past(settled, passage.state == deliveries.FAILED, _is_replaceable(endpoint))


def note(sent: Sent, passage: Passage, now: datetime) -> None:
    """Puts one answer down. What the device itself has said since, or a later attempt, stays as it is."""
    if passage.settled_at is not None:
        return
    outcome = sent.outcome
    passage.status, passage.reason = outcome.status, outcome.reason
    if outcome.kind in _FINAL:
        passage.settle(_FINAL[outcome.kind], now)
    elif outcome.status is not None or not outcome.left:
        passage.state = deliveries.FAILED
    if rules.again(past_of(passage, sent.parcel.to.endpoint)) is Again.GIVE_UP:
        give_up(passage, now)


def learn(all_sent: Collection[Sent], now: datetime) -> None:
    """Writes down what it says of the devices. A browser that has renewed its keys since is another."""
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    bad = [sent for sent in all_sent if sent.outcome.kind != "accepted"]
    keys = subscriptions.keys_of([sent.parcel.subscription_id for sent in bad]) if bad else {}
    for sent in all_sent:
        said, device_id = _said(sent.outcome), sent.parcel.subscription_id
        if said == "accepted" or keys.get(device_id) == _keys_of(sent.parcel.to):
            by_kind[said].append(device_id)
    subscriptions.accepted(by_kind["accepted"], now)
    subscriptions.forget_all(by_kind["gone"])
    subscriptions.failed(by_kind["failed"] + by_kind["resubscribe"])
    subscriptions.made_for_another_key(by_kind["resubscribe"])


def count(all_sent: Iterable[Sent], now: datetime) -> None:
    """Counts the answers, by service and class of status. The day's rows are everybody's: hold them as shortly as can be."""
    answers = Counter(
        (endpoints.service_of(sent.parcel.to.endpoint), _answer(sent.outcome))
        for sent in all_sent
        if sent.outcome.reason != NOT_TRIED
    )
    push_days.add(now.date(), answers)


def give_up(passage: Passage, now: datetime) -> None:
    """It may have been shown already, and a second one would stack: never again, and it counts as sent."""
    passage.settle(deliveries.ACCEPTED, now)
    passage.reason = UNSURE


def _said(outcome: Outcome) -> str:
    if outcome.kind in ("accepted", "gone"):
        return outcome.kind
    if outcome.needs_resubscribe:
        return "resubscribe"
    return "" if outcome.reason == NOT_TRIED else "failed"


def _answer(outcome: Outcome) -> str:
    return "none" if outcome.status is None else f"{outcome.status // 100}xx"


def _keys_of(to: Address) -> tuple[bytes, str]:
    return subscriptions.hash_of(to.endpoint), to.p256dh


def _is_replaceable(endpoint: str) -> bool:
    host = endpoint.removeprefix("https://").partition("/")[0]
    return not ("." + host).endswith(_STACKING)
