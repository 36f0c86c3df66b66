"""Compressed data unpacked block by block, within limits: gzip, bzip2, xz and zstd."""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from lithify.context.refusal import Unreadable

if TYPE_CHECKING:
    import bz2
    import lzma

Blocks: TypeAlias = Callable[[], Iterator[bytes]]
"""Data as blocks of bytes in order, from its beginning each time it is called. No block is empty."""

MAGIC = ((b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"), (b"\x28\xb5\x2f\xfd", "zstd"))
SUFFIXES = (".gz", ".bz2", ".xz", ".zst")
MAX_RATIO = 250
_FREE = 64 << 20
"""Bytes that may come out of anything: only beyond them does the ratio count."""
_BLOCK = 8 << 20
_XZ_MEMORY = 512 << 20


class _Unpacker(Protocol):
    """One stream of compressed data. eof: it has ended; unused_data: what follows it."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def feed(self, data: bytes) -> Iterator[bytes]: ...


def beginning(blocks: Blocks, size: int) -> bytes:
    """The first bytes of what the blocks hold, at most so many."""
    head = b""
    for block in blocks():
        head += block[: size - len(head)]
        if len(head) >= size:
            break
    return head


def packing_of(head: bytes) -> str:
    """How data that begins so is compressed: gzip, bzip2, xz or zstd; "" when it is not."""
    return next((name for start, name in MAGIC if head.startswith(start)), "")


def unpacked(packed: Blocks, packing: str, max_bytes: int) -> Blocks:
    """The blocks that come out of compressed ones; several streams one after the other are one, as for gunzip.

    Raises Unreadable while it is read: for damaged or cut off data, for more than max_bytes, for more than 64 MiB that
    are more than MAX_RATIO times as long as what they came from, and for zstd without the package zstandard.
    """

    def blocks() -> Iterator[bytes]:
        taken = given = 0
        stream: _Unpacker | None = None
        for block in packed():
            taken += len(block)
            rest = block
            while rest:
                stream = stream or _open(packing)
                for piece in _fed(stream, rest, packing):
                    given += len(piece)
                    _check(given, taken, max_bytes)
                    yield piece
                rest, stream = (stream.unused_data, None) if stream.eof else (b"", stream)
                if stream is None and not _goes_on(rest, packing):
                    return
        if stream is not None:
            raise Unreadable(f"is {packing}-compressed and ends too early: it was cut off; get the whole file")

    return blocks


def _goes_on(rest: bytes, packing: str) -> bool:
    """Whether another stream follows. Zeros behind the last one are padding, as tapes leave it."""
    return not rest or packing_of(rest) == packing


def _check(given: int, taken: int, max_bytes: int) -> None:
    if given > max_bytes:
        reason = f"unpacks to more than {max_bytes:,} bytes, which is what may be read; give a part of it, or raise "
        reason += "the limit (limits.context_mb)"
        raise Unreadable(reason, too_large=True)
    if given > _FREE and given > MAX_RATIO * taken:
        raise Unreadable(
            f"unpacks to more than {MAX_RATIO} times its size ({given:,} bytes of {taken:,}), which may be an attack; "
            "unpack it yourself if you trust it",
            too_large=True,
        )


def _fed(stream: _Unpacker, data: bytes, packing: str) -> Iterator[bytes]:
    try:
        yield from (piece for piece in stream.feed(data) if piece)
    except (zlib.error, OSError, EOFError, ValueError) as error:
        raise Unreadable(f"is damaged {packing} data ({error}); get it anew, or unpack what can be saved") from error


def _open(packing: str) -> _Unpacker:
    match packing:
        case "gzip":
            return _Gzip()
        case "bzip2":
            import bz2

            return _Stream(bz2.BZ2Decompressor(), OSError)
        case "xz":
            import lzma

            return _Stream(lzma.LZMADecompressor(memlimit=_XZ_MEMORY), lzma.LZMAError)
        case _:
            return _Zstd()


class _Gzip:
    """zlib says what is left of its input; the other two keep it."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self._stream.eof:
            yield self._stream.decompress(data, _BLOCK)
            data = self._stream.unconsumed_tail


class _Stream:
    """bz2 and lzma: fed once, then asked for more until they need input."""

    def __init__(self, stream: bz2.BZ2Decompressor | lzma.LZMADecompressor, failure: type[Exception]) -> None:
        self._stream = stream
        self._failure = failure

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield self._decompress(data)
        while not (self._stream.eof or self._stream.needs_input):
            yield self._decompress(b"")

    def _decompress(self, data: bytes) -> bytes:
        try:
            return self._stream.decompress(data, _BLOCK)
        except self._failure as error:
            raise ValueError(str(error)) from error


class _Zstd:
    """zstandard unpacks what it is fed at once, so it is fed little at a time."""

    _BITE = 64 << 10

    def __init__(self) -> None:
        try:
            zstandard: Any = importlib.import_module("zstandard")
        except ImportError as error:
            raise Unreadable("is zstd-compressed: pip install 'lithify[data]', or unpack it first: unzstd") from error
        self._stream: Any = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()
        self._error = zstandard.ZstdError
        self._unused = b""

    @property
    def eof(self) -> bool:
        return bool(self._stream.eof)

    @property
    def unused_data(self) -> bytes:
        return self._unused

    def feed(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), self._BITE):
            try:
                yield self._stream.decompress(data[start : start + self._BITE])
            except self._error as error:
                raise ValueError(str(error)) from error
            if self._stream.eof:
                self._unused = self._stream.unused_data + data[start + self._BITE :]
                return
