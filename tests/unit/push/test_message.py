import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pwa.domain.errors import Invalid
from pwa.push import message, request
from pwa.push.message import Action, Message, Notification, payload
from pwa.push.subscription import Subscription
from tests.support import webkit
from tests.support.device import Device

AT = "https://rekindle.example/nudges/0199"
NUDGE = Notification(
    "Time to reach out to Sam",
    "Tomorrow, or tell us you did it.",
    AT,
    "nudge-0199",
    "signed." + "x" * 200,
    [Action("done", "I reached out", AT + "?a=done"), Action("snooze", "Tomorrow", AT + "?a=snooze")],
)
FAMILY = "👩‍👩‍👧‍👦"


def read(body: bytes) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(body)
    return parsed


def test_a_payload_is_declarative_web_push() -> None:
    assert read(payload(NUDGE)) == {
        "web_push": 8030,
        "notification": {
            "title": "Time to reach out to Sam",
            "body": "Tomorrow, or tell us you did it.",
            "navigate": AT,
            "lang": "en",
            "dir": "auto",
            "silent": False,
            "tag": "nudge-0199",
            "actions": [
                {"action": "done", "title": "I reached out", "navigate": AT + "?a=done"},
                {"action": "snooze", "title": "Tomorrow", "navigate": AT + "?a=snooze"},
            ],
            "data": {"t": NUDGE.token},
        },
    }


def test_webkit_shows_the_payload_and_opens_the_nudge() -> None:
    shown = webkit.read(payload(NUDGE))
    assert (shown.title, shown.navigate) == (NUDGE.title, AT)
    assert not shown.mutable
    assert shown.options["data"] == {"t": NUDGE.token}


@pytest.mark.parametrize(
    "change",
    [
        {"web_push": "8030"},
        {"web_push": True},
        {"notification": "Sam"},
        {"notification": {"title": "Sam"}},
        {"notification": {"title": "", "navigate": AT}},
        {"notification": {"title": "Sam", "navigate": "/nudges/1"}},
        {"notification": {"title": "Sam", "navigate": AT, "silent": "no"}},
        {"notification": {"title": "Sam", "navigate": AT, "mutable": 1}},
        {"notification": {"title": "Sam", "navigate": AT, "icon": "/icon.png"}},
        {"notification": {"title": "Sam", "navigate": AT, "dir": "up"}},
        {"notification": {"title": "Sam", "navigate": AT, "app_badge": "one"}},
    ],
)
def test_the_tests_own_webkit_is_as_strict_as_webkit(change: dict[str, object]) -> None:
    with pytest.raises(webkit.NotShownError):
        webkit.read(json.dumps({**read(payload(NUDGE)), **change}).encode())


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'{"web_push":NaN}', b"\xff"])
def test_the_tests_own_webkit_shows_nothing_but_an_object(body: bytes) -> None:
    with pytest.raises(webkit.NotShownError):
        webkit.read(body)


TEXTS = st.text(max_size=200)


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_every_payload_is_as_long_as_every_other(title: str, body: str) -> None:
    packed = payload(replace(NUDGE, title=title, body=body))
    assert len(packed) == message.LENGTH <= message.LIMIT
    webkit.read(packed)


@settings(deadline=None)
@given(TEXTS)
def test_every_encrypted_payload_is_as_long_as_every_other(body: str) -> None:
    device = Device("https://fcm.googleapis.com/x")
    encrypted = request.encrypt(
        payload(replace(NUDGE, body=body)), Subscription(device.endpoint, device.p256dh, device.auth)
    )
    assert len(encrypted) == message.LENGTH + 103 < 3_070  # Firefox for Android takes no more


@pytest.mark.parametrize(
    "letter", ["a", "é", "語", FAMILY, '"', "\\", "\n", "\0", "\x7f", "\u2028", "\ud83d", "\u202e"]
)
def test_the_longest_words_still_fit(letter: str) -> None:
    packed = payload(replace(NUDGE, title=letter * 2_000, body=letter * 2_000))
    assert len(packed) == message.LENGTH
    assert webkit.read(packed).title


def test_short_words_arrive_as_they_were_written() -> None:
    words = f"Ring {FAMILY} Zoë – “now”, 語 \\ <b>"
    assert read(payload(replace(NUDGE, body=words)))["notification"]["body"] == words


def test_letters_are_not_spelled_as_escapes() -> None:
    assert "Zoë".encode() in payload(replace(NUDGE, title="Zoë"))


def test_a_nudge_without_a_title_still_has_one() -> None:
    assert webkit.read(payload(replace(NUDGE, title="\n"))).title == "Rekindle"


def test_a_token_too_long_to_push_is_refused_and_not_cut() -> None:
    with pytest.raises(Invalid):
        payload(replace(NUDGE, token="x" * message.LENGTH))


def test_a_topic_is_always_32_characters_and_its_nudges_own() -> None:
    topics = {message.topic(str(number), kind) for number in range(500) for kind in ("begin", "keep_in_touch")}
    assert len(topics) == 1_000
    assert all(len(topic) == 32 and topic.replace("-", "a").replace("_", "a").isalnum() for topic in topics)
    assert message.topic("7", "begin") == message.topic("7", "begin")


@pytest.mark.parametrize(("seconds", "kept"), [(-9, 60), (0, 60), (61, 61), (3_600, 3_600), (86_400, 43_200)])
def test_a_nudge_is_kept_while_it_is_useful(seconds: int, kept: int, now: datetime) -> None:
    assert message.ttl(now + timedelta(seconds=seconds), now) == kept


@pytest.mark.parametrize("seconds", [-1, 0, 59, 43_201])
def test_a_message_without_a_sensible_ttl_cannot_be_made(seconds: int) -> None:
    with pytest.raises(Invalid):
        Message(b"{}", "topic", seconds)


def test_a_message_over_the_limit_cannot_be_made() -> None:
    with pytest.raises(Invalid):
        Message(b"x" * (message.LIMIT + 1), "topic", 60)
