"""Texts and bytes that many processes share without a copy.

The host writes the payload of a str (PEP 393) or bytes object into a sealed memfd, once. A worker maps it privately
and lays the object's header over the end of the page before the payload: a real `str`, whose characters stay in the
page cache that every session shares. Only the header's page is private. The layout is checked at start
(`layout_holds`); where it does not hold, the worker decodes a copy instead.
"""

from __future__ import annotations

import ctypes
import importlib
import mmap
import os
import struct
import sys
import sysconfig
from collections import deque
from typing import Any

PAGE = mmap.PAGESIZE
_IMMORTAL = 0xFFFF_FFFF if sys.version_info >= (3, 12) else 1 << 60
TERMINATOR = 4
_STATE_OFFSET = 32
_SAMPLES = {(1, True): "ab", (1, False): "éb", (2, False): "ąb", (4, False): "😀b"}
_CODECS = {1: "latin-1", 2: "utf-16-le", 4: "utf-32-le"}


def _fresh(text: str) -> str:
    """An equal str that nobody else holds, without cached forms."""
    return "".join(list(text))


def _stored_as(text: str, shift: int) -> tuple[int, bool, bool]:
    """(bytes per character, compact, ascii only) from the header's bit field, which begins at this bit."""
    bits = int.from_bytes(ctypes.string_at(id(text) + _STATE_OFFSET, 4), "little") >> shift
    return bits & 7, bool(bits & 8), bool(bits & 16)


def _shift() -> int | None:
    """Where the bit field begins: before it stands `interned`, whose width differs between versions."""
    for shift in (2, 8, 16):
        if all(_stored_as(_fresh(text * 7), shift) == (*how[:1], True, how[1]) for how, text in _SAMPLES.items()):
            return shift
    return None


def characters(text: str) -> tuple[memoryview, int]:
    """The characters of a str as the interpreter stores them, without a copy, and how many bytes each takes.

    Only for interpreters where `layout_holds`. The view is valid as long as the text lives. Raises ValueError for a
    str that is stored in another way.
    """
    shift = _shift()
    unit, compact, ascii_only = (0, False, False) if shift is None else _stored_as(text, shift)
    if not compact or unit not in _CODECS or ascii_only != text.isascii():
        raise ValueError("a str that is stored in an unknown way")
    start = id(text) + text_header(ascii_only)
    return memoryview((ctypes.c_char * (len(text) * unit)).from_address(start)).cast("B"), unit


def text_header(ascii_only: bool) -> int:
    """Size of the header before the characters."""
    return sys.getsizeof("ab") - 3 if ascii_only else sys.getsizeof(_fresh("éb")) - 3


def bytes_header() -> int:
    """Size of the header before the bytes."""
    return sys.getsizeof(b"ab") - 3


def layout_holds() -> bool:
    """Whether this interpreter stores str and bytes as this module assumes: checked by reading and by building."""
    if sys.implementation.name != "cpython" or sys.maxsize < 1 << 32 or sys.byteorder != "little":
        return False
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return False
    for (unit, ascii_only), sample in _SAMPLES.items():
        text = _fresh(sample * 7)
        header = text_header(ascii_only)
        if sys.getsizeof(text) != header + (len(text) + 1) * unit:
            return False
        if _shift() is None:
            return False
        view, stored = characters(text)
        payload = bytes(view)
        if stored != unit or payload != text.encode(_CODECS[unit]) or not _builds(payload, unit, ascii_only, text):
            return False
    data = bytes(bytearray(b"sediment"))
    return ctypes.string_at(id(data) + bytes_header(), len(data)) == data


def _builds(payload: bytes, unit: int, ascii_only: bool, expected: str) -> bool:
    """Whether a header over the payload makes a str that behaves as the expected one."""
    area = mmap.mmap(-1, PAGE + len(payload) + TERMINATOR)
    area[PAGE : PAGE + len(payload)] = payload
    address = ctypes.addressof(ctypes.c_char.from_buffer(area))
    text = _lay_text(address, unit, ascii_only, len(expected))
    _KEPT.append(area)
    same = text == expected and hash(text) == hash(expected) and len(text) == len(expected)
    return same and text[1:3] == expected[1:3] and text.encode() == expected.encode() and expected[-1] in text


_KEPT: list[mmap.mmap] = []
"""Areas below objects that the self-check built; such objects never die."""


def _lay_text(address: int, unit: int, ascii_only: bool, length: int) -> str:
    """A str whose characters begin one page after the address. Its header is written before them."""
    size = text_header(ascii_only)
    sample = _fresh(_SAMPLES[unit, ascii_only] * 7)
    header = bytearray(ctypes.string_at(id(sample), size))  # type and state bits of a str of this kind
    struct.pack_into("Q", header, 0, _IMMORTAL)
    struct.pack_into("qq", header, 16, length, -1)  # length, hash not computed
    header[40:] = bytes(size - 40)  # cached forms: none
    return _place(header, address)  # type: ignore[return-value] # the header says str


def _lay_bytes(address: int, length: int) -> bytes:
    """A bytes object whose contents begin one page after the address."""
    sample = bytes(bytearray(b"sediment"))  # held by a name: what is read below must not be freed before
    header = bytearray(ctypes.string_at(id(sample), bytes_header()))
    struct.pack_into("Q", header, 0, _IMMORTAL)
    struct.pack_into("qq", header, 16, length, -1)
    return _place(header, address)  # type: ignore[return-value] # the header says bytes


def _place(header: bytearray, address: int) -> object:
    start = address + PAGE - len(header)
    ctypes.memmove(start, bytes(header), len(header))
    return ctypes.cast(start, ctypes.py_object).value


def map_memory(descriptor: int) -> int:
    """Map a memfd privately and read-only; gives the address. It stays mapped for the life of the process."""
    size = os.lseek(descriptor, 0, os.SEEK_END)  # not fstat, which takes names where it is newfstatat
    address = _libc().mmap(None, size, mmap.PROT_READ, mmap.MAP_PRIVATE, descriptor, 0)
    if address in (None, ctypes.c_void_p(-1).value):
        raise OSError(ctypes.get_errno(), "the input could not be mapped")
    return int(address)


def _make_page_writable(address: int) -> None:
    if _libc().mprotect(address, PAGE, mmap.PROT_READ | mmap.PROT_WRITE):
        raise OSError(ctypes.get_errno(), "the input's first page could not be made private")


def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    return libc


def restore(packed: list[Any], descriptors: deque[int]) -> Any:
    """An input as the host packed it (see sandbox/inputs.py).

    ["plain", value], or with a memfd: ["text", part], ["bytes", part], ["files", [[name, part], ...]], or
    ["table", library], whose memfd is an Arrow file. part is [offset, length in characters, bytes per character,
    ascii only]; bytes per character 0 says UTF-8 to be decoded, length then counts bytes.
    """
    kind, content = packed
    if kind == "plain":
        return content
    descriptor = descriptors.popleft()
    try:
        if kind == "table":
            return _table(descriptor, content)
        address = map_memory(descriptor)
    finally:
        os.close(descriptor)
    if kind == "text":
        return _text_of(address, content)
    if kind == "bytes":
        return _bytes_of(address, content)
    return {name: _text_of(address, part) for name, part in content}


def _table(descriptor: int, library: str) -> Any:
    """The Arrow file in a memfd as a table of this library; numbers and times are not copied."""
    pyarrow: Any = importlib.import_module("pyarrow")
    memory = pyarrow.foreign_buffer(map_memory(descriptor), os.lseek(descriptor, 0, os.SEEK_END))
    table = pyarrow.ipc.open_file(memory).read_all()
    if library == "pandas":
        return table.to_pandas()
    if library == "polars":
        return importlib.import_module("polars").from_arrow(table)
    return table


def _text_of(address: int, part: list[Any]) -> str:
    offset, length, unit, ascii_only = part
    if not unit:
        return ctypes.string_at(address + offset + PAGE, length).decode("utf-8", "surrogatepass")
    _make_page_writable(address + offset)
    return _lay_text(address + offset, unit, ascii_only, length)


def _bytes_of(address: int, part: list[Any]) -> bytes:
    offset, length, unit, _ = part
    if not unit:
        return ctypes.string_at(address + offset + PAGE, length)
    _make_page_writable(address + offset)
    return _lay_bytes(address + offset, length)
