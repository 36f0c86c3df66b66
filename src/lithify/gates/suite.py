"""Gate: pytest over the tool's folder, in the sandbox, with a verdict that is made here.

What candidate and tests print is never read. The tests run in one worker and the tool in another: the tests see what
any caller gets, and neither can reach the other. The runner's counts come over the session's channel and must be
exactly what this process knows they must be. A further test must fail when the tool never answers or always answers
wrong: one that passes all the same looks at nothing. And the same tests beside the tool's own code, as a person may run
them in eleven years, must end the same way, or one of the two behaves differently when it is tested, or tomorrow.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from lithify.errors import SandboxLost
from lithify.gates.elsewhen import PLACES, PREPARE
from lithify.gates.elsewhere import Elsewhere, raising, wrong
from lithify.gates.gate import Finding, Subject, Workers
from lithify.gates.heard import Heard
from lithify.gates.runner import CALL, FOLDER, run_cell, stand_in
from lithify.gates.running import FIRST_SEED, Definition, definition_of
from lithify.layout import SUITE_PATH
from lithify.ports import HostFunction, HostHandler, Sandbox
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.tool import Candidate

_COUNTS = ("exit", "collected", "passed", "failed", "skipped", "broken")
_SHOWN = 1500
_NAMED = 5
_REMEDY = "run pytest in the folder of the tool, and mend what fails"
_TRIES = 20
"""On how many inputs a property is tried."""
_CONTROL = run_cell(5, options=("--tb=no",))
"""Where a property is to fail, few do, and nobody reads how."""
_LATER = f"{PREPARE}\n{PLACES[0]}\n"
_FIRST_FAILURE = ("--tb=no", "-x")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What the runner counted and how each test ended; said is what was printed, for a person only."""

    counts: Mapping[str, int]
    ends: Mapping[str, str]
    said: str

    @property
    def good(self) -> bool:
        """Whether at least one test was collected and every one of them passed."""
        number = self.counts["collected"]
        nothing = {"exit": 0, "failed": 0, "skipped": 0, "broken": 0}
        every = set(self.ends.values()) == {"passed"} and len(self.ends) == number
        return number > 0 and every and self.counts == {"collected": number, "passed": number, **nothing}

    @property
    def further(self) -> tuple[str, ...]:
        """The tests that pass, without those of the recorded examples."""
        own = f"{SUITE_PATH}::"
        return tuple(test for test, end in self.ends.items() if end == "passed" and not test.startswith(own))


class TestsGate:
    """Runs the suite as it would lie in the library: apart from the tool, beside it, and against a sabotaged one."""

    __test__ = False  # its name begins as pytest's tests do
    name = "tests"

    async def judge(self, subject: Subject, bench: Workers) -> Finding:
        """See Gate."""
        candidate = subject.candidate
        stage = Stage(subject, bench)
        never = [stage.against(raising)] if candidate.extra else []
        (apart, _), controls = await asyncio.gather(stage.heard(), asyncio.gather(*never))
        beside = await stage.beside()
        if any(isinstance(one, Ran) and one.further for one in controls):
            controls.append(await stage.against(wrong))
        for found in (apart, beside, *controls):
            if isinstance(found, str):
                return Finding(outcome="fail", evidence=found, remedy=_REMEDY)
        return _verdict(candidate, [one for one in (apart, beside, *controls) if isinstance(one, Ran)])


class Stage:
    """Where the tests run: in one sandbox for all gates, the tool in another one."""

    def __init__(self, subject: Subject, bench: Workers) -> None:
        self._subject = subject
        self._bench = bench
        self._laid_out = asyncio.Lock()
        self._apart: Path | None = None

    async def heard(self) -> tuple[Ran | str, Heard]:
        """How the tests end with the tool in another worker, and what they asked it. Run once for all gates."""
        return await self._bench.once("tests", self._hear)

    async def _hear(self) -> tuple[Ran | str, Heard]:
        async with self.remote(definition_of(self._subject.candidate)) as remote:
            heard = Heard(remote)
            return await self.against(heard.answer, run_cell(_TRIES)), heard

    @asynccontextmanager
    async def remote(
        self, tool: Definition, seconds: float | None = None, total: float | None = None
    ) -> AsyncIterator[Elsewhere]:
        """A tool in another worker, for the tests to call. seconds: for one call; total: for all of them."""
        elsewhere, bounds = await self._bench.with_seed(FIRST_SEED), self._bench.bounds
        remote = Elsewhere(tool, elsewhere, seconds or bounds.seconds, total or bounds.tests_seconds)
        try:
            yield remote
        finally:
            await remote.close()

    async def notices(self, tool: HostHandler, tests: Sequence[str]) -> bool:
        """Whether one of these tests fails with another tool in place of the one that is judged."""
        ran = await self.against(tool, run_cell(_TRIES, tests, _FIRST_FAILURE))
        return not (isinstance(ran, Ran) and ran.good)

    async def against(self, tool: HostHandler, cell: str = _CONTROL) -> Ran | str:
        """Run the tests with what a function of the host answers in place of the tool."""
        async with self._bench.for_tests() as (sandbox, shared):
            async with self._laid_out:
                if self._apart is None:
                    files = {**self._subject.files, "tool.py": stand_in(self._subject.candidate.signature)}
                    self._apart = await asyncio.to_thread(_lay_out_below, shared, self._subject.candidate, files)
            return await _run(sandbox, self._apart, {CALL: HostFunction(handler=tool)}, cell, self._bench)

    async def beside(self) -> Ran | str:
        """Run the tests with the tool's own code beside them, as a person may years later. No other test runs then."""
        async with self._bench.for_tests(alone=True) as (sandbox, shared):
            folder = await asyncio.to_thread(_lay_out_below, shared, self._subject.candidate, self._subject.files)
            try:
                return await run_beside(sandbox, folder, self._bench, _LATER)
            finally:
                await asyncio.to_thread(shutil.rmtree, folder.parent)


def lay_out(root: Path, candidate: Candidate, files: Mapping[str, bytes]) -> Path:
    """Write the tool's files below root, beside the tools that it imports; gives its folder."""
    folder = root / candidate.signature.function
    _write(folder, files)
    for name, source in candidate.callees.items():
        _write(root / name, {"tool.py": source.encode("utf-8", "surrogatepass")})
    return folder


def modules_for(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """What running the tests among these files imports."""
    return ("pytest", "hypothesis") if any(b"hypothesis" in data for data in files.values()) else ("pytest",)


def _lay_out_below(shared: Path, candidate: Candidate, files: Mapping[str, bytes]) -> Path:
    return lay_out(Path(tempfile.mkdtemp(dir=shared)), candidate, files)


async def run_beside(sandbox: Sandbox, folder: Path, bench: Workers, before: str = "") -> Ran | str:
    """Run a folder's tests with the tool's own code beside them, as a person does. before: a cell to run first."""
    return await _run(sandbox, folder, {}, before + run_cell(_TRIES), bench)


async def _run(
    sandbox: Sandbox, folder: Path, functions: Mapping[str, HostFunction], cell: str, bench: Workers
) -> Ran | str:
    """Run one folder's tests in a session of its own; the reason, when they did not come to an end."""
    seconds = bench.bounds.tests_seconds
    try:
        session = await sandbox.open_session({FOLDER: str(folder)}, functions)
        try:
            result = await session.run(cell, timeout=seconds)
        finally:
            await session.close()
    except SandboxLost as lost:
        return f"the tests did not come to an end: {lost}"
    if result.timed_out:
        return f"the tests did not end within {seconds:g} s"
    if result.error is not None:
        return f"the tests did not come to an end: {result.error.kind}: {result.error.message[:300]}"
    found = _read(result.value)
    if found is None:
        return "the runner did not give its counts: something replaced it"
    return Ran(counts=found[0], ends=found[1], said=result.stdout[-_SHOWN:])


def _read(value: Plain) -> tuple[dict[str, int], dict[str, str]] | None:
    """The runner's counts and ends when they are what a runner gives: every byte from the worker is a stranger's."""
    if not isinstance(value, list) or len(value) != 2:
        return None
    given, ends = value
    if not isinstance(given, Mapping) or not isinstance(ends, Mapping) or set(given) != set(_COUNTS):
        return None
    counts = {str(name): number for name, number in given.items() if type(number) is int}
    said = {str(name): str(end) for name, end in ends.items()}
    return (counts, said) if len(counts) == len(_COUNTS) else None


def _verdict(candidate: Candidate, runs: list[Ran]) -> Finding:
    """Every example is a test and passes; every other test passes, and fails against a sabotaged tool."""
    apart, beside, *controls = runs
    examples = len(candidate.examples)
    recorded = [test for test in apart.ends if test.startswith(f"{SUITE_PATH}::")]
    if not apart.good or len(recorded) != examples:
        evidence = f"{told(apart)}; each of the {examples} examples must be a test, every test pass, none be skipped"
        if beside.good and len(apart.ends) == len(beside.ends):
            remedy = "test what a caller gets: not the tool's text, private names, or objects that are no plain data"
            return _no(f"with the tool in another worker, {evidence}. pytest printed:\n{apart.said}", remedy)
        return _no(f"{evidence}. pytest printed:\n{apart.said}", _REMEDY)
    if not beside.good or beside.ends != apart.ends:
        evidence = f"beside the tool's own code, eleven years later, {told(beside)}; apart from it, {told(apart)}"
        remedy = "the tool may not behave differently when it is tested, nor the tests at another time"
        return _no(f"{evidence}. pytest printed:\n{beside.said}", remedy)
    further = apart.further
    hollow = [test for test in further if controls and all(test in one.further for one in controls)]
    if hollow:
        evidence = f"passes whatever the tool answers, and when it does not answer: {', '.join(hollow[:_NAMED])}"
        return _no(evidence, "let the test compare what the tool gives with something, or remove it")
    more = f", {len(further)} of them further ones, each of which fails when the tool is sabotaged" if further else ""
    return Finding(
        outcome="pass",
        evidence=f"{len(apart.ends)} of {len(apart.ends)} collected tests passed{more}; "
        "the tool ran in another worker, and once more beside them, eleven years later",
    )


def _no(evidence: str, remedy: str) -> Finding:
    return Finding(outcome="fail", evidence=evidence, remedy=remedy)


def told(ran: Ran) -> str:
    """How a run ended, in numbers."""
    return ", ".join(f"{name} {ran.counts[name]}" for name in _COUNTS)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """The tool and its tests; sealed uses stay out of their reach."""
    chosen = {path: data for path, data in files.items() if path == "tool.py" or path.startswith("tests/")}
    for path, data in {**chosen, "pytest.ini": b"[pytest]\n"}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
