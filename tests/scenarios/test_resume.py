"""Killed at any moment, a run goes on: nothing that a model answered is asked, or paid, a second time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lithify.ledger import open_ledger
from lithify.records.ledger import RunDetail
from lithify.testing.model_server import ModelServer, ReceivedRequest
from lithify.testing.wire_replies import Answer
from tests.scenarios.world import Ended, clean_environment, command, log

QUESTION = "What do the parts say?"
CELLS = """I look at the parts, ask about each, and have one explored.
```repl
import random

draw = random.random()
order = list({f"word{n}" for n in range(20)})
left = budget()
answers = llm_query_batched([f"part {n}?" for n in range(6)])
print(draw, order[:3], left["seconds"], answers)
```
```repl
deep = rlm_query("How long is the context?", context)
print(deep)
```"""
CHILD = "```repl\nsize = len(context)\nnote = llm_query('note?')\nFINAL(size)\n```"
LAST = "```repl\nFINAL([answers, deep, draw, order, left['seconds']])\n```"


@dataclass
class Provider:
    """Answers by what is asked. What `stuck` says yes to is never answered; `held` is set as soon as one hangs.

    answered counts the answers by what was asked for: more than one is paid twice.
    """

    stuck: str = ""
    held: threading.Event = field(default_factory=threading.Event)
    answered: Counter[str] = field(default_factory=Counter)

    def __call__(self, request: ReceivedRequest) -> str | Answer:
        asked, text = self._reply(request)
        if self.stuck and asked == self.stuck:
            self.held.set()
            return Answer(hang=True)
        self.answered[asked] += 1
        return text

    def _reply(self, request: ReceivedRequest) -> tuple[str, str]:
        messages = request.body["messages"]
        if len(messages) == 1:
            return request.prompt, f"about {request.prompt}"
        turn = sum(message["role"] == "assistant" for message in messages)
        if "How long is the context?" in str(messages[1]["content"]):
            return f"child turn {turn}", CHILD
        return f"turn {turn}", LAST if turn else CELLS


@contextmanager
def killed(folder: Path, stuck: str) -> Iterator[tuple[Provider, ModelServer]]:
    """A run that was killed (-9) while its provider kept it waiting for one answer, and the provider."""
    provider = Provider(stuck)
    (folder / "app.log").write_text(log(3), encoding="utf-8")
    with ModelServer(provider) as server:
        environment = clean_environment(folder) | {
            "LITHIFY_MODEL": "openai:scripted",
            "LITHIFY_BASE_URL": server.base_url,
            "LITHIFY_LIBRARY": str(folder / "library"),
        }
        arguments = [sys.executable, "-m", "lithify", "ask", QUESTION, "app.log", "--ephemeral"]
        process = subprocess.Popen(
            arguments, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        try:
            assert provider.held.wait(100)
            wait_until_recorded(folder, provider)
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
        provider.stuck = ""
        yield provider, server


def wait_until_recorded(folder: Path, provider: Provider) -> None:
    """Every answer that the provider gave is in the ledger: what arrives in the very moment of a kill may be lost."""
    with closing(open_ledger(folder / "library" / ".lithify" / "ledger.db")) as ledger:
        while ledger.runs()[0].usage.model_calls < provider.answered.total():
            threading.Event().wait(0.01)


def resume(folder: Path, server: ModelServer, *more: str) -> Ended:
    run_id = the_run(folder).summary.run_id
    # another URL and model in the environment: what the run was started with counts
    return command(folder, ["resume", run_id, "--json", "--library", "library", *more], "http://127.0.0.1:9/v1")


def the_run(folder: Path) -> RunDetail:
    with closing(open_ledger(folder / "library" / ".lithify" / "ledger.db")) as ledger:
        (run,) = ledger.runs()
        return ledger.run(run.run_id)


@pytest.mark.parametrize("stuck", ["turn 0", "part 3?", "child turn 0", "note?", "turn 1"])
def test_a_run_that_was_killed_goes_on_and_pays_nothing_twice(tmp_path: Path, stuck: str) -> None:
    with killed(tmp_path, stuck) as (provider, server):
        before = the_run(tmp_path)
        assert (before.summary.state, before.summary.resumable) == ("died", True)
        ended = resume(tmp_path, server)
    assert ended.code == 0, ended.err
    answers, deep, *_ = ended.json["answer"]
    assert (answers, deep) == ([f"about part {n}?" for n in range(6)], len(log(3)))
    assert set(provider.answered.values()) == {1}, provider.answered
    run = the_run(tmp_path)
    assert (run.summary.state, run.summary.resumed, run.summary.complete) == ("finished", 1, True)
    assert run.summary.usage.model_calls == provider.answered.total() == 10
    assert ended.json["model_calls"] == 10
    assert [child.state for child in run.descendants] == ["finished"]


def test_cells_do_the_same_again(tmp_path: Path) -> None:
    with killed(tmp_path, "turn 1") as (_, server):
        before = the_run(tmp_path)
        ended = resume(tmp_path, server)
    printed = [cell.result.stdout for cell in before.turns[0].cells]
    assert [cell.result.stdout for cell in the_run(tmp_path).turns[0].cells] == printed
    _, _, draw, order, seconds = ended.json["answer"]
    assert f"{draw} {order[:3]} {seconds} " in printed[0]


def test_changed_data_is_refused_and_nothing_is_asked(tmp_path: Path) -> None:
    with killed(tmp_path, "part 3?") as (provider, server):
        answered = provider.answered.total()
        (tmp_path / "app.log").write_text("another\n", encoding="utf-8")
        refused = resume(tmp_path, server)
        assert (refused.code, provider.answered.total()) == (5, answered)
        assert "the data has changed since run" in refused.err
        (tmp_path / "copy.log").write_text(log(3), encoding="utf-8")
        assert resume(tmp_path, server, "copy.log").code == 0


def test_a_finished_run_is_not_gone_on_with(tmp_path: Path) -> None:
    with killed(tmp_path, "turn 1") as (_, server):
        resume(tmp_path, server)
        again = resume(tmp_path, server)
    assert again.code == 5
    assert "is finished; `lithify show" in again.err


def test_a_run_that_the_person_stopped_says_how_it_goes_on(tmp_path: Path) -> None:
    provider = Provider("turn 1")
    (tmp_path / "app.log").write_text(log(3), encoding="utf-8")
    with ModelServer(provider) as server:
        environment = clean_environment(tmp_path) | {
            "LITHIFY_MODEL": "openai:scripted",
            "LITHIFY_BASE_URL": server.base_url,
            "LITHIFY_LIBRARY": str(tmp_path / "library"),
        }
        arguments = [sys.executable, "-m", "lithify", "ask", QUESTION, "app.log", "--ephemeral"]
        with subprocess.Popen(arguments, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as process:
            assert provider.held.wait(100)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate()
        assert process.returncode == 130
        run_id = the_run(tmp_path).summary.run_id
        assert f"`lithify resume {run_id}` goes on from here" in said
        listed = command(tmp_path, ["runs", "--library", "library"])
        assert f"lithify resume {run_id}" in listed.out
        provider.stuck = ""
        assert resume(tmp_path, server).code == 0
    assert set(provider.answered.values()) == {1}
