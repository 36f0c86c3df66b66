"""A case that a kept tool should answer and does not, and for which no next version of it was found."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field
from typing import Literal, TypeAlias

from lithify.records.context import Fingerprint, Texts
from lithify.records.healing import FailedBy
from lithify.records.plain import Plain
from lithify.records.quick import dataclass

Said: TypeAlias = Literal["", "explored", "shadow", "person"]
"""Who gave the answer of a case: an exploration that the person asked for, a derivation that contradicts the tool and
that nobody confirmed, a person; "" where none is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One such case.

    version:    of the tool that failed; by, why: how it failed, as in Failing
    unhealed:   why no next version answers it
    arguments:  of the call that was, or would have been, made
    run_id:     the run in which it failed; input: the digest of its data, and shape its fingerprint
    context:    its data as a recorded use would hold it; None where it is too large, or was not at hand
    answer:     what it should be, as said says
    closed:     a person's reason to let it be; "" for an open one
    """

    tool: str
    version: int
    by: FailedBy
    why: str
    unhealed: str
    question: str
    run_id: str
    input: str
    arguments: Mapping[str, int | float | str] = field(default_factory=dict)
    shape: Fingerprint | None = None
    context: Texts | None = None
    answer: Plain = None
    said: Said = ""
    closed: str = ""

    @property
    def id(self) -> str:
        """The same for the same question to the same tool over the same data."""
        return hashlib.sha256("\0".join((self.tool, self.question, self.input)).encode()).hexdigest()[:12]

    @property
    def use(self) -> str:
        """What the recorded use of a version that answers it is called."""
        return f"failed in run {self.run_id}"
