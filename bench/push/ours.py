"""Rekindle's sender: `python -m bench.push.ours STAGE COUNT`."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from bench.push.measured import measured, read
from pwa.push import vapid
from pwa.push.client import Client
from pwa.push.message import Message
from pwa.push.subscription import Subscription

AT_ONCE = 512


@dataclass(frozen=True)
class Letter:
    message: Message
    to: Subscription


def main(file: str, count: int) -> None:
    stage = read(file)
    key = vapid.load(stage["private_key"], stage["subject"])
    host = stage["origin"].removeprefix("https://")
    client: Client[Letter] = Client(key, [host], lookup=lambda *_: ["127.0.0.1"], trust=stage["trust"])
    message = Message(stage["payload"].encode(), "t" * 32, 60)
    to = [Subscription(one["endpoint"], **one["keys"]) for one in stage["subscriptions"]]
    hanging = sum("/hang/" in to[number % len(to)].endpoint for number in range(count))
    began, put, back = time.perf_counter(), 0, Counter[str]()
    with measured() as told:
        while back.total() < count:
            while put < count and put - back.total() < AT_ONCE:
                client.put(Letter(message, to[put % len(to)]), datetime.now(UTC))
                put += 1
            for _letter, outcome in client.poll(1, datetime.now(UTC)):
                back[outcome.kind] += 1
            if back.total() >= count - hanging:
                told.setdefault("seconds", time.perf_counter() - began)
        told["accepted"] = back["accepted"]
    client.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
