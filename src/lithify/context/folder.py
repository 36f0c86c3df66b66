"""The files of a folder that may hold text, and what was left out. Reads the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lithify.errors import BadInput

MAX_FILES = 50_000
IGNORED = frozenset({"node_modules", "__pycache__", "site-packages", "CVS"})
_NAMED = 3


@dataclass(slots=True)
class Skipped:
    """What was left out, by reason, to be told in one line each."""

    by_reason: dict[str, list[str]] = field(default_factory=dict)

    def add(self, reason: str, name: str) -> None:
        """Count one more."""
        self.by_reason.setdefault(reason, []).append(name)

    def notes(self) -> tuple[str, ...]:
        """One line for each reason: how many, and the first few names."""
        return tuple(
            f"left out {len(names):,} ({reason}): {', '.join(names[:_NAMED])}{', …' if len(names) > _NAMED else ''}"
            for reason, names in self.by_reason.items()
        )


def files_in(folder: Path, skipped: Skipped) -> Iterator[tuple[str, Path]]:
    """(relative posix path, path) of each regular file below a folder, sorted within each folder.

    Left out, and added to skipped: hidden names, package caches, links (what they lead to inside is read anyway, what
    lies outside was not asked for), special files, folders that may not be read, names that are no UTF-8.
    Raises BadInput beyond MAX_FILES files.
    """
    count = 0
    pending = [(folder, "")]
    while pending:
        place, prefix = pending.pop()
        below: list[tuple[Path, str]] = []
        for entry in _entries(place, prefix, skipped):
            name = prefix + entry.name
            reason = _reason(entry)
            if reason:
                skipped.add(reason, name)
            elif entry.is_dir(follow_symlinks=False):
                below.append((Path(entry.path), name + "/"))
            else:
                count += 1
                if count > MAX_FILES:
                    raise BadInput(f"{folder}: more than {MAX_FILES:,} files; give a smaller folder or single files")
                yield name, Path(entry.path)
        pending += reversed(below)


def _entries(place: Path, prefix: str, skipped: Skipped) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(place) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        if not prefix:
            raise BadInput(f"{place}: the folder cannot be read ({error.strerror}); change its permissions") from error
        skipped.add(f"folder cannot be read: {error.strerror}", prefix)
        return []


def _reason(entry: os.DirEntry[str]) -> str:
    """Why an entry is left out; "" when it is not."""
    try:
        entry.name.encode("utf-8")
    except UnicodeEncodeError:
        return "name is no UTF-8"
    if entry.name.startswith("."):
        return "hidden"
    if entry.is_symlink():
        return "link"
    if entry.is_dir(follow_symlinks=False):
        return "package or cache folder" if entry.name in IGNORED else ""
    return "" if entry.is_file(follow_symlinks=False) else "special file"
