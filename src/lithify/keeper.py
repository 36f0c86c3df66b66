"""What a Lab does with the tools of its library: run, find, gate, review and hold them to account, and keep them up."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from lithify.errors import BadInput
from lithify.parts import Parts
from lithify.records.context import Context
from lithify.records.plain import Plain
from lithify.services.sampling import Sample

if TYPE_CHECKING:
    from lithify.context import Given
    from lithify.records.cases import Case
    from lithify.records.ledger import RunDetail
    from lithify.records.tool import Tool
    from lithify.services import checking, gating, reviewing, upkeeping
    from lithify.services.softening import Softened, Unsoftened
    from lithify.upkeep import Page

Data: TypeAlias = "Given"
"""What can be given as context: text, bytes, a path or several, texts by name, a table, a database, plain data, or
several of these by name."""


class Keeper(Parts):
    """The half of Lab that needs no question: see there."""

    def load(self, data: Data | Context) -> Context:
        """The Context of what is given, so that several questions share one reading."""
        from lithify.context import context_of

        return (
            data
            if isinstance(data, Context)
            else context_of(data, max_bytes=self.settings.limits.context_mb * 1_000_000)
        )

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

    def right(self, run_id: str) -> checking.Checked:
        """Say that a kept tool's answer in a run is right; where a model picked the tool, it learns the wording.

        Raises BadInput for a run that no tool answered.
        """
        from lithify.services import checking

        return checking.right(self.ledger.run(run_id), self.bench())

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
        from lithify.library import surroundings
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
        """Run a kept tool by name. Raises NotCovered when it does not cover this input.

        One that asks a model does so as a run of its own, within the limits of a run.
        """
        return self.wait(self.call_async(name, context, **arguments))

    async def call_async(self, name: str, context: Data, **arguments: int | float | str) -> Plain:
        """See `call`."""
        from lithify.services import calling, preloading, running

        tool, loaded = self.tool(name), self.load(context)
        call = running.call_of(tool, loaded, arguments)
        sandbox = await self.sandbox((*loaded.modules, *preloading.of_requirements(tool.requirements)))
        return await calling.call_by_name(f"{name} v{tool.version}, called by name", call, sandbox, self.bench())

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

    def cases(self, name: str = "") -> tuple[Case, ...]:
        """What kept tools, or the one of this name, should answer and do not, and no next version does."""
        from lithify.services import cases

        return cases.open_cases(self.library, [name] if name else ())

    def soften(self, name: str, *, with_model: bool = False) -> Softened | Unsoftened:
        """Propose a version of a tool that asks a model for its open cases; it waits for review. See services."""
        return self.wait(self._soften(name, with_model))

    async def _soften(self, name: str, with_model: bool) -> Softened | Unsoftened:
        from lithify.services import softening

        return await softening.soften(self.tool(name).name, self.cases(name), self.bench(), with_model=with_model)

    def approve(self, item: reviewing.Pending) -> Tool:
        """Gate it once more and commit it."""
        from lithify.services import reviewing

        return self.wait(reviewing.approve(item, self.bench()))

    def reject(self, item: reviewing.Pending, reason: str) -> None:
        """Say no, with a reason; the same proposal does not come back."""
        from lithify.services import reviewing

        reviewing.reject(item, reason, self.bench())
