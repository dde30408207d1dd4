"""One HTTP exchange with one vetted address: no look-up, no redirect, no proxy, no cookie, and a clock over all of it.

`http.client` over a socket of our own, because requests and urllib3 time each read by itself: a body that drips a byte
a second never ends there.
"""

import io
import socket
import ssl
import time
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPException
from typing import Any, cast

import certifi

from pwa.push.request import Request

LONGEST_ANSWER = 8 * 1_024  # bytes, head and body together


@dataclass(frozen=True)
class Answer:
    """headers by lower-case name; body: its first bytes at most."""

    status: int
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Deadline:
    """Seconds for a whole exchange, however many steps it takes."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """Raises TimeoutError when the time is over."""
        seconds = self._ends - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("the push service took too long")
        return seconds


def exchange(
    request: Request, addresses: tuple[str, ...], deadline: Deadline, tls: ssl.SSLContext | None = None
) -> Answer:
    """Raises OSError or HTTPException when there is no answer."""
    with _connected(request, addresses, deadline, tls or system_trust()) as sock:
        connection = HTTPConnection(request.endpoint.host, request.endpoint.port)
        connection.sock = cast(socket.socket, _Timed(sock, deadline))
        headers = {**request.headers, "Host": request.endpoint.authority, "Connection": "close"}
        connection.request("POST", request.endpoint.target, request.body, headers)
        response = connection.getresponse()
        accepted = 200 <= response.status < 300
        said = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, said, b"" if accepted else _beginning(response))


@cache
def system_trust() -> ssl.SSLContext:
    """Made once: reading the certificates takes longer than a message. certifi's for machines that have none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _connected(request: Request, addresses: tuple[str, ...], deadline: Deadline, tls: ssl.SSLContext) -> socket.socket:
    endpoint = request.endpoint
    sock = _first_that_answers(addresses, endpoint.port, deadline)
    if endpoint.scheme == "http":
        return sock
    try:
        sock.settimeout(deadline.left())
        # the name, not the pinned address: it is what the certificate must be for
        return tls.wrap_socket(sock, server_hostname=endpoint.host)
    except BaseException:
        sock.close()
        raise


def _first_that_answers(addresses: tuple[str, ...], port: int, deadline: Deadline) -> socket.socket:
    failure: OSError = OSError("no address to connect to")
    for tried, address in enumerate(addresses[:4]):
        try:
            # an unreachable first address must leave time for the others
            share = deadline.left() / (min(len(addresses), 4) - tried)
            return socket.create_connection((address, port), timeout=share)
        except OSError as error:
            failure = error
    raise failure


def _beginning(response: Any) -> bytes:
    """What there is of an error's text. The status counts already, so a body that stalls or breaks off does no harm."""
    try:
        return bytes(response.read(LONGEST_ANSWER))
    except (OSError, HTTPException):
        return b""


class _Timed:
    """What http.client needs of a socket, with every wait cut to what is left of the deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Bounded(self._sock, self._deadline))

    def close(self) -> None:
        """http.client calls this before an answer's body is read; the socket closes where it was opened."""


class _Bounded(io.RawIOBase):
    """Reads no more than LONGEST_ANSWER bytes in all; then the answer counts as ended."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline, self._room = sock, deadline, LONGEST_ANSWER

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._room <= 0:
            return 0
        self._sock.settimeout(self._deadline.left())
        got = self._sock.recv_into(memoryview(buffer)[: self._room])
        self._room -= got
        return got
