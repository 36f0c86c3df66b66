"""What a Lab is made of, built from the settings at first use: the one place that knows every adapter."""

from __future__ import annotations

import asyncio
import getpass
import os
import secrets
import subprocess
import time
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lithify.errors import NoModel, ProgrammerMustAct
from lithify.ports import Fanout, Ledger, Library, Observer, Sandbox, SandboxSpec
from lithify.records.run import RunId
from lithify.records.setup import HASH_SEED, NamedModel, RunSetup, without_password
from lithify.services.workbench import Models, OpenSandbox, Workbench
from lithify.settings import Settings, default_library
from lithify.watching import Watchers

if TYPE_CHECKING:
    from lithify.telemetry import Telemetry

T = TypeVar("T")


class Parts:
    """What a Lab is made of, built at first use from the settings, and closed with it."""

    def __init__(self, settings: Settings, observers: Sequence[Observer] = (), models: Models | None = None) -> None:
        self.settings = settings
        self._observers = tuple(observers)
        self._runner: asyncio.Runner | None = None
        self._models = self._given_models = models
        self._watchers = Watchers()
        self._sandboxes: dict[frozenset[str], Sandbox] = {}
        self._sandbox_lock = asyncio.Lock()
        self._warming: asyncio.Task[Sandbox] | None = None
        self._ledger: Ledger | None = None
        self._library: Library | None = None
        self._telemetry: Telemetry | None = None

    @property
    def library(self) -> Library:
        """The library of the settings; made on the first write."""
        if self._library is None:
            from lithify.library import open_library

            self._library = open_library(self.settings.library)
        return self._library

    def expect_library(self) -> None:
        """Raise LibraryProblem when a person named a library that is not there; that in the data folder need not be.

        For whoever only reads: of a mistyped name it would say that all is well.
        """
        from lithify.library import expect_library

        if self.settings.library != default_library():
            expect_library(self.settings.library)

    @property
    def ledger(self) -> Ledger:
        """The record of runs: beside the library's git contents, and not part of them."""
        if self._ledger is None:
            from lithify.ledger import open_ledger

            self._ledger = open_ledger(self.settings.library / ".lithify" / "ledger.db")
        return self._ledger

    def models(self) -> Models:
        """The models of the settings. Raises NoModel when none is set."""
        if self._models is None:
            self._models = open_models(self.settings)
        return self._models

    async def sandbox(self, modules: Sequence[str] = ()) -> Sandbox:
        """The shared sandbox: one for each set of modules that are preloaded besides the usual ones."""
        async with self._sandbox_lock:
            wanted = frozenset(modules)
            if wanted not in self._sandboxes:
                from lithify.sandbox import start_sandbox

                spec = SandboxSpec(memory_mb=self.settings.limits.memory_mb, hash_seed=HASH_SEED)
                self._sandboxes[wanted] = await start_sandbox(replace(spec, preload=(*spec.preload, *modules)))
            return self._sandboxes[wanted]

    def _sandbox_with(self, always: Sequence[str]) -> OpenSandbox:
        """The same, with these modules whatever is asked for besides."""

        async def found(modules: Sequence[str] = ()) -> Sandbox:
            return await self.sandbox((*always, *modules))

        return found

    def warm(self) -> None:
        """Start the sandbox, and do not wait for it: what is done until it is needed goes on meanwhile.

        For whoever asks as soon as possible; a sandbox that does not start says so when it is needed.
        """

        async def begin() -> None:
            self._warming = asyncio.create_task(self.sandbox())
            await asyncio.sleep(0)  # its first step starts the process

        self.wait(begin())

    def bench(self, modules: Sequence[str] = ()) -> Workbench:
        """Ports and settings for the use cases. modules: what cells will import besides the usual."""
        from lithify.library import check_place
        from lithify.sandbox import start_sandbox

        check_place(self.settings.library)  # before the ledger makes a folder in it
        return Workbench(
            open_library=lambda: self.library,
            observer=Fanout([self.ledger, *self._spans(), *self._observers, self._watchers]),
            models=self.models,
            model_name=self._models.root.name if self._models else self.settings.model,
            sandbox=self._sandbox_with(modules),
            start_sandbox=start_sandbox,
            limits=self.settings.limits,
            bounds=self.settings.gates,
            keep=self.settings.keep,
            fixtures=self.settings.fixtures,
            clock=time.monotonic,
            new_run_id=lambda: RunId(secrets.token_hex(5)),
            person=person,
            setup=self._setup(),
            streaming=self._watchers.want_text,
        )

    def _setup(self) -> RunSetup:
        """What every run of this Lab is started with."""
        settings, given = self.settings, self._given_models
        models = {"root": settings.model, "sub": settings.sub_model or settings.model, **settings.sub_models}
        if given is not None:
            models = {role: one.name for role, one in {"root": given.root, "sub": given.sub, **given.named}.items()}
        return RunSetup(
            limits=settings.limits,
            folder=str(Path.cwd()),
            models=tuple(NamedModel(role=role, model=model) for role, model in models.items()),
            base_url=without_password(settings.base_url),
            library=str(settings.library),
        )

    def _spans(self) -> Sequence[Observer]:
        """OpenTelemetry's observer, where settings or environment ask for it."""
        from lithify.telemetry import configured, open_telemetry

        asked = self.settings.telemetry
        if self._telemetry is None and configured(asked.endpoint, os.environ):
            self._telemetry = open_telemetry(asked.endpoint, content=asked.content, service=asked.service)
        return () if self._telemetry is None else (self._telemetry.observer,)

    # The synchronous edge.

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run work to its end on this Lab's own event loop; Ctrl-C and SIGTERM cancel it cleanly."""
        if _loop_is_running():
            work.close()
            raise ProgrammerMustAct("an event loop is running in this thread: use the method that ends in _async")
        if self._runner is None:
            self._runner = asyncio.Runner()
        under_way: list[asyncio.Task[Any]] = []
        try:
            return self._runner.run(_noted(work, under_way))
        except KeyboardInterrupt:  # asyncio cancels what is under way for SIGINT alone
            if under_way and not under_way[0].done():
                self._runner.run(_cancelled(under_way[0]))
            raise

    def close(self) -> None:
        """End the sandbox, the model connections and the ledger. May be called more than once."""
        try:
            if self._sandboxes or self._warming is not None or self._models is not None:
                self.wait(self._close_running())
        finally:
            if self._runner is not None:
                self._runner.close()
                self._runner = None
            self._close_records()

    def _close_records(self) -> None:
        ledger, self._ledger = self._ledger, None
        telemetry, self._telemetry = self._telemetry, None
        if ledger is not None:
            ledger.close()
        if telemetry is not None:
            telemetry.close()

    async def close_async(self) -> None:
        """The same for whoever has an event loop of their own."""
        try:
            await self._close_running()
        finally:
            self._close_records()

    async def _close_running(self) -> None:
        warming, self._warming = self._warming, None
        if warming is not None:
            await asyncio.gather(warming, return_exceptions=True)
        sandboxes, self._sandboxes = self._sandboxes, {}
        models, self._models = self._models, None
        for sandbox in sandboxes.values():
            await sandbox.close()
        if models is not None:
            for model in models.all:
                await model.close()


async def _noted(work: Coroutine[Any, Any, T], tasks: list[asyncio.Task[Any]]) -> T:
    """Work, with the task that it is put into the list."""
    task = asyncio.current_task()
    tasks += [task] if task is not None else []
    return await work


async def _cancelled(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait until it has ended."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def open_models(settings: Settings) -> Models:
    """The models that the settings name, recorded when they say so."""
    from lithify.models import ModelOptions, open_model

    if not settings.model:
        raise NoModel(
            'no model is configured. Name one with --model, LITHIFY_MODEL, or `model = "…"` in lithify.toml, '
            'for example "anthropic:claude-haiku-4-5" with ANTHROPIC_API_KEY set, or "ollama:qwen3" for a local one. '
            "`lithify demo` shows a recorded session without a model"
        )
    options = ModelOptions(base_url=settings.base_url, prices=settings.prices)
    root = open_model(settings.model, options)
    sub = open_model(settings.sub_model, options) if settings.sub_model else root
    named = {name: open_model(model, options) for name, model in settings.sub_models.items()}
    if settings.record is None:
        return Models(root=root, sub=sub, named=named)
    from lithify.models import Recording, RecordingModel

    recording = Recording(settings.record, model=root.name)
    recorded = RecordingModel(root, recording)
    return Models(
        root=recorded,
        sub=recorded if sub is root else RecordingModel(sub, recording),
        named={name: RecordingModel(model, recording) for name, model in named.items()},
    )


def person() -> str:
    """Who is at the keyboard: git's user, else the login name."""
    named = [_git_config("user.name"), _git_config("user.email")]
    if named[0] and named[1]:
        return f"{named[0]} <{named[1]}>"
    return named[0] or getpass.getuser()


def _git_config(key: str) -> str:
    try:
        found = subprocess.run(["git", "config", "--get", key], capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip()


def _loop_is_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
