"""The real `rekindle serve` (or web, or worker) as a process of its own, on a free port, with an instance folder of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.processes import ends_with_us

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 30  # seconds
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV")


@dataclass
class Server:
    """Starts, stops, is killed, and starts again on the same port with the same data.

    `environment` holds settings beside the default ones; change it between `stop` and `start`.
    """

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    command: str = "serve"
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.port = self.port or free_port()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def instance(self) -> Path:
        return self.folder / "instance"

    @property
    def database(self) -> Path:
        return self.instance / "rekindle.db"

    @property
    def log(self) -> str:
        """Everything it has printed so far."""
        file = self.folder / f"{self.command}.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def prepare(self) -> None:
        """Makes the keys and the tables, as `make run` does."""
        for command in ("keys", "migrate"):
            done = self.rekindle(command)
            assert done.returncode == 0, f"rekindle {command}: {done.stdout}{done.stderr}"

    def rekindle(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Runs a command with this server's settings and waits for its end."""
        command = [sys.executable, "-m", "pwa", *arguments]
        return subprocess.run(
            command,
            env=self.settings(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            **options,
        )

    def settings(self) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        own = {"HOST": "127.0.0.1", "PORT": str(self.port), "REKINDLE_INSTANCE": str(self.instance)}
        return {**inherited, **own, "PYTHONUNBUFFERED": "1", **self.environment}

    def start(self) -> None:
        assert self.process is None, "it is running"
        with (self.folder / f"{self.command}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pwa", self.command],
                env=self.settings(), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=ends_with_us(signal.SIGTERM),
            )  # fmt: skip
        if self.command != "worker":
            self.wait_until_up()

    def wait_until_up(self, patience: float = PATIENCE) -> None:
        deadline = time.monotonic() + patience
        said = "nothing"
        while time.monotonic() < deadline:
            assert self.process is not None and self.process.poll() is None, f"it ended:\n{self.log}"
            status, said = self.health()
            if status == 200 or (status and self.command == "web"):
                return
            time.sleep(0.1)
        self.kill()
        raise AssertionError(f"/up was not well within {patience} s; last it said {said}. Its log:\n{self.log}")

    def health(self) -> tuple[int, str]:
        """Status and body of /up; 0 while nobody listens."""
        try:
            with urllib.request.urlopen(f"{self.address}/up", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()
        except OSError as problem:
            return 0, str(problem)

    def stop(self) -> None:
        """Asks it to end, as systemd or Ctrl-C would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it and its children at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        self.stop()
        self.start()

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        process, self.process = self.process, None
        if how is signal.SIGKILL:
            _signal_group(process.pid, how)
        else:
            process.send_signal(how)
        try:
            process.wait(PATIENCE)
        finally:
            _signal_group(process.pid, signal.SIGKILL)  # nothing it started outlives it


def _signal_group(group: int, what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, what)


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
