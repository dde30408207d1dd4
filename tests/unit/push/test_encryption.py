"""The encoder, against RFC 8291's own example and against pywebpush's encoder, which everybody else uses."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pywebpush import WebPusher

from pwa.push import base64url
from pwa.push.encryption import OVERHEAD, encrypt
from pwa.push.subscription import Subscription
from tests.support.device import Device

URL = "https://fcm.googleapis.com/fcm/send/abc"


def private(number: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(base64url.decode(number), "big"), ec.SECP256R1())


def test_the_example_of_the_rfc_comes_out_byte_for_byte() -> None:
    """RFC 8291, section 5 and appendix A."""
    receiver = Subscription(
        URL,
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
    )
    body = encrypt(
        b"When I grow up, I want to be a watermelon",
        receiver,
        own=private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        salt=base64url.decode("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert base64url.encode(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIg"
        "Dll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.mark.parametrize("length", [1, 250, 2_048, 3_500])
def test_what_it_makes_is_read_like_what_pywebpush_makes(length: int) -> None:
    device, plain = Device(URL), b"x" * length
    ours = encrypt(plain, Subscription(device.endpoint, device.p256dh, device.auth))
    theirs = WebPusher(device.json()).encode(plain, "aes128gcm")["body"]
    assert device.decrypt(ours) == device.decrypt(theirs) == plain
    assert len(ours) == len(theirs) == length + OVERHEAD
    assert ours[16:21] == theirs[16:21], "record size and key length"


def test_every_message_has_a_key_and_a_salt_of_its_own() -> None:
    device = Device(URL)
    to = Subscription(device.endpoint, device.p256dh, device.auth)
    bodies = [encrypt(b"the same", to) for _ in range(50)]
    assert len({body[:16] for body in bodies}) == len({body[21:86] for body in bodies}) == 50


@pytest.mark.parametrize("secret", ["", "AAAA", "A" * 20, "A" * 24])
def test_a_secret_of_another_length_is_no_secret(secret: str) -> None:
    """pywebpush would take it, and no device could read the message."""
    device = Device(URL)
    with pytest.raises(ValueError):
        encrypt(b"", Subscription(device.endpoint, device.p256dh, secret))
