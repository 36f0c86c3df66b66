"""The library: git below, records above. What only writing takes is loaded by what writes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lithify.errors import LibraryProblem, NotInLock, ProgrammerMustAct
from lithify.layout import POLICY_FILE, check_tool_name, read_policy
from lithify.library.commits import Commits
from lithify.library.folder import read_file
from lithify.library.git import Git
from lithify.library.index import Index
from lithify.library.journal import Journal
from lithify.library.place import Place, locate
from lithify.library.reading import Reading, names_in, read_library, read_one
from lithify.records.policy import Policy
from lithify.records.tool import Candidate, LibraryView, Status, Tool, Verdict

if TYPE_CHECKING:
    from lithify.library.caring import GitLock
    from lithify.library.cases import CaseBook
    from lithify.library.evidence import GitEvidence
    from lithify.library.proposing import GitProposals
    from lithify.library.revisions import GitRevisions
    from lithify.library.shelf import Shelf
    from lithify.records.placement import Placement
    from lithify.records.proposal import Proposal


class GitLibrary:
    """A Library (see ports) in a folder that git keeps. clock: nanoseconds since the epoch, as files have them."""

    def __init__(self, path: Path, clock: Callable[[], int] = time.time_ns) -> None:
        self._path = path
        self._index = Index(Place(path=path, top=None), clock)

    @property
    def path(self) -> Path:
        """The folder."""
        return self._path

    def view(self) -> LibraryView:
        """See ports. One reading of the files, and git only when another commit is checked out than last time."""
        place = locate(self._path)
        reading = self._read(place)
        self._index.store()
        if place.top is None:
            return LibraryView(refused=reading.refused, statuses=reading.statuses)
        found = place.head()
        head = found if found is not None else Git(place.path).run("rev-parse", "HEAD").strip()
        commits = Commits(place).of([tool.name for tool in reading.tools], head)
        tools = tuple(replace(tool, commit=commits[tool.name]) for tool in reading.tools)
        return LibraryView(tools=tools, refused=reading.refused, commit=head, statuses=reading.statuses)

    def load(self, name: str) -> Tool:
        """See ports. Nothing but this tool and those that it imports is read."""
        place = locate(self._path)
        check_tool_name(name)
        try:
            tool = read_one(place.path, name)
        except NotInLock:
            if not Journal(place).exists:
                tool = read_one(place.path, name)  # a write may have ended since
            else:
                from lithify.library.writing import writing

                with writing(place.path):  # waits for the writer; undoes what a killed one left
                    tool = read_one(place.path, name)
        head = place.head()
        return replace(tool, commit=Commits(place).of([name], head)[name]) if head else tool

    def names(self) -> tuple[str, ...]:
        """See ports."""
        return tuple(names_in(self._path))

    @property
    def revisions(self) -> GitRevisions:
        """See ports."""
        from lithify.library.revisions import GitRevisions

        return GitRevisions(self._path, self._index)

    @property
    def evidence(self) -> GitEvidence:
        """See ports."""
        from lithify.library.evidence import GitEvidence

        return GitEvidence(self._path)

    @property
    def proposals(self) -> GitProposals:
        """See ports."""
        from lithify.library.proposing import GitProposals

        return GitProposals(self._path, self._index)

    @property
    def cases(self) -> CaseBook:
        """See ports."""
        from lithify.library.cases import CaseBook

        return CaseBook(self._path)

    @property
    def lock(self) -> GitLock:
        """See ports."""
        from lithify.library.caring import GitLock

        return GitLock(self._path, self._index)

    def keep(self, candidate: Candidate, verdict: Verdict, status: Status, approved_by: str) -> Tool:
        """See ports. One commit that touches the tool, its recipes and the lock."""
        from lithify.library.entering import Approval, enter, shelves
        from lithify.library.keeping import check_verdict
        from lithify.library.linking import check_callees
        from lithify.library.placing import Refused, place
        from lithify.library.writing import ensure_repository, writing

        check_verdict(candidate, verdict, approved_by)
        if status not in ("provisional", "trusted"):
            raise ProgrammerMustAct(f"a candidate enters as provisional or trusted, not as {status}")
        with writing(self._path) as first:
            writer = ensure_repository(first)
            reading = read_library(writer.place, self._index)
            check_callees(self._path, candidate)
            planned = place(candidate, shelves(writer.place.path, reading), verdict.nearest)
            if isinstance(planned, Refused):
                raise LibraryProblem(f"{candidate.id} was not kept: {planned.reason}")
            if isinstance(planned, Tool):
                tool = replace(planned, commit=Commits(writer.place).of([planned.name], writer.head())[planned.name])
            else:
                approval = Approval(verdict=verdict, status=status, by=approved_by, candidate=candidate.id)
                tool = enter(writer, planned, reading, approval)
            if self._shelf.holds(candidate.id):
                self._shelf.mark(writer, candidate.id, "kept", f"{tool.name} v{tool.version}")
            return tool

    def edited(self, name: str) -> Candidate:
        """See ports. Raises LibraryProblem when the folder does not hold a tool at all."""
        from lithify.library.entering import candidate_in

        return candidate_in(self._path, check_tool_name(name))

    def accept_edit(self, name: str, verdict: Verdict, approved_by: str) -> Tool:
        """See ports. Trust starts again: the tool is provisional."""
        from lithify.library.entering import Approval, candidate_in, enter_edit
        from lithify.library.keeping import check_verdict
        from lithify.library.writing import ensure_repository, writing

        check_tool_name(name)
        with writing(self._path) as first:
            writer = ensure_repository(first)
            reading = read_library(writer.place, self._index)
            check_verdict(candidate_in(self._path, name), verdict, approved_by)
            unchanged = next((tool for tool in reading.tools if tool.name == name), None)
            if unchanged is not None:
                return replace(unchanged, commit=Commits(writer.place).of([name], writer.head())[name])
            return enter_edit(writer, name, reading, Approval(verdict=verdict, status="provisional", by=approved_by))

    def placement(self, candidate: Candidate, verdict: Verdict) -> Placement:
        """See ports."""
        from lithify.library.entering import shelves
        from lithify.library.placing import placement

        found = locate(self._path)
        reading = self._read(found)
        return placement(candidate, shelves(found.path, reading), verdict.nearest)

    def policy(self) -> Policy:
        """See ports."""
        file = self._path / POLICY_FILE
        return read_policy(read_file(file)) if file.exists() else Policy()

    def propose(self, candidate: Candidate, verdict: Verdict) -> str:
        """See ports."""
        from lithify.library.writing import writing

        with writing(self._path) as writer:
            return self._shelf.put(writer, candidate, verdict)

    def candidates(self) -> tuple[Proposal, ...]:
        """See ports."""
        return self._shelf.all()

    def candidate(self, identity: str) -> Proposal:
        """See ports."""
        return self._shelf.get(identity)

    def reject(self, identity: str, reason: str) -> None:
        """See ports."""
        from lithify.library.writing import writing

        with writing(self._path) as writer:
            self._shelf.mark(writer, identity, "rejected", reason)

    def is_rejected(self, candidate: Candidate) -> bool:
        """See ports."""
        return self._shelf.is_rejected(candidate)

    @property
    def _shelf(self) -> Shelf:
        from lithify.library.shelf import Shelf

        return Shelf(self._path)

    def _read(self, place: Place) -> Reading:
        """One consistent reading. Files that do not fit the lock may be a write that is under way: it is waited for."""
        reading = read_library(place, self._index)
        if not reading.torn:
            return reading
        if not Journal(place).exists:
            reading = read_library(place, self._index)  # the write may have ended since
        if reading.torn and Journal(place).exists:
            from lithify.library.writing import writing

            with writing(place.path):  # waits for the writer; undoes what a killed one left
                reading = read_library(place, self._index)
        return reading
