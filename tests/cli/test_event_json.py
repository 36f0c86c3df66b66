"""Events as lines of JSON."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lithify.cli.event_json import EventLines, event_lines, event_object
from lithify.errors import BadInput
from lithify.records.cell import CellResult
from lithify.testing.ledger_story import called, cell, explored, finished, reply
from lithify.testing.ledger_tree import root


def test_an_event_with_its_name_time_and_fields() -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert event_object(called("r", reply(cost="0.25")), at) == {
        "event": "ModelCalled",
        "version": 1,
        "at": "2026-03-01T12:00:00+00:00",
        "fields": {
            "run_id": "r",
            "turn": 1,
            "purpose": "root",
            "model": "test:model",
            "prompt": "the last message",
            "reply": {
                "text": "words",
                "model": "test:model-1",
                "input_tokens": 100,
                "output_tokens": 10,
                "cost": 0.25,
                "seconds": 0.5,
                "attempts": 2,
                "finish": "length",
            },
            "seconds": 0.75,
            "error": "",
            "digest": "",
            "nth": 0,
            "kind": "",
            "recalled": False,
            "system": "",
        },
    }


def test_every_event_is_one_line_whatever_it_holds() -> None:
    stream = io.StringIO()
    lines = EventLines(stream)
    explored(lines, "r")  # type: ignore[arg-type] # a story needs no more of a ledger than to be told
    lines.notify(root("s"))
    lines.notify(cell("s", CellResult(value={b"\xff": [float("nan"), "a\nb\u2028\x1b[2J\udcff"]}, stdout="x\ny")))
    lines.notify(finished("s", answer={1: None}))
    written = stream.getvalue().splitlines()
    assert [json.loads(line)["event"] for line in written[:3]] == ["RunStarted", "RouteChosen", "ModelCalled"]
    assert len(written) == 12
    assert "\x1b" not in stream.getvalue()


def test_a_reader_that_went_away_does_not_end_the_run() -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    EventLines(Gone()).notify(finished("r"))


def test_a_file_is_continued(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    for _ in range(2):
        with event_lines(str(path)) as (observer,):
            observer.notify(finished("r"))
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"--events .*cannot be written"), event_lines(str(tmp_path)):
        pass


def test_without_a_file_nobody_is_told() -> None:
    with event_lines(None) as observers:
        assert observers == ()
