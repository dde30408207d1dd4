"""One bounded GET of what somebody gave the address of. Each hop is looked up once, vetted, pinned, and verified by TLS.

`http.client` over a socket of our own: no proxy, no cookie, and one clock over look-up, connections, hops and body.
"""

import io
import queue
import re
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, cast

import certifi

from pwa.domain.errors import Invalid
from pwa.net import addresses, urls
from pwa.net.addresses import Inside, Lookup
from pwa.net.urls import Url

SECONDS = 10.0
MOST_HOPS = 3
MOST_TRIED = 4
HEAD = 64 * 1_024  # bytes, for what stands around a body
_SENT_ON = (301, 302, 303, 307, 308)
_CLOSED = (401, 403, 404, 410)
_ETAG = re.compile(r'(?:W/)?"[!#-~]{0,200}"')  # RFC 9110, 8.8.3; it is sent back as it came


class Unanswered(Invalid):
    """Not now; it may well be there later."""


@dataclass(frozen=True)
class Fetched:
    """What lies there. `body` holds one byte more than was asked for at most, so that too long is seen."""

    body: bytes = field(repr=False)
    etag: str | None


def get(
    url: Url,
    most: int,
    etag: str | None = None,
    *,
    lookup: Lookup | None = None,
    tls: ssl.SSLContext | None = None,
    seconds: float = SECONDS,
) -> Fetched | None:
    """What lies at `url`, up to `most` bytes; None when it is still what `etag` names.

    Raises Unanswered with why there is nothing now, Invalid with why there will not be and what to do.
    lookup, tls and seconds are for tests.
    """
    deadline = _Deadline(seconds)
    try:
        for _ in range(1 + MOST_HOPS):
            pinned = _looked_up(url, lookup, deadline)
            with _connected(url, pinned, tls or _trust(), deadline) as sock:
                answer = _asked(sock, url, etag, _Bounded(sock, deadline, 2 * most + HEAD), deadline)
                if answer.status not in _SENT_ON:
                    return _read(answer, most, conditional=etag is not None)
                url = _next(url, answer)
    except (OSError, HTTPException) as error:
        raise _told(error) from None
    raise Invalid("That address is sent on and on. Give the one where it ends.", "address")


def _told(error: OSError | HTTPException) -> Invalid:
    """What a person is told. Not what the library said, which may name the address."""
    if isinstance(error, Inside):
        return Invalid("That address leads into a private network, where we don’t look.", "address")
    if isinstance(error, socket.gaierror) and error.errno != socket.EAI_AGAIN:
        return Invalid("There’s no server by that name. Look at the address again.", "address")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Invalid("The server there can’t show that it is who it says, so we don’t read it.", "address")
    if isinstance(error, TimeoutError):
        return Unanswered("The server there takes too long to answer.", "address")
    return Unanswered("The server there can’t be reached, or breaks off.", "address")


class _Deadline:
    """Seconds for all of it, however many steps it takes."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """Raises TimeoutError when the time is over."""
        seconds = self._ends - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


def _looked_up(url: Url, lookup: Lookup | None, deadline: _Deadline) -> tuple[str, ...]:
    """The system's look-up takes no timeout, so it is waited for from outside."""
    found: queue.SimpleQueue[tuple[str, ...] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found.put(addresses.resolve(url.host, urls.PORT, addresses.is_public, lookup))
        except Exception as error:  # noqa: BLE001 whatever it is, the thread that waits raises it
            found.put(error)

    threading.Thread(target=look_up, daemon=True).start()
    try:
        result = found.get(timeout=deadline.left())
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(result, Exception):
        raise result
    return result


@cache
def _trust() -> ssl.SSLContext:
    """Made once. certifi's certificates are for machines that have none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _connected(url: Url, pinned: tuple[str, ...], tls: ssl.SSLContext, deadline: _Deadline) -> ssl.SSLSocket:
    sock = _first_that_answers(pinned[:MOST_TRIED], deadline)
    try:
        sock.settimeout(deadline.left())
        # the name, not the pinned address: it is what the certificate must be for
        return tls.wrap_socket(sock, server_hostname=url.host)
    except BaseException:
        sock.close()
        raise


def _first_that_answers(pinned: tuple[str, ...], deadline: _Deadline) -> socket.socket:
    failure = OSError("no address to connect to")
    for tried, address in enumerate(pinned):
        try:
            # an unreachable first address must leave time for the others
            return socket.create_connection((address, urls.PORT), timeout=deadline.left() / (len(pinned) - tried))
        except OSError as error:
            failure = error
    raise failure


def _asked(sock: ssl.SSLSocket, url: Url, etag: str | None, answers: "_Bounded", deadline: _Deadline) -> HTTPResponse:
    connection = HTTPConnection(url.host)
    connection.sock = cast(socket.socket, _Wire(sock, answers))
    headers = {"Accept": "text/calendar, */*;q=0.1", "Accept-Encoding": "identity", "User-Agent": "Rekindle"}
    if etag is not None:
        headers["If-None-Match"] = etag
    sock.settimeout(deadline.left())
    connection.request("GET", url.target, headers={**headers, "Connection": "close"})
    return connection.getresponse()


def _read(answer: HTTPResponse, most: int, *, conditional: bool) -> Fetched | None:
    if answer.status == 304 and conditional:
        return None
    if answer.status in _CLOSED:
        raise Invalid(
            "The server there says this address is closed. Make a new one there, and give it here.", "address"
        )
    if answer.status != 200:
        raise Unanswered("The server there can’t give it at the moment.", "address")
    body = answer.read(most + 1)
    if len(body) <= most and answer.length:
        raise OSError("the body broke off")
    etag = _ETAG.fullmatch(answer.getheader("ETag") or "")
    return Fetched(body, etag[0] if etag else None)


def _next(url: Url, answer: HTTPResponse) -> Url:
    try:
        return urls.follow(url, answer.getheader("Location") or "")
    except ValueError:
        raise Invalid(
            "That address is sent on to one we don't read. Copy the calendar's address again.", "address"
        ) from None


class _Wire:
    """What http.client needs of a socket."""

    def __init__(self, sock: ssl.SSLSocket, answers: "_Bounded") -> None:
        self.sendall = sock.sendall
        self._answers = answers

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._answers)

    def close(self) -> None:
        """http.client calls this before an answer's body is read; the socket closes where it was opened."""


class _Bounded(io.RawIOBase):
    """Reads so many bytes in all, each wait cut to what is left of the deadline; then the answer counts as ended."""

    def __init__(self, sock: ssl.SSLSocket, deadline: _Deadline, room: int) -> None:
        self._sock, self._deadline, self._room = sock, deadline, room

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._room <= 0:
            return 0
        self._sock.settimeout(self._deadline.left())
        got = self._sock.recv_into(memoryview(buffer)[: self._room])
        self._room -= got
        return got
