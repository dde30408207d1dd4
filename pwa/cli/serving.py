"""Running the servers: the web by granian, or web and worker together as children of one process."""

from __future__ import annotations

import ctypes
import io
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

if TYPE_CHECKING:
    from pwa.settings import Settings

PROCESSES, THREADS = 2, 4
GRACE = 20.0  # seconds that a child has to end; the worker finishes what it is sending
_PR_SET_PDEATHSIG = 1


def run_web(settings: Settings) -> None:
    """Serves pages until a signal ends it. Each process makes its own app from the environment."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    Granian(
        "pwa.app:create_app",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=PROCESSES,
        blocking_threads=THREADS,
        http=HTTPModes.http1,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
    ).serve()


def run_both(settings: Settings) -> int:
    """Web and worker until a signal, or until one of them ends by itself. Returns the exit status."""
    children = Children()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: children.end())
    children.start("web")
    children.start("worker")
    click.echo(welcome(settings.base_url))
    return children.wait()


@dataclass
class Children:
    """The commands run beside each other. They are ended together, and none outlives this process."""

    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ending: bool = False

    def start(self, command: str) -> None:
        linux = sys.platform == "linux"
        self.running[command] = subprocess.Popen(  # noqa: S603 ourselves
            [sys.executable, "-m", "pwa", command],
            stdin=subprocess.DEVNULL,
            preexec_fn=_end_with_parent if linux else None,  # noqa: PLW1509 there are no threads yet
        )

    def wait(self) -> int:
        while not self.ending:
            ended = {name: status for name, child in self.running.items() if (status := child.poll()) is not None}
            if ended:
                click.echo(f"rekindle: {' and '.join(ended)} ended, so everything does.", err=True)
                self.end()
                self._wait_for_all()
                return next(filter(None, ended.values()), 1) or 1
            time.sleep(0.2)
        self._wait_for_all()
        return 0

    def end(self) -> None:
        self.ending = True
        for child in self.running.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)

    def _wait_for_all(self) -> None:
        deadline = time.monotonic() + GRACE
        for child in self.running.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()


def welcome(base_url: str) -> str:
    """The address, and the same as a picture for a phone's camera."""
    import segno

    picture = io.StringIO()
    segno.make(base_url, micro=False).terminal(out=picture, compact=True)
    lines = [f"Rekindle is at {base_url}", "", picture.getvalue().rstrip("\n"), ""]
    if urlsplit(base_url).hostname in ("127.0.0.1", "localhost"):
        lines.append("A phone reaches it by an https address: see “On a phone” in the README.")
    return "\n".join(lines)


def _end_with_parent() -> None:
    """On Linux a child gets SIGTERM when the process that started it dies, however it dies."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == 1:  # it died in between
        os._exit(1)
