"""Pywebpush's async call, one aiohttp session, 100 in flight. `python -m bench.push.asynchronous STAGE COUNT`."""

from __future__ import annotations

import asyncio
import ssl
import sys

import aiohttp
from pywebpush import webpush_async

from bench.push.measured import measured, read

AT_ONCE = 100


async def main(file: str, count: int) -> None:
    stage = read(file)
    context = ssl.create_default_context(cafile=stage["trust"])
    to, room = stage["subscriptions"], asyncio.Semaphore(AT_ONCE)
    accepted = 0

    async def send(session: aiohttp.ClientSession, number: int) -> None:
        nonlocal accepted
        async with room:
            answer = await webpush_async(
                to[number % len(to)],
                stage["payload"],
                vapid_private_key=stage["private_key"],
                vapid_claims={"sub": stage["subject"]},
                ttl=60,
                aiohttp_session=session,
            )
            accepted += answer.status == 201

    connector = aiohttp.TCPConnector(ssl=context, limit=AT_ONCE)
    async with aiohttp.ClientSession(connector=connector) as session:
        with measured() as told:
            await asyncio.gather(*(send(session, number) for number in range(count)))
            told["accepted"] = accepted


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
