"""What a gate is, and what it judges."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol, TypeVar

from lithify.layout import Given, defaults_of, render_candidate
from lithify.layout.rendering import in_clear
from lithify.ports import Sandbox, SandboxFactory, SandboxSpec
from lithify.records.context import Context
from lithify.records.gating import Bounds
from lithify.records.nearness import Nearness
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.tool import Candidate, Example, Outcome, Tool

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a gate says: evidence for a person to read, and for a no, what would change it. score: as in GateResult."""

    outcome: Outcome
    evidence: str
    remedy: str = ""
    nearest: Nearness | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """An answer that is known. Its absence is not an answer of None."""

    value: Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One use of the tool to be tried: a recorded example, or the context that it came from."""

    name: str
    context: Given
    arguments: Mapping[str, int | float | str]
    expected: Expected | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The tools of a library, without the one that is judged. whole: reads one with its examples (blocks)."""

    tools: tuple[Tool, ...]
    whole: Callable[[str], Candidate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is judged.

    files: the candidate's folder as it would enter the library; uses: what it must answer. strangers: paths that lie in
    a person's folder and are not among the files, or not as they are there. kept: what it is compared with.
    """

    candidate: Candidate
    files: Mapping[str, bytes]
    uses: tuple[Use, ...]
    strangers: frozenset[str] = frozenset()
    kept: Kept | None = None


class Gate(Protocol):
    """One check. It never raises for a no; what it raises is the machine's fault and says nothing of the candidate."""

    @property
    def name(self) -> str:
        """What the gate is called in a verdict."""
        ...

    async def judge(self, subject: Subject, bench: Workers) -> Finding:
        """Look at the subject, with workers to run it in when that is needed."""
        ...


class Workers(Protocol):
    """Sandboxes to run a candidate in, started at first use and shared by the gates."""

    @property
    def bounds(self) -> Bounds:
        """What running may cost."""
        ...

    @property
    def second_seed(self) -> int:
        """Another hash seed than FIRST_SEED, drawn anew for each judgement: a tool cannot know it beforehand."""
        ...

    async def with_seed(self, hash_seed: int) -> Sandbox:
        """A sandbox whose sessions have this hash seed, the candidate's requirements preloaded, and no files."""
        ...

    def for_tests(self, *, alone: bool = False) -> AbstractAsyncContextManager[tuple[Sandbox, Path]]:
        """A sandbox for tests, with what they import preloaded, and the folder that it reads.

        Shared by the gates: importing what a tool needs takes longer than most of what they do. So no tool may lie in
        that folder, unless the caller is alone and takes it away before the end.
        """
        ...

    async def once(self, what: str, work: Callable[[], Awaitable[T]]) -> T:
        """What this work gave the first time that any gate asked for it by this name."""
        ...

    @property
    def start(self) -> SandboxFactory:
        """How to start one of another kind; the caller closes it."""
        ...

    def spec(self, hash_seed: int) -> SandboxSpec:
        """What the shared ones are started with."""
        ...


def subject_of(candidate: Candidate, original: Context | Use | None) -> Subject:
    """The candidate with everything it must answer. original: what it came from, with the answer when that is known."""
    uses = [_use(example) for example in candidate.examples]
    if isinstance(original, Use):
        uses.append(original)
    elif original is not None and not any(use.context == original.value for use in uses):
        arguments = defaults_of(candidate.signature)
        uses.append(Use(name="original", context=original, arguments=arguments, expected=None))
    return Subject(candidate=candidate, files=render_candidate(in_clear(candidate)), uses=tuple(uses))


def _use(example: Example) -> Use:
    expected = Expected(value=example.expected)
    return Use(name=example.name, context=example.context, arguments=example.arguments, expected=expected)
