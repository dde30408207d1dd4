"""Private words at rest: AES-256-GCM, field by field, with a key that never lies in the database."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, current_app
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_NONCE, _KEY_ID, _VERSION = 12, 8, b"\x01"
_EXTENSION = "rekindle.sealer"


class Unreadable(RuntimeError):  # noqa: N818 named for what the words are
    """The data key at hand is not the one these words were sealed with."""


@dataclass(frozen=True)
class Sealer:
    """Seals and opens text with one 32-byte key; the key's id travels with the sealed bytes."""

    key: bytes

    @property
    def key_id(self) -> bytes:
        return sha256(b"rekindle data key id" + self.key).digest()[:_KEY_ID]

    def seal(self, words: str, field: str) -> bytes:
        """Version, key id, nonce, then the sealed words, bound to `field` ("table.column")."""
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self.key).encrypt(nonce, words.encode("utf-8"), field.encode())
        return _VERSION + self.key_id + nonce + sealed

    def open(self, sealed: bytes, field: str) -> str:
        """The words again; raises Unreadable for another key, another field, or changed bytes."""
        head = len(_VERSION) + _KEY_ID
        if sealed[:head] != _VERSION + self.key_id:
            raise Unreadable("these words were sealed with another data key; put REKINDLE_DATA_KEY back")
        nonce, body = sealed[head : head + _NONCE], sealed[head + _NONCE :]
        try:
            return AESGCM(self.key).decrypt(nonce, body, field.encode()).decode("utf-8")
        except InvalidTag as broken:
            raise Unreadable(f"the sealed bytes of {field} were changed or moved") from broken


class Sealed(TypeDecorator[str]):
    """A text column that only ever reaches the disk sealed. `Sealed("table.column")`."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> bytes | None:
        return None if value is None else _sealer().seal(value, self.field)

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> str | None:
        return None if value is None else _sealer().open(bytes(value), self.field)


def init_app(app: Flask, key: bytes) -> None:
    app.extensions[_EXTENSION] = Sealer(key)


def _sealer() -> Sealer:
    sealer: Sealer = current_app.extensions[_EXTENSION]
    return sealer
