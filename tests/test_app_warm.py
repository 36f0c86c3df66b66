"""A Lab that starts its sandbox early: nothing is lost, nothing is left, and a failure is told when it matters."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from lithify.app import Lab
from lithify.errors import SandboxUnavailable
from lithify.models import ScriptedModel
from lithify.ports import Sandbox
from lithify.services.workbench import Models
from lithify.settings import Settings

FINAL = ScriptedModel(["```repl\nFINAL(len(context))\n```"] * 2)


def children() -> set[str]:
    """The processes that this one has started and that still live."""
    found: set[str] = set()
    for thread in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError):  # the thread ended meanwhile
            found.update((thread / "children").read_text(encoding="ascii").split())
    return found


def lab(folder: Path) -> Lab:
    return Lab(Settings(library=folder, model="scripted:m"), models=Models(root=FINAL, sub=FINAL))


def test_the_sandbox_that_was_started_early_is_the_one_that_is_used(tmp_path: Path) -> None:
    with lab(tmp_path) as opened:
        before = children()
        opened.warm()
        assert len(children() - before) == 1
        assert opened.ask("How long?", "abc", ephemeral=True).answer == 3
        assert len(opened._sandboxes) == 1


def test_what_was_started_and_never_used_is_ended(tmp_path: Path) -> None:
    before = children()
    with lab(tmp_path) as opened:
        opened.warm()
    assert children() <= before


def test_a_sandbox_that_does_not_start_says_so_when_it_is_needed(tmp_path: Path) -> None:
    class Without(Lab):
        async def sandbox(self, modules: object = ()) -> Sandbox:
            raise SandboxUnavailable("no layer holds here")

    with Without(Settings(library=tmp_path, model="scripted:m"), models=Models(root=FINAL, sub=FINAL)) as opened:
        opened.warm()
        with pytest.raises(SandboxUnavailable, match="no layer holds here"):
            opened.ask("How long?", "abc", ephemeral=True)


def test_what_is_under_way_when_the_loop_is_stopped_is_cancelled(tmp_path: Path) -> None:
    ended: list[str] = []

    def stop() -> None:
        raise KeyboardInterrupt  # as the handler of SIGTERM does

    async def work() -> None:
        asyncio.get_running_loop().call_soon(stop)
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    with lab(tmp_path) as stopped, pytest.raises(KeyboardInterrupt):
        stopped.wait(work())
    assert ended == ["cancelled"]
