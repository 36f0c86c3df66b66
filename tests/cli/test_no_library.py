"""A library that is named and not there: an error for whatever only reads, and for nothing that makes one."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from lithify.cli import cli
from lithify.errors import LibraryProblem

READING = [
    "tools", "tool a", "search words", "review", "upkeep", "upkeep --share --propose", "history a", "diff a 1..2",
    "test a",
    "retire a --reason no", "rollback a 1", "rename a b", "lock check", "lock merge", "policy", "package",
    "runs", "show r", "costs", "costs --curve", "resume r", "wrong r", "shadow", "distil r {data}", "call a {data}",
    "route Q {data}", "export trajectories",
]  # fmt: skip


@pytest.mark.parametrize("command", READING)
def test_what_only_reads_says_that_it_is_not_there_and_makes_nothing(command: str, tmp_path: Path) -> None:
    data = tmp_path / "a.log"
    data.write_text("one\n")
    missing = tmp_path / "librray"
    done = CliRunner().invoke(cli, ["--library", str(missing), *command.format(data=data).split()])
    assert isinstance(done.exception, LibraryProblem), done.output
    assert done.exception.exit_code == 8
    assert str(done.exception).startswith(f"there is no library at {missing}: check the name")
    assert not missing.exists()


def test_a_folder_of_other_things_in_a_repository_is_no_library(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("words")
    (tmp_path / "new").mkdir()
    done = CliRunner().invoke(cli, ["--library", str(tmp_path / "docs"), "tools"])
    assert isinstance(done.exception, LibraryProblem)
    assert "holds no library" in str(done.exception)


def test_the_library_in_the_data_folder_need_not_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("LITHIFY_LIBRARY", raising=False)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["upkeep"])
    assert done.exit_code == 0, done.exception
    assert "all is well" in done.output


def test_the_look_at_this_machine_says_that_it_is_not_there(tmp_path: Path) -> None:
    missing = tmp_path / "librray"
    done = CliRunner().invoke(cli, ["--library", str(missing), "doctor"])
    assert f"note     library    {missing}: not there yet; `lithify ask` makes it" in done.output
    assert not missing.exists()
