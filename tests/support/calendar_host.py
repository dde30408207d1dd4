"""Somebody's calendar server: https on loopback, for the names its certificate has, with an answer for each path."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from pwa.net import fetching
from pwa.net.fetching import Fetched
from tests.support import certificates
from tests.support.canary import led_astray
from tests.support.raw_service import RawService, Script, answer, says

HOST = "calendar.example.org"
PUBLIC = "142.250.74.10"


class CalendarHost(RawService):
    """`paths`: what is said there. `trust` believes the certificate."""

    def __init__(self, folder: Path, *names: str) -> None:
        made = certificates.make(folder, *(names or (HOST,)))
        self.trust: ssl.SSLContext = made.trust()
        self.paths: dict[str, Script] = {}
        super().__init__(self._answer_path, made.server())

    @property
    def fetch(self) -> Callable[..., Fetched | None]:
        """The real way to fetch, believing this host, and a name server that calls every name public."""
        return partial(fetching.get, lookup=lambda host, port: [PUBLIC], tls=self.trust)

    def holds(self, path: str, body: bytes, etag: str = "") -> None:
        """A calendar lies there. Whoever has the `etag` is told that nothing changed."""

        def script(connection: socket.socket) -> None:
            headers = {"ETag": etag} if etag else {}
            known = etag and f"If-None-Match: {etag}".encode() in self.requests[-1]
            connection.sendall(answer(304, **headers) if known else answer(200, body, **headers))

        self.paths[path] = script

    def says(self, path: str, *parts: bytes) -> None:
        self.paths[path] = says(*parts)

    def _answer_path(self, connection: socket.socket) -> None:
        path = self.requests[-1].split(b" ", 2)[1].decode()
        self.paths.get(path, says(answer(404)))(connection)


@contextmanager
def open_host(folder: Path, *names: str) -> Iterator[CalendarHost]:
    """Every connection made within it ends at the host."""
    with CalendarHost(folder, *names) as host, led_astray(host):
        yield host
