"""Gate: the tool does nothing beyond computing and returning, except what it declares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from lithify.gates.gate import Finding, Subject, Workers
from lithify.gates.running import FIRST_SEED, Answered, Failed, Trial, call_all, definition_of
from lithify.ports import HostFunction
from lithify.records.plain import Plain

OFFERED = ("llm_query", "llm_query_batched", "rlm_query", "rlm_query_batched", "call", "search_tools", "load_tool")
"""What an exploration's cells may ask of the host, laid out here for the tool to be seen taking it."""


class EffectsGate:
    """Runs every use with the host's functions in reach, and counts here which ones are called."""

    name = "effects"

    async def judge(self, subject: Subject, bench: Workers) -> Finding:
        """See Gate."""
        called: Counter[str] = Counter()
        trials = [
            Trial(name=use.name, context=use.context, arguments=use.arguments, expected=None) for use in subject.uses
        ]
        answers = await call_all(
            definition_of(subject.candidate),
            trials,
            await bench.with_seed(FIRST_SEED),
            seconds=bench.bounds.seconds,
            go_on=_goes_on,
            functions={name: _trap(name, called) for name in OFFERED},
        )
        printed = sum(answer.printed for answer in answers if isinstance(answer, Answered))
        if called:
            asked = ", ".join(f"{name} ({number})" for name, number in called.items())
            evidence = f"asked the host for what it does not declare: {asked}"
            return Finding(outcome="fail", evidence=evidence, remedy="compute from the parameters, or declare it")
        if printed:
            evidence = f"printed {printed:,} characters: a tool's only way to say something is its answer"
            return Finding(outcome="fail", evidence=evidence, remedy="return what is worth saying; remove the print")
        return Finding(
            outcome="pass", evidence=f"declares no effect, and on {len(trials)} uses asked the host for none"
        )


def _trap(name: str, called: Counter[str]) -> HostFunction:
    async def answer(args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
        called[name] += 1
        return ""

    return HostFunction(handler=answer)


def _goes_on(answer: Answered | Failed, trial: Trial) -> bool:
    return isinstance(answer, Answered)
