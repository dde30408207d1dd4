"""Threat T7: nobody makes this server talk to a machine it should not, whatever they register as a push endpoint.

`way_out` puts a canary where every connection would end: it counts them, whatever address they were for.
"""

import ipaddress
import random
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pycurl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pwa.domain.errors import Invalid
from pwa.net import addresses
from pwa.push import endpoints, subscription, vapid
from pwa.push.exchange import Exchange
from pwa.push.message import Message
from pwa.push.outcome import Outcome
from pwa.push.subscription import Subscription
from tests.support import hostile, sending
from tests.support.canary import Canary, sender_led_astray
from tests.support.device import Device
from tests.support.raw_service import RawService, answer, says

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
IDENTITY = vapid.load(vapid.generate(), "mailto:keeper@rekindle.example")
HOSTILE = hostile.endpoints()
PUBLIC_V4, PUBLIC_V6 = "142.250.74.10", "2a00:1450:400f:80c::200a"
HIDDEN = [form for inside in hostile.INSIDE for form in hostile.embedded(inside)]
FORBIDDEN = [*hostile.INSIDE, *HIDDEN, *hostile.OTHER_IPV6, *hostile.NOT_ADDRESSES]


@pytest.fixture
def way_out() -> Iterator[Canary]:
    with RawService(says(answer(201)), read_first=False) as service, sender_led_astray(service) as canary:
        yield canary


def test_no_socket_opens_to_an_address_that_was_not_pinned() -> None:
    """The last line of defence: should libcurl ever come to another address by itself."""
    address = SimpleNamespace(family=socket.AF_INET, socktype=socket.SOCK_STREAM, protocol=0, addr=("127.0.0.1", 443))
    assert Exchange()._open_socket(pycurl.SOCKTYPE_IPCXN, address) == pycurl.SOCKET_BAD


def send(endpoint: str, *answers: str, hosts: tuple[str, ...] = ()) -> Outcome:
    device = Device(endpoint)
    target = Subscription(device.endpoint, device.p256dh, device.auth)
    message = Message(b"{}", "t" * 32, 60)
    lookup = (lambda host, port: answers) if answers else (lambda host, port: ["127.0.0.1"])
    return sending.send(message, target, hosts=hosts, vapid=IDENTITY, now=NOW, lookup=lookup, seconds=1)


# --- the shape of the address and the list of hosts ---


def test_there_are_more_than_four_hundred_hostile_endpoints() -> None:
    assert len(HOSTILE) > 400


@pytest.mark.parametrize("url", HOSTILE, ids=ascii)
def test_a_hostile_endpoint_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(Invalid) as refusal:
        endpoints.check(url)
    assert refusal.value.sentence.endswith(".")
    assert len(refusal.value.sentence) < 120


@pytest.mark.parametrize(
    "endpoint", [None, 0, 1.5, True, [], {}, ["https://fcm.googleapis.com/x"], b"https://fcm.googleapis.com/x"]
)
def test_an_endpoint_that_is_no_text_is_refused(endpoint: object) -> None:
    with pytest.raises(Invalid):
        endpoints.check(endpoint)


@pytest.mark.parametrize("unit", ["a", "a.", "https://", "/", "-", "%", "\0", "[", "1.", "@"])
def test_five_megabytes_of_address_are_refused_at_once(unit: str) -> None:
    began = time.perf_counter()
    for url in ("https://" + unit * 5_000_000, ("https://" + unit * 2_048)[:2_048]):
        with pytest.raises(Invalid):
            endpoints.check(url)
    assert time.perf_counter() - began < 5  # and not minutes


def test_no_hostile_endpoint_causes_a_connection(way_out: Canary) -> None:
    kinds = {send(url).kind for url in HOSTILE}
    assert kinds == {"refused"}
    assert (way_out.connections, way_out.asked) == (0, [])


def test_no_hostile_endpoint_is_let_in_by_a_host_the_operator_added(way_out: Canary) -> None:
    hosts = (f"http://127.0.0.1:{way_out.service.port}", "push.example.org", "push.example.org:8443")
    assert {send(url, hosts=hosts).kind for url in HOSTILE} == {"refused"}
    assert way_out.connections == 0


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=20))
def test_whatever_is_accepted_leads_to_a_known_host(middle: str, end: str) -> None:
    for url in (
        f"https://{middle}{end}",
        f"https://{middle}fcm.googleapis.com{end}",
        f"https://fcm.googleapis.com/{middle}",
    ):
        try:
            accepted = endpoints.check(url)
        except Invalid:
            continue
        assert any(accepted.host == known or accepted.host.endswith("." + known) for known in endpoints.KNOWN_HOSTS)
        assert url.startswith((f"https://{accepted.host}/", f"https://{accepted.host}:443/"))


def test_mutated_endpoints_are_refused_or_lead_to_a_known_host() -> None:
    seeded = random.Random(20261122)
    alphabet = "/\\@#?:.%[]\t\n\0 aA0-_。．①"
    for _ in range(20_000):
        url = list("https://fcm.googleapis.com/fcm/send/abc")
        for _ in range(seeded.randint(1, 3)):
            url[seeded.randrange(len(url)) : seeded.randrange(len(url))] = seeded.choices(
                alphabet, k=seeded.randint(0, 2)
            )
        text = "".join(url)
        try:
            accepted = endpoints.check(text)
        except Invalid:
            continue
        assert text.startswith(f"https://{accepted.host}")
        assert accepted.host in endpoints.KNOWN_HOSTS or accepted.host.endswith(".fcm.googleapis.com")


# --- where the name leads ---


@pytest.mark.parametrize("address", FORBIDDEN, ids=ascii)
def test_an_address_that_is_not_public_is_known_as_such(address: str) -> None:
    assert not addresses.is_public(address)


@pytest.mark.parametrize("address", [PUBLIC_V4, PUBLIC_V6, "1.1.1.1", "2606:4700::1111", "8.8.8.8", "17.188.143.1"])
def test_a_public_address_is_known_as_such(address: str) -> None:
    assert addresses.is_public(address)


@settings(deadline=None)
@given(st.ip_addresses())
def test_nothing_that_python_calls_special_is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    special = not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified
    assert not (special and addresses.is_public(str(address)))


@settings(deadline=None)
@given(
    st.ip_addresses(v=6, network="::/3")
    | st.ip_addresses(v=6, network="4000::/2")
    | st.ip_addresses(v=6, network="8000::/1")
)
def test_nothing_outside_global_unicast_is_public(address: ipaddress.IPv6Address) -> None:
    assert not addresses.is_public(str(address))


@pytest.mark.parametrize("address", FORBIDDEN, ids=ascii)
def test_a_name_that_leads_inside_is_not_connected_to(address: str, way_out: Canary) -> None:
    assert send("https://fcm.googleapis.com/x", address).kind == "refused"
    assert way_out.asked == []


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::"]
)
def test_one_inside_address_among_public_ones_spoils_them_all(inside: str, order: int, way_out: Canary) -> None:
    answers = [PUBLIC_V4, PUBLIC_V6]
    answers.insert(order, inside)
    assert send("https://fcm.googleapis.com/x", *answers).kind == "refused"
    assert way_out.asked == []


def test_a_name_that_moves_inside_after_it_was_checked_is_not_followed(way_out: Canary) -> None:
    """DNS rebinding: the answer that was vetted is the one that is connected to, and there is no second question."""
    answers = iter([[PUBLIC_V4], ["127.0.0.1"], ["169.254.169.254"]])
    device = Device("https://fcm.googleapis.com/x")
    sending.send(
        Message(b"{}", "t" * 32, 60),
        Subscription(device.endpoint, device.p256dh, device.auth),
        hosts=(),
        vapid=IDENTITY,
        now=NOW,
        lookup=lambda host, port: next(answers),
        seconds=1,
    )
    assert way_out.asked == [(PUBLIC_V4, 443)]
    assert next(answers) == ["127.0.0.1"]


def test_the_canary_sings_when_a_connection_is_made(way_out: Canary) -> None:
    send("https://fcm.googleapis.com/x", PUBLIC_V6)
    assert way_out.asked == [(PUBLIC_V6, 443)]
    assert way_out.connections == 1


def test_a_host_the_operator_added_by_name_must_still_be_public(way_out: Canary) -> None:
    for url, host in (
        ("https://push.example.org/x", "push.example.org"),
        ("https://a.example.org:8443/x", "a.example.org:8443"),
    ):
        assert send(url, "10.0.0.5", hosts=(host,)).kind == "refused"
        assert send(url, "127.0.0.1", hosts=(host,)).kind == "refused"
    assert way_out.asked == []


@pytest.mark.parametrize("address", [PUBLIC_V4, "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1"])
def test_a_loopback_name_the_operator_wrote_out_leads_to_loopback_only(address: str, way_out: Canary) -> None:
    assert send("http://localhost:8911/x", address, hosts=("http://localhost:8911",)).kind == "refused"
    assert way_out.asked == []


def test_an_endpoint_stored_under_older_rules_is_refused_when_it_is_sent_to(way_out: Canary) -> None:
    device = Device("http://127.0.0.1:8911/x")
    stored = subscription.read(device.json(), ["http://127.0.0.1:8911"])
    message = Message(b"{}", "t" * 32, 60)
    outcome = sending.send(message, stored, hosts=(), vapid=IDENTITY, now=NOW, seconds=1)
    assert outcome.kind == "refused"
    assert way_out.asked == []
