"""Kept tools in a git repository: layout on disk, lock, history, and the candidates that wait."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from lithify.library.place import expect, locate

if TYPE_CHECKING:
    from lithify.library.installed import surroundings
    from lithify.library.store import GitLibrary
    from lithify.library.target import Target, read_target

__all__ = ["GitLibrary", "Target", "check_place", "expect_library", "open_library", "read_target", "surroundings"]

_HOMES = {"GitLibrary": "store", "Target": "target", "read_target": "target", "surroundings": "installed"}


def check_place(path: Path) -> None:
    """Raise LibraryProblem when a folder can never be a library: a file, a bare repository, other things in it."""
    locate(path)


def expect_library(path: Path) -> None:
    """Raise LibraryProblem when there is no library in a folder; an empty one may become one."""
    expect(path)


def open_library(path: Path) -> GitLibrary:
    """The library in a folder, which is made on the first write. Raises as check_place does."""
    from lithify.library.store import GitLibrary

    return GitLibrary(locate(path).path)


def __getattr__(name: str) -> object:
    """Load a name at its first use: a run that neither reuses nor keeps needs no library."""
    if name not in _HOMES:
        raise AttributeError(f"module 'lithify.library' has no attribute {name!r}")
    return getattr(import_module(f"lithify.library.{_HOMES[name]}"), name)
