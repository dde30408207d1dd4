"""A Redis server of the tests' own: Debian's program, on loopback, with nothing kept on disk."""

from __future__ import annotations

import itertools
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.processes import ends_with_us
from tests.support.server import free_port

PATIENCE = 30  # seconds
MANY = 4_096


@dataclass
class RedisServer:
    port: int
    process: subprocess.Popen[bytes]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def fresh(self) -> str:
        """The address of a database with nothing in it."""
        return f"redis://127.0.0.1:{self.port}/{next(self.numbers)}"

    def wait(self) -> None:
        ends = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, "redis-server ended"
            assert time.monotonic() < ends, "redis-server does not answer"
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    port = free_port()
    options = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--databases", str(MANY))
    process = subprocess.Popen(
        ["redis-server", "--port", str(port), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        preexec_fn=ends_with_us(signal.SIGKILL),
    )
    server = RedisServer(port, process)
    try:
        server.wait()
        yield server
    finally:
        process.kill()
        process.wait(PATIENCE)
