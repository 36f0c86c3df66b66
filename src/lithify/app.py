"""The public face: Lab, with one synchronous wrapper for each thing that waits."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, Unpack, overload

from lithify.keeper import Data, Keeper
from lithify.ports import Fanout, Observer
from lithify.records.context import Context
from lithify.records.events import Event
from lithify.records.run import Limits, RunResult
from lithify.services.workbench import Workbench
from lithify.settings import Overrides, load_settings
from lithify.watching import Followed, Watchers

if TYPE_CHECKING:
    from lithify.context import Survey
    from lithify.conversation import Conversation
    from lithify.records.tool import Tool
    from lithify.services import asking, planning
    from lithify.services.wanted import ResumeTyped, Wanted

T = TypeVar("T")


class Lab(Keeper):
    """A library, a model, a sandbox and a ledger, ready to ask. Use it as a context manager, or close it.

    The methods ending in _async are the same without waiting; all calls on one Lab belong to one event loop.
    models: models of the caller's own, used instead of those that the settings name.
    """

    @overload
    def ask(self, question: str, context: Data, *, answer_type: type[T], **wanted: Unpack[Wanted]) -> RunResult[T]: ...
    @overload
    def ask(
        self, question: str, context: Data, *, answer_type: object = None, **wanted: Unpack[Wanted]
    ) -> RunResult[Any]: ...
    def ask(
        self, question: str, context: Data, *, answer_type: object = None, **wanted: Unpack[Wanted]
    ) -> RunResult[Any]:
        """Answer a question over data: by a kept tool when one fits, else by exploring, and keep what worked.

        answer_type: what the answer must be, and then is: any type that pydantic can read, or a JSON schema (a dict)
        wanted:      see `Wanted`

        A str is the text itself; give a Path for a file.
        """
        return self.wait(self.ask_async(question, context, answer_type=answer_type, **wanted))

    async def ask_async(
        self, question: str, context: Data, *, answer_type: object = None, **wanted: Unpack[Wanted]
    ) -> RunResult[Any]:
        """See `ask`."""
        from lithify.services.wanted import inquiry_of

        return await self.inquire(inquiry_of(question, self.load(context), answer_type, **wanted))

    def session(self, context: Data, *, limits: Limits | None = None) -> Conversation:
        """Several questions over one context, in one REPL. limits: what each may spend, else as the settings say."""
        from lithify.conversation import Conversation

        return Conversation(self.load(context), self, limits)

    def plan(self, question: str, context: Context) -> planning.Plan:
        """Which way a question would go: by a kept tool, by a model that picks one, or by exploring. Runs nothing."""
        from lithify.services import planning

        return planning.plan(question, context, self.library)

    def survey(self, paths: Sequence[Path]) -> Survey:
        """How many files and bytes the paths stand for, known without reading them."""
        from lithify.context import survey

        return survey(paths)

    def subscribe(self, callback: Callable[[Event], None], *, text: bool = False) -> Callable[[], None]:
        """Tell callback of every event of the runs that begin from now on; what is returned ends that.

        text: the model's words as they come, too (ModelText).
        """
        return self._watchers.subscribe(callback, text=text)

    def follow(
        self, question: str, context: Data | Context, *, answer_type: object = None, **wanted: Unpack[Wanted]
    ) -> Followed[RunResult[Any]]:
        """`ask_async` as a stream of events, the model's words among them: see `Followed`."""

        def start(tell: Callable[[Event], None]) -> Coroutine[Any, Any, RunResult[Any]]:
            from lithify.services.wanted import inquiry_of

            inquiry = inquiry_of(question, self.load(context), answer_type, **wanted)
            bench, own = self.bench(inquiry.context.modules), Watchers()
            own.subscribe(tell)
            return self._inquire(inquiry, replace(bench, observer=Fanout([bench.observer, own]), streaming=True))

        return Followed(start)

    def inquire_and_learn(
        self, question: str, context: Context, *, answer_type: object = None, **wanted: Unpack[Wanted]
    ) -> RunResult[Any]:
        """`ask` over a Context that is loaded already."""
        from lithify.services.wanted import inquiry_of

        return self.wait(self.inquire(inquiry_of(question, context, answer_type, **wanted)))

    def resume(
        self, run_id: str, context: Data | Context | None = None, **typed: Unpack[ResumeTyped]
    ) -> RunResult[Any]:
        """Go on with a run that was interrupted: what models answered before is not asked, or paid, a second time.

        context: the same data again; needed when it was not given as paths. Raises BadInput for a run that is finished
        or still running, and where data, models or prompts are not the same.
        """
        return self.wait(self.resume_async(run_id, context, **typed))

    async def resume_async(
        self, run_id: str, context: Data | Context | None = None, **typed: Unpack[ResumeTyped]
    ) -> RunResult[Any]:
        """See `resume`."""
        from lithify.services import resuming
        from lithify.services.wanted import answer_of

        found = resuming.interrupted(self.ledger.run(run_id))
        run_id = found.run.summary.run_id
        loaded = self.load(list(resuming.paths_to_read(found)) if context is None else context)
        bench = replace(self.bench(loaded.modules), limits=found.setup.limits, recall=self.ledger.recall(run_id))
        resuming.check_models(found, bench.setup.models if bench.setup else ())
        return await self._inquire(resuming.inquiry_of(found, loaded, answer_of(**typed)), bench)

    async def inquire(self, inquiry: asking.Inquiry) -> RunResult[Any]:
        """Ask, then learn from a solved exploration. The answer has the type that was asked for."""
        return await self._inquire(inquiry, self.bench(inquiry.context.modules))

    async def _inquire(self, inquiry: asking.Inquiry, bench: Workbench) -> RunResult[Any]:
        from lithify.services import asking

        asked = await asking.ask(inquiry, bench)
        result, trajectory = asked.result, asked.trajectory
        if not inquiry.ephemeral and trajectory is not None and result.complete:
            from lithify.services import failing, learning, preloading  # loaded when there is something to keep

            failed = asked.failed
            if inquiry.goes_on is not None:  # what failed before it was interrupted is on record
                failed = failing.failing_uses(self.ledger.run(result.run_id).tool_uses, self.library.view())
            modules = (*inquiry.context.modules, *preloading.of_cells(trajectory.cells))
            ready = replace(bench, sandbox=self._sandbox_with(modules))
            learned = await learning.learn(result, trajectory, inquiry.context, ready, failed=failed)
            result = replace(result, candidate=learned.candidate.id) if learned.candidate else result
        if not inquiry.ephemeral:
            self._settle(result.run_id, asked.tool)
            if result.tool is not None:
                self._check_behind(result.run_id, result.tool.name)
        return result if asked.typed is None else result.with_answer(asked.typed.value)

    def _settle(self, run_id: str, tool: Tool | None) -> None:
        """Give the tools that this run used the status that their uses have earned. The answer stands either way."""
        used = self.ledger.tools_used(run_id)
        if not used:
            return
        from lithify.services import trust

        for name in used:
            trust.settle_on_record(name, self.ledger, self.library, tool)

    def _check_behind(self, run_id: str, tool: str) -> None:
        """Let a process of its own derive the answer anew, where the settings want that of this replay."""
        if not self.settings.shadow.on or self._given_models is not None:
            return
        from lithify import background
        from lithify.services import shadowing

        wanted = shadowing.process_for(self.ledger.run(run_id), self.ledger.tool_uses(tool), self.settings)
        if wanted is not None:
            background.start(wanted.arguments, wanted.folder, wanted.environment)

    def __enter__(self) -> Lab:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_lab(
    library: str | Path | None = None,
    *,
    model: str | None = None,
    base_url: str | None = None,
    observers: Sequence[Observer] = (),
) -> Lab:
    """A Lab by lithify.toml, the environment and what is given here. `lithify.open` is this function."""
    overrides = Overrides(model=model, base_url=base_url, library=Path(library) if library is not None else None)
    return Lab(load_settings(overrides), observers)
