"""Push services that each behave in one way of their own, in a process beside the one whose memory is watched."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from multiprocessing.connection import Connection
from pathlib import Path

from tests.support import certificates
from tests.support.crowd import spawning
from tests.support.raw_service import RawService, Script, answer, drips, hangs, resets, says

IN_TWO_HOURS = "in two hours"  # said as a date, once the service answers
PATIENCE = 30  # seconds


@dataclass
class Behaviour:
    """What a service does, in turn, and how a nudge stands afterwards.

    waits: from and to how long until the next try. keeps: whether the device is still known. later: how the nudge ends
    once the service is well again, seven hours on.
    """

    scripts: list[Script]
    state: str
    waits: tuple[timedelta, timedelta] = (timedelta(0), timedelta(0))
    keeps: bool = True
    later: str = "sent"
    secure: bool = False
    turns: Iterator[Script] = field(init=False)

    def __post_init__(self) -> None:
        self.turns = itertools.cycle(self.scripts)

    def __call__(self, connection: socket.socket) -> None:
        next(self.turns)(connection)

    def recover(self) -> None:
        self.turns = itertools.cycle([says(answer(201))])


def statuses(*numbers: int) -> list[Script]:
    return [says(answer(number, b'{"reason": "because"}')) for number in numbers]


def too_many(retry_after: str) -> list[Script]:
    if retry_after == IN_TWO_HOURS:
        retry_after = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    return [says(answer(429, b"", Retry_After=retry_after))]


def between(low: float, high: float) -> tuple[timedelta, timedelta]:
    return timedelta(seconds=low), timedelta(seconds=high)


SOON, PAUSE = between(15, 46), between(15, 301)
FLOOD = b"HTTP/1.1 500 No\r\nContent-Length: 209715200\r\n\r\n"


def behaviours(canary: int = 1) -> dict[str, Behaviour]:
    elsewhere = f"http://127.0.0.1:{canary}/"
    redirects = [says(answer(status, b"", Location=elsewhere)) for status in (301, 302, 307, 308)]
    return {
        "201": Behaviour(statuses(201), "sent"),
        "200, 202, 204": Behaviour(statuses(200, 202, 204), "sent"),
        "404": Behaviour(statuses(404), "no_device", keeps=False, later="no_device"),
        "410": Behaviour(statuses(410), "no_device", keeps=False, later="no_device"),
        "400": Behaviour(statuses(400), "expired", later="expired"),
        "413": Behaviour(statuses(413), "expired", later="expired"),
        "401, 403": Behaviour(statuses(401, 403), "scheduled", PAUSE),
        "429, seconds": Behaviour(too_many("120"), "scheduled", between(118, 121)),
        "429, a date": Behaviour(too_many(IN_TWO_HOURS), "scheduled", between(6_000, 7_201)),
        "429, garbage": Behaviour(too_many("soon"), "scheduled", between(58, 61)),
        "429, in 2099": Behaviour(too_many("Thu, 31 Dec 2099 23:59:59 GMT"), "scheduled", between(21_590, 21_601)),
        "500, 503": Behaviour(statuses(500, 503), "scheduled", SOON),
        "resets": Behaviour([resets], "scheduled", SOON),
        "hangs": Behaviour([hangs], "scheduled", SOON),
        "drips": Behaviour([drips(b"HTTP/1.1 500 No\r\n", b"X: y\r\n", pause=0.5)], "scheduled", SOON),
        "200 MiB": Behaviour([drips(FLOOD, b"x" * (1 << 20), pause=0)], "scheduled", SOON),
        "redirects": Behaviour(redirects, "scheduled", SOON),
        "no TLS we trust": Behaviour(statuses(201), "scheduled", SOON, later="scheduled", secure=True),
    }


class Services:
    """All of them, and a canary that no redirect may lead to."""

    def __init__(self, line: Connection) -> None:
        self._line = line
        self.origins: dict[str, str] = self._heard()

    def recover(self) -> None:
        """From now on each takes whatever it is sent."""
        self._line.send("recover")
        self._heard()

    def caught(self) -> int:
        """How many connections the canary has seen."""
        self._line.send("caught")
        return int(self._heard())

    def _heard(self):
        assert self._line.poll(PATIENCE), "the services say nothing"
        return self._line.recv()


@contextmanager
def services(folder: Path) -> Iterator[Services]:
    ours, theirs = spawning.Pipe()
    process = spawning.Process(target=_serve, args=(theirs, folder), daemon=True)
    process.start()
    try:
        yield Services(ours)
    finally:
        process.kill()
        process.join(10)


def _serve(line: Connection, folder: Path) -> None:
    unknown = certificates.make(folder, "127.0.0.1").server()
    with ExitStack() as running:
        canary = running.enter_context(RawService(hangs, read_first=False))
        all_of_them = behaviours(canary.port)
        origins = {}
        for name, behaviour in all_of_them.items():
            service = running.enter_context(RawService(behaviour, unknown if behaviour.secure else None))
            origins[name] = service.origin.replace("http:", "https:") if behaviour.secure else service.origin
        line.send(origins)
        while True:
            if line.recv() == "recover":
                for behaviour in all_of_them.values():
                    behaviour.recover()
            line.send(canary.connections)
