"""Where a library lies: in a repository of its own, or inside the work tree of another one."""

from __future__ import annotations

from pathlib import Path

from lithify.errors import LibraryProblem
from lithify.records.quick import dataclass

PRIVATE = ".lithify"
"""What belongs to this machine and person: candidates, ledger, lock file, caches. Never in git."""

LOCK_FILE = "tools.lock"
LOCKS = "lock"
"""The folder of the lock's entries."""

_OF_A_LIBRARY = frozenset({PRIVATE, LOCK_FILE, LOCKS, "tools", "recipes"})
"""Any of these in a folder says that it is a library."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A library's folder. top: the work tree that it lies in, None before there is any."""

    path: Path
    top: Path | None

    @property
    def staging(self) -> Path:
        """Where files are written before they are moved to their place."""
        return self.private / "tmp"

    @property
    def private(self) -> Path:
        """The folder beside the tools that git never sees."""
        return self.path / PRIVATE

    def head(self) -> str | None:
        """The commit that is checked out, read from git's files: "" before the first one, None when git must be asked.

        A `git rev-parse` costs several milliseconds, and this is on the way of every replay.
        """
        if self.top is None:
            return ""
        try:
            return _head(_git_dir(self.top))
        except (OSError, UnicodeDecodeError):
            return None


def locate(folder: Path) -> Place:
    """The place of a library that may not exist yet. Reads only.

    Raises LibraryProblem for a file, a bare repository, or a folder with other things in it that is in no repository.
    """
    try:
        path = folder.expanduser().resolve()
        if path.exists() and not path.is_dir():
            raise LibraryProblem(f"{path} is a file; a library is a folder: name another one with --library")
        top = next((one for one in (path, *path.parents) if (one / ".git").exists()), None)
        entries = {entry.name for entry in path.iterdir()} if path.is_dir() else set()
    except OSError as error:
        raise LibraryProblem(
            f"{folder} cannot be read: {error.strerror}; name another folder with --library"
        ) from error
    if {"HEAD", "objects", "refs"} <= entries and ".git" not in entries:
        raise LibraryProblem(
            f"{path} is a bare repository, which holds no files: `git clone {path} FOLDER` and use that"
        )
    if top is None and entries - {PRIVATE}:
        raise LibraryProblem(
            f"{path} is not a git repository and not empty. If it is to be the library: `git init {path}`; "
            "else name another folder with --library"
        )
    return Place(path=path, top=top)


def expect(folder: Path) -> None:
    """Raise LibraryProblem when there is no library in a folder; an empty folder may become one."""
    path = locate(folder).path
    if not path.exists():
        raise LibraryProblem(
            f"there is no library at {path}: check the name (--library, LITHIFY_LIBRARY, or `library` in "
            "lithify.toml); `lithify ask` makes one there with its first question"
        )
    entries = {entry.name for entry in path.iterdir()} - {".git"}
    if entries and not entries & _OF_A_LIBRARY:
        raise LibraryProblem(
            f"{path} holds no library ({LOCK_FILE} is not there): name its folder with --library; `lithify ask` makes "
            "one in an empty or new folder"
        )


def _git_dir(top: Path) -> Path:
    """The .git folder of a work tree: a file names it in linked work trees and submodules."""
    found = top / ".git"
    if found.is_dir():
        return found
    text = found.read_text(encoding="utf-8").strip()
    return (top / text.removeprefix("gitdir:").strip()).resolve()


def _head(git_dir: Path) -> str | None:
    text = (git_dir / "HEAD").read_text(encoding="utf-8").strip()
    if not text.startswith("ref:"):
        return text if _is_commit(text) else None
    name = text.removeprefix("ref:").strip()
    if name == "refs/heads/.invalid":  # the reftable format keeps no refs as files
        return None
    common = git_dir
    if (git_dir / "commondir").is_file():
        common = (git_dir / (git_dir / "commondir").read_text(encoding="utf-8").strip()).resolve()
    loose = common / name
    if loose.is_file():
        commit = loose.read_text(encoding="utf-8").strip()
        return commit if _is_commit(commit) else None
    packed = common / "packed-refs"
    if packed.is_file():
        for line in packed.read_text(encoding="utf-8").splitlines():
            commit, _, ref = line.partition(" ")
            if ref == name and _is_commit(commit):
                return commit
    return ""


def _is_commit(text: str) -> bool:
    return len(text) in (40, 64) and all(letter in "0123456789abcdef" for letter in text)
