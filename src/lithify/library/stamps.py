"""Whether the files of a tool are those that were read last time, by what the file system says of them.

What git does with its index. A stamp is never a reason to run anything: a tool's bytes are read and hashed before it
runs. It spares a list of a thousand tools the reading of seven thousand files. Paths are texts here: pathlib would take
longer than the file system.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator

from lithify.library.folder import is_cache
from lithify.records.quick import dataclass

SETTLE_NS = 1_000_000_000
"""How old the last change of a file must be, so that a later one cannot have the same time."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A digest of names, modes, sizes, times and identities of files, and when the latest of them changed."""

    digest: str
    changed_ns: int

    def settled(self, now_ns: int) -> bool:
        """Whether a change from now on would show. now_ns: since the epoch, as the file system counts."""
        return self.changed_ns < now_ns - SETTLE_NS


def stamp(folder: str, *files: str) -> Stamp:
    """The stamp of all files below a folder, and of more files; what is missing is part of it."""
    lines: list[str] = []
    latest = 0
    for name, status in _all(folder, files):
        if status is None:
            lines.append(f"{name} -")
            continue
        changed, made = status.st_mtime_ns, status.st_ctime_ns
        latest = max(latest, changed, made)
        lines.append(f"{name} {status.st_mode} {status.st_ino} {status.st_size} {changed} {made}")
    lines.sort()
    whole = "\n".join(lines).encode("utf-8", "surrogateescape")
    return Stamp(hashlib.blake2b(whole, digest_size=16).hexdigest(), latest)


def _all(folder: str, files: tuple[str, ...]) -> Iterator[tuple[str, os.stat_result | None]]:
    yield from _below(folder, "")
    for file in files:
        try:
            yield file, os.lstat(file)
        except OSError:
            yield file, None


def _below(folder: str, prefix: str) -> Iterator[tuple[str, os.stat_result | None]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = prefix + entry.name
                if entry.is_dir(follow_symlinks=False):
                    if not is_cache(entry.name):
                        yield from _below(entry.path, name + "/")
                else:
                    yield name, entry.stat(follow_symlinks=False)
    except OSError:
        yield prefix, None
