"""Playing cells in the real sandbox, as an exploration would, and distilling what came of it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from lithify.distil import NoCandidate, distil
from lithify.layout import ASK_FUNCTION, CONTEXT_INPUT, LIVE_LLM, call_text
from lithify.ports import HostFunction, Sandbox, SandboxSpec
from lithify.records.answers import equal_answer
from lithify.records.context import Context, Fingerprint, Format
from lithify.records.plain import Plain
from lithify.records.run import AnswerForm, CellRun, Limits, SubCall, Trajectory, Turn
from lithify.records.tool import Candidate, Provenance
from lithify.rlm.prelude import PRELUDE, PROBE
from lithify.sandbox import start_sandbox

Data = str | Mapping[str, str]
SPEC = SandboxSpec(preload=("json", "re", "datetime", "collections", "pandas"))


NEGATIVE = ("awful", "Broke", "never")


def model_says(prompt: str) -> str:
    """The model of these tests: it finds a text negative by its words, and has one word for everything else."""
    if "negative?" in prompt:
        return "yes" if any(word in prompt.partition("\n")[2] for word in NEGATIVE) else "no"
    return "neutral"


async def _child(args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
    return "yes, in part"


class Recorder:
    """`llm_query`, recorded as a run records it."""

    def __init__(self) -> None:
        self._calls: list[SubCall] = []

    async def handle(self, args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
        prompt = str(args[0])
        answer = model_says(prompt)
        self._calls.append(SubCall(prompt=prompt, answer=answer))
        return answer

    def take(self) -> tuple[SubCall, ...]:
        taken, self._calls = tuple(self._calls), []
        return taken


def context_of(data: Data, form: Format) -> Context:
    text = data if isinstance(data, str) else "".join(f"{name}{body}" for name, body in data.items())
    return Context(
        kind="text" if isinstance(data, str) else "files",
        value=data,
        sources=("data.log",),
        size=len(text),
        digest=hashlib.sha256(text.encode()).hexdigest(),
        preview=text[:100],
        fingerprint=Fingerprint(format=form),
    )


class Teller:
    """Plays cells as an exploration does, each a turn of its own, and distils what came of it."""

    def __init__(self, sandbox: Sandbox, runner: asyncio.Runner) -> None:
        self.sandbox = sandbox
        self.runner = runner

    def tell(self, question: str, data: Data, cells: Sequence[str], **options: Any) -> Candidate | NoCandidate:
        """What distilling makes of cells that answered a question. Options: typed (an answer written in prose), answer
        (what the cells must submit), form (of the fingerprint), complete."""
        return self.runner.run(self._tell(question, data, cells, **options))

    def call(self, candidate: Candidate, data: Data, **arguments: int | float | str) -> Plain:
        """What the candidate's function gives on some data, run as a kept tool is."""
        return self.runner.run(self._call(candidate, data, arguments))

    async def _tell(
        self,
        question: str,
        data: Data,
        cells: Sequence[str],
        *,
        typed: Plain = None,
        answer: Plain = None,
        form: Format = "lines",
        complete: bool = True,
    ) -> Candidate | NoCandidate:
        ran, submitted = await self._explore(data, cells)
        answer_form: AnswerForm = "text"
        answer = typed if typed is not None else answer
        if typed is None:
            assert isinstance(submitted, list), f"the cells submit nothing: {[run.result.error for run in ran]}"
            answer_form, found = submitted
            assert answer is None or equal_answer(found, answer), f"the cells answer {found!r}"
            answer = found
        turns = tuple(Turn(number=number, reply="", cells=(run,)) for number, run in enumerate(ran, 1))
        trajectory = Trajectory(question=question, turns=turns, answer=answer, form=answer_form, complete=complete)
        context = context_of(data, form)
        provenance = Provenance(
            run_id="run-1",
            question=question,
            model="test",
            cost=None,
            model_calls=len(cells),
            input_digest=context.digest,
        )
        return await distil(trajectory, context, provenance, self.sandbox, Limits(cell_seconds=30))

    async def _explore(self, data: Data, cells: Sequence[str]) -> tuple[list[CellRun], Plain]:
        recorder = Recorder()
        functions = {
            "llm_query": HostFunction(handler=recorder.handle, batched=True),
            "rlm_query": HostFunction(handler=_child, batched=True),
        }
        session = await self.sandbox.open_session({"context": data}, functions)
        try:
            await session.run(PRELUDE, timeout=10)
            ran = [
                CellRun(code=code, result=await session.run(code, timeout=30), subcalls=recorder.take())
                for code in cells
            ]
            return ran, (await session.run(PROBE, timeout=10)).value
        finally:
            await session.close()

    async def _call(self, candidate: Candidate, data: Data, arguments: Mapping[str, int | float | str]) -> Plain:
        functions = {ASK_FUNCTION: HostFunction(handler=Recorder().handle, batched=True)}
        session = await self.sandbox.open_session({CONTEXT_INPUT: data}, functions)
        try:
            for cell in (LIVE_LLM, candidate.source):
                defined = await session.run(cell, timeout=30)
                assert defined.error is None, defined.error
            result = await session.run(call_text(candidate.signature, arguments), timeout=30)
        finally:
            await session.close()
        assert result.error is None, result.error
        assert result.value_plain
        return result.value


@pytest.fixture(scope="session")
def teller() -> Iterator[Teller]:
    with asyncio.Runner() as runner:
        sandbox = runner.run(start_sandbox(SPEC))
        yield Teller(sandbox, runner)
        runner.run(sandbox.close())
