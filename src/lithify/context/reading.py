"""The bytes of one file or of standard input, within a limit, with what went wrong said. Reads the disk."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, cast

from lithify.context.refusal import Unreadable
from lithify.context.sniffing import HEAD

BLOCK = 8 << 20
"""Bytes read at once."""
_MAX_NAMES = 2_000
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a block device"),
)


class Opened:
    """A file that can be read as often as needed, as of its opening. Close it, or use it as a context manager.

    size: bytes as of the opening; of what does not say (files in /proc) 0. head: its first bytes.
    """

    def __init__(self, file: BinaryIO, max_bytes: int) -> None:
        self._file = file
        self._before = os.fstat(file.fileno())
        self._max_bytes = max_bytes
        self._read = -1
        self.size = self._before.st_size
        self.head = os.pread(file.fileno(), HEAD, 0)

    def blocks(self) -> Iterator[bytes]:
        """What the file held when it was opened. Raises Unreadable when the disk fails, and beyond max_bytes."""
        place = 0
        end = self.size or self._max_bytes + 1
        while place < end and (block := self._pread(min(BLOCK, end - place), place)):
            place += len(block)
            if place > self._max_bytes:
                raise too_large(place, self._max_bytes)
            yield block
        self._read = place

    def _pread(self, length: int, place: int) -> bytes:
        try:
            return os.pread(self._file.fileno(), length, place)
        except OSError as error:
            raise Unreadable(f"cannot be read ({error.strerror or error}); check the disk, or copy it") from error

    def note(self) -> str:
        """What happened to the file while it was read, or "". Raises Unreadable when it shrank."""
        after = os.fstat(self._file.fileno())
        read = self._read if self._read >= 0 else after.st_size  # read by others, from its descriptor
        return change_of(read, self._before, after)

    def fileno(self) -> int:
        """The descriptor, for whoever reads it otherwise."""
        return self._file.fileno()

    def __enter__(self) -> Opened:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def open_file(path: Path, max_bytes: int) -> Opened:
    """A regular file. Raises Unreadable when it is missing, not permitted, a folder or special file, or too large."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Unreadable(reason_of(path, error)) from error
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable(_special(found.st_mode))
        if found.st_size > max_bytes:
            raise too_large(found.st_size, max_bytes)
        return Opened(os.fdopen(os.dup(handle), "rb"), max_bytes)
    except OSError as error:
        raise Unreadable(reason_of(path, error)) from error
    finally:
        os.close(handle)


def open_stdin(stream: BinaryIO | None, max_bytes: int) -> Opened:
    """Standard input, kept in a file without a name until it is closed: it is read more than once.

    Raises Unreadable when nothing is piped in, beyond max_bytes, and when there is no room for it.
    """
    import tempfile

    source = stream if stream is not None else sys.stdin.buffer
    if source.isatty():
        raise Unreadable("nothing is piped in; give a path, or pipe data: journalctl | lithify ask QUESTION -")
    kept = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - Opened closes it
    try:
        size = 0
        while block := source.read(BLOCK):
            size += len(block)
            if size > max_bytes:
                raise too_large(size, max_bytes)
            kept.write(block)
        kept.flush()
    except OSError as error:
        kept.close()
        raise Unreadable(f"cannot be kept in {tempfile.gettempdir()} ({error.strerror}); make room there") from error
    except Unreadable:
        kept.close()
        raise
    return Opened(kept, max_bytes)


def change_of(read: int, before: os.stat_result, after: os.stat_result) -> str:
    """What happened while a file was read, by its state before and after. Raises Unreadable when it shrank: too little
    of it is no answer to build on."""
    if read < before.st_size:
        raise Unreadable(f"shrank from {before.st_size:,} to {read:,} bytes while it was read; ask again")
    if after.st_size > before.st_size > 0:
        return f"grew while it was read: its first {read:,} bytes were taken"
    return "was written to while it was read" if after.st_mtime_ns != before.st_mtime_ns else ""


def too_large(size: int, max_bytes: int) -> Unreadable:
    """The refusal of more bytes than are allowed."""
    reason = (
        f"has {size:,} bytes or more, {max_bytes:,} may be read; give a part of it (for example: split -C 1G), or "
        "raise the limit (limits.context_mb)"
    )
    return Unreadable(reason, too_large=True)


def _special(mode: int) -> str:
    kind = next((name for test, name in _KINDS if test(mode)), "a special file")
    return f"is {kind}, not a file; save its output to a file, or pipe it in with - as the path"


def reason_of(path: Path, error: OSError) -> str:
    """Why a path cannot be read, and the next step."""
    match error.errno:
        case errno.ENOENT:
            return f"there is no such file or folder; {_near(path)}"
        case errno.EACCES | errno.EPERM:
            return "may not be read by this user; change its permissions (chmod +r) or copy it"
        case errno.ENXIO:
            return "is a socket or device, not a file; save its output to a file first"
        case errno.ELOOP:
            return "is a link that leads back to itself; give the file that is meant"
        case errno.ENOTDIR:
            return "a part of the path is a file, not a folder; check the path"
        case errno.ENAMETOOLONG:
            return "the name is too long for a path; was text given where a path was expected?"
        case _:
            return f"cannot be read ({error.strerror or error}); check the disk, or copy it elsewhere"


def _near(path: Path) -> str:
    """The next step for a missing path: files of a like name in its folder."""
    try:
        names = sorted(entry.name for entry in os.scandir(path.parent))[:_MAX_NAMES]
    except OSError:
        return f"the folder {path.parent} cannot be read either; check the path"
    from difflib import get_close_matches

    close = get_close_matches(path.name, names, n=3)
    return f"did you mean {', '.join(str(path.parent / name) for name in close)}?" if close else "check the path"
