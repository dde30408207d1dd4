"""A canary where every connection ends: it counts them, whatever address they were for."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pycurl
import pytest

from pwa.push.exchange import Exchange
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


@contextmanager
def sender_led_astray(service: RawService) -> Iterator[Canary]:
    """Within it, whatever libcurl opens a socket for reaches `service`."""
    made, opened, canary = Exchange.__init__, Exchange._open_socket, Canary(service)

    def make(exchange: Exchange, trust: str | None = None) -> None:
        made(exchange, trust)
        exchange.curl.setopt(pycurl.SOCKOPTFUNCTION, lambda *_: pycurl.SOCKOPT_ALREADY_CONNECTED)

    def lead_astray(exchange: Exchange, purpose: int, address: Any) -> socket.socket | int:
        found = opened(exchange, purpose, address)
        if isinstance(found, int):
            return found
        canary.asked.append(address.addr[:2])
        astray = type(found)(socket.AF_INET)
        astray.connect(("127.0.0.1", service.port))
        return astray

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Exchange, "__init__", make)
        patch.setattr(Exchange, "_open_socket", lead_astray)
        yield canary
