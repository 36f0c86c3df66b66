"""Kept tools in a git repository: layout on disk, lock, history, and the candidates that wait."""

from __future__ import annotations

from pathlib import Path

from lithify.library.place import locate
from lithify.library.store import GitLibrary
from lithify.library.target import Target, read_target

__all__ = ["GitLibrary", "Target", "open_library", "read_target"]


def open_library(path: Path) -> GitLibrary:
    """The library in a folder, which is made on the first write.

    Raises LibraryProblem when the folder can never be one: a file, a bare repository, a folder with other things in it.
    """
    return GitLibrary(locate(path).path)
