"""A stream of questions that is asked in order, and what became of each: the material of the learning curve."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeAlias, get_args

from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.run import Route

Arm: TypeAlias = Literal["library", "replay", "ephemeral", "bare"]
"""library: reuse and keep; replay: the same, but no model picks among kept tools; ephemeral: neither reuse nor keep;
bare: ephemeral, and the model is told the kind and size of the data alone."""
ARMS: tuple[Arm, ...] = get_args(Arm)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamTask:
    """One question of a stream. data: paths; expected: the right answer; family: questions of one kind share it."""

    question: str
    data: tuple[str, ...]
    expected: Plain
    family: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPoint:
    """What one question of a stream came to, in one arm. position counts from 1; route None: it ended in an error.

    right: whether the answer is the expected one; cost: None when a call was unpriced; error: why it is not right.
    """

    arm: Arm
    position: int
    question: str
    family: str
    route: Route | None
    right: bool
    model_calls: int
    input_tokens: int
    output_tokens: int
    cost: Decimal | None
    seconds: float
    tool: str = ""
    error: str = ""

    @property
    def tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens
