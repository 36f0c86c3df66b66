"""The session of an exploration: runs cells, is opened again when it is lost, and keeps their order for the record."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from lithify.errors import BudgetSpent, ProgrammerMustAct, SandboxLost
from lithify.ports import HostFunction, Session
from lithify.records.binding import bind
from lithify.records.cell import CellError, CellResult
from lithify.records.citation import Citation
from lithify.records.events import CellFinished, CellStarted
from lithify.records.plain import Plain
from lithify.records.run import CellRun
from lithify.rlm import step
from lithify.rlm.asking import Asking
from lithify.rlm.citations import CITE_PRELUDE
from lithify.rlm.prelude import CLEAR, NAMES, PRELUDE, SMALL_PRELUDE
from lithify.rlm.prompt import fill
from lithify.rlm.subcalls import SubCalls
from lithify.rlm.submission import Desk
from lithify.rlm.task import Exploration, Means

_HOUSEKEEPING_SECONDS = 10.0
"""Time for the probe, which is ours and quick."""
_OPENING_SECONDS = 60.0
"""Time to make the inputs what they are (a database of 1 GB is copied), and for the prelude."""


class Repl:
    """The session of an exploration: opened again when it is lost."""

    def __init__(self, task: Exploration, means: Means, asking: Asking, subcalls: SubCalls) -> None:
        self._task = task
        self._means = means
        self._asking = asking
        self._subcalls = subcalls
        self._session: Session | None = None
        self._left = asking.past.remembered("budget", self._told)
        self._desk = Desk(self, task, fresh=True)

    @property
    def is_open(self) -> bool:
        """Whether there is a session with what the cells before left in it."""
        return self._session is not None

    async def turn_to(self, task: Exploration, means: Means, asking: Asking, subcalls: SubCalls) -> None:
        """Go on for the next question: another run and budget, the same variables."""
        changed = task.extras.code != self._task.extras.code
        self._task = task
        self._means = means
        self._asking = asking
        self._subcalls = subcalls
        self._left = asking.past.remembered("budget", self._told)
        self._desk = Desk(self, task, fresh=not self.is_open)
        if self.is_open:
            await self.housekeep(f"{CLEAR}\n{CITE_PRELUDE if task.cite else ''}")
            if changed:
                await self._prepare()

    async def open(self) -> Session:
        """A fresh session with the context, the functions and the prelude."""
        await self.close()
        bound = bind(self._task.context)
        session = await self._means.sandbox.open_session(
            bound.inputs,
            {
                "llm_query": HostFunction(handler=self._llm_query, batched=True),
                "rlm_query": HostFunction(handler=self._rlm_query, batched=True),
                "budget": HostFunction(handler=self._budget),
                **self._task.extras.functions,
            },
            seed=self._task.seed,
        )
        self._session = session
        citing = CITE_PRELUDE if self._task.cite else ""
        result = await session.run(f"{bound.code}\n{PRELUDE}{citing}", timeout=_OPENING_SECONDS, aside=True)
        if result.error is not None and self._means.sandbox.notes:
            small = f"{bound.code}\n{SMALL_PRELUDE}{citing}"
            result = await session.run(small, timeout=_OPENING_SECONDS, aside=True)
        if result.error is not None:
            raise SandboxLost("died", f"the REPL could not be prepared: {result.error.kind}: {result.error.message}")
        await self._prepare()
        return session

    async def _prepare(self) -> None:
        """Run the caller's own code. Raises ProgrammerMustAct when it fails."""
        code = self._task.extras.code
        result = await self.housekeep(code) if code else CellResult()
        if result.error is not None:
            raise ProgrammerMustAct(f"the code to begin with failed: {result.error.kind}: {result.error.message}")

    async def close(self) -> None:
        """End the session, if there is one."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _llm_query(self, args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
        return await self._subcalls.llm_query(args, kwargs)

    async def _rlm_query(self, args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
        return await self._subcalls.rlm_query(args, kwargs)

    async def _budget(self, args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
        return await self._left(args, kwargs)

    async def _told(self, args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
        return self._asking.budget.left()

    async def run(self, command: step.RunCells) -> step.Observation:
        """Run the cells of a reply up to the first that fails, then look for a submission."""
        runs: list[CellRun] = []
        try:
            for code in command.cells:
                self._asking.budget.check_time()
                runs.append(await self.cell(code, len(runs)))
                if not runs[-1].result.ok:
                    await self.housekeep(CLEAR)
                    return step.CellsRan(command.reply, tuple(runs), None)
            submission = await self._desk.submitted(command, runs)
        except SandboxLost as lost:
            return await self._lost(command.reply, runs, lost)
        except BudgetSpent as spent:
            return step.LimitReached(str(spent))
        return step.CellsRan(command.reply, tuple(runs), submission)

    async def cell(self, code: str, index: int) -> CellRun:
        session = self._session or await self.open()
        limit = min(self._task.limits.cell_seconds, self._asking.budget.seconds_left)
        lost: SandboxLost | None = None
        self._desk.hear(code)
        self._means.observer.notify(
            CellStarted(run_id=self._task.run_id, turn=self._asking.turn, index=index, code=code)
        )
        try:
            result = await session.run(code, timeout=limit)
        except asyncio.CancelledError:
            await self.close()  # stopped in the middle of a cell: what it left is in no known state
            raise
        except SandboxLost as error:
            lost = error
            result = CellResult(error=CellError(kind="SandboxLost", message=str(error)))
        run = CellRun(code=code, result=result, subcalls=self._subcalls.take(), lost=lost is not None)
        self._means.observer.notify(
            CellFinished(
                run_id=self._task.run_id,
                turn=self._asking.turn,
                index=index,
                code=code,
                result=result,
                lost=run.lost,
            )
        )
        if lost is not None:
            raise _LostInCell(run, lost)
        return run

    async def _lost(self, reply: str, runs: list[CellRun], lost: SandboxLost) -> step.CellsRan:
        if isinstance(lost, _LostInCell):
            runs.append(lost.run)
        await self.open()
        hint = fill("lost", {"reason": f"{lost}.".replace("..", "."), "names": self._task.context.name})
        return step.CellsRan(reply, tuple(runs), None, hint)

    async def citations(self) -> tuple[Citation, ...]:
        """The quotes that the model gave so far, looked up in the data; none when the session is lost."""
        try:
            return await self._desk.citations()
        except SandboxLost:
            return ()

    async def variables(self) -> dict[str, str]:
        """What the session holds, name → type and size; nothing when it is lost."""
        try:
            names = (await self.housekeep(NAMES)).value
        except SandboxLost:
            return {}
        return {str(name): str(kind) for name, kind in names.items()} if isinstance(names, Mapping) else {}

    async def housekeep(self, code: str) -> CellResult:
        session = self._session or await self.open()
        return await session.run(code, timeout=_HOUSEKEEPING_SECONDS, aside=True)


class _LostInCell(SandboxLost):
    """The worker was lost in a model's cell (and not in housekeeping)."""

    def __init__(self, run: CellRun, lost: SandboxLost) -> None:
        super().__init__(lost.reason, str(lost))
        self.run = run
