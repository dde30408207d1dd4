"""Throw-away certificates: an authority of the test's own and a server certificate for the names it asks for."""

import datetime as dt
import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Certificates:
    authority: Path
    certificate: Path
    key: Path

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context

    def trust(self) -> ssl.SSLContext:
        """A client that believes this authority and no other."""
        return ssl.create_default_context(cafile=str(self.authority))


def make(folder: Path, *names: str) -> Certificates:
    """For names and IP addresses alike."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _builder("tests' authority", "tests' authority", authority_key, days=300).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    server = _builder(names[0], "tests' authority", key, days=300).add_extension(
        x509.SubjectAlternativeName([_alternative(name) for name in names]), critical=False
    )
    made = Certificates(folder / "authority.pem", folder / "certificate.pem", folder / "key.pem")
    for path, builder in ((made.authority, authority), (made.certificate, server)):
        path.write_bytes(builder.sign(authority_key, hashes.SHA256()).public_bytes(Encoding.PEM))
    made.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return made


def _builder(subject: str, issuer: str, key: ec.EllipticCurvePrivateKey, days: int) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + days * _DAY)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
