"""Gate: from nothing, under another hash seed, at another time and place, the tool gives the recorded answers."""

from __future__ import annotations

import asyncio

from lithify.gates.elsewhen import PLACES, PREPARE
from lithify.gates.gate import Finding, Subject, Use, Workers
from lithify.gates.returned import is_returned
from lithify.gates.running import FIRST_SEED, Answered, Failed, call, shown
from lithify.layout import same_answer
from lithify.records.plain import Plain

_REMEDY_SEED = "sort what comes out of a set, or break ties by a rule"
_REMEDY_STATE = (
    "keep nothing between calls: no module variables, no defaults that change; a time that is needed is a parameter"
)
_REMEDY_CLOCK = "make the date a parameter, name the time zone, and keep nothing between calls"
_REMEDY_TYPE = "return what the signature says, or say what is returned"
_REMEDY_ANSWER = "mend the code, or the example if its recorded answer is wrong"
_HERE = ("", "")
"""What is run before each of two calls in one session: a tool that remembers its first call answers the second one
differently."""
_ELSEWHERE = tuple(f"{PREPARE}\n{place}" for place in PLACES)
"""The same under the second seed: the clock and the time zone are others each time."""


class ReplayGate:
    """Calls the tool on every use, twice in each of two sandboxes, and compares the values here, in the parent."""

    name = "replay"

    async def judge(self, subject: Subject, bench: Workers) -> Finding:
        """See Gate."""
        seeds = (FIRST_SEED, bench.second_seed)
        given = await asyncio.gather(*(self._all(subject, seed, bench) for seed in seeds))
        for use, *answers in zip(subject.uses, *given, strict=False):
            returns = subject.candidate.signature.returns
            finding = _compare(use, dict(zip(seeds, answers, strict=True)), returns)
            if finding is not None:
                return finding
        names = ", ".join(use.name for use in subject.uses)
        unknown = [use.name for use in subject.uses if use.expected is None]
        agreed = f"; the answer on {', '.join(unknown)} was not recorded, the calls agree on it" if unknown else ""
        return Finding(
            outcome="pass",
            evidence=f"{len(subject.uses)} uses ({names}), each called twice from nothing under the hash seeds "
            f"{' and '.join(map(str, seeds))}, there eleven years ahead and seven back in two other time zones: the "
            f"recorded answers{agreed}",
        )

    async def _all(self, subject: Subject, seed: int, bench: Workers) -> list[Answered | Failed]:
        """The answers up to the first that failed: more of them would only cost more time limits."""
        sandbox = await bench.with_seed(seed)
        candidate, seconds = subject.candidate, bench.bounds.seconds
        before = _HERE if seed == FIRST_SEED else _ELSEWHERE
        answers: list[Answered | Failed] = []
        for use in subject.uses:
            answer = await call(candidate, use.context, use.arguments, sandbox, seconds=seconds, before=before)
            answers.append(answer)
            if isinstance(answer, Failed):
                break
        return answers


def _compare(use: Use, answers: dict[int, Answered | Failed], returns: str) -> Finding | None:
    """What speaks against the tool on one use; None when nothing does."""
    values: dict[int, Plain] = {}
    for seed, answer in answers.items():
        if isinstance(answer, Failed):
            return _no(f"on {use.name} (hash seed {seed}) {answer.why}", _REMEDY_ANSWER)
        first, *later = answer.values
        if not all(same_answer(first, other) for other in later):
            when = ", at another time and place," if seed != FIRST_SEED else ""
            remedy = _REMEDY_CLOCK if when else _REMEDY_STATE
            return _no(f"on {use.name} it answers {shown(first)} and then{when} {shown(later[-1])}", remedy)
        values[seed] = first
    (one, first), (other, second) = values.items()
    if not same_answer(first, second):
        evidence = f"on {use.name} it answers {shown(first)} under hash seed {one} and {shown(second)} under {other}"
        return _no(f"{evidence}, where clock and time zone are others too", f"{_REMEDY_SEED}; {_REMEDY_CLOCK}")
    if not is_returned(first, returns):
        return _no(f"on {use.name} it answers {shown(first)}, which is no {returns}", _REMEDY_TYPE)
    if use.expected is not None and not same_answer(use.expected.value, first):
        evidence = f"on {use.name} it answers {shown(first)}; recorded is {shown(use.expected.value)}"
        return _no(evidence, _REMEDY_ANSWER)
    return None


def _no(evidence: str, remedy: str) -> Finding:
    return Finding(outcome="fail", evidence=evidence, remedy=remedy)
