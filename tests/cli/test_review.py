"""`lithify review` on the screen, at the keyboard, and from scripts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lithify.cli import cli
from lithify.library import GitLibrary, open_library
from lithify.records.healing import Healed
from lithify.records.tool import Candidate, GateResult, Property, Verdict
from lithify.testing.candidates import LOG, SOURCE, make_candidate
from tests.library import conftest

home, git, judged = conftest.home, conftest.git, conftest.judged
Judge = Callable[..., Verdict]
NAME = "most_restarted_service"
EVIL = "\x1b]0;title\x07\x1b[2J\u202e"


@pytest.fixture
def library(tmp_path: Path) -> GitLibrary:
    (tmp_path / "a.log").write_text(LOG)
    (tmp_path / "library").mkdir()
    return open_library(tmp_path / "library")


@pytest.fixture
def proposed(library: GitLibrary, judged: Judge) -> Callable[..., Candidate]:
    def propose(*results: GateResult, **given: object) -> Candidate:
        one = replace(make_candidate(), **given)  # type: ignore[arg-type]
        verdict = judged(one)
        library.propose(one, replace(verdict, results=(*verdict.results, *results)))
        return one

    return propose


def run(library: GitLibrary, *arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["--library", str(library.path), "review", *arguments], input=typed)


def test_nothing_waits(library: GitLibrary) -> None:
    assert "nothing waits for review" in run(library).output


def test_what_a_reviewer_sees(library: GitLibrary, proposed: Callable[..., Candidate]) -> None:
    strength = GateResult(
        gate="strength", outcome="needs-person", evidence="3 of 5\nnot noticed: line 9", remedy="add an example"
    )
    order = Property(name="order", says="the order of lines does not matter", example="2 lines swapped: ['web']")
    proposed(strength, properties=(order, replace(order, name="gone", dropped=True)), description=EVIL)
    result = run(library, typed="l\n")
    assert result.exit_code == 0
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output
    lines = result.output.splitlines()
    assert f"{NAME}  [c1]" in lines
    assert "from run r1, scripted, 2 calls, $0.0123: Which 1 services restarted most often?" in lines
    assert f"would become a new tool, {NAME} 1.0.0" in lines
    assert "✓ static: looked at" in lines
    assert "? strength: 3 of 5" in lines
    assert "  what would change it: add an example" in lines
    assert "property 1 order: the order of lines does not matter" in lines
    assert "    2 lines swapped: ['web']" in lines
    assert not [line for line in lines if "gone" in line]
    assert "example both: (top=2) → ['web', 'db']" in lines
    assert SOURCE.splitlines()[6] in lines
    assert "[d]rop a property" in result.output


def test_a_version_is_shown_as_what_changes(
    library: GitLibrary, proposed: Callable[..., Candidate], judged: Judge
) -> None:
    first = make_candidate(identity="c0")
    library.keep(first, judged(first), "provisional", "Ada")
    proposed(source=SOURCE.replace("-pair[1], pair[0]", "-pair[1],"), id="c1")
    result = run(library, typed="s\nl\n")
    assert f"would become {NAME} 1.0.1 (v2)" in result.output
    before, _, after = result.output.partition("[s]ource shows it whole")
    assert f"--- {NAME} as it is kept" in before
    assert "from collections import Counter" in after


def test_what_heals_a_tool_shows_the_case_and_the_run_that_it_failed_in(
    library: GitLibrary, proposed: Callable[..., Candidate], judged: Judge
) -> None:
    first = make_candidate(identity="c0")
    library.keep(first, judged(first), "provisional", "Ada")
    why = f"the context is delimited{EVIL}"
    healed = Healed(tool=NAME, version=1, by="shape", run_id="r9", why=why, case="both")
    proposed(source=SOURCE + "\n", id="c1", healed=healed)
    other = SOURCE.replace("-pair[1], pair[0]", "-pair[1],")
    proposed(source=other, id="c2", healed=replace(healed, by="person", overrules=("recorded",)))
    result = run(library, typed="l\nl\n")
    assert "\x1b" not in result.output
    assert f"would become {NAME} 1.0.1 (v2)" in result.output
    assert f"heals {NAME} v1, which did not know this shape of input in run r9: the context is" in result.output
    assert "the failing case is the example 'both': (top=2) → ['web', 'db']" in result.output
    assert f"corrects {NAME} v1, which was said to be wrong in run r9" in result.output
    assert f"it answers 1 recorded use of {NAME} otherwise (recorded)" in result.output
    (one, _) = json.loads(run(library, "--json").stdout)["pending"]
    assert (one["heals"]["by"], one["heals"]["run_id"], one["heals"]["overrules"]) == ("shape", "r9", [])


@pytest.mark.parametrize("typed", ["", "q\n", "l\n", "x\na\nl\n"])
def test_leaving_changes_nothing(library: GitLibrary, proposed: Callable[..., Candidate], typed: str) -> None:
    fail = GateResult(gate="tests", outcome="fail", evidence="no")
    proposed(fail)
    result = run(library, typed=typed)
    assert result.exit_code == 0
    assert "[a]pprove" not in result.output
    assert ("left for later: 1" in result.output) == (typed in ("", "q\n"))
    assert ("'a' is no answer here" in result.output) == ("a" in typed)
    assert [one.state for one in library.candidates()] == ["open"]


def test_rejecting_at_the_keyboard(library: GitLibrary, proposed: Callable[..., Candidate]) -> None:
    proposed()
    result = run(library, typed="r\nties must be kept\n")
    assert "the same proposal will not come back" in result.output
    assert [(one.state, one.reason) for one in library.candidates()] == [("rejected", "ties must be kept")]


def test_try_edit_and_approve_at_the_keyboard(
    library: GitLibrary, proposed: Callable[..., Candidate], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sitting with the real gates and sandbox."""
    proposed()
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/most frequent first/the most frequent first/' \"$1\"\n")
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.delenv("VISUAL", raising=False)
    log = tmp_path / "a.log"
    result = run(library, typed=f"t\n{log}\ntop=2\nt\n{tmp_path / 'nothing.log'}\ne\na\n")
    assert "web\ndb\n" in result.output
    assert "that did not work: " in result.output
    assert '"""The services that restarted most often, the most frequent first."""' in result.output
    (tool,) = library.view().tools
    assert f"kept {NAME} 1.0.0 (v1, {tool.commit[:7]})" in result.output
    assert "the most frequent first" in tool.source


class TestScripts:
    def test_json_says_all_of_it(self, library: GitLibrary, proposed: Callable[..., Candidate]) -> None:
        proposed(GateResult(gate="strength", outcome="pass", evidence="9 of 10", score=0.9))
        (item,) = json.loads(run(library, "--json").stdout)["pending"]
        assert (item["id"], item["function"], item["outcome"]) == ("c1", NAME, "pass")
        assert item["becomes"] == {"kind": "new", "tool": NAME, "version": 1, "semver": "1.0.0", "reasons": []}
        assert item["gates"][1]["score"] == 0.9
        assert item["examples"][1] == {"name": "both", "arguments": {"top": 2}, "expected": ["web", "db"]}
        assert (item["model"], item["cost"], item["source"]) == ("scripted", "0.0123", SOURCE)

    def test_reject_with_a_reason(self, library: GitLibrary, proposed: Callable[..., Candidate]) -> None:
        proposed()
        assert json.loads(run(library, "c1", "--reject", "no", "--json").stdout) == {"rejected": ["c1"]}
        assert library.is_rejected(make_candidate())

    def test_try(self, library: GitLibrary, proposed: Callable[..., Candidate], tmp_path: Path) -> None:
        proposed()
        result = run(library, NAME, "--try", str(tmp_path / "a.log"), "--arg", "top=2", "--json")
        assert json.loads(result.stdout) == {"answer": ["web", "db"], "id": "c1"}

    def test_rename_and_approve(self, library: GitLibrary, proposed: Callable[..., Candidate]) -> None:
        proposed()
        changed = json.loads(run(library, "c1", "--rename", "flapping", "--json").stdout)
        assert (changed["function"], changed["outcome"]) == ("flapping", "pass")
        said = json.loads(run(library, "flapping", "--approve", "--json").stdout)
        assert [(one["name"], one["semver"]) for one in said["kept"]] == [("flapping", "1.0.0")]

    def test_yes_leaves_what_a_gate_leaves_to_a_person(
        self, library: GitLibrary, proposed: Callable[..., Candidate]
    ) -> None:
        proposed(GateResult(gate="effects", outcome="needs-person", evidence="reads a file"))
        said = json.loads(run(library, "--yes", "--json").stdout)
        assert said == {"kept": [], "left": [{"id": "c1", "why": "its gates say needs-person"}]}

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--reject", "no"], "--reject needs the NAME"),
            (["--approve"], "--approve needs the NAME"),
            (["c1", "--approve", "--reject", "no"], "two wishes at once"),
            (["c9", "--approve"], "nothing that waits for review is called c9"),
            (["c1", NAME, "--rename", "a", "--try", "x"], "two wishes at once"),
        ],
    )
    def test_wishes_that_cannot_be(
        self, library: GitLibrary, proposed: Callable[..., Candidate], arguments: list[str], said: str
    ) -> None:
        proposed()
        result = run(library, *arguments)
        assert result.exit_code == 2
        assert said in result.output
