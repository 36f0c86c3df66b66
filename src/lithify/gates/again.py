"""Kept tools tried again: whether they still pass, now that Python or a package is another one.

What a tool is has been judged when it entered, and its contents are what they were: what only reads is not asked again,
nor whether its tests look at anything. Starting an interpreter is most of the work, so all tools share the zygotes;
each is run in workers of its own.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from lithify.gates.duplicates import DuplicatesGate
from lithify.gates.gate import Finding, Kept, Subject, Workers, subject_of
from lithify.gates.holdout import HoldoutGate
from lithify.gates.nearness import NONE
from lithify.gates.replay import ReplayGate
from lithify.gates.requirements import RequirementsGate, preloaded
from lithify.gates.suite import lay_out, modules_for, run_beside, told
from lithify.gates.workers import SharedWorkers
from lithify.layout import candidate_contents
from lithify.ports import Sandbox, SandboxFactory
from lithify.records.gating import Bounds
from lithify.records.nearness import Nearness
from lithify.records.tool import Candidate, GateResult, Verdict


class Again:
    """Tries kept tools again, as an async context manager: its sandboxes are started at first use and end with it."""

    def __init__(self, start: SandboxFactory, bounds: Bounds) -> None:
        self._start = start
        self._bounds = bounds
        self.root = Path(tempfile.mkdtemp(prefix="lithify-again-"))
        self._workers: dict[tuple[str, ...], SharedWorkers] = {}
        self._testers: dict[tuple[str, ...], asyncio.Task[Sandbox]] = {}
        self._tried = 0

    async def __aenter__(self) -> Again:
        return self

    async def __aexit__(self, *error: object) -> None:
        async with AsyncExitStack() as stack:
            stack.callback(shutil.rmtree, self.root, ignore_errors=True)
            for workers in self._workers.values():
                stack.push_async_callback(workers.close)
            for task in self._testers.values():
                await asyncio.wait([task])
                if not task.cancelled() and task.exception() is None:
                    stack.push_async_callback(task.result().close)

    async def judge(self, candidate: Candidate) -> Verdict:
        """What a tool's own uses and tests say of it here and now. After the first no, the rest is not run.

        A tool that hangs is found by its first use.

        Raises SandboxUnavailable when this machine cannot confine the code.
        """
        workers = self._workers_for(candidate)
        subject, results = subject_of(candidate, None), list[GateResult]()
        for gate in (RequirementsGate(), ReplayGate(), _OwnTests(self), HoldoutGate()):
            began = time.perf_counter()
            finding = await gate.judge(subject, workers)
            results.append(
                GateResult(
                    gate=gate.name,
                    outcome=finding.outcome,
                    evidence=finding.evidence,
                    remedy=finding.remedy,
                    seconds=time.perf_counter() - began,
                )
            )
            if finding.outcome == "fail":
                break
        return Verdict(results=tuple(results), contents=candidate_contents(candidate).sha256)

    async def nearest(self, candidate: Candidate, kept: Kept) -> Nearness:
        """How a tool stands to the nearest of others, by what both answer on the recorded uses of both."""
        subject = replace(subject_of(candidate, None), kept=kept)
        return (await DuplicatesGate().judge(subject, self._workers_for(candidate))).nearest or NONE

    def _workers_for(self, candidate: Candidate) -> SharedWorkers:
        modules = preloaded(candidate.requirements)
        if modules not in self._workers:
            self._workers[modules] = SharedWorkers(self._start, modules, self._bounds)
        return self._workers[modules]

    async def tester(self, modules: tuple[str, ...], workers: Workers) -> Sandbox:
        """A sandbox that can read the folders of the tools, with these modules preloaded besides the tools' own."""
        if modules not in self._testers:
            spec = workers.spec(workers.second_seed)
            spec = replace(spec, preload=(*spec.preload, *modules), readable=(self.root,))
            self._testers[modules] = asyncio.ensure_future(self._start(spec))
        return await asyncio.shield(self._testers[modules])

    def folder(self, subject: Subject) -> Path:
        """The files of a tool, where the tester can read them."""
        self._tried += 1
        return lay_out(self.root / str(self._tried), subject.candidate, subject.files)


class _OwnTests:
    """The suite of a tool, run as a person runs it. That it is a good one was judged when the tool entered."""

    name = "tests"

    def __init__(self, again: Again) -> None:
        self._again = again

    async def judge(self, subject: Subject, bench: Workers) -> Finding:
        """See Gate."""
        folder = self._again.folder(subject)
        modules = (*preloaded(subject.candidate.requirements), *modules_for(subject.files))
        ran = await run_beside(await self._again.tester(modules, bench), folder, bench)
        if isinstance(ran, str):
            return Finding(outcome="fail", evidence=ran)
        if not ran.good:
            return Finding(outcome="fail", evidence=f"{told(ran)}. pytest printed:\n{ran.said}")
        return Finding(outcome="pass", evidence=f"{len(ran.ends)} of {len(ran.ends)} collected tests passed")
