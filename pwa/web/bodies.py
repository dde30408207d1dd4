"""Bodies: JSON from outside, read so that whatever comes is either a plain object or a sentence saying why not."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from flask import abort, request


def read_object() -> dict[str, Any]:
    """The request's JSON object, with text that any database can hold."""
    try:
        read = json.loads(request.get_data(cache=False).decode("utf-8"), parse_constant=_not_json)
        json.dumps(read, ensure_ascii=False, allow_nan=False).encode("utf-8")  # "\ud800" is legal JSON and no text
    except (ValueError, RecursionError):  # ValueError: not JSON, not UTF-8, NaN, a number of 5,000 digits
        abort(400, "That is not JSON that can be read.")
    if not isinstance(read, dict):
        abort(400, "Send a JSON object.")
    return read


def _not_json(constant: str) -> NoReturn:
    raise ValueError(constant)
