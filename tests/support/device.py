"""A push subscription without a browser: keys of its own, and RFC 8291 decryption of what is sent to them.

Written from the RFC and not with the library that encrypts, so that the two can disagree.
"""

import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pwa.push import base64url


@dataclass(frozen=True)
class Device:
    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def p256dh(self) -> str:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64url.encode(point)

    @property
    def auth(self) -> str:
        return base64url.encode(self.secret)

    def json(self) -> dict[str, Any]:
        """What `PushSubscription.toJSON()` gives."""
        keys = {"p256dh": self.p256dh, "auth": self.auth}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def decrypt(self, body: bytes) -> bytes:
        """One aes128gcm record (RFC 8188), keyed as RFC 8291 says."""
        salt, record_size, sender = body[:16], int.from_bytes(body[16:20], "big"), body[21 : 21 + body[20]]
        sealed = body[21 + body[20] :]
        assert len(sealed) <= record_size, "more than one record"
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        context = b"WebPush: info\0" + base64url.decode(self.p256dh) + sender
        secret = _derived(self.key.exchange(ec.ECDH(), public), self.secret, context, 32)
        key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
        plain, delimiter, padding = AESGCM(key).decrypt(nonce, sealed, None).rpartition(b"\x02")
        assert delimiter and not padding.strip(b"\0"), "no end of the last record"
        return plain


def _derived(material: bytes, salt: bytes, context: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, context).derive(material)
