"""Links: tokens that open a page or a feed to whoever holds them. Looked up by hash; shown again from a sealed copy."""

from __future__ import annotations

import secrets
from hashlib import sha256

BYTES = 16  # 128 random bits
LONGEST = 64


def new_token() -> str:
    return secrets.token_urlsafe(BYTES)


def hash_of(token: str) -> bytes:
    """What a token is found by. The token itself is never compared, so how long that takes tells nothing."""
    return sha256(token[:LONGEST].encode("utf-8", "surrogatepass")).digest()
