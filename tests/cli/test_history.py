"""What tools were and what becomes of them, from the shell. What needs no gate needs no sandbox."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lithify.cli import cli
from lithify.library import GitLibrary, open_library
from lithify.records.tool import Candidate, Verdict
from lithify.testing.candidates import SOURCE, example, make_candidate
from tests.library import conftest

home, git, judged = conftest.home, conftest.git, conftest.judged
Judge = Callable[..., Verdict]
Shell = Callable[..., str]
NAME = "most_restarted_service"


@pytest.fixture
def library(tmp_path: Path, judged: Judge) -> GitLibrary:
    """One tool of two versions."""
    library = open_library(tmp_path / "library")
    for one in (make_candidate(), make_candidate(identity="c2", source=SOURCE + "\n\n_X = 1\n")):
        library.keep(one, judged(one), "provisional", "Ada")
    return library


def run(library: GitLibrary, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--library", str(library.path), *arguments], standalone_mode=False)


def exit_code(result: Result) -> int:
    """What `main` ends with."""
    return getattr(result.exception, "exit_code", 1) if result.exception is not None else result.return_value or 0


def data(library: GitLibrary, *arguments: str) -> dict[str, object]:
    found = json.loads(run(library, *arguments, "--json").stdout)
    assert isinstance(found, dict)
    return found


def test_history(library: GitLibrary) -> None:
    library.revisions.set_status(NAME, "deprecated", "Grace", "a better one is near")
    said = run(library, "history", NAME).output
    assert [line.split("  ")[0] for line in said.splitlines() if not line.startswith(" ")] == [
        "1.0.1 (v2)",
        "1.0.1 (v2)",
        "1.0.0 (v1)",
    ]
    assert "    because: a better one is near" in said
    assert "    gates: pass (static pass)" in said
    rows = data(library, "history", NAME)["history"]
    assert isinstance(rows, list)
    assert [(row["semver"], row["status"]) for row in rows] == [
        ("1.0.1", "deprecated"),
        ("1.0.1", "provisional"),
        ("1.0.0", "provisional"),
    ]


def test_diff(library: GitLibrary) -> None:
    assert "+_X = 1" in run(library, "diff", NAME, "1.0.0..1.0.1").output
    assert "-_X = 1" in run(library, "diff", NAME, "v2..v1").output
    assert "nothing differs" in run(library, "diff", NAME, "1.0.1").output
    assert "nothing differs" in run(library, "diff", NAME, "1.0.1..now").output
    assert data(library, "diff", NAME, "2") == {"diff": ""}


def test_rollback_on_the_verdict_of_then(library: GitLibrary) -> None:
    said = data(library, "rollback", NAME, "1.0.0")
    assert (said["semver"], said["status"], said["gated"]) == ("1.0.2", "provisional", False)
    assert library.load(NAME).source == SOURCE
    assert "its verdict of then holds" in run(library, "rollback", NAME, "v2").output


def test_retire_needs_a_reason_and_says_it_wherever_the_tool_is_asked_for(library: GitLibrary) -> None:
    assert exit_code(run(library, "retire", NAME)) == 2
    assert "retired" in run(library, "retire", NAME, "--reason", "the format is gone").output
    assert "was retired (the format is gone)" in run(library, "tools").output
    assert exit_code(run(library, "rollback", "nothing", "1")) == 8


def test_testing_says_which_does_not_pass(library: GitLibrary, judged: Judge) -> None:
    """With the real gates: one honest tool, and one whose recorded answer is wrong."""
    wrong: Candidate = make_candidate(
        identity="c3",
        source=SOURCE + "\n\n_WRONG = 1\n",
        template="other",
        examples=(replace(example(), expected=["db"]),),
    )
    library.keep(wrong, judged(wrong), "provisional", "Ada")
    result = run(library, "test")
    assert exit_code(result) == 1
    lines = result.output.splitlines()
    assert lines[0].startswith(f"✓ {NAME}: ")
    assert next(line for line in lines if line.startswith("✗")).startswith(f"✗ {NAME}_2: ")
    assert any(line.startswith("    replay: fail: ") for line in lines)
    assert exit_code(run(library, "test", NAME)) == 0


def test_rename(library: GitLibrary) -> None:
    """With the real gates."""
    said = data(library, "rename", NAME, "flapping")
    assert (said["name"], said["semver"], said["callers"]) == ("flapping", "2.0.0", [])
    assert [tool.name for tool in library.view().tools] == ["flapping"]


class TestLock:
    def test_check_is_what_ci_asks(self, library: GitLibrary) -> None:
        result = run(library, "lock", "check")
        assert (exit_code(result), result.output) == (0, "1 tool in order\n")
        (library.path / f"tools/{NAME}/tool.py").write_text("# faster\n")
        result = run(library, "lock", "check")
        assert exit_code(result) == 1
        assert result.output.startswith(f"problem  {NAME}: tools/{NAME}/tool.py differs")
        findings = data(library, "lock", "check")["findings"]
        assert isinstance(findings, list)
        assert [one["severity"] for one in findings] == ["problem", "note"]

    def test_merge(self, library: GitLibrary, judged: Judge, git: Shell) -> None:
        git(library.path, "switch", "-qc", "theirs")
        for number, branch in enumerate(("theirs", "main")):
            git(library.path, "switch", "-q", branch)
            one = make_candidate(identity=branch, source=SOURCE + f"\n\n_Y = {number}\n")
            library.keep(one, judged(one), "provisional", branch)
        assert run(library, "lock", "merge").output == "no tool is in conflict\n"
        git(library.path, "merge", "-q", "theirs", check=False)
        result = run(library, "lock", "merge")
        assert exit_code(result) == 1
        assert "    theirs: 1.0.2 (v3), provisional, approved by theirs" in result.output
        result = run(library, "lock", "merge", "--theirs")
        assert (exit_code(result), result.output.splitlines()) == (
            0,
            [f"{NAME}: taken from theirs", "no tool is in conflict; `git commit` ends the merge"],
        )
        git(library.path, "commit", "-q", "--no-edit")
        assert exit_code(run(library, "lock", "check")) == 0


def test_package_and_policy(library: GitLibrary) -> None:
    assert "gives `from acme_tools import …`" in run(library, "package", "acme_tools").output
    assert data(library, "package")["package"] == "acme_tools"
    assert exit_code(run(library, "package", "a-b")) == 8
    (library.path / "policy.toml").write_text("format = 1\nstrength = 0.8\nimports = ['re']\n")
    said = run(library, "policy").output
    assert "strength        0.8" in said
    assert "imports         re" in said
    assert 'the setting keep is "ask"' in said
    assert data(library, "policy")["policy"]["trust_after"] == 3  # type: ignore[index]
