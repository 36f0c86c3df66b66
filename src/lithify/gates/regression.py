"""Gate: the tools that import this one still pass with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from lithify.errors import LibraryProblem
from lithify.gates.gate import Finding, Kept, Subject, Workers
from lithify.gates.nearness import code_digest
from lithify.gates.running import FIRST_SEED, Answered, Definition, Failed, Trial, call_all
from lithify.layout import closure, definition, same_answer
from lithify.records.tool import Candidate


class RegressionGate:
    """Runs the recorded uses of every caller with the candidate in place of the tool that it would replace."""

    name = "regression"

    async def judge(self, subject: Subject, bench: Workers) -> Finding:
        """See Gate."""
        kept = subject.kept
        callers = _callers(subject.candidate, kept) if kept is not None else {}
        if kept is None or not callers:
            return Finding(outcome="pass", evidence="no kept tool imports it")
        broken = [
            line
            for caller, replaced in callers.items()
            if (line := await self._broken(caller, replaced, subject.candidate, kept, bench))
        ]
        if broken:
            return Finding(
                outcome="fail",
                evidence="\n".join(broken),
                remedy="keep what the callers need (name, parameters, answer), or change them together with it",
            )
        return Finding(outcome="pass", evidence=f"{', '.join(callers)} answer as recorded with it")

    async def _broken(self, caller: str, replaced: str, candidate: Candidate, kept: Kept, bench: Workers) -> str:
        """What a caller does wrong with the candidate in place of the tool; "" when nothing."""
        try:
            whole = await asyncio.to_thread(kept.whole, caller)
            callees = closure(whole.source, _sources(candidate, replaced, kept))
        except LibraryProblem as problem:
            return f"{caller}: {problem}"
        trials = [
            Trial(name=one.name, context=one.context, arguments=one.arguments, expected=one.expected)
            for one in whole.examples
        ]
        tool = Definition(cells=definition(caller, whole.source, callees), signature=whole.signature)
        sandbox = await bench.with_seed(FIRST_SEED)
        answers = await call_all(tool, trials, sandbox, seconds=bench.bounds.seconds, go_on=_as_recorded)
        last = answers[-1] if answers else None
        if last is None or _as_recorded(last, trials[len(answers) - 1]):
            return ""
        why = last.why if isinstance(last, Failed) else "it answers otherwise than recorded"
        return f"{caller} on {trials[len(answers) - 1].name}: {why}"


def _callers(candidate: Candidate, kept: Kept) -> dict[str, str]:
    """Tools that import one that the candidate would take the place of: their names, and which one.

    It takes the place of the tool that it heals, or else of that of its name, and of one that answers its question with
    other code.
    """
    template, digest = candidate.recipe.template, code_digest(candidate.source)
    rivals = [tool for tool in kept.tools if template and any(one.template == template for one in tool.recipes)]
    own = candidate.signature.function if candidate.healed is None else candidate.healed.tool
    replaced = {own, *(one.name for one in rivals if code_digest(one.source) != digest)}
    return {tool.name: name for tool in kept.tools for name in sorted(replaced & tool.callees.keys())}


def _sources(candidate: Candidate, replaced: str, kept: Kept) -> Callable[[str], str]:
    known = {**{tool.name: tool.source for tool in kept.tools}, **candidate.callees, replaced: candidate.source}

    def source_of(name: str) -> str:
        if name not in known:
            raise LibraryProblem(f"it imports {name}, which may not run")
        return known[name]

    return source_of


def _as_recorded(answer: Answered | Failed, trial: Trial) -> bool:
    return isinstance(answer, Answered) and same_answer(trial.expected, answer.values[0])
