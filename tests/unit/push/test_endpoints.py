"""The list of hosts and the shape of an address; the hostile ones are in tests/security/test_ssrf.py."""

import pytest

from pwa.domain.errors import Invalid
from pwa.push import endpoints

REAL = [
    "https://fcm.googleapis.com/fcm/send/dXbZ0s-3kHc:APA91bFhP_z9",
    "https://fcm.googleapis.com/wp/cZ9-_x:APA91b",
    "https://jmt17.google.com/fcm/send/abc:APA91b",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABl_x-Z==",
    "https://web.push.apple.com/QGuQyavXutnMH9Wf-rRYfA",
    "https://api.push.apple.com/3/device/abc",
    "https://wns2-pn1p.notify.windows.com/w/?token=BQYAAAD%2b%2fQ%3d",
    "https://fcm.googleapis.com:443/fcm/send/abc",
]


@pytest.mark.parametrize("url", REAL)
def test_the_endpoints_browsers_mint_are_allowed(url: str) -> None:
    assert endpoints.check(url).url == url


def test_an_origin_leaves_out_the_usual_port() -> None:
    assert endpoints.check("https://fcm.googleapis.com:443/x").origin == "https://fcm.googleapis.com"
    assert (
        endpoints.check("https://push.example.org:8443/x", ["push.example.org:8443"]).origin
        == "https://push.example.org:8443"
    )


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("push.example.org", "https://push.example.org/a"),
        ("push.example.org", "https://eu.push.example.org/a"),
        ("https://push.example.org", "https://push.example.org/a"),
        ("push.example.org:8443", "https://push.example.org:8443/a"),
        ("http://127.0.0.1:8911", "http://127.0.0.1:8911/wpush/a"),
        ("http://localhost:8911", "http://localhost:8911/a"),
        ("127.0.0.1:8443", "https://127.0.0.1:8443/a"),
    ],
)
def test_a_host_the_operator_wrote_down_is_allowed(entry: str, url: str) -> None:
    assert endpoints.check(url, [entry]).url == url


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("push.example.org", "http://push.example.org/a"),
        ("push.example.org", "https://push.example.org:8443/a"),
        ("push.example.org", "https://evilpush.example.org/a"),
        ("push.example.org:8443", "https://push.example.org/a"),
        ("http://127.0.0.1:8911", "https://127.0.0.1:8911/a"),
        ("http://127.0.0.1:8911", "http://127.0.0.1:8912/a"),
        ("http://127.0.0.1:8911", "http://127.0.0.2:8911/a"),
        ("http://127.0.0.1:8911", "http://localhost:8911/a"),
        ("http://127.0.0.1:8911", "http://a.127.0.0.1:8911/a"),
        ("http://localhost:8911", "http://a.localhost:8911/a"),
    ],
)
def test_an_entry_allows_what_it_spells_out_and_no_more(entry: str, url: str) -> None:
    with pytest.raises(Invalid):
        endpoints.check(url, [entry])


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "*",
        "com",
        "localhost.",
        "http://push.example.org",
        "http://10.0.0.5:8080",
        "10.0.0.5",
        "169.254.169.254",
        "0x7f000001",
        "2130706433",
        "user@push.example.org",
        "push.example.org/path",
        "ftp://push.example.org",
        "push.example.org:0",
        "push.example.org:65536",
        "push.example.org:443:443",
        "http://[::1]:8911",
        "push example.org",
        "PUSH.example.org\n",
    ],
)
def test_a_broken_entry_in_push_hosts_says_so(entry: str) -> None:
    with pytest.raises(Invalid, match="REKINDLE_PUSH_HOSTS"):
        endpoints.check_host(entry)


def test_an_endpoint_never_shows_itself_in_logs() -> None:
    assert "APA91b" not in repr(endpoints.check(REAL[0]))
