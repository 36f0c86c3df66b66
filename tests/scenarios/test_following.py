"""A run is followed while it goes: from Python as a stream of events, from a shell as lines of JSON."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from lithify.app import Lab
from lithify.models import ScriptedModel
from lithify.records.events import Event, ModelText
from lithify.services.workbench import Models
from lithify.settings import Settings
from lithify.testing.model_server import ModelServer
from tests.scenarios.world import QUESTION, SOLUTION, command, log, restarts

CONTENT = log(3)
ANSWER = [name for name, _ in restarts(CONTENT)[:2]]


def lab(folder: Path, model: ScriptedModel) -> Lab:
    return Lab(Settings(library=folder / "library", model="scripted:m"), models=Models(root=model, sub=model))


def names(events: list[Event]) -> list[str]:
    """The events by name, words that come one after the other as one."""
    found = [type(event).__name__ for event in events]
    return [name for at, name in enumerate(found) if at == 0 or name != "ModelText" or found[at - 1] != "ModelText"]


def test_from_python_with_the_models_words_as_they_come(tmp_path: Path) -> None:
    async def main() -> tuple[list[Event], object]:
        opened = lab(tmp_path, ScriptedModel([SOLUTION]))
        try:
            async with opened.follow(QUESTION, CONTENT, ephemeral=True) as run:
                events = [event async for event in run]
                return events, (await run.result()).answer
        finally:
            await opened.close_async()

    events, answer = asyncio.run(main())
    assert answer == ANSWER
    assert names(events) == [
        "RunStarted",
        "RouteChosen",
        "ModelText",
        "ModelCalled",
        "CellStarted",
        "CellFinished",
        "RunFinished",
    ]
    assert "".join(event.text for event in events if isinstance(event, ModelText)) == SOLUTION


def test_leaving_stops_the_run_and_its_end_is_on_record(tmp_path: Path) -> None:
    async def main() -> None:
        opened = lab(tmp_path, ScriptedModel(["```repl\nwhile True: pass\n```"]))
        try:
            async with opened.follow(QUESTION, CONTENT, ephemeral=True) as run:
                async for event in run:
                    if type(event).__name__ == "CellStarted":
                        break
            (recorded,) = opened.ledger.runs()
            assert recorded.state == "interrupted"
        finally:
            await opened.close_async()

    asyncio.run(main())


def test_a_subscriber_hears_of_every_run_and_words_only_when_it_wants_them(tmp_path: Path) -> None:
    few: list[Event] = []
    many: list[Event] = []
    with lab(tmp_path, ScriptedModel([SOLUTION] * 3)) as opened:
        opened.subscribe(few.append)
        opened.ask(QUESTION, CONTENT, ephemeral=True)
        assert "ModelText" not in names(few)
        stop = opened.subscribe(many.append, text=True)
        opened.ask(QUESTION, CONTENT, ephemeral=True)
        stop()
        opened.ask(QUESTION, CONTENT, ephemeral=True)
    assert names(many).count("ModelText") == 1
    assert names(few).count("RunFinished") == 3


def test_from_a_shell_as_lines_of_json(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text(CONTENT, encoding="utf-8")
    arguments = ["ask", QUESTION, "app.log", "--ephemeral", "--json"]
    with ModelServer([SOLUTION], repeat=True) as server:
        ended = command(tmp_path, [*arguments, "--events", "-"], server.base_url)
        to_file = command(tmp_path, [*arguments, "--events", "events.jsonl"], server.base_url)
    assert ended.json["answer"] == ANSWER
    told = [json.loads(line) for line in ended.err.splitlines()]
    assert [one["event"] for one in told] == [
        "RunStarted",
        "RouteChosen",
        "ModelCalled",
        "CellStarted",
        "CellFinished",
        "RunFinished",
    ]
    assert told[-1]["fields"]["result"]["answer"] == ANSWER
    written = (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["event"] for line in written] == [one["event"] for one in told]
    assert "explored · 1 model call" in to_file.err
