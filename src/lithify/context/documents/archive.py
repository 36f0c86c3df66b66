"""Zip files from strangers: looked over before anything in them is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib

from lithify.context.documents.reader import BadDocument

MAX_ENTRIES = 20_000
MAX_UNPACKED = 1 << 30
MAX_RATIO = 250
_FREE = 16 << 20
"""Bytes that one entry may have whatever its ratio."""
_BLOCK = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError)
"""What zipfile raises for damaged archives."""
_MARKUP = (".xml", ".rels", ".opf", ".ncx")
_ENTITY = tuple("<!ENTITY".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


def open_archive(data: bytes) -> zipfile.ZipFile:
    """The archive, when it is harmless. Raises BadDocument when it is damaged, encrypted or a bomb.

    An entry that unpacks to more than it declared is cut there by zipfile; so the declared sizes bound what comes out.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadDocument(f"is damaged ({error}); get it anew") from error
    if len(entries) > MAX_ENTRIES:
        raise BadDocument(f"has {len(entries):,} parts, {MAX_ENTRIES:,} are read; it is no ordinary document")
    total = sum(entry.file_size for entry in entries)
    if total > MAX_UNPACKED:
        raise BadDocument(f"unpacks to {total:,} bytes, {MAX_UNPACKED:,} are read; export the part that matters")
    for entry in entries:
        if entry.flag_bits & 1:
            raise BadDocument("is encrypted; save it without a password")
        if entry.file_size > _FREE and entry.file_size > MAX_RATIO * entry.compress_size:
            raise BadDocument(f"holds a part that unpacks to {MAX_RATIO} times its size: it may be an attack")
    for entry in entries:
        if entry.filename.lower().endswith(_MARKUP):
            _refuse_entities(archive, entry)
    return archive


def part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part of it. Raises BadDocument when it is not there or damaged."""
    try:
        return archive.read(name)
    except (KeyError, *_BROKEN) as error:
        raise BadDocument(f"is damaged: its part {name!r} cannot be read ({error}); get it anew") from error


def _refuse_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Office programs and publishers declare no entities; who does wants them to grow, or to name a file."""
    tail = b""
    try:
        with archive.open(entry) as stream:
            while block := stream.read(_BLOCK):
                if any(mark in tail + block for mark in _ENTITY):
                    raise BadDocument(f"declares XML entities in {entry.filename!r}, which may be an attack")
                tail = block[-32:]
    except _BROKEN as error:
        raise BadDocument(f"is damaged: its part {entry.filename!r} cannot be read ({error})") from error
