"""Ports of the library: kept tools, the versions that they have had, and the candidates that wait."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lithify.ports.sharing import Cases, Lock, Proposals, SharedEvidence

if TYPE_CHECKING:
    from lithify.records.placement import Placement
    from lithify.records.policy import Policy
    from lithify.records.proposal import Proposal
    from lithify.records.revision import PastVersion, Revision
    from lithify.records.tool import Candidate, LibraryView, Recipe, Status, Tool, Verdict


class Revisions(Protocol):
    """The versions that kept tools have had, and what becomes of a tool after it entered. Each change is one commit.

    A version is named by its semantic version ("1.2.0"), its number ("3", "v3"), or the beginning of its commit. Every
    method blocks, and raises LibraryProblem when what it is asked for is not there or cannot be done as things are.
    """

    def history(self, name: str) -> list[Revision]:
        """The accepted states of a tool, newest first, those under former names and on merged branches too."""
        ...

    def diff(self, name: str, before: str, after: str = "") -> str:
        """What differs between two versions as a unified diff, "" for nothing; after "": the files as they are."""
        ...

    def past(self, name: str, wanted: str) -> PastVersion:
        """An earlier version, as the gates would judge it with the tools that it imports as they are now."""
        ...

    def roll_back(self, name: str, wanted: str, approved_by: str, verdict: Verdict | None = None) -> Tool:
        """Commit an earlier version as the next one: on a new verdict, or on that of then where it holds."""
        ...

    def set_status(self, name: str, status: Status, approved_by: str, reason: str) -> None:
        """Give a tool another status. Refused when others import it and it would not be used any more."""
        ...

    def add_wording(self, name: str, recipe: Recipe, approved_by: str, run_id: str) -> Tool:
        """Let a tool answer one more wording. Its code, tests and status stay; run_id: where the wording came from."""
        ...

    def renamed(self, old: str, new: str) -> dict[str, Candidate]:
        """What the gates must judge before a renaming: the tool and those that import it, as they would be, by name."""
        ...

    def rename(self, old: str, new: str, verdicts: Mapping[str, Verdict], approved_by: str) -> Tool:
        """Commit a renaming, all of it or nothing. verdicts: on what `renamed` gives. Raises as Library.keep does."""
        ...


class Library(Protocol):
    """Kept tools, as files in a git repository, and the candidates that wait for a word.

    Every method blocks (files and git) and raises LibraryProblem when the folder is not in a state that can be used;
    what was there before is there still. Writers in several processes wait for one another.
    """

    @property
    def path(self) -> Path:
        """The folder. It may not exist yet: it is made on the first write."""
        ...

    def view(self) -> LibraryView:
        """The library as it stands now, each tool's files checked against the lock: what to choose from and to show.

        Files that the file system says are those of last time are not read anew: before a tool runs, `load` it.
        """
        ...

    def load(self, name: str) -> Tool:
        """One tool that may run, with every byte of it, and of the tools that it imports, checked against the lock now.

        Raises NotInLock when its files are not what the lock vouches for, LibraryProblem for a retired or unknown one.
        """
        ...

    def names(self) -> tuple[str, ...]:
        """Every name that is a tool's or claims to be, sorted; nothing is read but the names."""
        ...

    @property
    def lock(self) -> Lock:
        """What vouches for the tools, as people share it."""
        ...

    @property
    def revisions(self) -> Revisions:
        """The past and the further life of the tools."""
        ...

    @property
    def evidence(self) -> SharedEvidence:
        """What people who share the library know of how its tools did."""
        ...

    @property
    def proposals(self) -> Proposals:
        """What upkeep proposes."""
        ...

    @property
    def cases(self) -> Cases:
        """What kept tools failed and no version of them mends yet."""
        ...

    def keep(self, candidate: Candidate, verdict: Verdict, status: Status, approved_by: str) -> Tool:
        """Commit a candidate as a tool: a new one, or the next version of the one that it improves.

        Raises ProgrammerMustAct for a verdict that does not allow it or is not about this candidate.
        """
        ...

    def edited(self, name: str) -> Candidate:
        """What the folder of a kept tool holds now, whether or not the lock vouches for it: what the gates judge."""
        ...

    def accept_edit(self, name: str, verdict: Verdict, approved_by: str) -> Tool:
        """Commit the folder of a tool that was edited by hand as its next version. Raises as keep does."""
        ...

    def placement(self, candidate: Candidate, verdict: Verdict) -> Placement:
        """What keeping a candidate would do: a new tool, a version of one, nothing, a refusal. Writes nothing."""
        ...

    def policy(self) -> Policy:
        """What may enter by itself, as policy.toml in the library's folder says; the defaults without one."""
        ...

    def propose(self, candidate: Candidate, verdict: Verdict) -> str:
        """Put a candidate aside, with its evidence, for a person's word. Never used for answering.

        Gives the id under which it waits: another one when the same code waits for the same question already.
        """
        ...

    def candidates(self) -> tuple[Proposal, ...]:
        """The candidates that were not kept, oldest first, the rejected ones included."""
        ...

    def candidate(self, identity: str) -> Proposal:
        """One candidate by its id. Raises LibraryProblem when there is none."""
        ...

    def reject(self, identity: str, reason: str) -> None:
        """Remember a person's no."""
        ...

    def is_rejected(self, candidate: Candidate) -> bool:
        """Whether a person said no to the same code for the same question before."""
        ...
