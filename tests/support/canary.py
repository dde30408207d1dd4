"""A canary where every connection ends: it counts them, whatever address they were for."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.raw_service import RawService


class Canary:
    """`asked`: the addresses that were connected to, in order."""

    def __init__(self, service: RawService) -> None:
        self.service = service
        self.asked: list[tuple[str, int]] = []

    @property
    def connections(self) -> int:
        return self.service.connections


@contextmanager
def led_astray(service: RawService) -> Iterator[Canary]:
    """Within it, whoever connects to anything reaches `service`."""
    connect, canary = socket.create_connection, Canary(service)

    def lead_astray(address: tuple[str, int], timeout: float) -> socket.socket:
        canary.asked.append(address)
        return connect(("127.0.0.1", service.port), timeout)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "create_connection", lead_astray)
        yield canary
