"""All gates, cheap ones first: what cannot be read is not run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace

from lithify.gates.belongings import BelongingsGate
from lithify.gates.constant import ConstantGate
from lithify.gates.duplicates import DuplicatesGate
from lithify.gates.effects import EffectsGate
from lithify.gates.gate import Finding, Gate, Kept, Subject, Use, Workers, subject_of
from lithify.gates.holdout import HoldoutGate
from lithify.gates.licence import LicenceGate
from lithify.gates.regression import RegressionGate
from lithify.gates.replay import ReplayGate
from lithify.gates.requirements import RequirementsGate, preloaded
from lithify.gates.ruff import RuffGate
from lithify.gates.secrets import SecretsGate
from lithify.gates.size import SizeGate
from lithify.gates.static import StaticGate
from lithify.gates.strength import StrengthGate
from lithify.gates.suite import TestsGate, modules_for
from lithify.gates.types import TypesGate
from lithify.gates.workers import SharedWorkers
from lithify.layout import candidate_contents, form_of, frame_modules, is_tool_name
from lithify.ports import SandboxFactory
from lithify.records.context import Context
from lithify.records.gating import Bounds
from lithify.records.tool import Candidate, GateResult, Verdict

READING: tuple[Gate, ...] = (BelongingsGate(), SizeGate(), StaticGate(), SecretsGate(), LicenceGate())
"""Gates that look at the files. When one says no, the code is not run."""

RUNNING: tuple[Gate, ...] = (
    RuffGate(),
    TypesGate(),
    RequirementsGate(),
    ConstantGate(),
    ReplayGate(),
    EffectsGate(),
    TestsGate(),
    StrengthGate(),
    HoldoutGate(),
    DuplicatesGate(),
    RegressionGate(),
)
"""Gates that start a program; they run side by side."""


async def judge(
    candidate: Candidate,
    start: SandboxFactory,
    original: Context | Use | None = None,
    bounds: Bounds | None = None,
    kept: Kept | None = None,
    strangers: frozenset[str] = frozenset(),
) -> Verdict:
    """Put a candidate through every gate. The verdict is bound to exactly this candidate.

    original: the context that it came from, as a Use when its answer is known, to be answered in full; kept: the
    library that it would enter; strangers: see Subject. Never raises for a no; raises SandboxUnavailable when this
    machine cannot confine the code, BadSettings without ruff or ty.
    """
    name = candidate.signature.function
    if not is_tool_name(name):
        evidence = f"{name!r} cannot name a tool: a to z, 0 to 9 and _, beginning with a letter, at most 80, no keyword"
        refused = GateResult(gate="static", outcome="fail", evidence=evidence, remedy="give the function another name")
        others = [gate for gate in (*READING, *RUNNING) if gate.name != "static"]
        return Verdict(results=(refused, *(_not_run(gate, "static") for gate in others)))
    subject = replace(subject_of(candidate, original), kept=kept, strangers=strangers)
    modules = (*frame_modules(form_of(candidate.signature)), *preloaded(candidate.requirements))
    workers = SharedWorkers(start, modules, bounds or Bounds(), modules_for(subject.files))
    try:
        found: list[tuple[GateResult, Finding]] = []
        for gate in READING:
            if not _too_large(found):
                found.append(await _timed(gate, subject, workers))
        refusing = next((result.gate for result, _ in found if result.outcome == "fail"), None)
        rest = [_not_run(gate, refusing) for gate in (*READING[len(found) :], *RUNNING)] if refusing is not None else []
        found += [] if rest else await _together(RUNNING, subject, workers)
    finally:
        await workers.close()
    return Verdict(
        results=(*(result for result, _ in found), *rest),
        contents=candidate_contents(candidate).sha256,
        nearest=next((finding.nearest for _, finding in found if finding.nearest is not None), None),
    )


def _too_large(found: Sequence[tuple[GateResult, Finding]]) -> bool:
    """Whether there is too much to be read, let alone run."""
    return any(result.gate == SizeGate.name and result.outcome == "fail" for result, _ in found)


async def _together(gates: Sequence[Gate], subject: Subject, workers: Workers) -> list[tuple[GateResult, Finding]]:
    """Side by side; when one raises, the others are ended before it is passed on."""
    tasks = [asyncio.ensure_future(_timed(gate, subject, workers)) for gate in gates]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _timed(gate: Gate, subject: Subject, workers: Workers) -> tuple[GateResult, Finding]:
    began = time.perf_counter()
    finding = await gate.judge(subject, workers)
    result = GateResult(
        gate=gate.name,
        outcome=finding.outcome,
        evidence=finding.evidence,
        remedy=finding.remedy,
        seconds=time.perf_counter() - began,
        score=finding.score,
    )
    return result, finding


def _not_run(gate: Gate, refusing: str) -> GateResult:
    return GateResult(
        gate=gate.name,
        outcome="not-run",
        evidence=f"not run, because {refusing} says no",
        remedy=f"what would change {refusing}",
    )
