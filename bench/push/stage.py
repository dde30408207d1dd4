"""Sets the stage on which senders are measured: one push service, one VAPID key, many subscriptions; and reads the mail it kept."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import certifi

from pwa.push import vapid
from pwa.push.vapid import Vapid
from tests.support import certificates
from tests.support.device import Device
from tests.support.push_service import read_token

SUBJECT = "mailto:bench@rekindle.example"
FAULTS = ("410", "429", "500", "hang")
PAYLOAD = 250  # bytes


@dataclass
class Stage:
    """`file` tells a sender all it needs, as JSON."""

    folder: Path
    origin: str
    trust: Path
    private_key: str
    devices: list[Device] = field(default_factory=list)

    @property
    def key(self) -> Vapid:
        return vapid.load(self.private_key, SUBJECT)

    def write(self, name: str, devices: list[Device]) -> Path:
        """The stage with these devices, as a file."""
        told = {
            "origin": self.origin,
            "trust": str(self.trust),
            "private_key": self.private_key,
            "public_key": self.key.public_key,
            "subject": SUBJECT,
            "payload": "x" * PAYLOAD,
            "subscriptions": [device.json() for device in devices],
        }
        file = self.folder / f"{name}.json"
        file.write_text(json.dumps(told))
        return file

    def mail(self) -> int:
        """Takes what was accepted since it was last asked, checks the samples that were kept, and returns how many there were."""
        told = self.ask()
        for sample in told["kept"]:
            device = self.devices[int(sample["path"].rpartition("/")[2])]
            assert device.decrypt(bytes.fromhex(sample["body"])), "an empty message"
            claims = read_token(sample["authorization"])
            assert (claims["aud"], claims["sub"]) == (self.origin, SUBJECT)
        return int(told["accepted"])

    def ask(self) -> dict[str, Any]:
        """What the service has taken since it was last asked: `accepted`, `versions` of HTTP, and the samples `kept`."""
        context = ssl.create_default_context(cafile=str(self.trust))
        with urllib.request.urlopen(self.origin, context=context, timeout=10) as answer:  # noqa: S310 it is https
            told: dict[str, Any] = json.load(answer)
        return told


@contextmanager
def set_up(folder: Path, count: int, latency: float) -> Iterator[Stage]:
    """A service that answers after `latency` seconds, and `count` subscriptions with it."""
    folder.mkdir(parents=True, exist_ok=True)
    made = certificates.make(folder, "localhost")
    port = _free_port()
    origin = f"https://localhost:{port}"
    devices = [Device(f"{origin}/push/{number}") for number in range(count)]
    trust = folder / "trust.pem"  # with all that a machine believes, for reading those takes its time
    trust.write_bytes(Path(certifi.where()).read_bytes() + made.authority.read_bytes())
    stage = Stage(folder, origin, trust, vapid.generate(), devices)
    command = [sys.executable, "-m", "granian", "--interface", "rsgi", "--port", str(port), "--log-level", "error"]
    command += ["--ssl-certificate", str(made.certificate), "--ssl-keyfile", str(made.key), "bench.push.service:app"]
    environment = os.environ | {"BENCH_LATENCY": str(latency)}
    service = subprocess.Popen(command, env=environment)
    try:
        _wait_for(port)
        yield stage
    finally:
        service.terminate()
        service.wait(10)


def faulty(devices: list[Device], every: int = 10) -> list[Device]:
    """The same, but that every tenth meets one of the faults in turn."""
    found = list(devices)
    for turn, place in enumerate(range(0, len(found), every)):
        origin, _, number = found[place].endpoint.rpartition("/push/")
        whole = found[place]
        found[place] = Device(f"{origin}/{FAULTS[turn % len(FAULTS)]}/{number}", whole.key, whole.secret)
    return found


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _wait_for(port: int) -> None:
    ends = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < ends, "the push service did not start"
            time.sleep(0.1)
        else:
            return
