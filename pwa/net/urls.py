"""Which URLs may be fetched for somebody: https on its usual port, a full host name, and nothing two readers could read differently."""

import re
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin

from pwa.domain.errors import Invalid

LONGEST = 2_048
PORT = 443

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_URL = re.compile(
    rf"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>{_LABEL}(?:\.{_LABEL})+)(?::443)?"
    r"(?P<target>/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?)"
)
_ORIGIN = re.compile(r"\A[A-Za-z0-9+.-]+://[^/?#]*")
_NUMERIC = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")  # the URL standard reads such a host as an IPv4 address


@dataclass(frozen=True)
class Url:
    """An https URL. All but its host may be a secret."""

    host: str
    target: str = field(repr=False)

    @property
    def text(self) -> str:
        return f"https://{self.host}{self.target}"


def check(said: str) -> Url:
    """The URL somebody gave; webcal:// is how calendar programs write https://. Raises Invalid with what to do."""
    if len(said) > LONGEST:
        raise Invalid("That address is too long to be one.", "address")
    # Schemes and hosts are the same in any case; a path is not.
    parts = said.isascii() and _URL.fullmatch(_ORIGIN.sub(lambda origin: origin[0].lower(), said.strip(), count=1))
    if not parts or _NUMERIC.fullmatch(parts["host"]):
        raise Invalid(
            "That isn’t a web address we can read. Copy it whole; it begins with https:// or webcal://, with no port.",
            "address",
        )
    if parts["scheme"] not in ("https", "webcal", "webcals"):
        raise Invalid("That address isn’t kept private on its way. Give the one that begins with https://.", "address")
    return Url(parts["host"], parts["target"])


def follow(url: Url, location: str) -> Url:
    """Where an answer sends on to. Raises Invalid when that may not be fetched."""
    return check(urldefrag(urljoin(url.text, location[: 2 * LONGEST])).url)
