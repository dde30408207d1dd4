"""How WebKit reads a push (Declarative Web Push), rule for rule, as strict: what it would not show raises NotShownError."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


class NotShownError(Exception):
    """WebKit would drop the message, or wake the worker in place of showing it."""


@dataclass(frozen=True)
class Shown:
    title: str
    navigate: str
    options: dict[str, Any]
    app_badge: int | None
    mutable: bool


def read(body: bytes) -> Shown:
    message = _parsed(body)
    if not _is_number(message.get("web_push")) or message["web_push"] != 8030:
        raise NotShownError("web_push is not the number 8030")
    notification = message.get("notification")
    if not isinstance(notification, dict):
        raise NotShownError("notification is not an object")
    title = notification.get("title")
    if not isinstance(title, str) or not title:
        raise NotShownError("title is missing, empty or not a string")
    return Shown(
        title,
        _absolute(notification, "navigate", required=True),
        _options(notification),
        _badge(notification),
        _boolean(notification, "mutable") or False,
    )


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        message = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except ValueError as error:
        raise NotShownError("not JSON") from error
    if not isinstance(message, dict):
        raise NotShownError("not a JSON object")
    return message


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is Python's, not JSON's")


def _options(notification: dict[str, Any]) -> dict[str, Any]:
    if notification.get("dir", "auto") not in ("auto", "ltr", "rtl"):
        raise NotShownError("dir is not a direction")
    for name in ("lang", "body", "tag"):
        if name in notification and not isinstance(notification[name], str):
            raise NotShownError(f"{name} is not a string")
    _absolute(notification, "icon", required=False)
    _boolean(notification, "silent")
    return {
        name: notification[name]
        for name in ("dir", "lang", "body", "tag", "icon", "silent", "data")
        if name in notification
    }


def _absolute(notification: dict[str, Any], name: str, *, required: bool) -> str:
    """WebKit parses without a base, so a relative address is an invalid one."""
    if name not in notification and not required:
        return ""
    value = notification.get(name)
    if not isinstance(value, str):
        raise NotShownError(f"{name} is missing or not a string")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotShownError(f"{name} is not an absolute address")
    return value


def _boolean(notification: dict[str, Any], name: str) -> bool | None:
    value = notification.get(name)
    if name in notification and not isinstance(value, bool):
        raise NotShownError(f"{name} is not a boolean")
    return value


def _badge(notification: dict[str, Any]) -> int | None:
    value = notification.get("app_badge")
    if "app_badge" not in notification:
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and int(value) < 2**64:
        return int(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and int(value) >= 0:
        return int(value)
    raise NotShownError("app_badge is neither a number nor digits")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
