"""Frames, as both sides write them: a 4-byte little-endian length and one msgpack array. Never a pickle."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import msgpack

HEADER = struct.Struct("<I")
BIG_INT = 1
"""The only msgpack extension: an integer beyond 64 bits, as signed little-endian bytes."""
MAX_INT_BYTES = 1_786
"""The largest integer on the wire: what int ↔ str converts by default (4,300 digits), so that everyone can print it."""
MAX_DEPTH = 64
"""How deep a frame may nest."""


def _extend(value: object) -> object:
    """What msgpack does not pack by itself."""
    if isinstance(value, int):
        size = value.bit_length() // 8 + 1
        if size <= MAX_INT_BYTES:
            return msgpack.ExtType(BIG_INT, value.to_bytes(size, "little", signed=True))
        raise TypeError(f"an integer of {size:,} bytes does not cross the sandbox's channel (limit {MAX_INT_BYTES:,})")
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(f"a value of type {type(value).__name__} is not plain data")


def _restore(code: int, data: bytes) -> int:
    if code != BIG_INT or len(data) > MAX_INT_BYTES:
        raise ValueError(f"unknown extension {code} of {len(data)} bytes")
    return int.from_bytes(data, "little", signed=True)


def encode(value: object) -> bytes:
    """Plain data as msgpack. Raises TypeError for what is not plain; lone surrogates are kept."""
    packed: bytes = msgpack.packb(value, use_bin_type=True, default=_extend, unicode_errors="surrogatepass")
    return packed


def decode(body: bytes | memoryview) -> Any:
    """The inverse of `encode`, for bytes whose structure is known to be sound (see sandbox/frames.py)."""
    return msgpack.unpackb(
        body,
        raw=False,
        use_list=True,
        strict_map_key=False,
        unicode_errors="surrogatepass",
        ext_hook=_restore,
        max_str_len=len(body),
        max_bin_len=len(body),
        max_array_len=len(body),
        max_map_len=len(body),
        max_ext_len=MAX_INT_BYTES,
    )


def frame(value: object) -> bytes:
    """One frame, ready to be written."""
    body = encode(value)
    return HEADER.pack(len(body)) + body
