"""Which machines may be reached: a name is looked up once, every answer must be public, and only those are connected to."""

import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Lookup = Callable[[str, int], Iterable[str]]

# IANA's special-purpose IPv4 blocks, multicast and the reserved top: nobody's public server is there.
_NOT_PUBLIC_V4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier NAT; not "private" to ipaddress
        "127.0.0.0/8",
        "169.254.0.0/16",  # link local, and the clouds' metadata service
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# IPv6 is the other way round: only global unicast can be public. That alone refuses ::/96, ::ffff:0:0/96 (mapped),
# ::ffff:0:0:0/96 (SIIT), 64:ff9b::/96 and 64:ff9b:1::/48 (NAT64), 100::/64, fc00::/7, fe80::/10, fec0::/10, ff00::/8.
_GLOBAL_UNICAST_V6 = IPv6Network("2000::/3")
_NOT_PUBLIC_V6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # IETF protocols, with Teredo, which embeds IPv4
        "2001:db8::/32",
        "2002::/16",  # 6to4 embeds IPv4
        "2620:4f:8000::/48",
        "3ffe::/16",
        "3fff::/20",
    )
)
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)  # third quarter of an address whose last quarter is an IPv4 address


class Inside(OSError):  # noqa: N818 named for where it leads
    """A name leads to a machine that may not be reached."""


def resolve(host: str, port: int, allowed: Callable[[str], bool], lookup: Lookup | None = None) -> tuple[str, ...]:
    """The addresses to connect to, best first. Raises OSError when there is none, Inside when any one is not allowed."""
    found = tuple(dict.fromkeys((lookup or _look_up)(host, port)))
    if not found:
        raise OSError("the name has no address")
    if not all(allowed(address) for address in found):
        raise Inside("the name leads to an address that is not allowed")
    return found


def is_public(address: str) -> bool:
    """Global unicast, and no other network's address in disguise."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv4Address):
        return parsed.is_global and not any(parsed in block for block in _NOT_PUBLIC_V4)
    if isinstance(parsed, IPv6Address):
        return (
            parsed in _GLOBAL_UNICAST_V6
            and parsed.is_global
            and not any(parsed in block for block in _NOT_PUBLIC_V6)
            and (int(parsed) >> 32 & 0xFFFF_FFFF) not in _ISATAP
        )
    return False


def is_loopback(address: str) -> bool:
    parsed = _parsed(address)
    return parsed == IPv6Address("::1") or (isinstance(parsed, IPv4Address) and parsed in IPv4Network("127.0.0.0/8"))


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None


def _look_up(host: str, port: int) -> list[str]:
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(answer[4][0]) for answer in answers]
