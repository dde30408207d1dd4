"""The little of Google's push protocol that Chromium needs: protobuf fields by hand, and frames of its MCS connection."""

import asyncio
from collections.abc import Iterator

Value = int | str | bytes
LOGIN_REQUEST, LOGIN_RESPONSE, DATA_MESSAGE = 2, 3, 8
HEARTBEAT_PING, HEARTBEAT_ACK, CLOSE = 0, 1, 4


class Fixed64(int):
    """A number that goes over the wire in eight bytes."""


def encode(*fields: tuple[int, Value]) -> bytes:
    """(field number, value) pairs; bytes may be a nested message."""
    return b"".join(_field(number, value) for number, value in fields)


def decode(message: bytes) -> dict[int, list[int | bytes]]:
    found: dict[int, list[int | bytes]] = {}
    rest = iter(message)
    for key in _numbers(rest):
        found.setdefault(key >> 3, []).append(_value(rest, key & 7))
    return found


async def read_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Tag and body. Raises IncompleteReadError when the browser hung up."""
    tag = (await reader.readexactly(1))[0]
    length, shift = 0, 0
    while True:
        byte = (await reader.readexactly(1))[0]
        length |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return tag, await reader.readexactly(length)


def write_frame(writer: asyncio.StreamWriter, tag: int, body: bytes) -> None:
    writer.write(bytes([tag]) + _varint(len(body)) + body)


def _field(number: int, value: Value) -> bytes:
    if isinstance(value, Fixed64):
        return _varint(number << 3 | 1) + value.to_bytes(8, "little")
    if isinstance(value, int):
        return _varint(number << 3) + _varint(int(value))
    raw = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(raw)) + raw


def _varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def _value(rest: Iterator[int], wire: int) -> int | bytes:
    if wire == 0:
        return next(_numbers(rest))
    length = next(_numbers(rest)) if wire == 2 else {1: 8, 5: 4}[wire]
    raw = bytes(next(rest) for _ in range(length))
    return raw if wire == 2 else int.from_bytes(raw, "little")


def _numbers(rest: Iterator[int]) -> Iterator[int]:
    number, shift = 0, 0
    for byte in rest:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield number
            number, shift = 0, 0
