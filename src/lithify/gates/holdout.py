"""Gate: inputs that the author never saw. Sealed uses with a known answer, and neighbours of the recorded ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lithify.gates.gate import Finding, Subject, Workers
from lithify.gates.regions import fewer, repeated
from lithify.gates.running import FIRST_SEED, Answered, Failed, Trial, answers_to, definition_of
from lithify.layout import HOLDOUT, Form, form_of, same_answer
from lithify.records.context import Texts
from lithify.records.plain import Plain
from lithify.records.tool import Example

_MOST_NEIGHBOURS = 8
_LARGEST = 400_000
_MOST_EXAMPLES = 4
_FEWEST = 3
_BY_HEART = "compute the answer from what the input says; a changed line must not leave the tool without one"


class HoldoutGate:
    """Runs the tool on its sealed uses, and on the recorded inputs with one thing changed.

    What it says names no sealed input and no sealed answer: a model may be told why a gate says no.
    """

    name = "holdout"

    async def judge(self, subject: Subject, bench: Workers) -> Finding:
        """See Gate."""
        candidate = subject.candidate
        wrong = await self._wrong(subject, bench)
        if wrong:
            places = ", ".join(f"{HOLDOUT}cases.json: {one.name}" for one in wrong)
            return Finding(
                outcome="fail",
                evidence=f"{len(wrong)} of {len(candidate.holdout)} sealed uses are answered otherwise ({places})",
                remedy="it answers what it was tried on and not what is like it: find the case that it leaves out",
            )
        learnt = await self._by_heart(subject, bench)
        if learnt is not None:
            return learnt
        sealed = len(candidate.holdout)
        known = f"{sealed} sealed uses are answered right" if sealed else "there are no sealed uses"
        return Finding(
            outcome="pass", evidence=f"{known}; recorded inputs with a line or an element changed are answered too"
        )

    async def _wrong(self, subject: Subject, bench: Workers) -> list[Example]:
        """The sealed uses that the tool does not answer as recorded."""
        sealed = subject.candidate.holdout
        trials = [_trial(one.name, one) for one in sealed]
        answers = await self._answers(subject, trials, bench)
        return [
            one
            for one, answer in zip(sealed, answers, strict=True)
            if not (isinstance(answer, Answered) and same_answer(one.expected, answer.values[0]))
        ]

    async def _by_heart(self, subject: Subject, bench: Workers) -> Finding | None:
        """What speaks for a tool that only knows its recorded inputs; None when nothing does.

        Such a tool gives nothing, or one and the same answer, as soon as a line is missing.
        """
        far = await self._off_record(subject, bench, fewer)
        if far is None:
            return None
        near = await self._off_record(subject, bench, repeated)
        evidence = f"with lines or elements of a recorded input left out, it {far}"
        if near is None:
            return Finding(outcome="needs-person", evidence=evidence, remedy="see that it computes what it answers")
        return Finding(outcome="fail", evidence=f"{evidence}; with one twice, it {near}", remedy=_BY_HEART)

    async def _off_record(
        self, subject: Subject, bench: Workers, change: Callable[[Texts, Form], Sequence[Texts]]
    ) -> str | None:
        """What the tool always does on changed inputs, when it is always the same and never what is recorded."""
        told: list[Plain] = []
        tried = 0
        form = form_of(subject.candidate.signature)
        for example in subject.candidate.examples[:_MOST_EXAMPLES]:
            others = change(example.context, form) if len(str(example.context)) <= _LARGEST else ()
            trials = [Trial(name="", context=one, arguments=example.arguments, expected=None) for one in others]
            answers = await self._answers(subject, trials[:_MOST_NEIGHBOURS], bench)
            tried += len(answers)
            given = [answer.values[0] for answer in answers if isinstance(answer, Answered)]
            if any(same_answer(example.expected, one) for one in given):
                return None
            told += given
        if tried < _FEWEST or any(not same_answer(told[0], one) for one in told):
            return None
        return f"always answers {told[0]!r:.80} ({tried} ways)" if told else f"never answers ({tried} ways)"

    async def _answers(self, subject: Subject, trials: Sequence[Trial], bench: Workers) -> list[Answered | Failed]:
        """One answer for each; those behind a lost worker failed too."""
        sandbox = await bench.with_seed(FIRST_SEED)
        return await answers_to(definition_of(subject.candidate), trials, sandbox, seconds=bench.bounds.seconds)


def _trial(name: str, example: Example) -> Trial:
    return Trial(name=name, context=example.context, arguments=example.arguments, expected=example.expected)
