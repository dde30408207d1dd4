from pwa.push import base64url
from pwa.push.keys import check_keys
from tests.support.device import Device


def test_keys_come_back_without_padding() -> None:
    device = Device("https://fcm.googleapis.com/x")
    keys = check_keys(device.p256dh + "=", device.auth + "==")
    assert (keys.p256dh, keys.auth) == (device.p256dh, device.auth)


def test_keys_never_show_themselves_in_logs() -> None:
    device = Device("https://fcm.googleapis.com/x")
    assert repr(check_keys(device.p256dh, device.auth)) == "Keys()"


def test_base64url_goes_there_and_back() -> None:
    for length in range(1, 70):
        raw = bytes(range(length))
        assert base64url.decode(base64url.encode(raw)) == raw
