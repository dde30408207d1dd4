"""Addresses that somebody would register in place of a push endpoint, to make the server talk to its own neighbours."""

import ipaddress
from collections.abc import Iterator

INSIDE = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
]
"""IPv4 addresses that are nobody's push service."""

KNOWN = "fcm.googleapis.com"


def embedded(inside: str) -> list[str]:
    """The IPv6 forms in which an IPv4 address can hide (RFC 4291, 2765, 6052, 8215, 3056, 4380, 5214)."""
    v4 = int(ipaddress.IPv4Address(inside))
    forms = [
        v4,  # ::a.b.c.d, compatible
        0xFFFF << 32 | v4,  # ::ffff:a.b.c.d, mapped
        0xFFFF << 48 | v4,  # ::ffff:0:a.b.c.d, SIIT
        0x0064_FF9B << 96 | v4,  # 64:ff9b::, NAT64
        0x0064_FF9B_0001 << 80 | v4,  # 64:ff9b:1::, local NAT64
        0x2002 << 112 | v4 << 80,  # 2002:…, 6to4
        0x2001_0000 << 96 | 0x0102_0304 << 64 | (v4 ^ 0xFFFF_FFFF),  # Teredo's client
        0x2001_0000 << 96 | v4 << 64,  # Teredo's server
        0x2606_4700 << 96 | 0x5EFE << 32 | v4,  # ISATAP
        0x2606_4700 << 96 | 0x0200_5EFE << 32 | v4,
        0xFE80 << 112 | 0x5EFE << 32 | v4,
    ]
    return [str(ipaddress.IPv6Address(form)) for form in forms]


OTHER_IPV6 = [
    "::",
    "::1",
    "100::1",
    "100:0:0:1::1",
    "2001::1",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2620:4f:8000::1",
    "3ffe::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]

NOT_ADDRESSES = [
    "",
    "localhost",
    "127.1",
    "0177.0.0.1",
    "2130706433",
    "0x7f000001",
    "127.0.0.1:80",
    "1.2.3.4\n",
    "١.٢.٣.٤",
]


def endpoints() -> list[str]:
    """Every one of them must be refused, and none may cause a connection."""
    return sorted(
        {url for source in (_literal, _spelled, _disguised, _smuggled, _shaped, _stained) for url in source()}
    )


def _literal() -> Iterator[str]:
    for inside in INSIDE:
        for scheme in ("https", "http"):
            yield f"{scheme}://{inside}/x"
        yield f"https://{inside}:443/{KNOWN}/x"
        yield f"https://{inside}.nip.io/x"
        for hidden in embedded(inside):
            yield f"https://[{hidden}]/x"
    for address in OTHER_IPV6:
        yield f"https://[{address}]/x"


def _spelled() -> Iterator[str]:
    """The same few addresses as numbers, octal, hexadecimal, short, full-width and circled."""
    for host in (
        *("2130706433", "0x7f000001", "017700000001", "0177.0.0.1", "0x7f.1", "127.1", "127.0.1", "0", "0x0"),
        *("2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "[::ffff:a9fe:a9fe]", "[::]", "[::1]"),
        *("①②⑦.⓪.⓪.①", "１２７.0.0.1", "127。0。0。1", "127.0.0.1.", "169.254.169.254.", "[::1%25lo]"),
        *("localhost", "localhost.", "LOCALHOST", "localhost.localdomain", "ip6-localhost", "app.localhost"),
        *("metadata", "metadata.google.internal", "metadata.google.internal.", "kubernetes.default.svc", "db", "redis"),
    ):
        yield f"https://{host}/x"
        yield f"http://{host}/x"
        yield f"https://{host}:443/{KNOWN}"


def _disguised() -> Iterator[str]:
    """A host that looks like one we know."""
    for known in (KNOWN, "push.services.mozilla.com", "push.apple.com", "notify.windows.com", "jmt17.google.com"):
        for host in (
            *(
                f"evil{known}",
                f"evil-{known}",
                f"{known}.evil.test",
                f"{known}.",
                f".{known}",
                f"a..{known}",
                f"-{known}",
            ),
            *(f"{known}%00.evil.test", f"{known}%2eevil.test", f"{known}%23.evil.test", f"{known}\0.evil.test"),
            *(known.replace(".", "。"), known.replace(".", "．"), known.replace(".", "%2e"), known.replace("o", "ο")),
            *(
                known.replace("c", "с"),
                known.upper(),
                known.title(),
                f"{known}\u200b",
                f"{known}\u00ad",
                f"xn--{known}-",
            ),
            *(known.replace(".com", ".co"), known.replace(".com", ".com.co"), "com", ".com", f"_{known}", f"{known}_"),
        ):
            yield f"https://{host}/x"
    for host in (
        "a.google.com",
        "google.com",
        "googleapis.com",
        "www.googleapis.com",
        "mozilla.com",
        "apple.com",
        "windows.com",
    ):
        yield f"https://{host}/x"
        yield f"https://169.254.169.254/{host}/"
        yield f"https://evil.test/?x=.{host}/"


def _smuggled() -> Iterator[str]:
    """One URL, two readings: where parsers disagree about which part is the host."""
    for inside in ("127.0.0.1", "169.254.169.254", "evil.test"):
        yield from (
            *(
                f"https://{KNOWN}@{inside}/x",
                f"https://{inside}@{KNOWN}/x",
                f"https://u:p@{KNOWN}/x",
                f"https://@{KNOWN}/x",
            ),
            *(f"https://{inside}#@{KNOWN}/x", f"https://{KNOWN}#@{inside}/x", f"https://{inside}?@{KNOWN}/x"),
            *(f"https://{inside}\\@{KNOWN}/x", f"https://{KNOWN}\\@{inside}/x", f"https://{inside}\\.{KNOWN}/x"),
            *(
                f"https:\\\\{inside}/x",
                f"https:/\\{inside}/x",
                f"https:{inside}/x",
                f"https:/{inside}/x",
                f"https:///{inside}/x",
            ),
            *(f"//{inside}/x", f"/\\{inside}/x", f"https://{inside}%2f@{KNOWN}/x", f"https://{inside}%5c@{KNOWN}/x"),
            *(f"https://{KNOWN}:443@{inside}/x", f"https://{inside}:443:443/x", f"https://{KNOWN}:80@{inside}:443/x"),
            *(f"https://{inside};{KNOWN}/x", f"https://{inside},{KNOWN}/x", f"https://{inside}&@{KNOWN}/x"),
            *(f"https://{inside}\t.{KNOWN}/x", f"https://{inside} .{KNOWN}/x", f"https://{inside}\n.{KNOWN}/x"),
            *(f"https://[{inside}]/x", f"https://[{KNOWN}]/x", f"https://[::1]@{inside}/x", f"https://{inside}]/x"),
        )


def _shaped() -> Iterator[str]:
    """The right host in the wrong URL."""
    for port in (
        "0",
        "22",
        "80",
        "8443",
        "65536",
        "0443",
        "443443",
        "-1",
        "+443",
        " 443",
        "443 ",
        "",
        "４４３",
        "4_43",
        "443;80",
    ):
        yield f"https://{KNOWN}:{port}/x"
    for scheme in (
        "http",
        "ws",
        "wss",
        "ftp",
        "file",
        "gopher",
        "javascript",
        "data",
        "HTTPS",
        "hTTps",
        "https+unix",
        "",
    ):
        yield f"{scheme}://{KNOWN}/x"
    yield from (f"https://{KNOWN}", f"https://{KNOWN}?x", f"https://{KNOWN}#x", f"https://{KNOWN}:443")
    yield from ("https://", "https:", "", "x")
    yield f"https://{KNOWN}/" + "x" * 2_048
    yield f"https://{'a' * 64}.{KNOWN}/x"
    yield f"https://{'a.' * 900}{KNOWN}/" + "x" * 2_048


def _stained() -> Iterator[str]:
    """The right URL with a character in it that no URL has."""
    for code in (*range(0x21), 0x7F, 0x80, 0x85, 0xA0, 0x2028, 0x200B, 0xFEFF, 0x202E, 0xD800, 0xFF0F, 0x1F600):
        yield f"https://{KNOWN}/a{chr(code)}b"
        yield f"{chr(code)}https://{KNOWN}/x"
        yield f"https://{KNOWN}{chr(code)}/x"
        yield f"https://{KNOWN}/x{chr(code)}"
    yield from (f"https://{KNOWN}/x{c}" for c in '\\^`{|}<>"#[]')
