"""A candidate that waits in a library for a person's word."""

from __future__ import annotations

from typing import Literal, TypeAlias

from lithify.records.quick import dataclass
from lithify.records.tool import Candidate, Verdict

ProposalState: TypeAlias = Literal["open", "rejected", "kept"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A candidate with what the gates said of it, and what became of it.

    reason is the person's, for a rejection. edited: its files were changed after the gates judged them; verdict is
    then empty, which is a fail, until they judge it again.
    """

    candidate: Candidate
    verdict: Verdict
    state: ProposalState = "open"
    reason: str = ""
    edited: bool = False

    @property
    def rejected(self) -> bool:
        """Whether a person said no."""
        return self.state == "rejected"
