"""Running the servers: the web by granian, the worker, or both as children of one process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

if TYPE_CHECKING:
    from pwa.settings import Settings

WORKERS, THREADS = 2, 4


def run_web(settings: Settings) -> None:
    """Serves pages until a signal ends it. Each process makes its own app from the environment."""
    Granian(
        "pwa.app:create_app",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        http=HTTPModes.http1,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
    ).serve()
