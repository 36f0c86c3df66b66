"""The past and the further life of kept tools: history, diff, rollback, status, renaming. Git below, records above."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lithify.errors import LibraryProblem
from lithify.layout import Files, candidate_from, check_tool_name, is_tool_name
from lithify.library.changing import Renamed, add_wording, rename, renamed, roll_back, set_status
from lithify.library.diffing import diff
from lithify.library.entering import Approval
from lithify.library.git import Git
from lithify.library.index import Index
from lithify.library.keeping import check_verdict
from lithify.library.linking import callees_in, with_callees
from lithify.library.past import entry_at, files_at, find, history
from lithify.library.place import locate
from lithify.library.reading import RECIPES, TOOLS, parse_files, read_files, read_library
from lithify.library.writing import Writer, ensure_repository, writing
from lithify.records.revision import PastVersion, Revision
from lithify.records.tool import Candidate, Recipe, Status, Tool, Verdict

NOW = "now"
"""The files as they lie in the work tree, where a version is asked for."""


class GitRevisions:
    """A Revisions (see ports) of one library."""

    def __init__(self, path: Path, index: Index) -> None:
        self._path = path
        self._index = index

    def history(self, name: str) -> list[Revision]:
        """See ports."""
        return history(self._git(), check_tool_name(name))

    def diff(self, name: str, before: str, after: str = "") -> str:
        """See ports."""
        git, revisions = self._git(), self.history(name)
        one = find(revisions, before)
        old = files_at(git, one)
        if after in ("", NOW):
            return diff(old, read_files(locate(self._path).path, name), (one.semver, NOW))
        other = find(revisions, after)
        return diff(old, files_at(git, other), (one.semver, other.semver))

    def past(self, name: str, wanted: str) -> PastVersion:
        """See ports."""
        git = self._git()
        revision = find(self.history(name), wanted)
        if revision.name != name:
            raise LibraryProblem(
                f"{name} was called {revision.name} in {revision.semver}: `lithify diff` shows it; rename it back first"
            )
        files = files_at(git, revision)
        return PastVersion(
            revision=revision, candidate=self._candidate(name, files), vouched=self._vouched(git, revision, files)
        )

    def roll_back(self, name: str, wanted: str, approved_by: str, verdict: Verdict | None = None) -> Tool:
        """See ports."""
        past = self.past(name, wanted)
        if verdict is not None:
            check_verdict(past.candidate, verdict, approved_by)
        elif not past.vouched:
            raise LibraryProblem(
                f"{name} {past.revision.semver} must pass the gates before it comes back: what it imports has changed, "
                "or it entered before its verdict was kept in the lock"
            )
        approval = Approval(verdict=verdict, status="provisional", by=approved_by) if verdict is not None else None
        with writing(self._path) as first:
            writer = ensure_repository(first)
            reading = read_library(writer.place, self._index)
            files = files_at(writer.git, past.revision)
            return roll_back(writer, reading, (past.revision, files), approval, approved_by)

    def set_status(self, name: str, status: Status, approved_by: str, reason: str) -> None:
        """See ports."""
        with writing(self._path) as first:
            writer = ensure_repository(first)
            reading = read_library(writer.place, self._index)
            set_status(writer, reading, check_tool_name(name), status, (approved_by, reason))

    def add_wording(self, name: str, recipe: Recipe, approved_by: str, run_id: str) -> Tool:
        """See ports."""
        with writing(self._path) as first:
            writer = ensure_repository(first)
            reading = read_library(writer.place, self._index)
            return add_wording(writer, reading, check_tool_name(name), recipe, (approved_by, run_id))

    def renamed(self, old: str, new: str) -> dict[str, Candidate]:
        """See ports."""
        with writing(self._path) as writer:
            return {one.name: one.candidate for one in self._renamed(writer, old, new)}

    def rename(self, old: str, new: str, verdicts: Mapping[str, Verdict], approved_by: str) -> Tool:
        """See ports."""
        with writing(self._path) as first:
            writer = ensure_repository(first)
            planned = self._renamed(writer, old, new)
            return rename(writer, read_library(writer.place, self._index), planned, verdicts, approved_by)

    def _renamed(self, writer: Writer, old: str, new: str) -> list[Renamed]:
        if not is_tool_name(new):
            raise LibraryProblem(
                f"{new!r} cannot name a tool: a to z, 0 to 9 and _, beginning with a letter, at most 80, no keyword"
            )
        return renamed(writer, read_library(writer.place, self._index), check_tool_name(old), new)

    def _git(self) -> Git:
        place = locate(self._path)
        if place.top is None or not place.head():
            raise LibraryProblem(f"{self._path} has no history yet: nothing was kept in it")
        return Git(place.path)

    def _candidate(self, name: str, files: Files) -> Candidate:
        recipes = parse_files(files, name).recipes
        if not recipes:
            raise LibraryProblem(f"{RECIPES}/{name}.toml held no recipe then, so no question led to {name}")
        return with_callees(self._path, candidate_from(files, recipes[0], f"{TOOLS}/{name}"))

    def _vouched(self, git: Git, revision: Revision, files: Files) -> bool:
        """Whether the lock of then tells of a verdict that still holds: all that the tool imports is what it was."""
        entry = entry_at(git, revision)
        if not entry.verdict:
            return False
        callees = callees_in(self._path, parse_files(files, revision.name).source)
        return dict(entry.imports) == {name: tool.contents for name, tool in callees.items()}
