"""What both push services of the tests share: RFC 8030 and RFC 8292 as strictly as the vendors, a log, and faults on demand."""

import asyncio
import contextlib
import json
import re
import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from pwa.push import base64url
from tests.support.device import Device
from tests.support.loop import LoopThread

Misbehaviour = Literal["answer", "hang", "drip", "flood", "reset"]
CONTACT = re.compile(r"mailto:[^@\s<>]+@[\w-]+(\.[\w-]+)+|https://[\w-]+(\.[\w-]+)+(/\S*)?")
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")


@dataclass(frozen=True)
class Target:
    """Where a token leads: the browser that holds it, and the applicationServerKey it was made with."""

    token: str
    key: str | None
    browser: str = ""
    channel: str = ""


@dataclass(frozen=True)
class Post:
    """One message as a sender posted it, and what it was told."""

    token: str
    status: int
    why: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    at: float = field(default_factory=time.monotonic)


@dataclass
class Fault:
    """How the next `times` posts are met, whatever they are."""

    kind: Misbehaviour
    times: int = 1
    status: int = 500
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class PushService(LoopThread):
    """Posts to `<origin>/<folder>/<token>`; subclasses carry accepted messages to a browser."""

    folder = "push"

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.targets: dict[str, Target] = {}
        self.gone: set[str] = set()
        self._faults: list[Fault] = []
        self._devices: dict[str, Device] = {}

    @property
    def origin(self) -> str:
        """What REKINDLE_PUSH_HOSTS must name."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def accepted(self) -> list[Post]:
        return [post for post in self.posts if post.status == 201]

    def misbehave(self, kind: Misbehaviour = "answer", **how: object) -> None:
        """misbehave(status=410, times=2), misbehave("hang"), misbehave("answer", status=307, headers={"Location": …})"""
        self._faults.append(Fault(kind, **how))  # type: ignore[arg-type]

    def behave(self) -> None:
        self._faults.clear()

    def drop(self, endpoint: str) -> None:
        """Forgets a subscription, as when a person clears a site's data: its next post gets 410."""
        token = endpoint.rpartition("/")[2]
        self.targets.pop(token, None)
        self.gone.add(token)

    def device(self, key: str | None = None) -> Device:
        """A subscription without a browser; read what it got with `mail`. key: the sender's public VAPID key."""
        token = base64url.encode(f"device-{len(self._devices)}".encode())
        device = Device(f"{self.origin}/{self.folder}/{token}")
        self.targets[token] = Target(token, key)
        self._devices[token] = device
        return device

    def mail(self, device: Device) -> list[dict[str, object]]:
        """The messages a device was sent, decrypted and parsed."""
        token = device.endpoint.rpartition("/")[2]
        return [json.loads(device.decrypt(post.body)) for post in self.accepted if post.token == token]

    # --- the server ---

    async def opened(self) -> None:
        app = web.Application()
        app.add_routes([web.post(f"/{self.folder}/{{token}}", self._post), *self.routes()])
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port: int = self._runner.addresses[0][1]

    async def closed(self) -> None:
        await self._runner.cleanup()

    def routes(self) -> list[web.RouteDef]:
        return []

    async def deliver(self, target: Target, body: bytes, headers: Mapping[str, str]) -> None:
        raise NotImplementedError

    async def _post(self, request: web.Request) -> web.StreamResponse:
        token, body = request.match_info["token"], await request.read()
        if self._faults:
            return await self._misbehave(request, token, body)
        target = self.targets.get(token)
        status, why = self.judge(target, token, request.headers, body)
        self._note(token, status, why, request, body)
        if target is not None and status == 201 and token not in self._devices:
            await self.deliver(target, body, request.headers)
        headers = {"Location": f"{self.origin}/m/{len(self.posts)}", "TTL": request.headers.get("TTL", "")}
        return web.Response(status=status, text=why, headers=headers if status == 201 else None)

    def judge(self, target: Target | None, token: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        if target is None:
            return (410 if token in self.gone else 404), "no such subscription"
        for refusal in (_form(headers, body), _identity(headers, target.key, self.origin)):
            if refusal is not None:
                return refusal
        return 201, ""

    async def _misbehave(self, request: web.Request, token: str, body: bytes) -> web.StreamResponse:
        fault = self._faults[0]
        fault.times -= 1
        if fault.times <= 0:
            self._faults.remove(fault)
        self._note(token, fault.status, f"fault: {fault.kind}", request, body)
        if fault.kind == "answer":
            return web.Response(status=fault.status, text=fault.body, headers=fault.headers)
        return await _torment(request, fault)

    def _note(self, token: str, status: int, why: str, request: web.Request, body: bytes) -> None:
        self.posts.append(Post(token, status, why, dict(request.headers), body))


def _form(headers: Mapping[str, str], body: bytes) -> tuple[int, str] | None:
    """RFC 8030 and RFC 8188, as far as a push service sees them."""
    if not headers.get("TTL", "").isdecimal():
        return 400, "TTL is missing or not a number"
    if headers.get("Urgency", "normal") not in ("very-low", "low", "normal", "high"):
        return 400, "Urgency is none that there is"
    if "Topic" in headers and not TOPIC.fullmatch(headers["Topic"]):
        return 400, "BadWebPushTopic"
    if len(body) > 4_096:
        return 413, "over 4,096 bytes"
    if body and headers.get("Content-Encoding") != "aes128gcm":
        return 415, "Content-Encoding is not aes128gcm"
    return None


def _identity(headers: Mapping[str, str], key: str | None, audience: str) -> tuple[int, str] | None:
    """RFC 8292: signed by the key it names, for us, not for long, by somebody who can be reached."""
    scheme, _, rest = headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "vapid":
        return 401, "no vapid Authorization"
    if key is not None and _parts(rest).get("k", "").rstrip("=") != key.rstrip("="):
        return 403, "VapidPkHashMismatch"
    try:
        claims = read_token(rest)
    except (ValueError, KeyError, InvalidSignature) as error:
        return 403, f"BadJwtToken: {type(error).__name__}"
    if claims.get("aud") != audience or not CONTACT.fullmatch(str(claims.get("sub"))):
        return 403, "BadJwtToken"
    if not 0 < claims.get("exp", 0) - time.time() <= 86_400:
        return 403, "BadJwtToken: exp is over, or more than a day away"
    return None


def read_token(authorization: str) -> dict[str, Any]:
    """What a VAPID header says, once its ES256 signature is found good. Raises ValueError, KeyError or InvalidSignature."""
    parts = _parts(authorization.removeprefix("vapid "))
    head, body, signature = parts["t"].split(".")
    raw = base64url.decode(signature)
    numbers = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64url.decode(parts["k"]))
    public.verify(utils.encode_dss_signature(*numbers), f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    said: dict[str, Any] = json.loads(base64url.decode(body))
    return said


def _parts(parameters: str) -> dict[str, str]:
    return dict(part.strip().partition("=")[::2] for part in parameters.split(","))


async def _torment(request: web.Request, fault: Fault) -> web.StreamResponse:
    transport = request.transport
    assert transport is not None
    if fault.kind == "reset":
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    if fault.kind in ("hang", "reset"):
        await asyncio.sleep(600)
    response = web.StreamResponse(status=fault.status)
    with contextlib.suppress(ConnectionError):
        await response.prepare(request)
        part, pause = (b"x" * 1_048_576, 0.0) if fault.kind == "flood" else (b"x", 0.2)
        for _ in range(200):
            await response.write(part)
            await asyncio.sleep(pause)
    return response
