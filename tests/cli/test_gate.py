"""`lithify gate FOLDER`: what it says on the screen and as JSON, and its exit codes."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from lithify.cli import cli
from lithify.errors import BadInput, LibraryProblem
from lithify.layout import render_candidate
from lithify.library import open_library
from lithify.records.tool import GateResult, Verdict
from lithify.testing.candidates import SOURCE, make_candidate

TOOL = '''\
"""Counts lines by level."""


def lines_by_level(text: str, level: str = "ERROR") -> int:
    """How many lines have a level."""
    return sum(f" {level} " in line for line in text.splitlines())
'''
TESTS = """\
import importlib.util
from pathlib import Path

spec = importlib.util.spec_from_file_location("tool", Path(__file__).parents[1] / "tool.py")
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)
LOG = "10:00 ERROR disk\\n10:01 INFO fine\\n10:02 ERROR net\\n10:03 WARN hot\\n"


def test_counts():
    assert tool.lines_by_level(LOG) == 2
    assert tool.lines_by_level(LOG, level="INFO") == 1
    assert tool.lines_by_level("") == 0
"""


def folder(at: Path, files: dict[str, str | bytes]) -> Path:
    for path, data in files.items():
        target = at / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data if isinstance(data, bytes) else data.encode())
    return at


def gate(*arguments: str | Path, library: Path) -> tuple[int, str]:
    done = CliRunner().invoke(
        cli, ["gate", *map(str, arguments), "--library", str(library)], standalone_mode=False, catch_exceptions=True
    )
    if done.exception is not None:
        raise done.exception
    return done.return_value, done.stdout


def test_a_tool_written_by_hand_with_tests_alone(tmp_path: Path) -> None:
    at = folder(tmp_path / "mine", {"tool.py": TOOL, "tests/test_mine.py": TESTS, "README.md": "mine"})
    code, said = gate(at, library=tmp_path / "library")
    assert code == 0, said
    assert "✓ strength" in said
    assert "its 3 uses were taken from the calls that its tests make" in said
    assert "lines_by_level passes its gates" in said
    code, said = gate(at / "tool.py", "--json", library=tmp_path / "library")
    found = json.loads(said)
    assert (code, found["tool"], found["outcome"], found["harvested"]) == (0, "lines_by_level", "pass", True)
    assert {one["gate"]: one["outcome"] for one in found["gates"]}["holdout"] == "pass"
    assert found["nearest"]["relation"] == "none"


def test_one_that_does_not_pass_says_what_would_change_it(tmp_path: Path) -> None:
    wrong = TOOL.replace("return sum", "import time\n\n    return time.time() and sum")
    at = folder(tmp_path / "mine", {"tool.py": wrong, "tests/test_mine.py": TESTS, "tests/conftest.py": ""})
    code, said = gate(at, library=tmp_path / "library")
    assert code == 1
    assert "✗ static" in said
    assert "what would change it: make the date a parameter" in said
    assert "tests/conftest.py changes what tests say" in said
    assert "- not run, because files says no: ruff, types" in said


def test_a_person_must_decide(tmp_path: Path) -> None:
    at = folder(tmp_path / "mine", {"tool.py": f"# Copyright (c) 2020 Somebody\n{TOOL}", "tests/test_mine.py": TESTS})
    code, said = gate(at, library=tmp_path / "library")
    assert code == 12, said
    assert "? licence" in said


def test_a_folder_in_the_layout_and_what_was_changed_in_it(tmp_path: Path) -> None:
    files = render_candidate(make_candidate())
    at = folder(tmp_path / "mine", dict(files))
    assert gate(at, library=tmp_path / "library")[0] == 0
    changes: dict[str, tuple[str, bytes]] = {
        "answers otherwise": (
            "tests/fixtures/cases.json",
            files["tests/fixtures/cases.json"].replace(b'"web"', b'"db"'),
        ),
        "a fixture": ("tests/fixtures/01-recorded.txt", b"09:00 db restarted\n"),
        "the generated tests": ("tests/test_examples.py", b"def test_it():\n    assert True\n"),
        "pytest's settings": ("pytest.ini", b"[pytest]\naddopts = --co\n"),
        "a plugin": ("tests/plugin.py", b""),
        "the signature": ("tool.toml", files["tool.toml"].replace(b"default = 1", b"default = 2")),
    }
    for what, (path, data) in changes.items():
        changed = folder(tmp_path / what.replace(" ", "-"), {**files, path: data})
        assert gate(changed, library=tmp_path / "library")[0] == 1, what


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("tool.toml", b"name = ", "not TOML"),
        ("tool.toml", b'format = 1\nname = "../../etc"', "cannot name a tool"),
        ("tests/fixtures/cases.json", b"[{}]", "does not hold cases"),
        (
            "tests/fixtures/cases.json",
            b'[{"name":"a","context":"../../tool.py","arguments":{},"expected":1}]',
            "is missing",
        ),
        ("holdout/cases.json", b'[{"name":"a","context":"/etc/passwd","arguments":{},"expected":1}]', "is missing"),
    ],
)
def test_files_that_cannot_be_read_are_an_error(tmp_path: Path, path: str, data: bytes, said: str) -> None:
    at = folder(tmp_path / "mine", {**render_candidate(make_candidate()), path: data})
    with pytest.raises(LibraryProblem, match=said):
        gate(at, library=tmp_path / "library")


def test_links_lead_out_of_the_folder(tmp_path: Path) -> None:
    at = folder(tmp_path / "mine", {"tool.py": TOOL, "tests/test_mine.py": TESTS})
    (at / "tests" / "data.log").symlink_to("/etc/passwd")
    with pytest.raises(LibraryProblem, match="is a link"):
        gate(at, library=tmp_path / "library")


@pytest.mark.parametrize(("make", "said"), [(False, "is no folder"), (True, "holds no tool.py")])
def test_what_is_no_tool(tmp_path: Path, make: bool, said: str) -> None:
    if make:
        (tmp_path / "mine").mkdir()
    with pytest.raises(BadInput, match=said):
        gate(tmp_path / "mine", library=tmp_path / "library")


@pytest.mark.parametrize("source", ["def f(:\n", "x = 1\n", ""])
def test_a_source_without_a_function(tmp_path: Path, source: str) -> None:
    with pytest.raises(BadInput):
        gate(folder(tmp_path / "mine", {"tool.py": source}), library=tmp_path / "library")


def test_a_kept_tool_by_its_name(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path / "library")], check=True)
    candidate = make_candidate()
    from lithify.layout import candidate_contents

    fine = GateResult(gate="all", outcome="pass", evidence="for this test")
    verdict = Verdict(results=(fine,), contents=candidate_contents(candidate).sha256)
    open_library(tmp_path / "library").keep(candidate, verdict, "provisional", "Ada <ada@example.org>")
    code, said = gate("most_restarted_service", library=tmp_path / "library")
    assert code == 0, said
    assert "there is no other tool to compare it with" in said
    other = replace(candidate, source=SOURCE.replace("counts", "found"))
    at = folder(tmp_path / "other", dict(render_candidate(other)))
    code, said = gate(at, library=tmp_path / "library")
    assert code == 0, said
    assert "same: most_restarted_service" in said
