"""A push service for real Firefox: Mozilla's autopush WebSocket on one side, RFC 8030 on the other. Loopback only.

Firefox connects to `websocket` (pref dom.push.serverURL). Messages wait for their TTL; a Topic replaces a waiting one.
"""

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from pwa.push import base64url
from tests.support.loop import wait_until
from tests.support.push_service import PushService, Target

DECRYPTED = 100  # Firefox's ack codes; 101: could not decrypt, 102: the worker failed


@dataclass
class Waiting:
    version: str
    target: Target
    body: bytes
    topic: str | None
    ttl: int
    expires_at: float


@dataclass
class Browser:
    socket: web.WebSocketResponse | None = None
    waiting: list[Waiting] = field(default_factory=list)


class FirefoxPushService(PushService):
    folder = "wpush"

    def __init__(self) -> None:
        super().__init__()
        self.acknowledged: list[int] = []
        """The code of each acknowledgement, in order."""
        self._browsers: dict[str, Browser] = {}

    @property
    def websocket(self) -> str:
        return f"ws://127.0.0.1:{self.port}/"

    def wait_for_acknowledgement(self, number: int = 1, seconds: float = 15) -> None:
        wait_until(lambda: len(self.acknowledged) >= number, seconds, f"acknowledgement {number}")

    def disconnect(self) -> None:
        """Breaks every browser's connection; they come back by themselves."""
        self.run(self._disconnect())

    def forget(self) -> None:
        """Loses every browser and its subscriptions, as a service that was set up anew; each is told when it comes back."""
        self.run(self._forget())

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/", self._connected)]

    async def closed(self) -> None:
        await self._disconnect()
        await super().closed()

    async def deliver(self, target: Target, body: bytes, headers: Mapping[str, str]) -> None:
        ttl, topic = int(headers["TTL"]), headers.get("Topic")
        message = Waiting(uuid.uuid4().hex, target, body, topic, ttl, time.time() + ttl)
        browser = self._browsers[target.browser]
        browser.waiting = [w for w in browser.waiting if topic is None or (w.target, w.topic) != (target, topic)]
        browser.waiting.append(message)
        await self._send(browser, message)

    async def _forget(self) -> None:
        sockets = [browser.socket for browser in self._browsers.values() if browser.socket is not None]
        for token in list(self.targets):
            self.drop(token)
        self._browsers.clear()
        for socket in sockets:
            await socket.close()

    async def _disconnect(self) -> None:
        for browser in self._browsers.values():
            if browser.socket is not None:
                await browser.socket.close()

    async def _connected(self, request: web.Request) -> web.StreamResponse:
        websocket = web.WebSocketResponse(protocols=("push-notification",), heartbeat=30)
        await websocket.prepare(request)
        name = ""
        async for frame in websocket:
            if frame.type != WSMsgType.TEXT:
                continue
            said = json.loads(frame.data)
            if said.get("messageType") == "hello":
                name = await self._greet(websocket, said)
            else:
                await self._answer(websocket, name, said)
        if name in self._browsers and self._browsers[name].socket is websocket:
            self._browsers[name].socket = None
        return websocket

    async def _greet(self, websocket: web.WebSocketResponse, said: dict[str, Any]) -> str:
        name = said.get("uaid") if said.get("uaid") in self._browsers else uuid.uuid4().hex
        assert isinstance(name, str)
        browser = self._browsers.setdefault(name, Browser())
        browser.socket = websocket
        hello = {"messageType": "hello", "uaid": name, "status": 200, "use_webpush": True, "broadcasts": {}}
        await websocket.send_json(hello)
        for message in [waiting for waiting in browser.waiting if waiting.expires_at > time.time()]:
            await self._send(browser, message)
        return name

    async def _answer(self, websocket: web.WebSocketResponse, name: str, said: dict[str, Any]) -> None:
        kind = said.get("messageType", "ping")
        if kind == "register":
            target = Target(uuid.uuid4().hex * 2, said.get("key"), name, said["channelID"])
            self.targets[target.token] = target
            endpoint = f"{self.origin}/{self.folder}/{target.token}"
            await websocket.send_json(
                {"messageType": kind, "channelID": target.channel, "status": 200, "pushEndpoint": endpoint}
            )
        elif kind == "unregister":
            for target in [t for t in self.targets.values() if t.channel == said["channelID"]]:
                self.drop(target.token)
            await websocket.send_json({"messageType": kind, "channelID": said["channelID"], "status": 200})
        elif kind == "ack":
            self._acknowledge(self._browsers[name], said.get("updates", []))
        elif kind == "ping":
            await websocket.send_str("{}")

    def _acknowledge(self, browser: Browser, updates: list[dict[str, Any]]) -> None:
        for update in updates:
            browser.waiting = [waiting for waiting in browser.waiting if waiting.version != update["version"]]
            self.acknowledged.append(update.get("code", DECRYPTED))

    async def _send(self, browser: Browser, message: Waiting) -> None:
        if browser.socket is None or browser.socket.closed:
            return
        frame: dict[str, Any] = {"messageType": "notification", "channelID": message.target.channel}
        frame |= {"version": message.version, "ttl": message.ttl}
        if message.body:
            frame |= {"data": base64url.encode(message.body), "headers": {"encoding": "aes128gcm"}}
        await browser.socket.send_json(frame)
