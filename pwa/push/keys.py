"""The two keys a browser gives with a subscription (RFC 8291), checked before anything is encrypted to them."""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from pwa.domain.errors import Invalid
from pwa.push import base64url

_LONGEST = 120  # 65 bytes are 87 characters; longer is not worth decoding
_BROKEN = "This browser's push keys don't look right. Turn nudges off and on again."


@dataclass(frozen=True)
class Keys:
    """Both as unpadded base64url."""

    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


def check_keys(p256dh: object, auth: object) -> Keys:
    """p256dh: 65 bytes, uncompressed, on P-256; auth: 16 bytes. Raises Invalid."""
    point = _decoded(p256dh, 65, "p256dh")
    _on_curve(point)
    return Keys(base64url.encode(point), base64url.encode(_decoded(auth, 16, "auth")))


def _decoded(text: object, length: int, field_name: str) -> bytes:
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise Invalid(_BROKEN, field_name)
    try:
        raw = base64url.decode(text)
    except ValueError as error:
        raise Invalid(_BROKEN, field_name) from error
    if len(raw) != length:
        raise Invalid(_BROKEN, field_name)
    return raw


def _on_curve(point: bytes) -> None:
    # cryptography accepts other forms of a point as well; RFC 8291 knows only the uncompressed one
    try:
        if point[0] != 4:
            raise ValueError("not an uncompressed point")
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except ValueError as error:
        raise Invalid(_BROKEN, "p256dh") from error
