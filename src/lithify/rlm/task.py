"""What an exploration is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field

from lithify.ports import HostFunction, Model, Observer, Recall, Sandbox
from lithify.records.citation import Citation
from lithify.records.context import Context
from lithify.records.model import Usage
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.run import Limits, RunId, Trajectory
from lithify.rlm.budget import Budget
from lithify.rlm.lanes import Lanes
from lithify.rlm.typed import AnswerType, Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What an exploration works with.

    sub_models:   further models that cells may name, and no others
    make_context: the Context of plain data, for child runs; without it there are none
    recall:       what the run got before it was resumed
    streaming:    tell the model's words as they come (ModelText)
    """

    model: Model
    sub_model: Model
    sandbox: Sandbox
    observer: Observer
    clock: Callable[[], float]
    sub_models: Mapping[str, Model] = field(default_factory=dict)
    make_context: Callable[[Plain], Context] | None = None
    recall: Recall | None = None
    streaming: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """What a child run has from the run that asked for it: its place in the tree, the account, what goes on at once."""

    run_id: RunId
    budget: Budget
    lanes: Lanes


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What a caller puts into the REPL besides the data.

    functions: of the host, by name; what they do is the caller's own responsibility
    code:      run before the first cell
    told:      what the model is told of them, a line each
    shown:     further data that the code makes, to be shown as the context is
    """

    functions: Mapping[str, HostFunction] = field(default_factory=dict)
    code: str = ""
    told: tuple[str, ...] = ()
    shown: tuple[Context, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """What is to be explored.

    answer: what the answer must be; cite: whether it is to be supported by quotes
    seed:   of the random numbers in its cells
    before: what was spent on the question before it is explored; it counts against the limits
    parent: of a child run; None: a root
    """

    run_id: RunId
    question: str
    context: Context
    limits: Limits
    answer: AnswerType | None = None
    cite: bool = False
    seed: int = 0
    before: Usage = field(default_factory=Usage)
    parent: Parent | None = None
    extras: Extras = field(default_factory=Extras)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explored:
    """The end of an exploration. reason is "" when complete; typed is the answer in the type that was asked for."""

    trajectory: Trajectory
    usage: Usage
    reason: str
    typed: Typed | None = None
    citations: tuple[Citation, ...] = ()
