"""Which commit last touched each tool: asked of git once per commit that is checked out, then remembered."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from lithify.errors import LibraryProblem
from lithify.library.folder import write_file
from lithify.library.git import Git
from lithify.library.place import LOCKS, Place
from lithify.library.reading import TOOLS


class Commits:
    """The last commit of each tool, by name, in .lithify/commits.json: a cache, true of one checked-out commit."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._file: Path = place.private / "commits.json"

    def of(self, names: Iterable[str], head: str) -> dict[str, str]:
        """name → commit, with head checked out. Raises LibraryProblem when git must be asked and cannot be."""
        wanted = set(names)
        cached_head, commits = self._load()
        if cached_head != head or not wanted <= commits.keys():
            commits = self._ask(wanted) if head and wanted else {}
            self._store(head, commits)
        return {name: commits.get(name, "") for name in wanted}

    def advance(self, before: str, after: str, names: Iterable[str], *, only: bool) -> None:
        """Note a commit of ours that touched these tools, so that git need not be asked. only: no others exist."""
        head, commits = self._load()
        if only or head == before:
            self._store(after, {**({} if only else commits), **dict.fromkeys(names, after)})

    def _ask(self, wanted: set[str]) -> dict[str, str]:
        git = Git(self._place.path)
        log = git.run(
            "log", "--format=commit %H", "--name-only", "--no-renames", "--relative", "-z", "--", TOOLS, LOCKS
        )
        found: dict[str, str] = {}
        commit = ""
        for part in log.replace("\n", "\0").split("\0"):
            if part.startswith("commit "):
                commit = part.removeprefix("commit ")
            elif part.startswith((f"{TOOLS}/", f"{LOCKS}/")):
                found.setdefault(part.split("/")[1].removesuffix(".toml"), commit)
        return {name: found.get(name, "") for name in wanted}

    def _load(self) -> tuple[str, dict[str, str]]:
        try:
            data = json.loads(self._file.read_bytes())
            return str(data["head"]), {str(name): str(commit) for name, commit in data["tools"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return "", {}  # a cache: absent or unreadable means asking git

    def _store(self, head: str, commits: dict[str, str]) -> None:
        data = json.dumps({"head": head, "tools": commits}).encode()
        try:
            write_file(self._file, data, self._place.staging)
        except LibraryProblem:
            return  # a library that may only be read: git is asked each time
