"""The lock as people share it: checked, and merged where two changed one tool."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lithify.library.checking import check
from lithify.library.git import Git
from lithify.library.index import Index
from lithify.library.merging import conflicts, resolve, settle_status
from lithify.library.packaging import DEFAULT_NAME, package_name, packaged
from lithify.library.place import locate
from lithify.library.reading import read_library
from lithify.library.writing import ensure_repository, writing
from lithify.records.lock import Conflict, LockFinding, Side


class GitLock:
    """A Lock (see ports) of one library."""

    def __init__(self, path: Path, index: Index) -> None:
        self._path = path
        self._index = index

    def check(self) -> tuple[LockFinding, ...]:
        """See ports."""
        place = locate(self._path)
        return check(place, read_library(place, self._index))

    def conflicts(self) -> tuple[Conflict, ...]:
        """See ports."""
        place = locate(self._path)
        return conflicts(Git(place.path)) if place.top is not None else ()

    def package(self, name: str = "") -> str:
        """See ports."""
        with writing(self._path) as first:
            writer = ensure_repository(first)
            path = writer.place.path
            tools = read_library(writer.place, self._index).tools
            files = packaged(path, name, (one for tool in tools for one in tool.requirements))
            if files:
                called = name or package_name(path) or DEFAULT_NAME
                writer.commit(files, f"make the library importable as {called}\n")
            return package_name(path)

    def resolve(self, side: Side, names: Iterable[str] = ()) -> tuple[str, ...]:
        """See ports."""
        with writing(self._path) as writer:
            return resolve(writer.place, writer.git, side, names)

    def settle_status(self, names: Iterable[str] = ()) -> tuple[str, ...]:
        """See ports."""
        with writing(self._path) as writer:
            return settle_status(writer.place, writer.git, names)
