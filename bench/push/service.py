"""A push service on loopback for measuring: TLS, HTTP/1.1 and HTTP/2, an answer after a set latency, and some mail kept to be read.

`/push/<n>` is accepted. `/<fault>/<n>` misbehaves: 410, 429, 500, hang.
"""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

LATENCY = float(os.environ.get("BENCH_LATENCY", "0"))  # seconds
KEPT_EVERY = 50
STATUSES = {"410": 410, "429": 429, "500": 500}


class Counter:
    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self.accepted = 0
        self.versions: set[str] = set()
        self.kept: list[dict[str, str]] = []

    def take(self, path: str, authorization: str, body: bytes, version: str) -> None:
        self.accepted += 1
        self.versions.add(version)
        if self.accepted % KEPT_EVERY == 0:
            self.kept.append({"path": path, "authorization": authorization, "body": body.hex()})

    def told(self) -> bytes:
        told = {"accepted": self.accepted, "versions": sorted(self.versions), "kept": self.kept}
        self.forget()
        return json.dumps(told).encode()


COUNTER = Counter()


async def app(scope: Any, protocol: Any) -> None:
    if scope.method == "GET":
        protocol.response_bytes(200, [("content-type", "application/json")], COUNTER.told())
        return
    body = await protocol()
    folder = scope.path.split("/")[1]
    if LATENCY:
        await asyncio.sleep(LATENCY)
    if folder == "hang":
        await asyncio.sleep(60)
    if folder in STATUSES:
        protocol.response_empty(STATUSES[folder], [("retry-after", "1")])
        return
    COUNTER.take(scope.path, scope.headers.get("authorization", ""), body, scope.http_version)
    protocol.response_empty(201, [("location", f"https://localhost{scope.path}"), ("ttl", "60")])
