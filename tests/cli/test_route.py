"""`lithify route`: on the screen and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner


def test_an_empty_library_explores(tmp_path: Path) -> None:
    data = tmp_path / "a.log"
    data.write_text("one\ntwo\n")
    (tmp_path / "library").mkdir()
    arguments = ["--library", str(tmp_path / "library"), "route", "How many lines?", str(data)]
    plain = run([*arguments, "--explain"])
    assert plain.splitlines() == ["explore: no kept tool is near", "  the library holds no tool yet"]
    assert json.loads(run([*arguments, "--json"])) == {
        "route": "explore",
        "tool": None,
        "arguments": {},
        "offered": [],
        "why": ["the library holds no tool yet"],
    }


def run(arguments: list[str]) -> str:
    from lithify.cli import cli

    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    return result.output
