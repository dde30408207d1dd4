"""Threat T7 again: nobody makes this server talk to a machine it should not, whatever they give as their calendar's address.

Every connection ends at a canary on loopback, which counts them and notes what they were for.
"""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pwa.calendars.reading import LARGEST
from pwa.domain.errors import Invalid
from pwa.net import fetching, urls
from pwa.net.fetching import Fetched
from tests.support import hostile
from tests.support.calendar_host import HOST, PUBLIC, CalendarHost, open_host
from tests.support.canary import Canary, led_astray
from tests.support.raw_service import RawService, answer, drips, hangs, resets, says

HIDDEN = [form for inside in hostile.INSIDE for form in hostile.embedded(inside)]
FORBIDDEN = [*hostile.INSIDE, *HIDDEN, *hostile.OTHER_IPV6, *hostile.NOT_ADDRESSES]
NO_NAME = [*hostile.INSIDE, *(f"[{address}]" for address in (*HIDDEN, *hostile.OTHER_IPV6)),
           *("2130706433", "0x7f000001", "017700000001", "0x7f.1", "127.1", "0", "a.0x7f", "localhost", "metadata", "db",
             "127.0.0.1.", "localhost.", "①②⑦.⓪.⓪.①", "１２７.0.0.1", "calendar。example。org", "\u212aalender.example.org",
             "u:p@calendar.example.org", "u@calendar.example.org", "127.0.0.1#@calendar.example.org",
             "calendar.example.org\\@127.0.0.1", "calendar.example.org:80", "calendar.example.org:8443",
             "calendar.example.org:0443", "calendar.example.org:", "calendar.example.org:443:443", "a..example.org",
             "-a.example.org", "a_b.example.org", "calendar.example.org%00", "calendar.example.org%2eevil.test", "")]  # fmt: skip
BODY = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def fetch(url: str, *found: str, **terms: Any) -> Fetched | None:
    lookup = (lambda host, port: found) if found else (lambda host, port: [PUBLIC])
    return fetching.get(urls.check(url), LARGEST, lookup=lookup, **{"seconds": 5, **terms})


@pytest.fixture
def way_out() -> Iterator[Canary]:
    with RawService(says(), read_first=False) as service, led_astray(service) as canary:
        yield canary


@pytest.fixture
def host(tmp_path: Path) -> Iterator[CalendarHost]:
    with open_host(tmp_path, HOST, "other.example.org") as host:
        yield host


# --- The shape of the address -------------------------------------------------------------------------------------


def test_there_are_hundreds_of_hostile_addresses() -> None:
    assert len(set(NO_NAME)) > 200 and len(set(FORBIDDEN)) > 200


@pytest.mark.parametrize("name", NO_NAME, ids=ascii)
def test_what_is_no_full_name_is_refused_before_it_is_looked_up(name: str, way_out: Canary) -> None:
    for scheme in ("https", "webcal"):
        with pytest.raises(Invalid) as refusal:
            fetch(f"{scheme}://{name}/a.ics")
        assert refusal.value.sentence.endswith(".") and len(refusal.value.sentence) < 120
    assert way_out.asked == []


@pytest.mark.parametrize("scheme", ["http", "ftp", "file", "gopher", "caldav", "ws", "javascript", "", "https+unix"])
def test_only_https_is_spoken(scheme: str, way_out: Canary) -> None:
    with pytest.raises(Invalid):
        fetch(f"{scheme}://{HOST}/a.ics")
    assert way_out.asked == []


def test_no_hostile_push_address_leads_inside_as_a_calendar_either(way_out: Canary) -> None:
    for url in hostile.endpoints():
        with pytest.raises(Invalid):
            fetch(url, "127.0.0.1")
    assert (way_out.asked, way_out.connections) == ([], 0)


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=20))
def test_whatever_is_accepted_is_read_one_way_only(middle: str, end: str) -> None:
    for said in (f"https://{middle}{end}", f"https://{middle}{HOST}{end}", f"https://{HOST}/{middle}{end}"):
        try:
            url = urls.check(said)
        except Invalid:
            continue
        assert url.text.isascii() and url.text == urls.check(url.text).text
        assert said.strip().lower().replace(":443/", "/", 1) == url.text.lower()


@pytest.mark.parametrize(
    "said",
    [
        "https://calendar.google.com/calendar/ical/a%40group.calendar.google.com/private-0a1b/basic.ics",
        "webcal://p01-caldav.icloud.com/published/2/MTA",
        " HTTPS://Outlook.Office365.com:443/owa/calendar/a@example.com/0a/calendar.ics\n",
        "https://cloud.example.org/remote.php/dav/public-calendars/Ab1?export",
    ],
)
def test_the_addresses_of_well_known_calendars_are_taken(said: str) -> None:
    assert urls.check(said).text.startswith("https://") and "443" not in urls.check(said).text


def test_an_address_shows_its_host_and_nothing_else_of_it() -> None:
    assert repr(urls.check(f"https://{HOST}/private-key/basic.ics?k=v")) == f"Url(host='{HOST}')"


# --- Where the name leads -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", FORBIDDEN, ids=ascii)
def test_a_name_that_leads_inside_is_not_connected_to(address: str, way_out: Canary) -> None:
    for found in ((address,), (PUBLIC, address)):
        with pytest.raises(Invalid, match="private network"):
            fetch(f"https://{HOST}/a.ics", *found)
    assert (way_out.asked, way_out.connections) == ([], 0)


def test_a_name_that_moves_inside_after_it_was_checked_is_not_followed(way_out: Canary) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    with pytest.raises(Invalid):
        fetching.get(urls.check(f"https://{HOST}/"), 1, lookup=lambda name, port: next(answers), seconds=5)
    assert way_out.asked == [(PUBLIC, 443)] and next(answers) == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("code", "why"), [(socket.EAI_NONAME, "no server by that name"), (socket.EAI_AGAIN, "can’t be reached")]
)
def test_a_name_nobody_has_is_told_from_one_nobody_could_look_up(way_out: Canary, code: int, why: str) -> None:
    def nobody(name: str, port: int) -> list[str]:
        raise socket.gaierror(code, "said")

    with pytest.raises(Invalid, match=why):
        fetching.get(urls.check(f"https://{HOST}/"), 1, lookup=nobody)
    assert way_out.asked == []


def test_a_proxy_of_the_environment_is_not_used(host: CalendarHost, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    host.holds("/a.ics", BODY)
    assert fetch(f"https://{HOST}/a.ics", tls=host.trust) == Fetched(BODY, None)


# --- Being sent on ------------------------------------------------------------------------------------------------


def sends_on(location: str, status: int = 302) -> bytes:
    return answer(status, Location=location)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location", ["/b.ics", "b.ics#part", "https://other.example.org/b.ics", "//other.example.org/b.ics"]
)
def test_it_goes_where_it_is_sent(host: CalendarHost, status: int, location: str) -> None:
    host.says("/a.ics", sends_on(location, status))
    host.holds("/b.ics", BODY)
    assert fetch(f"https://{HOST}/a.ics", tls=host.trust) == Fetched(BODY, None)
    assert host.connections == 2


@pytest.mark.parametrize(
    "location",
    ["https://127.0.0.1/", "https://[::1]/", f"http://{HOST}/b.ics", f"https://{HOST}:8443/b.ics", "file:///etc/passwd",
     f"https://u:p@{HOST}/b.ics", "https://localhost/", "https://[::ffff:7f00:1]/", "https://2130706433/", "", "//[", "\\\\x"],
)  # fmt: skip
def test_it_is_not_sent_to_what_could_not_have_been_given(host: CalendarHost, location: str) -> None:
    host.says("/a.ics", sends_on(location))
    with pytest.raises(Invalid):
        fetch(f"https://{HOST}/a.ics", tls=host.trust)
    assert host.connections == (1 if location else 4)  # an empty one means the same address again


@pytest.mark.parametrize("inside", ["127.0.0.1", "::1", "169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::"])
def test_each_hop_is_looked_up_and_vetted_anew(host: CalendarHost, inside: str) -> None:
    names = {HOST: [PUBLIC], "other.example.org": [inside]}
    host.says("/a.ics", sends_on("https://other.example.org/b.ics"))
    with pytest.raises(Invalid, match="private network"):
        fetching.get(urls.check(f"https://{HOST}/a.ics"), 1, lookup=lambda name, port: names[name], tls=host.trust)
    assert host.connections == 1


def test_three_hops_are_gone_and_no_more(host: CalendarHost) -> None:
    for number in range(5):
        host.says(f"/{number}", sends_on(f"/{number + 1}"))
    host.holds("/5", BODY)
    with pytest.raises(Invalid, match="on and on"):
        fetch(f"https://{HOST}/1", tls=host.trust)
    assert host.connections == 4
    assert fetch(f"https://{HOST}/2", tls=host.trust) == Fetched(BODY, None)


# --- What is said there -------------------------------------------------------------------------------------------


def test_nothing_of_ours_is_told_and_nothing_packed_is_asked_for(host: CalendarHost) -> None:
    host.holds("/a.ics?k=v", BODY)
    assert fetch(f"https://{HOST}/a.ics?k=v", tls=host.trust)
    head = host.requests[0].decode()
    assert head.startswith("GET /a.ics?k=v HTTP/1.1\r\n") and f"\r\nHost: {HOST}\r\n" in head
    assert "Accept-Encoding: identity" in head
    assert not any(word in head.lower() for word in ("cookie", "referer", "authorization", "if-none-match"))


def test_what_has_not_changed_is_not_sent_again(host: CalendarHost) -> None:
    host.holds("/a.ics", BODY, etag='"one"')
    first = fetch(f"https://{HOST}/a.ics", tls=host.trust)
    assert first == Fetched(BODY, '"one"')
    assert fetch(f"https://{HOST}/a.ics", tls=host.trust, etag='"one"') is None
    assert fetch(f"https://{HOST}/a.ics", tls=host.trust, etag='"two"') == first


@pytest.mark.parametrize("etag", ["one", '"a\r\n b"', '"' + "a" * 300 + '"', '"é"', ""])
def test_a_tag_that_could_not_be_sent_back_is_not_kept(host: CalendarHost, etag: str) -> None:
    host.says("/a.ics", answer(200, BODY, ETag=etag.encode().decode("latin-1")))
    assert fetch(f"https://{HOST}/a.ics", tls=host.trust) == Fetched(BODY, None)


def test_two_hundred_megabytes_are_left_where_they_are(host: CalendarHost) -> None:
    sent = []

    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(200):
            connection.sendall(b"x" * 2**20)
            sent.append(1)

    host.paths["/a.ics"] = flood
    fetched = fetch(f"https://{HOST}/a.ics", tls=host.trust)
    assert fetched and len(fetched.body) == LARGEST + 1
    assert len(sent) < 20


@pytest.mark.parametrize(
    "start",
    [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n"],
)
def test_a_slow_drip_is_ended_by_the_clock(host: CalendarHost, start: bytes) -> None:
    host.paths["/a.ics"] = drips(start)
    with pytest.raises(Invalid, match="too long to answer"):
        fetch(f"https://{HOST}/a.ics", tls=host.trust, seconds=0.5)


def test_a_handshake_that_never_ends_is_ended_by_the_clock() -> None:
    with (
        RawService(hangs, read_first=False) as silent,
        led_astray(silent),
        pytest.raises(Invalid, match="too long to answer"),
    ):
        fetch(f"https://{HOST}/a.ics", seconds=0.5)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (answer(404), "closed"),
        (answer(410), "closed"),
        (answer(403), "closed"),
        (answer(500), "at the moment"),
        (answer(204), "at the moment"),
        (answer(429), "at the moment"),
        (b"SSH-2.0-OpenSSH\r\n", "breaks off"),
        (b"", "breaks off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + BODY, "breaks off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nBEGI", "breaks off"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "breaks off"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", "breaks off"),
    ],
)
def test_what_went_wrong_is_told_in_words(host: CalendarHost, said: bytes, why: str) -> None:
    host.says("/a.ics", said)
    with pytest.raises(Invalid, match=why) as told:
        fetch(f"https://{HOST}/a.ics", tls=host.trust)
    assert told.value.sentence.endswith(".") and HOST not in told.value.sentence


def test_a_server_that_hangs_up_is_told_in_words(host: CalendarHost) -> None:
    host.paths["/a.ics"] = resets
    with pytest.raises(Invalid, match="breaks off"):
        fetch(f"https://{HOST}/a.ics", tls=host.trust)


def test_a_certificate_for_another_name_or_from_nobody_is_not_believed(host: CalendarHost) -> None:
    host.holds("/a.ics", BODY)
    for url, trust in (("https://third.example.org/a.ics", host.trust), (f"https://{HOST}/a.ics", None)):
        with pytest.raises(Invalid, match="can’t show"):
            fetch(url, tls=trust)
    assert host.requests == []


def test_what_is_packed_though_nobody_asked_stays_packed(host: CalendarHost) -> None:
    bomb = gzip.compress(b"\0" * 10_000_000)
    host.says("/a.ics", answer(200, bomb, Content_Encoding="gzip"))
    assert fetch(f"https://{HOST}/a.ics", tls=host.trust) == Fetched(bomb, None)
