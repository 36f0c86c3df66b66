"""What a file is, from its first bytes and its name. Pure."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Literal, TypeAlias

from lithify.context.packing import SUFFIXES, packing_of

FileKind: TypeAlias = Literal[
    "text", "packed", "html", "pdf", "docx", "xlsx", "epub", "parquet", "arrow", "sqlite", "refused"
]
HEAD = 4096
DOCUMENTS = frozenset({"html", "pdf", "docx", "xlsx", "epub"})
_ZIPPED: dict[str, FileKind] = {
    ".docx": "docx",
    ".docm": "docx",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".epub": "epub",
}
_HTML = frozenset({".html", ".htm", ".xhtml"})
_KNOWN: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF-", "pdf"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"PAR1", "parquet"),
    (b"ARROW1\x00\x00", "arrow"),
)
_REFUSED = (
    (b"PK\x03\x04", "a zip archive; unpack it: unzip"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0", "an office document of the old kind; save it as .docx or .xlsx, or export it as text or CSV"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it: 7z x"),
    (b"Rar!\x1a\x07", "a rar archive; unpack it"),
)
_TAR = 257
_ROTATION = re.compile(r"([.-][0-9]{1,8})+$")
"""What a program that rotates logs appends to their names."""


def file_kind(head: bytes, name: str) -> FileKind:
    """What a file of that name that begins so is. "refused": `refusal` says what it is."""
    if not is_binary(head):
        return "html" if PurePosixPath(name).suffix.lower() in _HTML else "text"
    if packing_of(head):
        return "packed"
    for start, kind in _KNOWN:
        if head.startswith(start):
            return kind
    if head.startswith(b"PK\x03\x04"):
        if b"mimetypeapplication/epub+zip" in head[:100]:
            return "epub"
        return _ZIPPED.get(PurePosixPath(name).suffix.lower(), "refused")
    return "refused" if refusal(head) else "text"


def refusal(head: bytes) -> str:
    """What a file is that cannot be read, with the next step; "" for any other."""
    if head[_TAR : _TAR + 5] == b"ustar":
        return "a tar archive; unpack it: tar xf"
    return next((what for start, what in _REFUSED if head.startswith(start)), "")


def is_binary(head: bytes) -> bool:
    """Whether bytes from a file's beginning hold what no UTF-8 text holds."""
    if b"\0" in head:
        return True
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start < len(head) - 4
    return False


def suffix_of(name: str) -> str:
    """The suffix that says what is in a file: ".log" of app.log, app.log.gz, app.log.2 and app.log-20260501.gz."""
    path = PurePosixPath(name.lower())
    if path.suffix in SUFFIXES:
        path = path.with_suffix("")
    return PurePosixPath(_ROTATION.sub("", path.name)).suffix
