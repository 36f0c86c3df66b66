"""Trying faults: which of them the tool's own examples and tests notice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from lithify.gates.gate import Subject, Workers
from lithify.gates.mutants import Mutant, rewritten
from lithify.gates.running import FIRST_SEED, Answered, Failed, Trial, call_all, definition_of
from lithify.gates.suite import Ran, Stage
from lithify.layout import same_answer
from lithify.records.quick import dataclass

_AT_ONCE = 3
_AT_LEAST = 6
"""So many are tried however long it takes: a verdict on nothing would be the machine's."""
_LEAST_SECONDS = 0.5
_SLOWER = 8.0
"""How many times slower than the tool a mutant may be before it counts as noticed: a test run would have ended it."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the mutants. left: not tried to the end, because the time was used up."""

    killed: int
    survivors: tuple[Mutant, ...]
    left: int

    @property
    def score(self) -> float:
        """The share of noticed faults, 0 to 1."""
        tried = self.killed + len(self.survivors)
        return self.killed / tried if tried else 0.0


class Trier:
    """Runs mutants of one tool: first on its examples, compared here; then, those that live, through its tests."""

    def __init__(self, subject: Subject, bench: Workers) -> None:
        self._subject = subject
        self._bench = bench
        self._trials = _trials(subject)
        self._seconds = bench.bounds.seconds
        self._left = bench.bounds.strength_seconds

    async def unfit(self) -> str:
        """Why nothing can be told by mutants: the unchanged tool, or the same tool written another way, fails.

        "" when both pass. Measures how long the tool takes.
        """
        candidate = self._subject.candidate
        other = rewritten(candidate.source, candidate.signature.function)
        for how, source in {"": candidate.source, WRITTEN_ANOTHER_WAY: other}.items():
            began = time.perf_counter()
            place = await self._differs(source)
            if place:
                return f"the tool{how} does not give what is recorded on {place}"
            self._seconds = min(
                self._bench.bounds.seconds, max(_LEAST_SECONDS, _SLOWER * (time.perf_counter() - began))
            )
        return ""

    async def by_examples(self, mutants: Sequence[Mutant]) -> Tally:
        """Which mutants the recorded uses notice."""

        async def noticed(mutant: Mutant) -> bool:
            return bool(await self._differs(mutant.source))

        return await self._tally(mutants, noticed, _AT_ONCE)

    async def by_tests(self, survivors: Sequence[Mutant]) -> Tally | str:
        """Which of them the further tests notice; why nothing can be told by them, when the unchanged tool fails.

        The tool is told apart from its mutants by its answers alone: the tests run in another worker. A mutant that
        answers all their calls as the tool did is not noticed, and need not be run.
        """
        ran, heard = await Stage(self._subject, self._bench).heard()
        if not (isinstance(ran, Ran) and ran.good):
            return "its further tests do not pass with the tool"
        stage, tests = Stage(self._subject, self._bench), tuple(dict.fromkeys(map(_function, ran.further)))
        noticing: set[tuple[str, ...]] = set()
        total = max(4 * _LEAST_SECONDS, _SLOWER * heard.seconds)

        async def noticed(source: str) -> bool:
            async with stage.remote(definition_of(candidate, source), self._seconds, total) as remote:
                asked = await heard.differing(remote, tests)
                found = bool(asked) and await stage.notices(remote.answer, asked)
            noticing.update([asked] if found else [])
            return found

        candidate = self._subject.candidate
        if await noticed(rewritten(candidate.source, candidate.signature.function)):
            return f"its further tests do not pass with the tool{WRITTEN_ANOTHER_WAY}"
        found = await self._tally(survivors, lambda mutant: noticed(mutant.source), 2)
        async with stage.remote(definition_of(candidate)) as remote:
            for asked in sorted(noticing):
                if await stage.notices(remote.answer, asked):
                    return "its further tests passed with the tool and then did not: they answer by chance or by count"
        return found

    async def _tally(
        self, mutants: Sequence[Mutant], noticed: Callable[[Mutant], Awaitable[bool]], at_once: int
    ) -> Tally:
        waiting = list(reversed(mutants))
        began = time.perf_counter()
        survivors: list[Mutant] = []
        killed = 0

        async def work() -> None:
            nonlocal killed
            while waiting and (len(mutants) - len(waiting) < _AT_LEAST or time.perf_counter() - began < self._left):
                mutant = waiting.pop()
                if await noticed(mutant):
                    killed += 1
                else:
                    survivors.append(mutant)

        await asyncio.gather(*(work() for _ in range(at_once)))
        self._left -= time.perf_counter() - began
        order = {mutant.source: number for number, mutant in enumerate(mutants)}
        survivors.sort(key=lambda mutant: order[mutant.source])
        return Tally(killed=killed, survivors=tuple(survivors), left=len(waiting))

    async def _differs(self, source: str) -> str:
        """The recorded use on which a source gives another answer, an exception, or no end; "" when there is none."""
        tool = definition_of(self._subject.candidate, source)
        sandbox = await self._bench.with_seed(FIRST_SEED)
        answers = await call_all(tool, self._trials, sandbox, seconds=self._seconds, go_on=_gives)
        if len(answers) == len(self._trials) and all(map(_gives, answers, self._trials)):
            return ""
        return self._trials[max(0, len(answers) - 1)].name


WRITTEN_ANOTHER_WAY = ", written another way (other layout, a line that does nothing),"


def _trials(subject: Subject) -> tuple[Trial, ...]:
    """The examples, small ones first: most faults show on the first one that is tried."""
    return tuple(
        Trial(name=example.name, context=example.context, arguments=example.arguments, expected=example.expected)
        for example in sorted(subject.candidate.examples, key=lambda example: len(str(example.context)))
    )


def _function(test: str) -> str:
    """A test without its parameters."""
    return test.partition("[")[0]


def _gives(answer: Answered | Failed, trial: Trial) -> bool:
    return isinstance(answer, Answered) and same_answer(trial.expected, answer.values[0])
