"""How a candidate stands to the kept tool that is nearest to it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from lithify.records.quick import dataclass

Relation: TypeAlias = Literal["same", "improves", "near", "none"]
"""same: the same code, or the same answers to the same calls; improves: answers what the tool answers, and more or
better; near: another question that is easily mixed up with the tool's; none: nothing of the kind is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """The nearest kept tool, how the candidate stands to it, on what evidence, and what to do about it.

    tool and version are "" and 0 for the relation none.
    """

    relation: Relation
    evidence: str
    advice: str
    tool: str = ""
    version: int = 0
