"""Bytes to text: byte order marks, UTF-8, older 8-bit encodings, and what is no text at all. Pure.

The text is put together block by block, so that a gigabyte of text takes little more than a gigabyte: the blocks are
read once when they are UTF-8, and up to three times when they are not.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from lithify.context.packing import Blocks, beginning
from lithify.records.quick import dataclass

_PROBE = 1 << 20
_HEAD = 4096
_CONTROL = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27}) + b"\x7f"
_MAX_CONTROL = 0.02
_BROKEN = "\ufffd"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotText:
    """Why bytes are no text, with the next step."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The text, line ends kept as they were, and what the person should know ("" when it was plain UTF-8)."""

    text: str
    note: str = ""


def decode(data: bytes) -> Decoded | NotText:
    """As decode_blocks, of bytes at hand."""
    return decode_blocks(lambda: iter([data] if data else []))


def decode_blocks(blocks: Blocks) -> Decoded | NotText:
    """Text from bytes: by its byte order mark, else UTF-8, else (noted) cp1252 or latin-1; NUL bytes are no text.

    What reading the blocks raises passes through.
    """
    head = beginning(blocks, _PROBE)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return _by_mark(blocks, encoding)
    try:
        text = _joined(blocks, "utf-8")
    except _Undecodable as error:
        return _no_utf8(blocks, head, error.place)
    except _NulFound as found:
        return NotText(reason=_about_nul(head[:_HEAD], found.place))
    return _binary_controls(head) or Decoded(text=text)


class _At(Exception):
    """Something in the bytes, and where."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


class _NulFound(_At):
    """A NUL byte."""


class _Undecodable(_At):
    """Bytes that the encoding does not have."""


def _joined(blocks: Blocks, encoding: str, errors: str = "strict", *, nul: bool = False) -> str:
    """All blocks as one text. Raises _Undecodable, and _NulFound for a NUL byte unless they are allowed."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    text = ""
    place = kept = 0
    try:
        for block in blocks():
            if not nul and (found := block.find(b"\0")) >= 0:
                raise _NulFound(place + found)
            # CPython lengthens a string that nobody else holds in place: no second copy of what is there already.
            text += decoder.decode(block)
            place += len(block)
            kept = len(decoder.getstate()[0])
        text += decoder.decode(b"", True)
    except UnicodeDecodeError as error:
        raise _Undecodable(place - kept + error.start) from error
    return text


def _by_mark(blocks: Blocks, encoding: str) -> Decoded | NotText:
    name = encoding.removesuffix("-sig").upper()
    try:
        text = _joined(blocks, encoding, nul=True)
        return Decoded(text=text, note="" if encoding == "utf-8-sig" else f"read as {name}")
    except _Undecodable:
        text = _joined(blocks, encoding, "replace", nul=True)
    broken = text.count(_BROKEN)
    if broken > len(text) // 20:
        return NotText(reason=f"it begins like {name} but is not; convert it to UTF-8 first")
    return Decoded(text=text, note=f"read as {name}; {broken:,} broken characters replaced by {_BROKEN}")


def _about_nul(head: bytes, place: int) -> str:
    for offset, name in ((1, "UTF-16LE"), (0, "UTF-16BE")):
        high, low = head[offset::2], head[1 - offset :: 2]
        if len(head) >= 4 and high.count(0) > 0.8 * len(high) and low.count(0) < 0.2 * len(low):
            return f"it looks like {name} without a byte order mark; convert it: iconv -f {name} -t UTF-8"
    return f"it is binary (a NUL byte at {place:,}); give a text file or export the data as text"


def _binary_controls(probe: bytes) -> NotText | None:
    controls = len(probe) - len(probe.translate(None, _CONTROL))
    if controls <= _MAX_CONTROL * len(probe):
        return None
    return NotText(reason=f"it is binary ({controls:,} control characters in the first {len(probe):,} bytes)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Damage:
    """What replacing finds in bytes that are no UTF-8: characters, broken ones, sound ones beyond ASCII near the
    beginning."""

    characters: int
    broken: int
    sound: int


def _no_utf8(blocks: Blocks, head: bytes, first: int) -> Decoded | NotText:
    """A few broken bytes in UTF-8 are replaced; text of an older encoding is read as cp1252, or latin-1."""
    try:
        damage = _damage(blocks)
    except _NulFound as found:
        return NotText(reason=_about_nul(head[:_HEAD], found.place))
    binary = _binary_controls(head)
    if binary is not None:
        return binary
    if damage.broken < damage.sound or damage.broken <= damage.characters // 100_000:
        note = f"{damage.broken:,} broken UTF-8 characters replaced by {_BROKEN} (first at byte {first:,})"
        return Decoded(text=_joined(blocks, "utf-8", "replace"), note=note)
    try:
        text, encoding = _joined(blocks, "cp1252"), "cp1252"
    except _Undecodable:
        text, encoding = _joined(blocks, "latin-1"), "latin-1"
    said = f"not UTF-8 (byte {first:,}): read as {encoding}; letters beyond ASCII may be wrong"
    return Decoded(text=text, note=said)


def _damage(blocks: Blocks) -> _Damage:
    """Read all blocks as UTF-8 with broken bytes replaced, and keep only the counts. Raises _NulFound."""
    characters = broken = sound = place = 0
    for block, text in _replaced(blocks):
        if (found := block.find(b"\0")) >= 0:
            raise _NulFound(place + found)
        if characters < _PROBE:
            sound += sum(c > "\x7f" and c != _BROKEN for c in text[: _PROBE - characters])
        broken += text.count(_BROKEN)
        characters += len(text)
        place += len(block)
    return _Damage(characters=characters, broken=broken, sound=sound)


def _replaced(blocks: Blocks) -> Iterator[tuple[bytes, str]]:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for block in blocks():
        yield block, decoder.decode(block)
    yield b"", decoder.decode(b"", True)
