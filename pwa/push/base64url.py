"""Strict base64url (RFC 4648 §5), as browsers and VAPID write keys: padded or not, never another alphabet."""

import base64
import re

_TEXT = re.compile(r"[A-Za-z0-9_-]+={0,2}", re.ASCII)


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Raises ValueError (binascii.Error is one) for anything else."""
    if not _TEXT.fullmatch(text):
        raise ValueError("not base64url")
    bare = text.rstrip("=")
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
