"""What upkeep proposes to a person: a change of one tool, on a branch of its own."""

from __future__ import annotations

import hashlib
from typing import Literal, TypeAlias

from lithify.records.quick import dataclass

UpkeepKind: TypeAlias = Literal["deprecate", "retire", "merge", "soften"]
Ground: TypeAlias = Literal["broken", "refuted", "unused", "same", "uncovered"]
"""Why a change is proposed: the tool's own tests do not pass; its answers were wrong; nobody uses it; another one does
the same; inputs that it does not cover pile up, and no program was found for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpkeepProposal:
    """A change that upkeep proposes.

    kind:     deprecate: it answers no more, and tools that import it go on; retire: it is not used at all any more;
              merge: another tool takes over its questions and recorded uses, and it is retired; soften: its next
              version asks a language model for what its code does not cover
    tool, contents: which tool, and the exact contents that the evidence is about
    ground:   why; reason: the same in a line; evidence: further lines
    into, into_contents: for merge the tool that takes over
    """

    kind: UpkeepKind
    tool: str
    contents: str
    ground: Ground
    reason: str
    evidence: tuple[str, ...] = ()
    into: str = ""
    into_contents: str = ""

    @property
    def key(self) -> str:
        """The same for the same change of the same contents on the same ground: it is proposed once."""
        parts = (self.kind, self.ground, self.tool, self.contents, self.into, self.into_contents)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpkeepBranch:
    """A branch with the one commit of a proposal, which is not merged into what is checked out."""

    name: str
    key: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What tools are verified with on this machine.

    python:   its version; packages: name and version of each installed requirement
    missing:  requirements of tools that are not installed
    unmet:    requirements that ask for another version than the one that is installed, and that one
    """

    python: str
    packages: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    unmet: tuple[tuple[str, str], ...] = ()
