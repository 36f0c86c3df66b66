"""A kept tool that did not answer a case of its own, and the version of it that does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal, TypeAlias

from lithify.records.context import Fingerprint
from lithify.records.quick import dataclass

FailedBy: TypeAlias = Literal["shape", "run", "person", "shadow"]
"""shape: it was not run, the input's shape is not one of its own; run: it raised, or what it returned is no answer;
person: somebody said that its answer is wrong; shadow: a fresh derivation gave another answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A case that a kept tool should have answered and did not.

    arguments: of the call that was, or would have been, made; why: one line for a person
    run_id:    the run in which it happened
    """

    tool: str
    version: int
    by: FailedBy
    why: str
    run_id: str
    arguments: Mapping[str, int | float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Healed:
    """What a candidate mends: it is the next version of a tool, with the case that the tool failed among its uses.

    version:   the version that failed
    by, why:   how it failed, in the run run_id
    case:      the name of the recorded use that was the failing case
    overrules: names of recorded uses of the tool that the candidate answers otherwise: it is no healing but a
               correction, and always a person's to decide
    cases:     ids of the open cases that it answers by asking a model, when it is a softened tool; shapes: of their
               inputs, as far as the tool did not know them
    """

    tool: str
    version: int
    by: FailedBy
    run_id: str
    why: str
    case: str
    overrules: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    shapes: tuple[Fingerprint, ...] = ()
