"""`lithify sandbox run` as a program that other programs use."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel sandbox needs Linux")

COMMAND = [sys.executable, "-m", "lithify", "sandbox", "run"]


def rows(cells: list[Any], *arguments: str) -> list[dict[str, Any]]:
    """What the command prints for these cells."""
    lines = "".join(cell if isinstance(cell, str) else json.dumps(cell) + "\n" for cell in cells)
    ended = subprocess.run([*COMMAND, *arguments, "-"], input=lines, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_cells_of_one_session() -> None:
    first, second, failed, after = rows(
        [
            {"id": 1, "code": "x = 20\nprint('so')"},
            {"id": "b", "code": "x + 1"},
            "\n",
            {"id": None, "code": "1 / 0"},
            {"id": [4], "code": "x"},
        ]
    )
    assert list(first) == ["id", "ok", "stdout", "value", "error", "seconds"]
    assert (first["id"], first["ok"], first["stdout"], first["value"], first["error"]) == (1, True, "so\n", None, None)
    assert (second["id"], second["value"]) == ("b", 21)
    assert (failed["id"], failed["ok"]) == (None, False)
    assert failed["error"].endswith("ZeroDivisionError: division by zero")
    assert (after["id"], after["value"]) == ([4], 20)
    assert all(row["seconds"] >= 0 for row in (first, second, failed, after))


def test_fresh_sessions_share_nothing() -> None:
    first, second = rows([{"id": 1, "code": "x = 1"}, {"id": 2, "code": "x"}], "--fresh")
    assert first["ok"]
    assert "NameError" in second["error"]


def test_the_context_is_a_variable(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes("é\n".encode() * 100_000 + b"\xff")
    (row,) = rows([{"id": 1, "code": "[len(context), context[0], context[-1]]"}], "--context", str(tmp_path / "a.log"))
    assert row["value"] == [200_001, "é", "\ufffd"]


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("2 ** 100", 2**100),
        ("{'a': [1, None, True, 1.5]}", {"a": [1, None, True, 1.5]}),
        ("{1: 2}", {"1": 2}),
        ("float('nan')", "nan"),
        ("[b'x']", "[b'x']"),
        ("object", "<class 'object'>"),
        ("'\\ud800'", "\ud800"),
    ],
)
def test_values_are_json_or_a_repr(code: str, value: object) -> None:
    assert rows([{"id": 1, "code": code}])[0]["value"] == value


def test_limits_and_what_follows_a_lost_worker() -> None:
    endless, memory, gone, after = rows(
        [
            {"id": 1, "code": "while True: pass"},
            {"id": 2, "code": "kept = 1\nx = bytearray(10**9)"},
            {"id": 3, "code": "import os\nos._exit(1)"},
            {"id": 4, "code": "'kept' in globals()"},
        ],
        "--timeout",
        "0.5",
        "--memory",
        "100",
    )
    assert "CellTimeout" in endless["error"]
    assert "MemoryError" in memory["error"]
    assert gone["error"].startswith("SandboxLost (died)")
    assert (after["ok"], after["value"]) == (True, False)


def test_results_come_as_soon_as_there_are_any() -> None:
    """It can be driven line by line."""
    process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    for number in range(3):
        process.stdin.write(json.dumps({"id": number, "code": f"x = {number}\nx"}) + "\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["value"] == number
    process.stdin.close()
    assert process.wait() == 0
    process.stdout.close()


@pytest.mark.parametrize(
    ("line", "says"),
    [("nonsense", "line 1 is not JSON"), ("[1]", "code"), ('{"id": 1}', "code"), ('{"code": 5}', "code")],
)
def test_lines_that_are_no_cells_end_it(line: str, says: str) -> None:
    ended = subprocess.run(COMMAND, input=line, capture_output=True, text=True, check=False)
    assert ended.returncode == 5
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr


def test_cells_from_a_file_and_modules_beforehand(tmp_path: Path) -> None:
    (tmp_path / "cells.jsonl").write_text('{"id": 1, "code": "import sys\\n\'numpy\' in sys.modules"}\n')
    ended = subprocess.run(
        [*COMMAND, "--preload", "numpy", str(tmp_path / "cells.jsonl")], capture_output=True, text=True, check=True
    )
    assert json.loads(ended.stdout)["value"] is True
