"""Settings: each with its default and its meaning. Nobody else reads the environment."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "REKINDLE_"
SHORTEST_TOKEN = 16
DEFAULT_SUBJECT = "mailto:push@example.com"
# Kept as files in the instance folder, unless the environment has them.
SECRETS = ("secret_key", "data_key", "vapid_private_key")
OLD_KEY = "vapid_private_key_old"


class Misconfigured(Exception):  # noqa: N818 it is said to a person, not an error in our code
    """A setting is missing or wrong; the message says which, and what to do."""


@dataclass(frozen=True)
class Settings:
    """What the app is told from outside. Secrets never show in its repr."""

    instance: Path
    host: str
    port: int
    base_url: str
    database_url: str
    queue_url: str
    vapid_subject: str
    push_hosts: tuple[str, ...]
    trusted_proxies: int
    secret_key: str = field(repr=False)
    data_key: bytes = field(repr=False)
    vapid_private_key: str = field(repr=False)
    metrics: str = field(repr=False)
    vapid_private_key_old: str = field(default="", repr=False)
    """The key before the present one, for devices that subscribed with it; "" where there is none."""

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def origin(self) -> str:
        """Scheme, host and port, as a browser writes them in `Origin`."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"


def load(environment: Mapping[str, str]) -> Settings:
    """Reads every setting; raises Misconfigured with what to do."""
    read = _Reader(environment)
    instance = Path(read.text("INSTANCE", str(ROOT / "instance"))).resolve()
    host = environment.get("HOST") or "127.0.0.1"
    port = read.number_of("PORT", environment.get("PORT") or "8000", at_most=65_535)
    return Settings(
        instance=instance,
        host=host,
        port=port,
        base_url=read.origin("BASE_URL", f"http://{_reachable(host)}:{port}"),
        database_url=read.text("DATABASE_URL", f"sqlite:///{instance / 'rekindle.db'}"),
        queue_url=read.text("QUEUE_URL", f"sqlite:///{instance / 'queue.db'}"),
        vapid_subject=read.text("VAPID_SUBJECT", DEFAULT_SUBJECT),
        push_hosts=read.listed("PUSH_HOSTS"),
        trusted_proxies=read.number("TRUSTED_PROXIES", "0", at_most=10),
        secret_key=read.secret(instance, "secret_key"),
        data_key=read.data_key(instance),
        vapid_private_key=read.secret(instance, "vapid_private_key"),
        vapid_private_key_old=read.kept(instance, OLD_KEY),
        metrics=read.token("METRICS"),
    )


def instance_folder(environment: Mapping[str, str]) -> Path:
    """Where secrets and the default database lie; for the command that makes them."""
    return Path(_Reader(environment).text("INSTANCE", str(ROOT / "instance"))).resolve()


@dataclass(frozen=True)
class _Reader:
    environment: Mapping[str, str]

    def text(self, name: str, default: str) -> str:
        return self.environment.get(PREFIX + name) or default

    def listed(self, name: str) -> tuple[str, ...]:
        return tuple(part for part in self.text(name, "").replace(",", " ").split() if part)

    def number(self, name: str, default: str, *, at_most: int) -> int:
        return self.number_of(PREFIX + name, self.text(name, default), at_most=at_most)

    def number_of(self, name: str, value: str, *, at_most: int) -> int:
        if not value.isascii() or not value.isdigit() or int(value) > at_most:
            raise Misconfigured(f"{name} is {value!r}; give a whole number from 0 to {at_most}")
        return int(value)

    def origin(self, name: str, default: str) -> str:
        value = self.text(name, default).rstrip("/")
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
            raise Misconfigured(f"{PREFIX}{name} is {value!r}; give an origin such as https://rekindle.example.com")
        return value

    def secret(self, instance: Path, name: str) -> str:
        value = self.kept(instance, name)
        if not value:
            at = instance / name
            raise Misconfigured(f"{PREFIX}{name.upper()} is not set and {at} is not there; run `rekindle keys`")
        return value

    def kept(self, instance: Path, name: str) -> str:
        """From the environment, else from its file; "" where neither has it."""
        file = instance / name
        return self.environment.get(PREFIX + name.upper()) or (file.read_text().strip() if file.is_file() else "")

    def token(self, name: str) -> str:
        value = self.text(name, "")
        if value and not (
            len(value) >= SHORTEST_TOKEN and value.isascii() and value.isprintable() and " " not in value
        ):
            raise Misconfigured(
                f"{PREFIX}{name} must be {SHORTEST_TOKEN} characters at least, without spaces or accents: "
                "it is a password; or leave it empty"
            )
        return value

    def data_key(self, instance: Path) -> bytes:
        said = self.secret(instance, "data_key")
        try:
            key = base64.urlsafe_b64decode(said + "=" * (-len(said) % 4))
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != 32:
            raise Misconfigured(f"{PREFIX}DATA_KEY must be 32 bytes in base64url; `rekindle keys` makes one")
        return key


def make_secrets(folder: Path, makers: Mapping[str, Callable[[], str]]) -> list[str]:
    """Writes each secret that is not there yet into `folder` (0600). Returns the names it made."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = []
    for name, make in makers.items():
        try:
            descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "w") as file:
            file.write(make() + "\n")
        made.append(name)
    return made


def put_by(folder: Path, environment: Mapping[str, str]) -> None:
    """Makes the present VAPID key the old one, so that a new one can be made. Raises Misconfigured where it may not."""
    present, old = folder / "vapid_private_key", folder / OLD_KEY
    if environment.get(PREFIX + "VAPID_PRIVATE_KEY"):
        raise Misconfigured(
            f"{PREFIX}VAPID_PRIVATE_KEY is set in the environment; move its value to {PREFIX}VAPID_PRIVATE_KEY_OLD there, "
            f"and take the new key that `rekindle keys` makes in an empty {PREFIX}INSTANCE"
        )
    if _Reader(environment).kept(folder, OLD_KEY):
        raise Misconfigured(
            "there is an old key already, and a third would cut off the devices that hang on it; once `rekindle doctor` "
            f"says that none does, remove {old} (or {PREFIX}VAPID_PRIVATE_KEY_OLD)"
        )
    if not present.is_file():
        raise Misconfigured(f"{present} is not there; run `rekindle keys`")
    present.rename(old)


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104 compared, not bound
