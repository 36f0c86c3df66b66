"""The public face: Lab, with one synchronous wrapper for each thing that waits."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, Unpack, overload

from lithify.errors import BadInput
from lithify.parts import Parts, surroundings
from lithify.ports import Fanout, Observer
from lithify.records.context import Context
from lithify.records.events import Event
from lithify.records.plain import Plain
from lithify.records.run import Limits, RunResult
from lithify.services.sampling import Sample
from lithify.services.workbench import Workbench
from lithify.settings import Overrides, load_settings
from lithify.watching import Followed, Watchers

if TYPE_CHECKING:
    from lithify.context import Given, Survey
    from lithify.conversation import Conversation
    from lithify.records.ledger import RunDetail
    from lithify.records.tool import Tool
    from lithify.services import asking, checking, gating, planning, reviewing, upkeeping
    from lithify.services.wanted import ResumeTyped, Wanted
    from lithify.upkeep import Page

T = TypeVar("T")
Data: TypeAlias = "Given"
"""What can be given as context: text, bytes, a path or several, texts by name, a table, a database, plain data, or
several of these by name."""


class Lab(Parts):
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

    def load(self, data: Data | Context) -> Context:
        """The Context of what is given, so that several questions share one reading."""
        from lithify.context import context_of

        return (
            data
            if isinstance(data, Context)
            else context_of(data, max_bytes=self.settings.limits.context_mb * 1_000_000)
        )

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
            ready = replace(bench, sandbox=self.sandbox_with(modules))
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

    def wrong(
        self, run_id: str, context: Data | None = None, *, answer: Plain | None = None, why: str = ""
    ) -> checking.Checked:
        """Say that a kept tool's answer in a run is wrong. With a model the answer is derived anew, and learned from.

        context: the same data again, when it is no longer where it was. Raises BadInput for a run that no
        tool answered.
        """
        return self.wait(self._wrong(run_id, context, answer, why))

    async def _wrong(self, run_id: str, context: Data | None, answer: Plain | None, why: str) -> checking.Checked:
        from lithify.services import checking

        run = self.ledger.run(run_id)
        modelless = self._models is None and not self.settings.model
        loaded = None if modelless else self._data_of(run, context)
        bench = self.bench(loaded.modules if loaded else ())
        return await checking.wrong(run, loaded, answer, why, bench, self.ledger)

    def shadow(self, sample: Sample = Sample()) -> tuple[checking.Checked, ...]:  # noqa: B008 - frozen
        """Derive some answers of kept tools anew and compare. Runs whose data changed or went are passed over."""
        return self.wait(self._shadow(sample))

    async def _shadow(self, sample: Sample) -> tuple[checking.Checked, ...]:
        from lithify.services import checking

        found = await checking.shadows(sample, self._unchanged, lambda one: self.bench(one.modules), self.ledger)
        return tuple(found)

    def shadow_behind(self) -> tuple[checking.Checked, ...]:
        """The checks that `[shadow]` in the settings asks for, within its budget; none while a process makes some.

        What a replay starts by itself in a process of its own. The conversation is not recorded to a cassette.
        """
        return self.wait(self._shadow_behind())

    async def _shadow_behind(self) -> tuple[checking.Checked, ...]:
        from lithify import background
        from lithify.services import shadowing

        if not self.settings.shadow.on:
            return ()
        if self._models is None:
            self.settings = replace(self.settings, record=None)
        with background.alone(self.settings.library / ".lithify" / "shadow.lock") as alone:
            if not alone:
                return ()
            wanted, find = self.settings.shadow, self._unchanged
            means = shadowing.Means(find=find, bench=lambda one: self.bench(one.modules), ledger=self.ledger)
            return tuple(await shadowing.check_within(wanted, means, datetime.now(UTC)))

    def upkeep(self, order: upkeeping.Order | None = None) -> Page:
        """Look at every kept tool again, and do what is ordered besides: proposals, shared evidence, shadow checks.

        Raises NoModel when checks are ordered, one is due, and no model is configured.
        """
        from lithify.services import upkeeping

        means = upkeeping.Means(
            bench=self.bench(),
            ledger=self.ledger,
            surroundings=surroundings,
            now=lambda: datetime.now(UTC),
            find=self._unchanged,
            bench_for=lambda context: self.bench(context.modules),
        )
        return self.wait(upkeeping.keep_up(order or upkeeping.Order(), means))

    def _unchanged(self, run: RunDetail) -> Context | None:
        """The data of a run, when it is where it was and as it was."""
        try:
            loaded = self._data_of(run, None)
        except BadInput:
            return None
        return loaded if loaded.digest == run.context_digest else None

    def _data_of(self, run: RunDetail, context: Data | None) -> Context:
        """The data of a run, from where it was or as it is given now. Raises BadInput when it is not to be had."""
        if context is not None:
            return self.load(context)
        if run.setup is None:
            raise BadInput(f"where the data of run {run.summary.run_id} was is not on record; name it")
        from lithify.services import resuming

        return self.load(list(resuming.paths_to_read(resuming.Interrupted(run=run, setup=run.setup))))

    def call(self, name: str, context: Data, **arguments: int | float | str) -> Plain:
        """Run a kept tool by name. Raises NotCovered when it does not cover this input."""
        return self.wait(self.call_async(name, context, **arguments))

    async def call_async(self, name: str, context: Data, **arguments: int | float | str) -> Plain:
        """See `call`."""
        from lithify.services import preloading, running

        tool, loaded = self.tool(name), self.load(context)
        call = running.call_of(tool, loaded, arguments)
        sandbox = await self.sandbox((*loaded.modules, *preloading.of_requirements(tool.requirements)))
        return await running.run_tool(call, sandbox, self.settings.limits)

    def tools(self) -> tuple[Tool, ...]:
        """The kept tools that may run."""
        return self.library.view().tools

    def search(self, words: str, *, limit: int = 5, semantic: bool = False) -> tuple[Tool, ...]:
        """The kept tools that words speak of, nearest first. semantic: by meaning too; needs the extra of that name."""
        from lithify.search import open_index
        from lithify.services import finding

        view = self.library.view()
        name = "search-semantic.db" if semantic else "search.db"
        with closing(open_index(self.settings.library / ".lithify" / name, semantic=semantic)) as index:
            return finding.find_tools(words, view, index, limit)

    def tool(self, name: str) -> Tool:
        """One kept tool, every byte of it checked now.

        Raises BadInput when there is none of that name, LibraryProblem (mostly NotInLock) when it may not run.
        """
        known = self.library.names()
        if name in known:
            return self.library.load(name)
        import difflib

        near = difflib.get_close_matches(name, known, 3)
        hint = f"; near are {', '.join(near)}" if near else "; `lithify tools` lists them"
        raise BadInput(f"there is no tool {name!r} in {self.settings.library}{hint}")

    def gate(self, target: str | Path) -> gating.Judged:
        """What the gates say of a folder, or of a kept tool by name. Nothing is kept."""
        from lithify.library import read_target
        from lithify.services import gating

        found = read_target(self.settings.library, str(target))
        folder = gating.Folder(where=found.where, files=found.files, kept_as=found.kept_as)
        return self.wait(gating.gate(folder, self.bench()))

    def review(self) -> tuple[reviewing.Pending, ...]:
        """What waits for review: candidates and hand-edited tools, with the evidence of their gates."""
        from lithify.services import reviewing

        bench = self.bench()
        return reviewing.pending(bench) + self.wait(reviewing.edited(bench))

    def approve(self, item: reviewing.Pending) -> Tool:
        """Gate it once more and commit it."""
        from lithify.services import reviewing

        return self.wait(reviewing.approve(item, self.bench()))

    def reject(self, item: reviewing.Pending, reason: str) -> None:
        """Say no, with a reason; the same proposal does not come back."""
        from lithify.services import reviewing

        reviewing.reject(item, reason, self.bench())

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
