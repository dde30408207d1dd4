"""Which push addresses a nudge may be posted to: the shape of the URL and the list of hosts. Addresses of machines: addresses.py."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pwa.domain.errors import Invalid

KNOWN_HOSTS = (
    "fcm.googleapis.com",
    "jmt17.google.com",  # where Debian's Chromium mints its endpoints
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)
OTHER = "other"
LONGEST = 2_048
_USUAL_PORT = {"https": 443, "http": 80}

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = rf"{_LABEL}(?:\.{_LABEL})*"
# Only what browsers really mint: canonical, lower case, ASCII. Two URL parsers cannot disagree about such an address.
_URL = re.compile(
    rf"(?P<scheme>https?)://(?P<host>{_NAME})(?::(?P<port>[1-9][0-9]{{0,4}}))?"
    r"(?P<target>/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?)"
)
_ENTRY = re.compile(rf"(?:(?P<scheme>https?)://)?(?P<host>{_NAME})(?::(?P<port>[1-9][0-9]{{0,4}}))?/?")
_LOOPBACK = re.compile(r"localhost|127(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3}")
_NUMERIC = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")  # the URL standard reads such a host as an IPv4 address


@dataclass(frozen=True)
class Endpoint:
    url: str = field(repr=False)  # whoever holds it can push to the device
    scheme: str
    host: str
    port: int
    target: str = field(repr=False)
    loopback: bool  # the operator wrote this machine itself into REKINDLE_PUSH_HOSTS

    @property
    def authority(self) -> str:
        """Host, and the port unless it is the usual one."""
        return self.host if self.port == _USUAL_PORT[self.scheme] else f"{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        """As RFC 6454 writes it: what VAPID calls the audience."""
        return f"{self.scheme}://{self.authority}"


@dataclass(frozen=True)
class AllowedHost:
    """One host beside the known ones, from REKINDLE_PUSH_HOSTS; names cover their subdomains."""

    scheme: str
    host: str
    port: int
    loopback: bool

    def admits(self, scheme: str, host: str, port: int) -> bool:
        same = host == self.host or (not self.loopback and host.endswith("." + self.host))
        return same and (scheme, port) == (self.scheme, self.port)


def check(endpoint: object, extra_hosts: Sequence[str] = ()) -> Endpoint:
    """Raises Invalid unless the address is one of a push service we know or the operator wrote down."""
    if not isinstance(endpoint, str) or not 0 < len(endpoint) <= LONGEST:
        raise Invalid("That push address is missing or too long.", "endpoint")
    parts = _URL.fullmatch(endpoint)
    if not parts:
        raise Invalid("That isn't a push address as browsers write them.", "endpoint")
    scheme, host = parts["scheme"], parts["host"]
    port = int(parts["port"] or _USUAL_PORT[scheme])
    admitted = next((a for a in _allowed(tuple(extra_hosts)) if a.admits(scheme, host, port)), None)
    if admitted is None:
        raise Invalid("That push service isn't one this server knows; its owner can add it.", "endpoint")
    return Endpoint(endpoint, scheme, host, port, parts["target"], admitted.loopback)


def service_of(endpoint: str) -> str:
    """Whose it is, of an address that was checked: one of the known hosts, else `other`."""
    host = endpoint.partition("://")[2].partition("/")[0]
    return next((known for known in KNOWN_HOSTS if host == known or host.endswith("." + known)), OTHER)


def check_host(entry: str) -> AllowedHost:
    """One entry of REKINDLE_PUSH_HOSTS: `host`, `host:port`, or `http://` with this machine's own loopback address."""
    parts = _ENTRY.fullmatch(entry)
    if not parts:
        raise Invalid(f"REKINDLE_PUSH_HOSTS: {entry!r} is neither a host nor host:port.")
    scheme, host = parts["scheme"] or "https", parts["host"]
    loopback = _LOOPBACK.fullmatch(host) is not None
    if not loopback and (_NUMERIC.fullmatch(host) or "." not in host):
        raise Invalid(f"REKINDLE_PUSH_HOSTS: {entry!r} needs a full name such as push.example.org.")
    if scheme == "http" and not loopback:
        raise Invalid(f"REKINDLE_PUSH_HOSTS: {entry!r}: plain http is only for 127.0.0.1 and localhost.")
    port = int(parts["port"] or _USUAL_PORT[scheme])
    if port > 65_535:
        raise Invalid(f"REKINDLE_PUSH_HOSTS: {entry!r} has no such port.")
    return AllowedHost(scheme, host, port, loopback)


@lru_cache(maxsize=16)
def _allowed(extra_hosts: tuple[str, ...]) -> tuple[AllowedHost, ...]:
    known = tuple(AllowedHost("https", host, 443, loopback=False) for host in KNOWN_HOSTS)
    return known + tuple(check_host(entry) for entry in extra_hosts)
