"""The sender against real sockets: everything a push service, or somebody who plays one, may do."""

import resource
import socket
import ssl
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from pwa.net import addresses
from pwa.push import client, exchange
from pwa.push.client import Client
from pwa.push.message import Message
from pwa.push.outcome import Outcome
from pwa.push.subscription import Subscription
from pwa.push.vapid import Vapid
from tests.support import certificates, sending
from tests.support.device import Device
from tests.support.raw_service import RawService, Script, answer, drips, hangs, resets, says
from tests.support.sending import Letter

Send = Callable[..., Outcome]


def test_a_message_arrives_as_one_post(send_to: Send, message: Message) -> None:
    with RawService(says(answer(201))) as service:
        outcome = send_to(service.origin)
    assert (outcome.kind, outcome.status) == ("accepted", 201)
    head, _, body = service.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /push/abc HTTP/1.1\r\n")
    assert f"host: 127.0.0.1:{service.port}".encode() in head.lower()
    assert head.lower().count(b"content-length:") == 1
    assert b"cookie" not in head.lower()
    assert len(body) == len(message.body) + 103


BEHAVIOURS: dict[str, tuple[Script, str]] = {
    "error": (says(answer(500, b"oops")), "retry"),
    "unavailable": (says(answer(503, b"", Retry_After="7")), "retry"),
    "too many": (says(answer(429, b"", Retry_After="7")), "slow_down"),
    "gone": (says(answer(410)), "gone"),
    "hangs up": (says(), "retry"),
    "resets": (resets, "retry"),
    "hangs": (hangs, "retry"),
    "garbage": (says(b"\x16\x03\x01 what\r\n\r\n"), "retry"),
    "half a head": (says(b"HTTP/1.1 2"), "retry"),
    "drips its status": (drips(b"HTTP/1.1 ", b"2"), "retry"),
    "drips its head": (drips(b"HTTP/1.1 500 No\r\n", b"X: y\r\n"), "retry"),
    "endless continue": (drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n", pause=0), "retry"),
    "drips its body": (drips(b"HTTP/1.1 500 No\r\nContent-Length: 99999\r\n\r\n"), "retry"),
    "drips chunks": (drips(b"HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"), "retry"),
    "floods its body": (drips(b"HTTP/1.1 500 No\r\n\r\n", b"x" * 1_048_576, pause=0), "retry"),
    "floods its head": (drips(b"HTTP/1.1 500 No\r\n", b"X: " + b"y" * 9_000 + b"\r\n", pause=0), "retry"),
    "bad chunks": (says(b"HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "retry"),
    "negative length": (says(b"HTTP/1.1 500 No\r\nContent-Length: -1\r\n\r\n"), "retry"),
    "accepts, then drips": (drips(b"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n"), "accepted"),
}


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_whatever_a_service_does_the_send_ends_in_time(name: str, send_to: Send) -> None:
    script, expected = BEHAVIOURS[name]
    with RawService(script) as service:
        began = time.monotonic()
        outcome = send_to(service.origin, seconds=0.6)
    assert outcome.kind == expected
    assert time.monotonic() - began < 4


def test_a_service_that_accepts_is_not_listened_to_any_longer(send_to: Send) -> None:
    with RawService(BEHAVIOURS["accepts, then drips"][0]) as service:
        began = time.monotonic()
        send_to(service.origin, seconds=8)
    assert time.monotonic() - began < 4


def test_a_flood_is_not_read_into_memory(send_to: Send) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with RawService(drips(b"HTTP/1.1 500 No\r\nContent-Length: 209715200\r\n\r\n", b"x" * 65_536, pause=0)) as service:
        for _ in range(5):
            assert send_to(service.origin).kind == "retry"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1_024


def test_a_pause_is_handed_on(send_to: Send) -> None:
    with RawService(says(answer(429, b"", Retry_After="77"))) as service:
        assert send_to(service.origin).retry_after == 77


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int, send_to: Send) -> None:
    with RawService(says(answer(201))) as canary:
        location = f"{canary.origin}/push/abc"
        with RawService(says(answer(status, b"", Location=location))) as service:
            outcome = send_to(service.origin)
    assert (outcome.kind, outcome.status) == ("retry", status)
    assert canary.connections == 0


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"])
def test_a_proxy_in_the_environment_is_not_asked(name: str, send_to: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    with RawService(says(answer(201))) as proxy, RawService(says(answer(201))) as service:
        monkeypatch.setenv(name, proxy.origin)
        assert send_to(service.origin).kind == "accepted"
    assert (proxy.connections, service.connections) == (0, 1)


def test_a_cookie_is_not_sent_back(send_to: Send) -> None:
    with RawService(says(answer(201, b"", Set_Cookie="a=b"))) as service:
        send_to(service.origin)
        send_to(service.origin)
    assert b"a=b" not in service.requests[1]


def test_a_topic_apple_cannot_read_is_left_out_once(send_to: Send) -> None:
    with RawService(says(answer(400, b'{"reason":"BadWebPushTopic"}'))) as service:
        outcome = send_to(service.origin)
    assert (outcome.kind, outcome.reason) == ("refused", "BadWebPushTopic")
    assert [b"\r\nTopic: " in request for request in service.requests] == [True, False]


def test_a_closed_port_is_tried_again_later(send_to: Send) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    outcome = send_to(f"http://127.0.0.1:{port}")
    assert (outcome.kind, outcome.reason, outcome.left) == ("retry", "no connection", False)


# --- names ---


def test_a_name_that_leads_nowhere_is_tried_again_later(send_to: Send) -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    assert send_to("https://push.example.org", lookup=nowhere).kind == "retry"
    assert send_to("https://push.example.org", lookup=lambda host, port: []).kind == "retry"


def test_a_name_that_takes_for_ever_counts_against_the_deadline(send_to: Send) -> None:
    def slow(host: str, port: int) -> list[str]:
        time.sleep(8)
        return ["127.0.0.1"]

    began = time.monotonic()
    assert send_to("https://push.example.org", lookup=slow, seconds=0.3).kind == "retry"
    assert time.monotonic() - began < 4


def test_the_next_address_is_tried_when_the_first_is_dead(send_to: Send) -> None:
    with RawService(says(answer(201))) as service:
        hosts = f"http://localhost:{service.port}"
        outcome = send_to(hosts, lookup=lambda host, port: ["127.9.9.9", "127.0.0.1"])
    assert outcome.kind == "accepted"


def test_a_name_is_looked_up_once(send_to: Send) -> None:
    asked = []

    def count(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with RawService(says(answer(201))) as service:
        send_to(f"http://localhost:{service.port}", lookup=count)
    assert asked == ["localhost"]


# --- TLS ---


def secure(send_to: Send, folder: Path, certified: str) -> tuple[Outcome, RawService]:
    made = certificates.make(folder, certified)
    with RawService(says(answer(201)), tls=made.server()) as service:
        return send_to(f"https://localhost:{service.port}", trust=str(made.authority)), service


def test_a_certificate_for_the_name_is_believed(send_to: Send, tmp_path: Path) -> None:
    outcome, service = secure(send_to, tmp_path, "localhost")
    assert outcome.kind == "accepted"
    assert f"Host: localhost:{service.port}".encode() in service.requests[0]


@pytest.mark.parametrize("certified", ["fcm.googleapis.com", "127.0.0.1"])
def test_a_certificate_for_another_name_or_only_the_address_is_not(
    certified: str, send_to: Send, tmp_path: Path
) -> None:
    outcome, service = secure(send_to, tmp_path, certified)
    assert (outcome.kind, outcome.reason) == ("retry", "no secure connection")
    assert not any(service.requests)


def test_a_certificate_from_nobody_we_know_is_not_believed(send_to: Send, tmp_path: Path) -> None:
    made = certificates.make(tmp_path, "localhost")
    with RawService(says(answer(201)), tls=made.server()) as service:
        outcome = send_to(f"https://localhost:{service.port}")
    assert outcome.reason == "no secure connection"


def test_the_name_and_not_the_address_is_asked_for_in_tls(send_to: Send, tmp_path: Path) -> None:
    asked: list[str | None] = []
    made = certificates.make(tmp_path, "localhost")
    context = made.server()
    context.sni_callback = lambda sock, name, old: asked.append(name)
    with RawService(says(answer(201)), tls=context) as service:
        send_to(f"https://localhost:{service.port}", trust=str(made.authority))
    assert asked == ["localhost"]


@pytest.mark.parametrize("script", [hangs, drips(b"\x16\x03\x03\x40\x00", b"\x02")], ids=["hangs", "drips"])
def test_a_handshake_that_never_ends_counts_against_the_deadline(script: Script, send_to: Send) -> None:
    with RawService(script, read_first=False) as service:
        began = time.monotonic()
        outcome = send_to(f"https://localhost:{service.port}", seconds=0.5)
    assert outcome.kind == "retry"
    assert time.monotonic() - began < 4


def test_plain_http_where_tls_should_be_is_tried_again_later(send_to: Send) -> None:
    with RawService(says(answer(201)), read_first=False) as service:
        assert send_to(f"https://localhost:{service.port}").kind == "retry"


def test_a_host_is_called_by_its_name_from_end_to_end(
    send_to: Send, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")
    made = certificates.make(tmp_path, "push.example.org")
    with RawService(says(answer(201)), tls=made.server()) as service:
        host = f"push.example.org:{service.port}"
        outcome = send_to(
            f"https://{host}", hosts=[host], trust=str(made.authority), lookup=lambda host, port: ["127.0.0.1"]
        )
    assert outcome.kind == "accepted"
    assert f"\r\nHost: {host}\r\n".encode() in service.requests[0]


def test_no_older_tls_is_spoken(send_to: Send, tmp_path: Path) -> None:
    made = certificates.make(tmp_path, "localhost")
    old = made.server()
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_1
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    with RawService(says(answer(201)), tls=old, read_first=False) as service:
        outcome = send_to(f"https://localhost:{service.port}", trust=str(made.authority))
    assert (outcome.kind, outcome.reason) == ("retry", "no secure connection")


def test_the_machines_own_trust_is_a_file_that_there_is() -> None:
    assert Path(exchange.system_trust()).is_file()


# --- many ---


def test_a_service_that_holds_all_it_gets_leaves_others_their_connections(
    message: Message, identity: Vapid, now: datetime
) -> None:
    def letters(service: RawService, count: int) -> Iterator[Letter]:
        for number in range(count):
            device = Device(f"{service.origin}/push/{number}")
            yield Letter(message, Subscription(device.endpoint, device.p256dh, device.auth))

    with RawService(hangs) as silent, RawService(says(answer(201))) as well:
        own: Client[Letter] = Client(identity, [silent.origin, well.origin])
        for letter in letters(silent, client.WINDOW):
            own.put(letter, now)
        while silent.connections < client.WINDOW:
            assert own.poll(0.01, now) == []
        (only,) = letters(well, 1)
        own.put(only, now)
        ((first, outcome), *_) = own.poll(20, now)
        own.close()
    assert (first, outcome.kind) == (only, "accepted")


# --- rows ---


def test_ten_seconds_is_all_a_send_may_take() -> None:
    assert client.SECONDS == 10


def test_a_poisoned_row_is_refused_and_not_raised(message: Message, identity: Vapid, now: datetime) -> None:
    device = Device("https://fcm.googleapis.com/x")
    for poisoned in (
        Subscription("https://169.254.169.254/x", device.p256dh, device.auth),
        Subscription(device.endpoint, "AAAA", device.auth),
        Subscription(device.endpoint, device.p256dh, "AAAA"),
    ):
        outcome = sending.send(message, poisoned, hosts=(), vapid=identity, now=now, lookup=forbidden)
        assert outcome.kind == "refused"
        assert outcome.reason


def forbidden(host: str, port: int) -> list[str]:
    raise AssertionError("looked up")
