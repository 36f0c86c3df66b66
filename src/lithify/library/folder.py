"""Files of a folder as bytes, and back, so that a reader sees the old or the new and never half of one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from lithify.errors import LibraryProblem

_CACHES = frozenset({"__pycache__", ".pytest_cache", ".hypothesis", ".ruff_cache", ".mypy_cache"})

MAX_FILE_BYTES = 16 * 1024 * 1024
_AT_ONCE = 64 * 1024


def is_cache(name: str) -> bool:
    """Whether a folder of this name holds what Python's tools leave behind, which is nobody's file."""
    return name in _CACHES


def read_tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its relative path; {} when there is no folder. Caches of Python tools are left out.

    Raises LibraryProblem for a link (what it points at can change unseen), for what is no file, and for a huge one.
    """
    if folder.is_symlink():
        raise LibraryProblem(f"{folder} is a link; a tool's files must be files of its own folder")
    if not folder.is_dir():
        return {}
    return {path: read_file(entry.path) for path, entry in _walk(folder, "")}


def read_file(path: str | Path) -> bytes:
    """The bytes of a file. Raises LibraryProblem when it cannot be read or is longer than any tool's file.

    Through os: a library of 300 tools is 2,000 files on the way of every replay, and Path.open takes twice as long.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            data = os.read(descriptor, _AT_ONCE)
            if len(data) == _AT_ONCE:
                data += os.read(descriptor, MAX_FILE_BYTES + 1 - _AT_ONCE)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise LibraryProblem(f"{path} cannot be read: {error.strerror}") from error
    if len(data) > MAX_FILE_BYTES:
        raise LibraryProblem(f"{path} is longer than {MAX_FILE_BYTES >> 20} MiB; a tool's files are smaller")
    return data


def write_file(path: Path, data: bytes, staging: Path) -> None:
    """Put data in place of whatever the file held, in one step.

    staging is a folder of the same file system: what a killed process leaves there is in nobody's way. Raises
    LibraryProblem when the file cannot be written.
    """
    temporary = staging / secrets.token_hex(8)
    try:
        staging.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("xb") as stream:
                stream.write(data)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise LibraryProblem(f"{path} cannot be written: {error.strerror}") from error


def remove_file(path: Path, root: Path) -> None:
    """Remove a file, and the folders between it and root that are empty then."""
    try:
        path.unlink(missing_ok=True)
        for parent in path.parents:
            if parent == root or (parent.exists() and any(parent.iterdir())):
                break
            if parent.exists():
                parent.rmdir()
    except OSError as error:
        raise LibraryProblem(f"{path} cannot be removed: {error.strerror}") from error


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise LibraryProblem(f"{folder} cannot be read: {error.strerror}") from error
    for entry in entries:
        if entry.is_symlink():
            raise LibraryProblem(f"{entry.path} is a link; a tool's files must be files of its own folder")
        if entry.is_dir(follow_symlinks=False):
            if not is_cache(entry.name):
                yield from _walk(Path(entry.path), f"{prefix}{entry.name}/")
        elif entry.is_file(follow_symlinks=False):
            yield f"{prefix}{entry.name}", entry
        else:
            raise LibraryProblem(f"{entry.path} is neither a file nor a folder")
