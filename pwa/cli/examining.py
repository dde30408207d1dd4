"""The doctor: looks at what a running Rekindle needs, one finding after another, each with what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from pwa import content
from pwa.cli.migrating import bare_app
from pwa.domain.errors import Invalid
from pwa.push import base64url, endpoints, vapid
from pwa.push.client import Client
from pwa.push.message import Message
from pwa.push.subscription import Subscription
from pwa.push.vapid import Vapid
from pwa.settings import DEFAULT_SUBJECT, ROOT
from pwa.storage import database, heartbeats, sealing, subscriptions
from pwa.storage.database import MIGRATIONS, db

if TYPE_CHECKING:
    from pwa.settings import Settings

ALIVE = timedelta(seconds=60)
BUILT = datetime(2026, 1, 1, tzinfo=UTC)  # no clock that is right shows an earlier day
# Addresses that no device has: each service answers that it does not know them, which is all we ask.
PROBES = (
    "https://fcm.googleapis.com/fcm/send/doctor",
    "https://updates.push.services.mozilla.com/wpush/v2/doctor",
    "https://web.push.apple.com/doctor",
)
SECONDS = 5.0


@dataclass(frozen=True)
class Finding:
    ok: bool
    line: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Every finding, the good ones too."""
    now = datetime.now(UTC)
    key, finding = _key(settings)
    yield finding
    yield _clock(now)
    yield _words()
    yield from _database(settings, key, now)
    if key is not None:
        yield from _push(settings, key, now)


def _good(line: str) -> Finding:
    return Finding(True, f"ok      {line}")


def _note(line: str) -> Finding:
    return Finding(True, f"note    {line}")


def _bad(line: str) -> Finding:
    return Finding(False, f"FAULT   {line}")


def _key(settings: Settings) -> tuple[Vapid | None, Finding]:
    try:
        key = vapid.load(settings.vapid_private_key, settings.vapid_subject, settings.vapid_private_key_old)
        for entry in settings.push_hosts:
            endpoints.check_host(entry)
    except Invalid as fault:
        return None, _bad(f"keys: {fault}")
    if settings.vapid_subject == DEFAULT_SUBJECT:
        return key, _note(
            "keys: set REKINDLE_VAPID_SUBJECT to mailto:you@your-domain, so that push services can reach you"
        )
    return key, _good("keys: all there")


def _clock(now: datetime) -> Finding:
    if now < BUILT:
        return _bad(f"clock: it shows {now:%Y-%m-%d}; set it, or every nudge comes at the wrong time")
    return _good(f"clock: {now:%Y-%m-%d %H:%M:%S} UTC")


def _words() -> Finding:
    try:
        content.check()
    except content.ContentError as fault:
        return _bad(f"words: {fault}")
    return _good("words: every content file can be used")


def _database(settings: Settings, key: Vapid | None, now: datetime) -> Iterator[Finding]:
    app = bare_app(settings)
    sealing.init_app(app, settings.data_key)
    with app.app_context():
        try:
            database.ping()
        except Exception as fault:  # noqa: BLE001 whatever the driver raises is the finding
            yield _bad(f"database: it does not answer ({type(fault).__name__}); see REKINDLE_DATABASE_URL")
            return
        yield _good(f"database: {db.engine.dialect.name} answers")
        current = _is_current()
        yield _good("migrations: none is missing") if current else _bad("migrations: run `rekindle migrate`")
        if current:
            yield _worker(heartbeats.last_at(), now)
            if key is not None:
                yield from _devices(key, subscriptions.count_by_key())


def _is_current() -> bool:
    config = Config()
    config.set_main_option("script_location", str(Path(ROOT) / MIGRATIONS))
    with db.engine.connect() as connection:
        applied = MigrationContext.configure(connection).get_current_heads()
    return set(applied) == set(ScriptDirectory.from_config(config).get_heads())


def _worker(last_at: datetime | None, now: datetime) -> Finding:
    if last_at is None or now - last_at > ALIVE:
        since = "has been seen" if last_at is None else f"since {last_at:%Y-%m-%d %H:%M:%S} UTC"
        return _bad(f"worker: none {since}; start `rekindle serve` or `rekindle worker`, or no nudge goes out")
    if last_at > now + ALIVE:
        return _bad("worker: its last sign of life lies in the future; one of the clocks is wrong")
    return _good(f"worker: seen {int((now - last_at).total_seconds())} s ago")


def _devices(key: Vapid, counts: Mapping[str, int]) -> Iterator[Finding]:
    """Whose key each device subscribed with: this one, the old one, or one that is not here."""
    older = counts.get(key.older.kid, 0) if key.older else 0
    cut_off = sum(counts.values()) - counts.get(key.kid, 0) - older
    if older:
        yield _note(
            f"devices: {older} of {sum(counts.values())} still hang on the old key; each moves when Rekindle is opened there"
        )
    elif key.older:
        yield _note("devices: none hangs on the old key; REKINDLE_VAPID_PRIVATE_KEY_OLD, or its file, may go")
    if cut_off:
        yield _note(
            f"devices: {cut_off} subscribed with a key that is not here; give it as REKINDLE_VAPID_PRIVATE_KEY_OLD, "
            "or wait until Rekindle is opened there"
        )
    if not older and not cut_off:
        yield _good("devices: every one has subscribed with this key")


def _push(settings: Settings, key: Vapid, now: datetime) -> Iterator[Finding]:
    own = [endpoints.check_host(entry) for entry in settings.push_hosts]
    probes = [*PROBES, *(f"{host.scheme}://{host.host}:{host.port}/doctor" for host in own)]
    reached = False
    for probe, answer in _answers(probes, settings, key, now):
        where = probe.split("/")[2]
        reached = reached or answer is None
        yield _good(f"push: {where} answers") if answer is None else _note(f"push: {where} does not answer ({answer})")
    if not reached:
        yield _bad("push: no push service can be reached; let this machine out to port 443, or no nudge arrives")


@dataclass(frozen=True)
class _Probe:
    message: Message
    to: Subscription


def _answers(probes: Sequence[str], settings: Settings, key: Vapid, now: datetime) -> Iterator[tuple[str, str | None]]:
    """Of each: None when there was an answer, whatever it said; else what went wrong."""
    client: Client[_Probe] = Client(key, settings.push_hosts, seconds=SECONDS)
    for probe in probes:
        nobody = Subscription(probe, key.public_key, base64url.encode(bytes(16)))
        client.put(_Probe(Message(b"{}", topic="", ttl=60), nobody), now)
    waiting = len(probes)
    while waiting:
        for letter, outcome in client.poll(SECONDS, now):
            yield letter.to.endpoint, None if outcome.status is not None else outcome.reason
            waiting -= 1
    client.close()
