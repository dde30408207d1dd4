"""The worker from the command line: database, keys and the way out to the push services are joined here."""

from __future__ import annotations

import importlib
import logging
import pkgutil
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from pwa import storage
from pwa.cli.migrating import bare_app
from pwa.push import vapid
from pwa.push.client import Client
from pwa.push.gate import Gate
from pwa.services.parcelling import Parcel, Post, Tokens
from pwa.storage import sealing
from pwa.worker.engine import open_queue
from pwa.worker.running import Worker

if TYPE_CHECKING:
    from pwa.settings import Settings


def run_worker(settings: Settings) -> None:
    """Sends what is due until a signal ends it."""
    logging.basicConfig(level=logging.INFO, format="worker: %(message)s")
    logging.getLogger("huey").setLevel(logging.ERROR)
    worker_for(settings).run()


def worker_for(settings: Settings) -> Worker:
    _know_every_model()
    app = bare_app(settings)
    sealing.init_app(app, settings.data_key)
    return Worker(
        context=app.app_context,
        open_queue=partial(open_queue, settings.queue_url, settings.secret_key),
        post=Post(way_out(settings), settings.base_url, Tokens(settings.secret_key)),
        clock=lambda: datetime.now(UTC),
    )


def way_out(settings: Settings) -> Gate[Parcel]:
    """What is sent goes through here, past a gate for each push service."""
    key = vapid.load(settings.vapid_private_key, settings.vapid_subject, settings.vapid_private_key_old)
    return Gate(Client(key, settings.push_hosts))


def _know_every_model() -> None:
    """A row cannot be deleted while the table that it refers to is unknown; the web knows all by its pages."""
    for noun in pkgutil.iter_modules(storage.__path__):
        importlib.import_module(f"{storage.__name__}.{noun.name}")
