"""Parcelling: one nudge for one device, as the message that is pushed there, and the token by which the device answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

from pwa import content
from pwa.content import NudgeText
from pwa.domain.errors import Invalid
from pwa.domain.parents import speak
from pwa.push.gate import Way
from pwa.push.message import Action, Message, Notification, payload, topic, ttl
from pwa.push.subscription import Subscription as Address
from pwa.services.surveying import person_of
from pwa.storage.nudges import Occurrence
from pwa.storage.parents import Parent
from pwa.storage.subscriptions import Device


@dataclass(frozen=True)
class Post:
    """What sending needs from outside: the way out, the address that notifications lead to, and the tokens' key."""

    way: Way[Parcel]
    base_url: str
    tokens: Tokens


@dataclass(frozen=True)
class Parcel:
    """A message made up for one device, and the rows it belongs to."""

    nudge_id: UUID
    delivery_id: UUID
    subscription_id: UUID
    to: Address
    message: Message


class Tokens:
    """Signs what a device may answer with: one delivery, and the actions its buttons offer. No session is needed."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeSerializer(secret, salt="nudge")

    def write(self, delivery_id: UUID, actions: tuple[str, ...]) -> str:
        return str(self._signer.dumps([delivery_id.hex, *actions]))

    def read(self, token: object) -> tuple[UUID, tuple[str, ...]]:
        """The delivery and the actions. Raises Invalid for anything that was not signed here."""
        try:
            first, *actions = self._signer.loads(token if isinstance(token, str) else "")
            return UUID(hex=first), tuple(actions)
        except (BadSignature, ValueError, TypeError, RecursionError):
            raise Invalid("That token is not one of ours, or it was cut short.", "token") from None


def pack(
    nudge: Occurrence, delivery_id: UUID, to: Device, parent: Parent | None, turn: int, post: Post, now: datetime
) -> Parcel:
    """parent: to be named. turn: how many of this kind went out before, so that the words change."""
    text = content.nudge_texts(nudge.kind, turn)
    title, body = _words(text, parent)
    navigate = f"{post.base_url}/nudges/{nudge.id}"
    notification = Notification(
        title=title,
        body=body,
        navigate=navigate,
        tag=f"nudge-{nudge.id}",
        token=post.tokens.write(delivery_id, tuple(action for action, _ in text.actions)),
        actions=[Action(action, said, f"{navigate}?a={action}") for action, said in text.actions],
    )
    message = Message(payload(notification), topic(str(nudge.id), nudge.kind), ttl(nudge.useful_until, now))
    return Parcel(nudge.id, delivery_id, to.id, Address(to.endpoint, to.p256dh, to.auth, to.vapid_key_id), message)


def _words(text: NudgeText, named: Parent | None) -> tuple[str, str]:
    if named is None:
        return text.neutral_title, text.neutral_body or ""
    person = person_of(named)
    return speak(text.named_title, person), speak(text.named_body, person)
