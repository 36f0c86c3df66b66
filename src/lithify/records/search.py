"""What searching the kept tools takes and gives."""

from __future__ import annotations

from lithify.records.quick import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """What is searched of one tool: its name, what it says it does, the questions it answers, its parameters."""

    name: str
    description: str
    questions: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One tool found. score: higher is nearer; comparable within one answer only."""

    name: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Two tools whose texts are so near that a reader, or a model, may take one for the other. likeness: 0 to 1."""

    name: str
    other: str
    likeness: float
