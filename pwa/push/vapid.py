"""Who we are to the push services (RFC 8292): one key pair, a contact, and a signed token for each of them."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from pwa.domain.errors import Invalid
from pwa.push import base64url

VALID_FOR = timedelta(hours=20)  # RFC 8292 allows 24 hours; the rest is for clocks that disagree
REUSED_FOR = timedelta(hours=6)  # Apple asks for no more than one new token an hour
_MOST_ORIGINS = 1_024

_DOTTED = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
_SUBJECT = re.compile(rf"mailto:[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_DOTTED}|https://{_DOTTED}(?:/[!-~]*)?", re.IGNORECASE)
_NOWHERE = re.compile(r"[@.](?:localhost|local|internal|localdomain)(?:/.*)?", re.IGNORECASE)


@dataclass(frozen=True)
class _Signed:
    at: datetime
    header: str


class Vapid:
    """One key pair and its contact, and the pair before it. Thread-safe: the worst race signs a token twice."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, subject: str, older: "Vapid | None" = None) -> None:
        """older: the pair that devices may have subscribed with before this one; nothing new is made for it."""
        raw = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public_key = base64url.encode(raw)
        """65 bytes as base64url: the browser's `applicationServerKey`."""
        self.kid = base64url.encode(hashlib.sha256(raw).digest()[:9])
        """Short name of the key pair, kept with each subscription made for it."""
        self.subject, self.older = subject, older
        # the contact is checked by check_subject(), more strictly than py_vapid does and with a path allowed
        self._signer = Vapid02(key, conf={"no-strict": True})
        self._signed: dict[str, _Signed] = {}

    def header(self, origin: str, now: datetime, key_id: str = "") -> str:
        """The Authorization header for a push service's origin; the same one for some hours.

        key_id: the pair that the subscription was made for. One that is not known here is answered with this one.
        """
        if self.older is not None and key_id == self.older.kid:
            return self.older.header(origin, now)
        kept = self._signed.get(origin)
        if kept is None or not kept.at <= now < kept.at + REUSED_FOR:
            if len(self._signed) >= _MOST_ORIGINS:
                self._signed.clear()
            kept = self._signed[origin] = _Signed(now, self._sign(origin, now))
        return kept.header

    def kid_of(self, public_key: object) -> str:
        """Which of both pairs a browser says it subscribed with; this one where it says nothing. Raises Invalid."""
        known = {None: self, self.public_key: self} | ({self.older.public_key: self.older} if self.older else {})
        named = known.get(public_key) if isinstance(public_key, str | None) else None
        if named is None:
            raise Invalid("This browser subscribed with another server's key. Turn nudges off and on again.", "key")
        return named.kid

    def _sign(self, origin: str, now: datetime) -> str:
        claims = {"aud": origin, "exp": int((now + VALID_FOR).timestamp()), "sub": self.subject}
        return str(self._signer.sign(claims)["Authorization"])


def load(private_key: object, subject: object, old_private_key: object = "") -> Vapid:
    """From REKINDLE_VAPID_PRIVATE_KEY, …_SUBJECT and …_PRIVATE_KEY_OLD ("" where there is none).

    Never makes a key: a new one would cut off every phone.
    """
    contact = check_subject(subject)
    older = Vapid(_key(old_private_key, "REKINDLE_VAPID_PRIVATE_KEY_OLD"), contact) if old_private_key else None
    return Vapid(_key(private_key), contact, older)


def generate() -> str:
    """A new private key, as REKINDLE_VAPID_PRIVATE_KEY wants it: 32 bytes as base64url."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64url.encode(number.to_bytes(32, "big"))


def check_subject(subject: object) -> str:
    if isinstance(subject, str) and _SUBJECT.fullmatch(subject) and not _NOWHERE.search(subject):
        return subject
    raise Invalid(
        "REKINDLE_VAPID_SUBJECT must be mailto:you@your-domain or https://your-domain: push services want a contact "
        "they can reach, and Apple refuses localhost and names without a dot."
    )


def _key(private_key: object, setting: str = "REKINDLE_VAPID_PRIVATE_KEY") -> ec.EllipticCurvePrivateKey:
    try:
        raw = base64url.decode(private_key if isinstance(private_key, str) else "")
        if len(raw) != 32:
            raise ValueError("not 32 bytes")
        return ec.derive_private_key(int.from_bytes(raw, "big"), ec.SECP256R1())
    except ValueError as error:
        raise Invalid(
            f"{setting} is not a VAPID private key (32 bytes as base64url). Put the old one back, or run "
            "`rekindle keys` for a new one: every device then has to allow nudges again."
        ) from error
