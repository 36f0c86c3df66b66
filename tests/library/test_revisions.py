"""What a tool was, and what becomes of it: history, diff, rollback, status, another name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lithify.errors import LibraryProblem, NotInLock, ProgrammerMustAct
from lithify.layout import candidate_contents
from lithify.library import GitLibrary, open_library
from lithify.records.tool import Candidate, GateResult, Parameter, Recipe, Tool, Verdict
from lithify.testing.candidates import SIGNATURE, SOURCE, example, make_candidate

Judge = Callable[..., Verdict]
Shell = Callable[..., str]
Keep = Callable[[Candidate], Tool]
NAME = "most_restarted_service"
PERSON = "Ada <ada@example.org>"
BETTER = make_candidate(identity="c2", source=SOURCE + "\n\n_X = 1\n", examples=(example("new"),))
DAY = Parameter(name="day", annotation="str", default="")
WIDER = make_candidate(
    identity="c3",
    source=SOURCE + "\n\n_Y = 1\n",
    signature=replace(SIGNATURE, parameters=(*SIGNATURE.parameters, DAY)),
)
OTHER_TYPE = make_candidate(
    identity="c4", source=SOURCE + "\n\n_Z = 1\n", signature=replace(SIGNATURE, returns="tuple[str, ...]")
)


@pytest.fixture
def library(tmp_path: Path) -> GitLibrary:
    return open_library(tmp_path / "library")


@pytest.fixture
def keep(library: GitLibrary, judged: Judge) -> Keep:
    return lambda candidate: library.keep(candidate, judged(candidate), "provisional", PERSON)


def caller(library: GitLibrary, name: str = "restarted_twice", callee: str = NAME) -> Candidate:
    """A candidate that imports a kept tool, as it is now."""
    tool = library.load(callee)
    source = (
        f"from ..{callee}.tool import {tool.signature.function}\n\n\ndef {name}(log: str, top: int = 1) -> list[str]:\n"
    )
    source += f'    """The same, twice."""\n    return {tool.signature.function}(log, top) * 2\n'
    return replace(
        make_candidate(identity=name, source=source, template=f"{name} {{top}}"),
        signature=replace(SIGNATURE, function=name),
        callees={**tool.callees, callee: tool.source},
    )


def regressed(verdict: Verdict) -> Verdict:
    """The verdict with the callers tried as well."""
    return replace(verdict, results=(*verdict.results, GateResult(gate="regression", outcome="pass", evidence="ran")))


class TestVersions:
    def test_what_a_change_means_for_callers_is_in_its_version(
        self, keep: Keep, git: Shell, library: GitLibrary
    ) -> None:
        tools = [keep(one) for one in (make_candidate(), BETTER, WIDER, OTHER_TYPE)]
        assert [tool.semver for tool in tools] == ["1.0.0", "1.0.1", "1.1.0", "2.0.0"]
        assert [tool.version for tool in tools] == [1, 2, 3, 4]
        said = git(library.path, "log", "-1", "--format=%B")
        assert f"keep {NAME} 2.0.0" in said
        assert "Lithify-Breaks: the parameter day is gone; it gave list[str] and gives tuple[str, ...]" in said

    def test_an_edit_by_hand_is_compared_with_what_was_accepted(
        self, library: GitLibrary, keep: Keep, judged: Judge, git: Shell
    ) -> None:
        keep(make_candidate())
        sheet = library.path / f"tools/{NAME}/tool.toml"
        sheet.write_text(sheet.read_text().replace('returns = "list[str]"', 'returns = "list[str] | None"'))
        git(library.path, "commit", "-qam", "by hand")
        tool = library.accept_edit(NAME, judged(library.edited(NAME)), PERSON)
        assert (tool.version, tool.semver) == (2, "2.0.0")


class TestHistory:
    def test_every_accepted_state_newest_first(self, library: GitLibrary, keep: Keep) -> None:
        tools = [keep(one) for one in (make_candidate(), BETTER)]
        library.revisions.set_status(NAME, "trusted", PERSON, "three distinct uses")
        found = library.revisions.history(NAME)
        assert [(one.semver, one.status, one.reason) for one in found] == [
            ("1.0.1", "trusted", "three distinct uses"),
            ("1.0.1", "provisional", ""),
            ("1.0.0", "provisional", ""),
        ]
        assert [one.commit for one in found[1:]] == [tool.commit for tool in reversed(tools)]
        first = found[-1]
        assert (first.run_id, first.model, first.cost, first.approved_by) == ("r1", "scripted", "0.0123", PERSON)
        assert first.question == "Which 1 services restarted most often?"
        assert first.verdict == "pass (static pass)"
        assert first.author == "Ada <ada@example.org>"

    def test_edits_that_nobody_accepted_are_not_in_it(self, library: GitLibrary, keep: Keep, git: Shell) -> None:
        keep(make_candidate())
        (library.path / f"tools/{NAME}/tool.toml").write_text("half")
        git(library.path, "commit", "-qam", "by hand")
        assert len(library.revisions.history(NAME)) == 1

    def test_a_name_that_never_was(self, library: GitLibrary, keep: Keep) -> None:
        with pytest.raises(LibraryProblem, match="nothing was kept"):
            library.revisions.history(NAME)
        keep(make_candidate())
        with pytest.raises(LibraryProblem, match="there never was a tool 'nothing'"):
            library.revisions.history("nothing")

    def test_a_library_inside_another_repository(self, tmp_path: Path, judged: Judge, git: Shell) -> None:
        git(tmp_path, "init", "-q", "-b", "main")
        library = open_library(tmp_path / "docs" / "library")
        library.keep(make_candidate(), judged(make_candidate()), "provisional", PERSON)
        library.keep(BETTER, judged(BETTER), "provisional", PERSON)
        assert [one.semver for one in library.revisions.history(NAME)] == ["1.0.1", "1.0.0"]
        assert "+_X = 1" in library.revisions.diff(NAME, "1.0.0", "1.0.1")


class TestDiff:
    def test_between_versions_and_to_the_folder(self, library: GitLibrary, keep: Keep) -> None:
        keep(make_candidate())
        keep(BETTER)
        said = library.revisions.diff(NAME, "v1", "2")
        assert said.startswith("--- 1.0.0/tool.py\n+++ 1.0.1/tool.py\n")
        assert "+_X = 1" in said
        assert "+++ /dev/null" in said
        assert "tests/fixtures/02-both.txt" in said
        assert library.revisions.diff(NAME, "1.0.1") == ""
        (library.path / f"tools/{NAME}/tool.py").write_text("# mine\n")
        assert "+# mine" in library.revisions.diff(NAME, "1.0.1")

    def test_a_version_that_never_was(self, library: GitLibrary, keep: Keep) -> None:
        keep(make_candidate())
        with pytest.raises(LibraryProblem, match=rf"{NAME} has no version '7'; there are 1.0.0 \(v1, "):
            library.revisions.diff(NAME, "7")

    def test_long_data_is_told_of_and_not_shown(self, library: GitLibrary, keep: Keep) -> None:
        keep(make_candidate(examples=(example("long", "x\n" * 500),)))
        keep(replace(BETTER, examples=(example("long", "y\n" * 500),)))
        said = library.revisions.diff(NAME, "1", "2")
        assert "(data: 1,000 bytes before, 1,000 bytes after)" in said


class TestRollback:
    def test_an_earlier_version_comes_back_as_the_next_on_its_verdict(
        self, library: GitLibrary, keep: Keep, git: Shell
    ) -> None:
        first = keep(make_candidate())
        keep(OTHER_TYPE)
        tool = library.revisions.roll_back(NAME, "1.0.0", "Grace")
        assert (tool.version, tool.semver, tool.source, tool.status) == (3, "3.0.0", first.source, "provisional")
        assert tool.approved_by == "Grace"
        assert library.view().tools == (tool,)
        assert git(library.path, "status", "--porcelain") == ""
        assert library.revisions.history(NAME)[0].verdict == "pass (static pass)"
        assert f"Lithify-Rolled-Back-To: 1.0.0 ({first.commit})" in git(library.path, "log", "-1", "--format=%B")

    def test_what_is_not_vouched_for_must_pass_the_gates(self, library: GitLibrary, keep: Keep, judged: Judge) -> None:
        keep(make_candidate())
        one = caller(library)
        keep(one)
        keep(replace(caller(library), source=one.source.replace("* 2", "+ []"), id="again"))
        keep(BETTER)
        past = library.revisions.past("restarted_twice", "1.0.0")
        assert not past.vouched
        with pytest.raises(LibraryProblem, match="what it imports has changed"):
            library.revisions.roll_back("restarted_twice", "1.0.0", PERSON)
        with pytest.raises(ProgrammerMustAct, match="other contents"):
            library.revisions.roll_back("restarted_twice", "1.0.0", PERSON, judged(make_candidate()))
        tool = library.revisions.roll_back("restarted_twice", "1.0.0", PERSON, judged(past.candidate))
        assert (tool.source, tool.version) == (one.source, 3)
        assert tool in library.view().tools

    def test_history_that_was_rewritten_does_not_come_back(self, library: GitLibrary, keep: Keep, git: Shell) -> None:
        keep(make_candidate())
        (library.path / f"tools/{NAME}/tool.py").write_text("import os\n")
        git(library.path, "commit", "-qa", "--amend", "--no-edit")
        with pytest.raises(LibraryProblem, match="not what the lock of that commit vouches for"):
            library.revisions.roll_back(NAME, "1.0.0", PERSON)


class TestStatus:
    def test_a_retired_tool_never_runs_and_is_still_there(self, library: GitLibrary, keep: Keep, git: Shell) -> None:
        keep(make_candidate())
        library.revisions.set_status(NAME, "retired", PERSON, "the log format is gone")
        view = library.view()
        assert view.tools == ()
        assert view.statuses == {NAME: "retired"}
        assert f"{NAME} was retired (the log format is gone)" in view.refused[NAME]
        with pytest.raises(LibraryProblem, match="was retired"):
            library.load(NAME)
        assert (library.path / f"tools/{NAME}/tool.py").exists()
        assert git(library.path, "log", "-1", "--format=%s").strip() == (f"retire {NAME} 1.0.0: the log format is gone")
        assert git(library.path, "show", "--name-only", "--format=").split() == [f"lock/{NAME}.toml"]

    def test_a_retired_tool_comes_back_through_the_gates(self, library: GitLibrary, keep: Keep, judged: Judge) -> None:
        keep(make_candidate())
        library.revisions.set_status(NAME, "retired", PERSON, "no")
        tool = library.accept_edit(NAME, judged(library.edited(NAME)), PERSON)
        assert (tool.status, tool.version) == ("provisional", 2)
        assert library.view().tools == (tool,)

    def test_what_others_call_is_not_retired(self, library: GitLibrary, keep: Keep) -> None:
        keep(make_candidate())
        keep(caller(library))
        with pytest.raises(LibraryProblem, match=f"{NAME} cannot be retired, because restarted_twice import it"):
            library.revisions.set_status(NAME, "retired", PERSON, "no")
        library.revisions.set_status("restarted_twice", "retired", PERSON, "no")
        library.revisions.set_status(NAME, "retired", PERSON, "no")
        assert library.view().tools == ()

    def test_the_same_status_again_is_no_commit(self, library: GitLibrary, keep: Keep, git: Shell) -> None:
        keep(make_candidate())
        library.revisions.set_status(NAME, "provisional", PERSON, "again")
        assert git(library.path, "rev-list", "--count", "HEAD").strip() == "2"

    def test_no_such_tool(self, library: GitLibrary, keep: Keep) -> None:
        keep(make_candidate())
        with pytest.raises(LibraryProblem, match="there is no tool 'nothing'"):
            library.revisions.set_status("nothing", "retired", PERSON, "no")


class TestRename:
    def all_judged(self, library: GitLibrary, judged: Judge, new: str) -> dict[str, Verdict]:
        return {name: judged(one) for name, one in library.revisions.renamed(NAME, new).items()}

    def test_folder_function_recipes_and_lock_move_in_one_commit(
        self, library: GitLibrary, keep: Keep, judged: Judge, git: Shell
    ) -> None:
        keep(make_candidate())
        tool = library.revisions.rename(NAME, "flapping", self.all_judged(library, judged, "flapping"), PERSON)
        assert (tool.name, tool.signature.function, tool.version, tool.semver) == ("flapping", "flapping", 2, "2.0.0")
        assert "def flapping(log" in tool.source
        assert tool.recipes[0].tool == "flapping"
        assert library.view().tools == (tool,)
        assert library.view().refused == {}
        assert library.names() == ("flapping",)
        assert git(library.path, "status", "--porcelain") == ""
        assert NAME not in (library.path / "tools/flapping/tests/test_examples.py").read_text()
        assert [one.name for one in library.revisions.history("flapping")] == ["flapping", NAME]
        assert "+def flapping" in library.revisions.diff("flapping", "1.0.0", "2.0.0")

    def test_callers_are_led_to_the_new_name(self, library: GitLibrary, keep: Keep, judged: Judge) -> None:
        keep(make_candidate())
        keep(caller(library))
        keep(caller(library, "restarted_four_times", "restarted_twice"))
        verdicts = self.all_judged(library, judged, "flapping")
        assert list(verdicts) == ["flapping", "restarted_twice", "restarted_four_times"]
        library.revisions.rename(NAME, "flapping", verdicts, PERSON)
        view = open_library(library.path).view()
        assert view.refused == {}
        tools = {tool.name: tool for tool in view.tools}
        assert "from ..flapping.tool import flapping\n" in tools["restarted_twice"].source
        assert "return flapping(log, top) * 2" in tools["restarted_twice"].source
        assert list(tools["restarted_four_times"].callees) == ["flapping", "restarted_twice"]
        assert {name: tool.semver for name, tool in tools.items()} == {
            "flapping": "2.0.0",
            "restarted_twice": "1.0.1",
            "restarted_four_times": "1.0.1",
        }

    def test_a_caller_that_does_not_pass_stops_all_of_it(
        self, library: GitLibrary, keep: Keep, judged: Judge, git: Shell
    ) -> None:
        keep(make_candidate())
        keep(caller(library))
        planned = library.revisions.renamed(NAME, "flapping")
        verdicts = {"flapping": judged(planned["flapping"])}
        with pytest.raises(ProgrammerMustAct, match="restarted_twice cannot be kept"):
            library.revisions.rename(NAME, "flapping", verdicts, PERSON)
        assert sorted(library.names()) == [NAME, "restarted_twice"]
        assert git(library.path, "status", "--porcelain") == ""

    @pytest.mark.parametrize(
        ("new", "said"), [("a b", "cannot name a tool"), ("restarted_twice", "is taken"), (NAME, "is taken")]
    )
    def test_names_that_cannot_be_had(self, library: GitLibrary, keep: Keep, new: str, said: str) -> None:
        keep(make_candidate())
        keep(caller(library))
        with pytest.raises(LibraryProblem, match=said):
            library.revisions.renamed(NAME, new)


class TestToolsThatImportTools:
    def test_it_is_kept_and_loaded_with_what_it_imports(self, library: GitLibrary, keep: Keep) -> None:
        leaf = keep(make_candidate())
        branch = keep(caller(library))
        top = keep(caller(library, "restarted_four_times", "restarted_twice"))
        assert dict(branch.callees) == {NAME: leaf.source}
        assert list(top.callees) == [NAME, "restarted_twice"]
        assert library.load("restarted_four_times") == top
        assert {tool.name for tool in library.view().tools} == {NAME, "restarted_twice", "restarted_four_times"}

    def test_a_changed_callee_stops_all_that_import_it(self, library: GitLibrary, keep: Keep) -> None:
        keep(make_candidate())
        keep(caller(library))
        keep(caller(library, "restarted_four_times", "restarted_twice"))
        (library.path / f"tools/{NAME}/tool.py").write_text("# mine\n")
        view = library.view()
        assert view.tools == ()
        assert (
            f"restarted_twice imports {NAME}, which may not run: tools/{NAME}/tool.py"
            in (view.refused["restarted_twice"])
        )
        for name in ("restarted_twice", "restarted_four_times"):
            with pytest.raises(LibraryProblem, match=f"imports {NAME}, which may not run"):
                library.load(name)

    def test_a_new_version_stops_callers_that_were_not_tried_with_it(
        self, library: GitLibrary, keep: Keep, judged: Judge
    ) -> None:
        keep(make_candidate())
        keep(caller(library))
        better = keep(BETTER)
        view = library.view()
        assert view.tools == (better,)
        assert f"was judged with another version of {NAME}, which is 1.0.1 now" in view.refused["restarted_twice"]
        with pytest.raises(NotInLock, match="lithify review restarted_twice"):
            library.load("restarted_twice")
        again = library.accept_edit("restarted_twice", judged(library.edited("restarted_twice")), PERSON)
        assert again in library.view().tools
        assert again.callees == {NAME: better.source}

    def test_a_new_version_with_which_they_were_tried_lets_them_run(
        self, library: GitLibrary, keep: Keep, judged: Judge, git: Shell
    ) -> None:
        keep(make_candidate())
        keep(caller(library))
        library.keep(BETTER, regressed(judged(BETTER)), "provisional", PERSON)
        view = open_library(library.path).view()
        assert view.refused == {}
        assert {tool.name: tool.version for tool in view.tools} == {NAME: 2, "restarted_twice": 1}
        assert "lock/restarted_twice.toml" in git(library.path, "show", "--name-only", "--format=").split()

    def test_an_import_that_the_lock_does_not_know_of(self, library: GitLibrary, keep: Keep, judged: Judge) -> None:
        keep(make_candidate())
        source = "from ..missing.tool import missing\n" + SOURCE
        candidate = make_candidate(identity="c9", source=source, template="other")
        with pytest.raises(LibraryProblem, match="there is no tool 'missing'"):
            keep(candidate)

    def test_a_candidate_judged_with_another_callee_does_not_enter(self, library: GitLibrary, keep: Keep) -> None:
        keep(make_candidate())
        one = caller(library)
        keep(BETTER)
        with pytest.raises(LibraryProblem, match="was judged with other versions of the tools that it imports"):
            keep(one)
        assert candidate_contents(one) != candidate_contents(caller(library))

    def test_candidates_on_the_shelf_know_what_they_import(
        self, library: GitLibrary, keep: Keep, judged: Judge
    ) -> None:
        keep(make_candidate())
        one = caller(library)
        library.propose(one, judged(one))
        assert library.candidate(one.id).candidate == one
        assert not library.candidate(one.id).edited
        keep(BETTER)
        assert library.candidate(one.id).edited


def test_one_more_wording_is_a_version_with_the_same_code_and_standing(library: GitLibrary, keep: Keep) -> None:
    before = keep(make_candidate())
    library.revisions.set_status(NAME, "trusted", PERSON, "it proved itself")
    recipe = Recipe(template="the restless services", slots=(), tool="", question="The restless services?")
    after = library.revisions.add_wording(NAME, recipe, PERSON, "run7")
    assert (after.version, after.semver, after.status) == (before.version + 1, "1.0.1", "trusted")
    assert (after.source, after.signature) == (before.source, before.signature)
    assert after.recipes == (*before.recipes, replace(recipe, tool=NAME))
    assert library.view().tools == (library.load(NAME),), "it may run: the lock knows the new contents"
    assert library.load(NAME).recipes == after.recipes
    assert library.revisions.history(NAME)[0].semver == "1.0.1"
    with pytest.raises(LibraryProblem, match="already"):
        library.revisions.add_wording(NAME, recipe, PERSON, "run8")


def test_a_tool_that_may_not_run_learns_no_wording(library: GitLibrary, keep: Keep) -> None:
    keep(make_candidate())
    recipe = Recipe(template="the restless services", slots=(), tool="", question="The restless services?")
    (library.path / "tools" / NAME / "tool.py").write_text("edited = True\n", encoding="utf-8")
    with pytest.raises(LibraryProblem, match="may not run"):
        library.revisions.add_wording(NAME, recipe, PERSON, "run7")
    with pytest.raises(LibraryProblem, match="no such tool"):
        library.revisions.add_wording("other", recipe, PERSON, "run7")
