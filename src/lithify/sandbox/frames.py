"""Frames from the worker, as the hostile input they are: length, structure, size, then meaning are checked.

Pure. A frame is scanned before it is decoded, because decoding alone can be made to cost far more than the frame's
length: a few bytes may claim arrays of a million elements, nested a thousand deep.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from lithify.records.cell import CellError
from lithify.records.plain import Plain
from lithify.sandbox.guest import wire

_MAX_ITEMS = 450_000
_MAX_CALLS = 1_024
_MAX_TEXT = 25_000
_MAX_NAME = 2_000
_MAX_LINE = 1 << 31
_MAX_CALL_NUMBER = 1 << 62
_CALL_BYTES = 3_000
"""What an open call takes of the host's memory besides its arguments: a task, a coroutine, an entry here and there."""
_ITEM_BYTES = 128
"""What an element of a list or dict may take as a Python object; packed, it may be one byte."""
_CHARACTER_BYTES = 4
"""What a packed byte of text may take as a Python object."""


class BadFrame(Exception):
    """A frame that no honest worker sends."""


class FrameReader:
    """Cuts a stream of bytes into the bodies of frames."""

    def __init__(self, max_length: int) -> None:
        self._max_length = max_length
        self._buffer = bytearray()

    @property
    def missing(self) -> int:
        """Bytes that the frame which has begun still lacks; 0 when none has."""
        header = wire.HEADER.size
        if len(self._buffer) < header:
            return 0
        length: int = wire.HEADER.unpack_from(self._buffer)[0]
        return header + length - len(self._buffer)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The frames that these bytes complete. Raises BadFrame for one that is empty or too long."""
        buffer = self._buffer
        header = wire.HEADER.size
        if not buffer and header < len(data) == header + wire.HEADER.unpack_from(data)[0] <= self._max_length:
            yield data[header:]  # by far the most frequent: one whole frame
            return
        buffer += data
        while len(buffer) >= header:
            length = wire.HEADER.unpack_from(buffer)[0]
            if not 0 < length <= self._max_length:
                said = bytes(buffer[header : header + 200]).decode("utf-8", "replace") if not length else ""
                quoted = f" {said!a}" if said else ""  # by whoever wrote it: no terminal shall obey it
                raise BadFrame(f"a frame of {length:,} bytes (limit {self._max_length:,}){quoted}")
            if len(buffer) < header + length:
                return
            body = bytes(memoryview(buffer)[header : header + length])
            del buffer[: header + length]
            yield body


class Ready(NamedTuple):
    """The worker is confined and waits."""


class Bound(NamedTuple):
    """Inputs and functions are in place, or why they are not."""

    error: str | None


class Call(NamedTuple):
    """One call of a host function; size: the most bytes of memory that it takes as long as it is open."""

    number: int
    args: list[Plain]
    kwargs: dict[str, Plain]
    size: int


class Calls(NamedTuple):
    """Calls of one host function."""

    name: str
    calls: list[Call]


class Finished(NamedTuple):
    """The result of a cell."""

    cell: int
    stdout: str
    stdout_length: int
    error: CellError | None
    value_type: str
    value_repr: str
    value_plain: bool
    value: Plain


Message: TypeAlias = Ready | Bound | Calls | Finished


def parse(body: bytes, max_stdout: int) -> Message:
    """What a frame says. Raises BadFrame when it is not something that a worker may say."""
    scan(body)
    fields = _build(body)
    if not isinstance(fields, list) or not fields:
        raise BadFrame("not a list")
    if fields[0] == "result":
        return _finished(fields, max_stdout)
    if fields[0] == "calls" and len(fields) == 3:
        return _calls(fields[1], fields[2])
    if fields == ["ready"]:
        return Ready()
    if fields[0] == "bound" and len(fields) == 2:
        return Bound(None if fields[1] is None else _text(fields[1], _MAX_TEXT))
    raise BadFrame("an unknown message")


def _build(body: bytes) -> Any:
    """The object of a scanned body."""
    try:
        return wire.decode(body)
    except (ValueError, TypeError, MemoryError, RecursionError) as error:
        raise BadFrame(f"not decodable: {type(error).__name__}") from error


def _finished(fields: list[Any], max_stdout: int) -> Finished:
    if len(fields) != 9:
        raise BadFrame("a result of the wrong shape")
    _, cell, stdout, length, error, value_type, value_repr, value_plain, value = fields
    if type(value_plain) is not bool:
        raise BadFrame("a result of the wrong types")
    return Finished(
        cell=_number(cell, _MAX_LINE),
        stdout=_text(stdout, max_stdout),
        stdout_length=_number(length, _MAX_CALL_NUMBER),
        error=None if error is None else _error(error),
        value_type=_text(value_type, _MAX_NAME),
        value_repr=_text(value_repr, _MAX_TEXT),
        value_plain=value_plain,
        value=value,
    )


def _error(fields: Any) -> CellError:
    if not isinstance(fields, list) or len(fields) != 4:
        raise BadFrame("an error of the wrong shape")
    kind, message, line, traceback = fields
    return CellError(
        kind=_text(kind, _MAX_NAME),
        message=_text(message, _MAX_TEXT),
        line=_number(line, _MAX_LINE),
        traceback=_text(traceback, _MAX_TEXT),
    )


def _calls(name: Any, packed: Any) -> Calls:
    if not isinstance(packed, list) or not 0 < len(packed) <= _MAX_CALLS:
        raise BadFrame("calls of the wrong shape")
    calls: list[Call] = []
    items = _MAX_ITEMS
    for body in packed:
        if not isinstance(body, bytes):
            raise BadFrame("a call of the wrong type")
        held = scan(body, items)
        items -= held
        calls.append(_call(body, _CALL_BYTES + _ITEM_BYTES * held + _CHARACTER_BYTES * len(body)))
    return Calls(_text(name, _MAX_NAME), calls)


def _call(body: bytes, size: int) -> Call:
    fields = _build(body)
    if not isinstance(fields, list) or len(fields) != 3:
        raise BadFrame("a call of the wrong shape")
    number, args, kwargs = fields
    if not isinstance(args, list) or not isinstance(kwargs, dict) or not all(isinstance(key, str) for key in kwargs):
        raise BadFrame("a call of the wrong types")
    return Call(_number(number, _MAX_CALL_NUMBER), args, kwargs, size)


def _text(value: Any, limit: int) -> str:
    if not isinstance(value, str) or len(value) > limit:
        raise BadFrame("a text of the wrong type or length")
    return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode("utf-8")


def _number(value: Any, limit: int) -> int:
    if type(value) is not int or not 0 <= value < limit:
        raise BadFrame("a number of the wrong type or range")
    return value


_SCALAR, _STRING, _BYTES, _ARRAY, _MAP, _EXTENSION, _BAD = range(7)


def _table() -> list[tuple[int, int, int]]:
    """Per tag byte of msgpack: (kind, bytes of the length that follows, length or size when there is none)."""
    table = [(_SCALAR, 0, 0)] * 256
    table[0x80:0x90] = [(_MAP, 0, size) for size in range(16)]
    table[0x90:0xA0] = [(_ARRAY, 0, size) for size in range(16)]
    table[0xA0:0xC0] = [(_STRING, 0, size) for size in range(32)]
    table[0xC1] = (_BAD, 0, 0)
    sized = ((0xC4, _BYTES, 1), (0xC7, _EXTENSION, 1), (0xD9, _STRING, 1))
    for first, kind, width in sized:
        for step in range(3):
            table[first + step] = (kind, width << step, 0)
    for first, kind in ((0xDC, _ARRAY), (0xDE, _MAP)):
        table[first], table[first + 1] = (kind, 2, 0), (kind, 4, 0)
    for tag, size in zip(range(0xCA, 0xD4), (4, 8, 1, 2, 4, 8, 1, 2, 4, 8), strict=True):
        table[tag] = (_SCALAR, 0, size)
    table[0xD4:0xD9] = [(_EXTENSION, 0, 1 << step) for step in range(5)]
    return table


_TAGS = _table()


def scan(body: bytes, max_items: int = _MAX_ITEMS, max_depth: int = wire.MAX_DEPTH) -> int:
    """Walk one msgpack object without building it; gives how many elements its containers hold.

    Raises BadFrame unless it is whole, sound, and within the limits.

    Allowed are nil, booleans, numbers, text, bytes, lists, maps whose keys are none of the last three, and the one
    extension for large integers (not as a key: integers of a chosen hash would make a dict slow).
    """
    end = len(body)
    position = items = 0
    left, in_map = 1, False
    above: list[tuple[int, bool]] = []
    while True:
        while not left:
            if not above:
                if position != end:
                    raise BadFrame("truncated, or bytes after its end")
                return items
            left, in_map = above.pop()
        left -= 1
        if position >= end:
            raise BadFrame("truncated")
        kind, width, size = _TAGS[body[position]]
        position += 1
        if width:
            size = int.from_bytes(body[position : position + width], "big")
            position += width
        if kind <= _STRING:
            position += size
        elif in_map and left & 1:
            raise BadFrame("a key that is not a scalar")
        elif kind == _BYTES:
            position += size
        elif kind == _EXTENSION:
            if size > wire.MAX_INT_BYTES or body[position : position + 1] != bytes([wire.BIG_INT]):
                raise BadFrame("an unknown extension")
            position += 1 + size
        elif kind == _BAD:
            raise BadFrame("an unused tag")
        else:
            above.append((left, in_map))
            in_map = kind == _MAP
            left = 2 * size if in_map else size
            items += left
            if left > end - position or items > max_items or len(above) > max_depth:
                raise BadFrame("more elements or levels than it may have")
