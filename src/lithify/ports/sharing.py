"""Ports of a library that several people share, and that is kept up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from lithify.records.cases import Case
from lithify.records.evidence import Evidence
from lithify.records.lock import Conflict, LockFinding, Side
from lithify.records.upkeep import UpkeepBranch, UpkeepProposal

if TYPE_CHECKING:
    from lithify.records.tool import Candidate, Verdict


class Lock(Protocol):
    """The lock of a library as people share it. Every method blocks and raises LibraryProblem."""

    def check(self) -> tuple[LockFinding, ...]:
        """Everything that is not in order, with the way out; nothing when all is."""
        ...

    def conflicts(self) -> tuple[Conflict, ...]:
        """The tools that both sides of the merge that is under way changed."""
        ...

    def package(self, name: str = "") -> str:
        """Make the library an installable package under a name (its own when "" is given), with what its tools need.

        Gives the name under which it is imported.
        """
        ...

    def resolve(self, side: Side, names: Iterable[str] = ()) -> tuple[str, ...]:
        """Take one side of them, whole; gives their names. The commit that ends the merge stays the person's."""
        ...

    def settle_status(self, names: Iterable[str] = ()) -> tuple[str, ...]:
        """Of the tools in conflict end those whose contents are the same on both sides, with the more careful status.

        Gives their names. The commit that ends the merge stays the person's.
        """
        ...


class Cases(Protocol):
    """Cases that kept tools do not answer and that no version was found for. Blocks and raises LibraryProblem."""

    def all(self) -> tuple[Case, ...]:
        """Those that were put aside here, the last written last, also those that are closed or answered by now."""
        ...

    def put(self, case: Case) -> None:
        """Put one aside, in place of what was known of the same. What a person said of it stands, for this version."""
        ...

    def close(self, identity: str, reason: str) -> Case:
        """Let it be, by a person's word. Gives the case."""
        ...


class SharedEvidence(Protocol):
    """What people who share a library know of how its tools did. Every method blocks and raises LibraryProblem."""

    def read(self) -> tuple[Evidence, ...]:
        """What lies in the library now, this clone's own included; files that cannot be read are left out."""
        ...

    def key(self) -> bytes:
        """This clone's secret, with which its uses are told; drawn at the first call, and never in git."""
        ...

    def write(self, evidence: Evidence) -> str:
        """Commit what this clone knows in place of what it said before. Gives the file; "" when there is nothing new.

        Nothing is told of a tool of which nothing is known.
        """
        ...


class Proposals(Protocol):
    """Changes that upkeep proposes, each one commit on a branch of its own: what is checked out stays as it is.

    Every method blocks and raises LibraryProblem.
    """

    def entered(self) -> dict[str, datetime]:
        """When each tool first came into the library, by name, as far as the history says."""
        ...

    def tried(self) -> dict[str, Mapping[str, str]]:
        """With which versions of Python and packages each tool was last let in, by name, as far as the history says."""
        ...

    def by_hand(self, name: str) -> bool:
        """Whether a person wrote or edited a version of the tool, so that it is theirs to decide."""
        ...

    def waiting(self) -> tuple[UpkeepBranch, ...]:
        """The branches of proposals, here and on remotes, that are not merged into what is checked out."""
        ...

    def made_before(self, key: str) -> bool:
        """Whether the proposal of this key was made here before, or waits on a branch."""
        ...

    def merged(self, proposal: UpkeepProposal) -> Candidate:
        """What the gates must judge before a merge is proposed: the tool that takes over, as it would be."""
        ...

    def make(self, proposal: UpkeepProposal, day: date, verdict: Verdict | None = None) -> UpkeepBranch:
        """Put a proposal on a branch and remember that it was made; one that waits is given back.

        verdict: on what `merged` gives.

        Raises LibraryProblem when the tool is not as the proposal saw it, or has changes that are not committed.
        """
        ...
