"""A server that answers with whatever bytes a test says, at whatever pace: for what no well-behaved library would send."""

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

Script = Callable[[socket.socket], None]


class RawService:
    """Runs `script` with each connection; `requests` holds the head and body each one began with."""

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None, read_first: bool = True) -> None:
        self._script, self._tls, self._read_first = script, tls, read_first
        self.requests: list[bytes] = []
        self.connections = 0
        self._closing = threading.Event()

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1_024)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        plain.settimeout(20)
        # whatever the client does to the connection is the client's right
        with contextlib.suppress(OSError), plain:
            connection = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
            with connection:
                if self._read_first:
                    self.requests.append(_whole(connection))
                self._script(connection)


def says(*parts: bytes, pause: float = 0.0) -> Script:
    """Sends the parts one after the other, then hangs up."""

    def script(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)
            threading.Event().wait(pause)

    return script


def drips(start: bytes, drop: bytes = b"x", pause: float = 0.05) -> Script:
    """Sends a start and then a drop at a time, without end."""

    def script(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            threading.Event().wait(pause)
            connection.sendall(drop)

    return script


def hangs(connection: socket.socket) -> None:
    """Says nothing until the client gives up."""
    while connection.recv(4_096):
        pass


def resets(connection: socket.socket) -> None:
    """Hangs up with RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def answer(status: int, body: bytes = b"", **headers: str) -> bytes:
    """A whole HTTP response; header names are written with _ for -."""
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _whole(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65_536)
        if not part:
            return received
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    length = next(lengths, 0)
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body
