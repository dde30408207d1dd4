"""One HTTP exchange with one vetted address, on a libcurl handle: no look-up, no redirect, no proxy, no cookie, and a clock over all of it."""

import socket
import ssl
from datetime import datetime
from typing import Any

import certifi
import pycurl

from pwa.push.endpoints import Endpoint
from pwa.push.outcome import Outcome, judge
from pwa.push.request import Request

LONGEST_ANSWER = 8 * 1_024  # bytes, head and body together
_TIMES_OUT = pycurl.E_OPERATION_TIMEDOUT
_INSECURE = (pycurl.E_PEER_FAILED_VERIFICATION, pycurl.E_SSL_CONNECT_ERROR, pycurl.E_SSL_CACERT_BADFILE)
_UNREACHED = (pycurl.E_COULDNT_RESOLVE_HOST, pycurl.E_COULDNT_CONNECT)


class Exchange:
    """A handle that is used over and over. `owner` is for whoever sends with it."""

    def __init__(self, trust: str | None = None) -> None:
        """trust: a file of certificates to believe instead of the system's."""
        self.owner: Any = None
        self.curl = pycurl.Curl()
        self._pinned_for: tuple[str, tuple[str, ...]] = "", ()
        self._clear()
        for option, value in _options(trust or system_trust()).items():
            self.curl.setopt(option, value)
        self.curl.setopt(pycurl.HEADERFUNCTION, self._take_head)
        self.curl.setopt(pycurl.WRITEFUNCTION, self._take_body)
        self.curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open_socket)

    def prepare(self, request: Request, pinned: tuple[str, ...], seconds: float) -> None:
        """Makes it ready to carry `request` to one of the pinned addresses within so many seconds."""
        self._clear()
        endpoint, curl = request.endpoint, self.curl
        curl.setopt(pycurl.URL, endpoint.url)
        if (endpoint.origin, pinned) != self._pinned_for:
            self._pin(endpoint, pinned)
        curl.setopt(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in request.headers.items()])
        curl.setopt(pycurl.POSTFIELDS, request.body)
        curl.setopt(pycurl.TIMEOUT_MS, max(1, int(seconds * 1_000)))

    def outcome(self, error: int, now: datetime) -> Outcome:
        """What came of it. error: libcurl's code, 0 for none. An answer counts once its head is complete."""
        if self._status:
            return judge(self._status, self._headers, bytes(self._body), now)
        if error in _UNREACHED:
            return Outcome("retry", reason="no connection", left=False)
        if error in _INSECURE:
            return Outcome("retry", reason="no secure connection", left=False)
        reached = self.curl.getinfo(pycurl.PRETRANSFER_TIME) > 0
        return Outcome("retry", reason="too slow" if error == _TIMES_OUT else "no answer", left=reached)

    def close(self) -> None:
        self.curl.close()

    def _pin(self, endpoint: Endpoint, pinned: tuple[str, ...]) -> None:
        self._pinned_for = endpoint.origin, pinned
        secure = endpoint.scheme == "https"
        self.curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTPS if secure else pycurl.PROTO_HTTP)
        # a plain connection never carries many: who waits to find out waits for an answer that may not come
        self.curl.setopt(pycurl.PIPEWAIT, int(secure))
        self.curl.setopt(pycurl.RESOLVE, [f"{endpoint.host}:{endpoint.port}:{','.join(pinned)}"])

    def _clear(self) -> None:
        self._room, self._status, self._said = LONGEST_ANSWER, 0, 0
        self._headers: dict[str, str] = {}
        self._body = bytearray()

    def _take_head(self, line: bytes) -> int:
        self._room -= len(line)
        if self._room < 0:
            return 0
        if line.startswith(b"HTTP/"):
            self._said, self._headers = _status(line), {}
        elif line in (b"\r\n", b"\n"):
            self._status = self._said if self._said >= 200 else 0
        else:
            name, _, value = line.decode("latin-1").partition(":")
            self._headers[name.strip().lower()] = value.strip()
        return len(line)

    def _take_body(self, part: bytes) -> int:
        """Ends the exchange (0) once it is accepted or the room is full: the status says it all."""
        self._body += part[: max(0, self._room)]
        self._room -= len(part)
        return 0 if self._room < 0 or 200 <= self._status < 300 else len(part)

    def _open_socket(self, _purpose: int, address: Any) -> socket.socket | int:
        """Libcurl's last question before it connects: nothing but a pinned address, whatever happened on the way."""
        if address.addr[0] not in self._pinned_for[1]:
            return int(pycurl.SOCKET_BAD)
        return _Lent(address.family, address.socktype, address.protocol)


class _Lent(socket.socket):
    """Libcurl takes a copy of the descriptor; this one closes as soon as it has."""

    def __del__(self) -> None:
        self.close()


def system_trust() -> str:
    """The file of certificates that this machine believes (SSL_CERT_FILE names another); certifi's where it has none."""
    return ssl.get_default_verify_paths().cafile or certifi.where()


def _options(trust: str) -> dict[int, object]:
    return {
        pycurl.POST: 1,
        pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_2TLS,
        pycurl.NOSIGNAL: 1,
        pycurl.USERAGENT: "Rekindle",
        pycurl.FOLLOWLOCATION: 0,
        pycurl.PROXY: "",
        pycurl.NOPROXY: "*",
        pycurl.NETRC: pycurl.NETRC_IGNORED,
        pycurl.SSLVERSION: pycurl.SSLVERSION_TLSv1_2,
        pycurl.SSL_VERIFYPEER: 1,
        pycurl.SSL_VERIFYHOST: 2,
        pycurl.CAINFO: trust,
        pycurl.MAXAGE_CONN: 50,
        pycurl.MAXLIFETIME_CONN: 600,
        pycurl.TCP_KEEPALIVE: 1,
    }


def _status(line: bytes) -> int:
    parts = line.split(None, 2)
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() and len(parts[1]) == 3 else 0
