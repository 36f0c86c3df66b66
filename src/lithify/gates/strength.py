"""Gate: the tool's own examples and tests notice when the tool is wrong: the mutation score."""

from __future__ import annotations

from collections.abc import Iterable

from lithify.gates.faults import WRITTEN_ANOTHER_WAY, Tally, Trier
from lithify.gates.gate import Finding, Subject, Workers
from lithify.gates.mutants import Mutant, mutants_of, sampled
from lithify.records.gating import Bounds
from lithify.records.tool import Outcome

_SHOWN = 6
_REMEDY = "record an example (or a property) whose answer changes under the faults that are shown"
_OWN_TEXT = "the answer may depend on the input alone, not on the tool's own text, on chance, or on who asks"


class StrengthGate:
    """Puts small faults into the tool, one at a time, and sees which ones its examples and tests notice."""

    name = "strength"

    async def judge(self, subject: Subject, bench: Workers) -> Finding:
        """See Gate."""
        candidate = subject.candidate
        trier = Trier(subject, bench)
        unfit = await trier.unfit()
        if unfit:
            return _unfit(unfit)
        mutants = mutants_of(candidate.source, candidate.signature.function)
        tally = await trier.by_examples(sampled(mutants, bench.bounds.mutants))
        if candidate.extra and tally.survivors:
            further = await trier.by_tests(tally.survivors)
            if isinstance(further, str):
                return _unfit(further)
            tally = Tally(tally.killed + further.killed, further.survivors, tally.left + further.left)
        return _finding(tally, len(mutants), bench.bounds)


def _unfit(why: str) -> Finding:
    remedy = _OWN_TEXT if WRITTEN_ANOTHER_WAY in why or "by chance" in why else _REMEDY
    return Finding(outcome="fail", evidence=why, remedy=remedy)


def _finding(tally: Tally, made: int, bounds: Bounds) -> Finding:
    tried = tally.killed + len(tally.survivors)
    left = f"; {made - tried} more were not tried" if made > tried else ""
    asked = f"{tally.score:.0%}; {bounds.strength:.0%} is asked for"
    lines = [
        f"{tally.killed} of {tried} faults put into the code are noticed by its own examples and tests ({asked}){left}"
    ]
    lines += _told("not noticed", tally.survivors)
    outcome = _outcome(tally, bounds)
    remedy = "" if outcome == "pass" else _REMEDY
    return Finding(outcome=outcome, evidence="\n".join(lines), remedy=remedy, score=tally.score)


def _outcome(tally: Tally, bounds: Bounds) -> Outcome:
    """One fault that nobody notices is let pass in a tool of two lines: it may be no fault at all."""
    if tally.score >= bounds.strength or (tally.killed and len(tally.survivors) == 1):
        return "pass"
    return "needs-person" if tally.killed and tally.score >= bounds.strength_floor else "fail"


def _told(what: str, mutants: Iterable[Mutant]) -> list[str]:
    shown = [f"  {what}: {mutant}" for mutant in mutants]
    more = [f"  … and {len(shown) - _SHOWN} more"] if len(shown) > _SHOWN else []
    return shown[:_SHOWN] + more
