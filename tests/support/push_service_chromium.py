"""A push service for real Chromium: Google's check-in, registration and MCS connection, and RFC 8030. Loopback only."""

import asyncio
import contextlib
import ssl
import tempfile
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl

from aiohttp import web

from tests.support import certificates, mcs
from tests.support.loop import wait_until
from tests.support.push_service import PushService, Target


class ChromiumPushService(PushService):
    folder = "fcm/send"

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []
        self._browsers: dict[str, asyncio.StreamWriter] = {}
        self._apps: dict[str, str] = {}

    @property
    def arguments(self) -> tuple[str, ...]:
        """What Chromium must be started with."""
        return (
            f"--gcm-checkin-url={self.origin}/checkin",
            f"--gcm-registration-url={self.origin}/register3",
            f"--gcm-mcs-endpoint=https://127.0.0.1:{self.mcs_port}",
            "--ignore-certificate-errors",
        )

    def wait_for_browser(self, seconds: float = 30) -> None:
        """After a restart Chromium takes its time to come back."""
        wait_until(lambda: self._browsers, seconds, "Chromium's connection")

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/checkin", self._check_in), web.post("/register3", self._register)]

    async def opened(self) -> None:
        await super().opened()
        self._mcs = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=_server_tls())
        self.mcs_port: int = self._mcs.sockets[0].getsockname()[1]

    async def closed(self) -> None:
        for writer in list(self._browsers.values()):
            writer.transport.abort()
        self._mcs.close()
        await super().closed()

    async def deliver(self, target: Target, body: bytes, headers: Mapping[str, str]) -> None:
        pairs = {"subtype": target.channel, **({"content-encoding": "aes128gcm"} if body else {})}
        data = [(7, mcs.encode((1, name), (2, value))) for name, value in pairs.items()]
        message = mcs.encode(
            (3, target.key or "0"),
            (5, self._apps[target.token]),
            *data,
            (9, f"0:{time.time_ns() // 1_000}%{uuid.uuid4().hex[:16]}"),
            (17, int(headers["TTL"])),
            (18, int(time.time() * 1_000)),
            *([(21, body)] if body else []),
        )
        self._waiting.append(message)
        self._flush()

    async def _check_in(self, request: web.Request) -> web.Response:
        await request.read()
        android_id, secret = mcs.Fixed64(0x1122334455667788), mcs.Fixed64(0x0102030405060708)
        body = mcs.encode((1, True), (3, int(time.time() * 1_000)), (7, android_id), (8, secret))
        return web.Response(body=body, content_type="application/x-protobuf")

    async def _register(self, request: web.Request) -> web.Response:
        form = dict(parse_qsl((await request.read()).decode()))
        channel = form.get("X-subtype", "")
        if form.get("delete") == "true":
            for target in [target for target in self.targets.values() if target.channel == channel]:
                self.drop(target.token)
            return web.Response(text=f"token={channel}" if channel else "deleted=1")
        token = f"{uuid.uuid4().hex[:11]}:APA91b{uuid.uuid4().hex * 3}"
        self.targets[token] = Target(token, form.get("sender") or None, channel=channel)
        self._apps[token] = form.get("app", "")
        return web.Response(text=f"token={token}")

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name = uuid.uuid4().hex
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            await reader.readexactly(1)  # the version
            while (frame := await mcs.read_frame(reader))[0] != mcs.CLOSE:
                self._answer(name, writer, *frame)
                await writer.drain()
        self._browsers.pop(name, None)
        writer.close()

    def _answer(self, name: str, writer: asyncio.StreamWriter, tag: int, body: bytes) -> None:
        if tag == mcs.HEARTBEAT_PING:
            mcs.write_frame(writer, mcs.HEARTBEAT_ACK, b"")
        elif tag == mcs.LOGIN_REQUEST:
            writer.write(b"\x29")  # the version that Google's own server says
            (session,) = mcs.decode(body)[1]
            mcs.write_frame(writer, mcs.LOGIN_RESPONSE, mcs.encode((1, session), (8, int(time.time() * 1_000))))
            self._browsers[name] = writer
            self._flush()

    def _flush(self) -> None:
        for writer in list(self._browsers.values())[-1:]:
            while self._waiting:
                mcs.write_frame(writer, mcs.DATA_MESSAGE, self._waiting.pop(0))


def _server_tls() -> ssl.SSLContext:
    with tempfile.TemporaryDirectory() as folder:
        return certificates.make(Path(folder), "127.0.0.1").server()
