"""Sync: the address at which a page empties its outbox. Everything that comes in is read here into typed ops."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue

from pwa.domain.errors import Invalid
from pwa.domain.sync import counter
from pwa.services import syncing
from pwa.services.syncing import BadOp, Op, Result, SnoozeOp, TickOp
from pwa.web import access
from pwa.web.bodies import read_object
from pwa.web.security import own_page_only

blueprint = Blueprint("sync", __name__)

AT_MOST = 200
YEARS = range(2020, 2200)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_TASK = re.compile(r"[a-z_]{1,40}\.[a-z_]{1,40}")


@blueprint.post("/sync")
@own_page_only
def receive() -> ResponseReturnValue:
    account = access.account()
    tag = request.headers.get("Rekindle-Account")
    if tag is not None and tag != access.account_tag(account.id):
        abort(409, "These were written down under another sign-in. They are kept where they are.")
    device, ops = _read(read_object())
    results, revision = syncing.take_in(account.id, device, ops, access.now())
    response = jsonify(results=[_written(result) for result in results], revision=revision)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _read(body: dict[str, Any]) -> tuple[UUID, list[Op]]:
    """The request as a whole: anything wrong with it is answered 400, for then no op can be told from another."""
    if not isinstance(body.get("ops"), list):
        abort(400, "Send an object with “device” and a list of “ops”.")
    if len(body["ops"]) > AT_MOST:
        abort(400, f"Send at most {AT_MOST} ops at a time.")
    try:
        device = _uuid(body, "device")
        return device, [_op(raw) for raw in body["ops"]]
    except Invalid as fault:
        abort(400, fault.sentence)


def _op(raw: object) -> Op:
    if not isinstance(raw, dict):
        raise Invalid("An op is an object.")
    op_id = _uuid(raw, "id")
    try:
        return _KINDS[_text(raw, "kind")](op_id, raw)
    except KeyError:
        return BadOp(op_id, "This kind of thing is not known here. A newer Rekindle may have made it.")
    except Invalid as fault:
        return BadOp(op_id, fault.sentence)


def _tick(op_id: UUID, raw: Mapping[str, Any]) -> TickOp:
    task, done = _text(raw, "task"), raw.get("done")
    if not _TASK.fullmatch(task):
        raise Invalid("There is no such task.", "task")
    if not isinstance(done, bool):
        raise Invalid("“done” is true or false.", "done")
    return TickOp(op_id, _uuid(raw, "round"), task, done, _instant(raw, "at"), counter(raw.get("n")))


def _snooze(op_id: UUID, raw: Mapping[str, Any]) -> SnoozeOp:
    until, at = _day(raw, "until"), _instant(raw, "at")
    return SnoozeOp(op_id, _uuid(raw, "parent"), until, at, counter(raw.get("n")))


_KINDS: dict[str, Callable[[UUID, Mapping[str, Any]], Op]] = {"tick": _tick, "snooze": _snooze}


def _text(raw: Mapping[str, Any], field: str) -> str:
    value = raw.get(field)
    if not isinstance(value, str) or len(value) > 100:
        raise Invalid(f"“{field}” is missing or not a short text.", field)
    return value


def _uuid(raw: Mapping[str, Any], field: str) -> UUID:
    value = _text(raw, field)
    if not _UUID.fullmatch(value):
        raise Invalid(f"“{field}” is not a UUID.", field)
    return UUID(value)


def _day(raw: Mapping[str, Any], field: str) -> date:
    try:
        day = date.fromisoformat(_text(raw, field))
    except ValueError as fault:
        raise Invalid(f"“{field}” is not a date such as 2026-03-01.", field) from fault
    if day.year not in YEARS:
        raise Invalid(f"“{field}” is too far away.", field)
    return day


def _instant(raw: Mapping[str, Any], field: str) -> datetime:
    try:
        at = datetime.fromisoformat(_text(raw, field))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as fault:
        raise Invalid(f"“{field}” is not an instant such as 2026-03-01T18:30:00Z.", field) from fault


def _written(result: Result) -> dict[str, object]:
    said: dict[str, object] = {"id": str(result.id), "result": result.verdict}
    if result.reason:
        said["reason"] = result.reason
    if result.now is not None:
        said["now"] = {"done": result.now.done, "n": result.now.n}
    return said
