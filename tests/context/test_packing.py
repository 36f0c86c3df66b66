"""Compressed data, sound and hostile."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable, Iterator

import pytest
import zstandard

from lithify.context.packing import MAX_RATIO, Blocks, packing_of, unpacked
from lithify.context.refusal import Unreadable

TEXT = b"".join(b"line %d of the log\n" % number for number in range(50_000))
PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor(write_checksum=True).compress,
}


def blocks_of(data: bytes, size: int = 10_000) -> Blocks:
    def blocks() -> Iterator[bytes]:
        yield from (data[start : start + size] for start in range(0, len(data), size))

    return blocks


@pytest.mark.parametrize("packing", PACK)
@pytest.mark.parametrize("size", [1_000, 1 << 20])
def test_what_was_packed_comes_out(packing: str, size: int) -> None:
    packed = PACK[packing](TEXT)
    assert packing_of(packed) == packing
    blocks = unpacked(blocks_of(packed, size), packing, len(TEXT))
    assert b"".join(blocks()) == TEXT
    assert b"".join(blocks()) == TEXT  # as often as needed


@pytest.mark.parametrize("packing", PACK)
def test_streams_one_after_the_other_are_one(packing: str) -> None:
    packed = PACK[packing](b"first\n") + PACK[packing](TEXT) + PACK[packing](b"last\n")
    assert b"".join(unpacked(blocks_of(packed, 7_000), packing, 10_000_000)()) == b"first\n" + TEXT + b"last\n"


def test_zeros_behind_the_last_stream_are_padding() -> None:
    assert b"".join(unpacked(blocks_of(gzip.compress(TEXT) + bytes(512)), "gzip", 10_000_000)()) == TEXT


@pytest.mark.parametrize("packing", PACK)
def test_more_than_may_be_read_is_refused(packing: str) -> None:
    with pytest.raises(Unreadable, match="unpacks to more than 1,000 bytes") as caught:
        list(unpacked(blocks_of(PACK[packing](TEXT)), packing, 1_000)())
    assert caught.value.too_large


@pytest.mark.parametrize("packing", PACK)
def test_a_file_that_was_cut_off_is_refused(packing: str) -> None:
    with pytest.raises(Unreadable, match="ends too early"):
        list(unpacked(blocks_of(PACK[packing](TEXT)[:-20]), packing, 10_000_000)())


@pytest.mark.parametrize("packing", PACK)
def test_damaged_data_is_refused(packing: str) -> None:
    packed = bytearray(PACK[packing](TEXT))
    packed[len(packed) // 2 : len(packed) // 2 + 40] = b"\xff" * 40
    with pytest.raises(Unreadable, match=f"is damaged {packing} data|ends too early"):
        list(unpacked(blocks_of(bytes(packed)), packing, 10_000_000)())


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_a_bomb_is_refused_early(packing: str) -> None:
    given = 0
    with pytest.raises(Unreadable, match=f"more than {MAX_RATIO} times its size"):
        for block in unpacked(blocks_of(PACK[packing](bytes(300 << 20)), 4_000), packing, 1 << 40)():
            given += len(block)
    assert given < 100 << 20
