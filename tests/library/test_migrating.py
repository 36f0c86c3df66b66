"""A library that an older lithify wrote is read as it is, and brought to the present format with the first write."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from lithify.library import GitLibrary, open_library
from lithify.records.tool import Verdict
from lithify.testing.candidates import SOURCE, make_candidate

Judge = Callable[..., Verdict]
Shell = Callable[..., str]
NAME = "most_restarted_service"
OLD = json.loads((Path(__file__).parent / "fixtures" / "v1.json").read_text(encoding="utf-8"))
"""Path → text of a library of format 1: two tools, a candidate that was kept and one that was rejected."""
NEW = make_candidate(identity="c9", source=SOURCE + "\n\n_Z = 1\n", template="quite another question")


@pytest.fixture
def library(tmp_path: Path, git: Shell) -> GitLibrary:
    folder = tmp_path / "library"
    for path, text in OLD.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "as it was")
    return open_library(folder)


def told(library: GitLibrary) -> list[tuple[str, int, str, str, str]]:
    return [(one.name, one.version, one.semver, one.status, one.approved_by) for one in library.view().tools]


TOOLS = [
    (NAME, 2, "2.0.0", "provisional", "Ada <ada@example.org>"),
    (f"{NAME}_2", 1, "1.0.0", "trusted", "Bob <bob@example.org>"),
]


def test_it_is_read_as_it_is(library: GitLibrary, git: Shell) -> None:
    assert told(library) == TOOLS
    assert library.load(NAME) == library.view().tools[0]
    assert library.view().refused == {}
    assert [(one.candidate.id, one.state, one.reason) for one in library.candidates()] == [
        ("c4", "rejected", "ties must be kept")
    ]
    assert git(library.path, "status", "--porcelain") == ""


def test_what_was_judged_then_is_judged_still(library: GitLibrary) -> None:
    proposal = library.candidate("c3")
    assert (proposal.edited, proposal.verdict.outcome) == (False, "pass")


def test_an_edit_stops_an_old_tool_as_well(library: GitLibrary) -> None:
    (library.path / f"tools/{NAME}/tool.py").write_text("import os\n")
    assert "tool.py differs" in library.view().refused[NAME]


def test_the_first_write_brings_it_to_the_present_format(library: GitLibrary, judged: Judge, git: Shell) -> None:
    library.keep(NEW, judged(NEW), "provisional", "Ada")
    assert told(library)[:2] == TOOLS
    assert git(library.path, "log", "-3", "--format=%s").splitlines()[1:] == [
        "give each tool a lock file of its own, so that changes merge",
        "as it was",
    ]
    assert tomllib.loads((library.path / "tools.lock").read_text()) == {"format": 2}
    entry = tomllib.loads((library.path / f"lock/{NAME}.toml").read_text())
    assert (entry["format"], entry["version"], entry["approved_by"]) == (2, 2, "Ada <ada@example.org>")
    assert "lock/** -text" in (library.path / ".gitattributes").read_text().splitlines()
    assert git(library.path, "status", "--porcelain") == ""


def test_the_lines_of_a_persons_own_gitattributes_stay(library: GitLibrary, judged: Judge, git: Shell) -> None:
    (library.path / ".gitattributes").write_text("*.txt text")
    git(library.path, "commit", "-qam", "mine")
    library.keep(NEW, judged(NEW), "provisional", "Ada")
    lines = (library.path / ".gitattributes").read_text().splitlines()
    assert lines[0] == "*.txt text"
    assert "tools/** -text" in lines


def test_an_old_tool_can_be_edited_and_improved(library: GitLibrary, judged: Judge) -> None:
    (library.path / f"tools/{NAME}/tool.py").write_text(SOURCE + "\n\n_Q = 1\n")
    tool = library.accept_edit(NAME, judged(library.edited(NAME)), "Ada")
    assert (tool.version, tool.semver) == (3, "2.0.1")


def test_the_versions_from_before_stay_in_the_history(library: GitLibrary, judged: Judge) -> None:
    again = make_candidate(identity="c9", source=SOURCE + "\n\n_Z = 1\n")
    assert library.keep(again, judged(again), "provisional", "Ada").semver == "2.0.1"
    assert [(one.version, one.semver, one.what.split(":")[0]) for one in library.revisions.history(NAME)] == [
        (3, "2.0.1", f"keep {NAME} 2.0.1"),
        (2, "2.0.0", "as it was"),
    ]
