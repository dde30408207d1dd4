"""Encrypts a message to one browser (RFC 8291, over RFC 8188's aes128gcm): one record, a fresh key pair each time."""

import hmac
import secrets

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pwa.push import base64url
from pwa.push.subscription import Subscription

RECORD = (4_096).to_bytes(4, "big")
OVERHEAD = 103  # bytes: salt 16, record size 4, key length 1, key 65, end of record 1, tag 16
_CURVE = SECP256R1()


def encrypt(
    plain: bytes, to: Subscription, *, own: EllipticCurvePrivateKey | None = None, salt: bytes | None = None
) -> bytes:
    """The body to post: OVERHEAD bytes longer than `plain`. own, salt: for RFC 8291's example; else fresh, as it must be.

    Raises ValueError for keys that are none; `keys.check_keys` says which, in words.
    """
    point, auth = base64url.decode(to.p256dh), base64url.decode(to.auth)
    if len(point) != 65 or point[0] != 4 or len(auth) != 16:
        raise ValueError("neither an uncompressed point nor a secret of 16 bytes")
    own, salt = own or generate_private_key(_CURVE), salt or secrets.token_bytes(16)
    shared = own.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(_CURVE, point))
    public = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    secret = _derive(auth, shared, b"WebPush: info\0" + point + public, 32)
    key = _derive(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(salt, secret, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(key).encrypt(nonce, plain + b"\x02", None)
    return b"".join((salt, RECORD, b"\x41", public, sealed))


def _derive(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """HKDF (RFC 5869) with SHA-256, for up to 32 bytes: one block."""
    return hmac.digest(hmac.digest(salt, secret, "sha256"), info + b"\x01", "sha256")[:length]
