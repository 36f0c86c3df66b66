"""Kept capabilities: candidates, tools, recipes, and what the gates said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from typing import Literal, TypeAlias

from lithify.records.context import ContextKind, Fingerprint, Frame
from lithify.records.healing import Healed
from lithify.records.nearness import Nearness
from lithify.records.plain import Plain
from lithify.records.quick import dataclass

Status: TypeAlias = Literal["candidate", "provisional", "trusted", "deprecated", "retired"]
Grade: TypeAlias = Literal["note", "prompt", "schema", "evals", "code"]
SlotType: TypeAlias = Literal["int", "float", "str"]
Outcome: TypeAlias = Literal["pass", "fail", "needs-person", "not-run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place in a question where a value stands, and the tool's parameter that takes it."""

    name: str
    type: SlotType
    default: int | float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A question template and the tool call that answers it.

    template is the normalised question with {slot} placeholders; question is the one it came from, as asked.
    """

    template: str
    slots: tuple[Slot, ...]
    tool: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of a tool's function besides the context: its annotation as source, and its default."""

    name: str
    annotation: str
    default: int | float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One of several inputs that a tool reads: the parameter that takes it, its kind, and of a table whose it is."""

    name: str
    kind: ContextKind
    frame: Frame | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The public function: name, the parameter that takes the context, the others, the return annotation as source.

    needs_llm: it has a keyword-only parameter `llm` besides, and asks a language model by it (a hybrid tool).
    context_frame: of a tool that reads a table: whose table it is given.
    inputs: of a tool that reads several inputs (kind inputs): its first parameters, one for each; else empty.
    """

    function: str
    context_parameter: str
    context_kind: ContextKind
    parameters: tuple[Parameter, ...]
    returns: str
    needs_llm: bool = False
    context_frame: Frame | None = None
    inputs: tuple[Input, ...] = ()

    @property
    def context_parameters(self) -> tuple[str, ...]:
        """The parameters that take the context: one, or one for each of several inputs."""
        return tuple(one.name for one in self.inputs) or (self.context_parameter,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a language model answered to a prompt of a hybrid tool: recorded, so that a replay needs no model."""

    prompt: str
    answer: Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One recorded use: the context (whole or an extract of it), the arguments, and the answer it must give.

    context: of text and files they themselves; of a table, data, a document, a database or bytes the text that it is
             written as (layout/written), which is opened again when the tool is called; of several inputs such a text
             for each, by name
    replies: of a hybrid tool, what the model answered to the prompts of this use
    private: nothing of this use may lie in a library: it is there while the tool is judged, and left out when kept
    """

    name: str
    context: str | Mapping[str, str]
    arguments: Mapping[str, int | float | str]
    expected: Plain
    replies: tuple[Reply, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A use on a whole input that is not kept, by digests alone: replayed when the input is still there.

    input: the input's digest, as in Context; answer: the answer's, as answer_digest gives it
    """

    name: str
    input: str
    arguments: Mapping[str, int | float | str]
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A relation between inputs and answers that holds for a tool, and has a test of its own unless it was dropped.

    name: its test is test_NAME in tests/test_properties.py; says: one line for a reviewer; example: one instance of it
    dropped: a reviewer did not want it; it is not proposed again
    """

    name: str
    says: str
    example: str = ""
    dropped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a tool came from."""

    run_id: str
    question: str
    model: str
    cost: Decimal | None
    model_calls: int
    input_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What distilling a trajectory proposes to keep.

    callees: the sources of the kept tools that its source imports, and of those they import, each after its own
    holdout: sealed uses that the author, a model, never saw; the gates read them, prompts never do
    extra:   further files of its folder by relative path: property tests, a person's own tests and their data
    healed:  the kept tool that it is the next version of, because that one failed a case
    """

    id: str
    signature: Signature
    description: str
    source: str
    requirements: tuple[str, ...]
    recipe: Recipe
    applicability: Fingerprint
    examples: tuple[Example, ...]
    provenance: Provenance
    notes: tuple[str, ...] = ()
    callees: Mapping[str, str] = field(default_factory=dict)
    holdout: tuple[Example, ...] = field(default=(), repr=False)
    extra: Mapping[str, bytes] = field(default_factory=dict)
    properties: tuple[Property, ...] = ()
    originals: tuple[Original, ...] = ()
    healed: Healed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """What one gate says: its evidence for a person to read, and for a no, what would change it.

    score: a figure between 0 and 1 where the gate measures one, as strength does; a policy may ask for more of it
    """

    gate: str
    outcome: Outcome
    evidence: str
    remedy: str = ""
    seconds: float = 0.0
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """All gates together. contents is the digest of the candidate that was judged: nothing else may enter on it.

    nearest: the kept tool that the candidate was compared with; None when there was no library to compare with.
    """

    results: tuple[GateResult, ...]
    contents: str = ""
    nearest: Nearness | None = None

    @property
    def outcome(self) -> Outcome:
        """fail beats needs-person beats pass; no gate at all, or one that was not run, is a fail."""
        outcomes = {result.outcome for result in self.results}
        if not outcomes or outcomes & {"fail", "not-run"}:
            return "fail"
        return "needs-person" if "needs-person" in outcomes else "pass"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A kept tool as the library holds it. contents is sha256 over its files and requirements, as in tools.lock.

    version: counts its changes from 1; semver says what a change means for those who call it
    callees: as in Candidate
    not_for: questions and inputs that other tools answer
    """

    name: str
    version: int
    status: Status
    grade: Grade
    signature: Signature
    description: str
    source: str
    requirements: tuple[str, ...]
    recipes: tuple[Recipe, ...]
    applicability: tuple[Fingerprint, ...]
    provenance: Provenance
    contents: str
    approved_by: str
    commit: str = ""
    semver: str = "1.0.0"
    callees: Mapping[str, str] = field(default_factory=dict)
    not_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryView:
    """The library as one reading of it: tools that may run, and those that may not with the reason and the remedy.

    statuses: of the refused ones, as the lock has it; a retired one is refused for being retired
    """

    tools: tuple[Tool, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    commit: str = ""
    statuses: Mapping[str, Status] = field(default_factory=dict)
