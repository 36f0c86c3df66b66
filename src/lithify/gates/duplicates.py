"""Gate: whether a kept tool does this already, and what to do about it: merge, improve, or draw the boundary."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from lithify.errors import LibraryProblem
from lithify.gates.gate import Finding, Kept, Subject, Workers
from lithify.gates.nearness import NONE, Shared, code_digest, contradicts, likeness_of, nearest, nearness, translated
from lithify.gates.regions import fewer
from lithify.gates.running import FIRST_SEED, Answered, Definition, Trial, answers_to, definition_of, shown
from lithify.layout import form_of, same_answer
from lithify.records.nearness import Nearness
from lithify.records.tool import Candidate, Example, Signature, Tool

_COMPARED = 3
_LEAST_LIKENESS = 0.15
_MOST_CALLS = 12
_LARGEST = 100_000


class DuplicatesGate:
    """Compares words and code with all tools, and runs the likest ones and the candidate on both's recorded inputs."""

    name = "duplicates"

    async def judge(self, subject: Subject, bench: Workers) -> Finding:
        """See Gate."""
        if subject.kept is None or not subject.kept.tools:
            return Finding(outcome="pass", evidence="there is no other tool to compare it with", nearest=NONE)
        candidate = subject.candidate
        found: list[Nearness] = []
        for tool in _likest(candidate, subject.kept.tools):
            shared = await self._shared(candidate, tool, subject.kept, bench)
            if contradicts(candidate, tool, shared):
                near = nearness(candidate, tool, shared)
                evidence = f"{tool.name} v{tool.version} answers the same question otherwise: {shared.differs}"
                remedy = "see which of the two is right; approving makes this one the next version"
                return Finding(outcome="needs-person", evidence=evidence, remedy=remedy, nearest=near)
            found.append(nearness(candidate, tool, shared))
        near = nearest(found)
        if near.relation == "none":
            evidence = f"none of {len(subject.kept.tools)} kept tools is like it"
        else:
            evidence = f"{near.relation}: {near.tool} v{near.version}: {near.evidence}"
        return Finding(outcome="pass", evidence=evidence, remedy=near.advice, nearest=near)

    async def _shared(self, candidate: Candidate, tool: Tool, kept: Kept, bench: Workers) -> Shared:
        """What both give on the recorded inputs of both, and on parts of them."""
        try:
            whole = await asyncio.to_thread(kept.whole, tool.name)
        except LibraryProblem:
            return Shared()
        mine = await _asked(candidate.examples, candidate.signature, (candidate, whole), bench)
        theirs = await _asked(whole.examples, whole.signature, (candidate, whole), bench)
        every = [*mine, *theirs]
        both = [(ours, other) for _, ours, other in every if ours is not None and other is not None]
        differs = next((f"{shown(a.values[0])} and {shown(b.values[0])}" for a, b in both if not _alike(a, b)), "")
        return Shared(
            calls=len(both),
            same=sum(_alike(one, other) for one, other in both),
            mine=sum(trial.name != "" for trial, _, _ in mine),
            mine_right=sum(trial.name != "" and _right(trial, other) for trial, _, other in mine),
            theirs=sum(trial.name != "" for trial, _, _ in theirs),
            theirs_right=sum(trial.name != "" and _right(trial, ours) for trial, ours, _ in theirs),
            differs=differs,
        )


def _likest(candidate: Candidate, tools: Sequence[Tool]) -> list[Tool]:
    """The tools to compare with: those of the same code, then by likeness of words; those that read other data not."""
    reads = form_of(candidate.signature)
    same_kind = [tool for tool in tools if form_of(tool.signature).kind == reads.kind and _same_inputs(tool, candidate)]
    digest, size = code_digest(candidate.source), len(candidate.source)
    twins = [
        tool
        for tool in same_kind
        if size / 3 < len(tool.source) < size * 3 and len(same_kind) <= 2_000 and code_digest(tool.source) == digest
    ]
    likeness = {tool.name: likeness_of(candidate, tool) for tool in same_kind}
    likely = [tool for tool in same_kind if likeness[tool.name] >= _LEAST_LIKENESS]
    likely.sort(key=lambda tool: -likeness[tool.name])
    return [*twins, *(tool for tool in likely if tool not in twins)][:_COMPARED]


def _same_inputs(tool: Tool, candidate: Candidate) -> bool:
    mine, theirs = candidate.signature.inputs, tool.signature.inputs
    return [(one.name, one.kind) for one in mine] == [(one.name, one.kind) for one in theirs]


async def _asked(
    examples: Sequence[Example], signature: Signature, tools: tuple[Candidate, Candidate], bench: Workers
) -> list[tuple[Trial, Answered | None, Answered | None]]:
    """Calls made from examples with what each of two tools gave; a call that one of them cannot take is left out.

    A trial of a recorded use has the use's name, one of a part of it has none.
    """
    kept = [one for one in examples if len(str(one.context)) <= _LARGEST]
    trials = [Trial(name=one.name, context=one.context, arguments=one.arguments, expected=one.expected) for one in kept]
    for one in kept:
        parts = [part for part in fewer(one.context, form_of(signature))[-2:] if part]
        trials += [Trial(name="", context=part, arguments=one.arguments, expected=None) for part in parts]
    targets = [tool.signature for tool in tools]
    trials = [one for one in trials if all(translated(one.arguments, signature, to) is not None for to in targets)]
    trials = trials[:_MOST_CALLS]
    given = [await _answers(definition_of(tool), signature, trials, bench) for tool in tools]
    return list(zip(trials, *given, strict=True))


async def _answers(
    tool: Definition, signature: Signature, trials: Sequence[Trial], bench: Workers
) -> list[Answered | None]:
    """What a tool gives on calls that are written for another signature; None where it gives nothing."""
    own = [
        Trial(
            name=one.name,
            context=one.context,
            arguments=translated(one.arguments, signature, tool.signature) or {},
            expected=one.expected,
        )
        for one in trials
    ]
    sandbox = await bench.with_seed(FIRST_SEED)
    given = await answers_to(tool, own, sandbox, seconds=bench.bounds.seconds)
    return [one if isinstance(one, Answered) else None for one in given]


def _alike(one: Answered, other: Answered) -> bool:
    return same_answer(one.values[0], other.values[0])


def _right(trial: Trial, answer: Answered | None) -> bool:
    return answer is not None and same_answer(trial.expected, answer.values[0])
