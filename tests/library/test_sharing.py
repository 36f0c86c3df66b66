"""Libraries on branches and in clones: what merges, what is said when it does not, and what CI finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lithify.errors import LibraryProblem
from lithify.library import GitLibrary, open_library
from lithify.records.tool import Candidate, Status, Tool, Verdict
from lithify.testing.candidates import SIGNATURE, SOURCE, make_candidate
from tests.library.test_migrating import OLD
from tests.library.test_packaging import CALLER

Judge = Callable[..., Verdict]
Shell = Callable[..., str]
Keep = Callable[[Candidate], Tool]
NAME = "most_restarted_service"
MINE = make_candidate(identity="mine", source=SOURCE + "\n\n_MINE = 1\n")
THEIRS = make_candidate(identity="theirs", source=SOURCE + "\n\n_THEIRS = 1\n")


@pytest.fixture
def library(tmp_path: Path) -> GitLibrary:
    return open_library(tmp_path / "library")


@pytest.fixture
def keep(library: GitLibrary, judged: Judge) -> Keep:
    return lambda candidate: library.keep(candidate, judged(candidate), "provisional", "Ada")


def named(name: str) -> Candidate:
    """A tool of its own, which sorts where its name says."""
    source = SOURCE.replace(NAME, name)
    one = make_candidate(identity=name, source=source, template=f"question {name} {{top}}")
    return replace(one, signature=replace(SIGNATURE, function=name), recipe=replace(one.recipe, tool=name))


def findings(library: GitLibrary) -> list[tuple[str, str]]:
    return [(one.severity, one.where) for one in library.lock.check()]


@pytest.mark.parametrize("names", [("aa", "bb"), ("bb", "aa"), ("a", "zz")])
def test_independent_tools_merge_without_a_conflict_wherever_they_sort(
    library: GitLibrary, keep: Keep, git: Shell, names: tuple[str, str]
) -> None:
    keep(make_candidate())
    git(library.path, "branch", "theirs")
    mine = keep(named(names[0]))
    git(library.path, "switch", "-q", "theirs")
    theirs = keep(named(names[1]))
    git(library.path, "switch", "-q", "main")
    git(library.path, "merge", "-q", "--no-edit", "theirs")
    view = library.view()
    assert {tool.name for tool in view.tools} == {NAME, mine.name, theirs.name}
    assert view.refused == {}
    assert library.lock.check() == ()
    assert library.revisions.history(theirs.name)[0].commit == theirs.commit


class TestBothChangedOneTool:
    @pytest.fixture
    def merging(self, library: GitLibrary, keep: Keep, git: Shell) -> GitLibrary:
        keep(make_candidate())
        git(library.path, "switch", "-qc", "theirs")
        keep(THEIRS)
        keep(named("aa"))
        git(library.path, "switch", "-q", "main")
        keep(MINE)
        keep(replace(MINE, id="mine2", source=MINE.source + "_MINE_2 = 2\n"))
        git(library.path, "merge", "-q", "theirs", check=False)
        return library

    def test_the_tool_does_not_run_and_the_others_do(self, merging: GitLibrary) -> None:
        view = merging.view()
        assert [tool.name for tool in view.tools] == ["aa"]
        assert "`lithify lock merge --ours` or `--theirs`" in view.refused[NAME]
        assert ("problem", NAME) in findings(merging)
        assert ("problem", f"lock/{NAME}.toml") in findings(merging)

    def test_both_sides_are_told(self, merging: GitLibrary) -> None:
        (one,) = merging.lock.conflicts()
        assert (one.name, one.ours, one.theirs) == (
            NAME,
            "1.0.2 (v3), provisional, approved by Ada",
            "1.0.1 (v2), provisional, approved by Ada",
        )

    @pytest.mark.parametrize(("side", "source"), [("ours", "_MINE_2 = 2"), ("theirs", "_THEIRS = 1")])
    def test_one_side_is_taken_whole_and_the_other_stays_in_the_history(
        self, merging: GitLibrary, git: Shell, side: str, source: str
    ) -> None:
        assert merging.lock.resolve("ours" if side == "ours" else "theirs") == (NAME,)
        assert merging.lock.conflicts() == ()
        git(merging.path, "commit", "-q", "--no-edit")
        view = merging.view()
        assert view.refused == {}
        assert {tool.name for tool in view.tools} == {NAME, "aa"}
        assert source in merging.load(NAME).source
        assert merging.lock.check() == ()
        assert {one.semver for one in merging.revisions.history(NAME)} == {"1.0.0", "1.0.1", "1.0.2"}
        assert len(merging.revisions.history(NAME)) == 4

    def test_other_contents_are_not_settled_by_their_status(self, merging: GitLibrary) -> None:
        assert merging.lock.settle_status() == ()
        assert [one.name for one in merging.lock.conflicts()] == [NAME]

    def test_a_tool_that_is_in_no_conflict(self, merging: GitLibrary) -> None:
        with pytest.raises(LibraryProblem, match=f"aa is in no conflict in .*; in conflict: {NAME}"):
            merging.lock.resolve("ours", ["aa"])

    def test_a_rebase_has_sides_as_well(self, library: GitLibrary, keep: Keep, git: Shell) -> None:
        keep(make_candidate())
        git(library.path, "switch", "-qc", "theirs")
        keep(THEIRS)
        git(library.path, "switch", "-q", "main")
        keep(MINE)
        git(library.path, "rebase", "-q", "theirs", check=False)
        assert library.lock.resolve("theirs") == (NAME,)
        git(library.path, "-c", "core.editor=true", "rebase", "--continue")
        assert "_MINE = 1" in library.load(NAME).source


def test_no_merge_is_under_way(library: GitLibrary, keep: Keep) -> None:
    assert library.lock.conflicts() == ()
    keep(make_candidate())
    assert library.lock.conflicts() == ()
    assert library.lock.resolve("ours") == ()
    with pytest.raises(LibraryProblem, match="in conflict: none"):
        library.lock.resolve("ours", [NAME])


def test_a_branch_of_the_old_format_merges(tmp_path: Path, judged: Judge, git: Shell) -> None:
    """A colleague whose lithify is older kept a tool: tools.lock conflicts, and the entry gets a file of its own."""
    folder = tmp_path / "library"
    second = f"{NAME}_2"
    for path, text in OLD.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    lock = (folder / "tools.lock").read_text()
    theirs = lock.index(f"[tools.{second}]")
    (folder / "tools.lock").write_text(lock[:theirs])
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "rm", "-rqf", "--cached", f"tools/{second}", f"recipes/{second}.toml")
    git(folder, "commit", "-qm", "as it was")
    git(folder, "switch", "-qc", "old")
    (folder / "tools.lock").write_text(lock)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "keep by an older lithify")
    git(folder, "switch", "-q", "main")
    library = open_library(folder)
    library.keep(named("aa"), judged(named("aa")), "provisional", "Ada")
    git(folder, "merge", "-q", "old", check=False)
    with pytest.raises(LibraryProblem, match="conflict markers"):
        library.view()
    library.lock.resolve("ours")
    git(folder, "commit", "-q", "--no-edit")
    view = library.view()
    assert view.refused == {}
    assert {tool.name: tool.status for tool in view.tools} == {
        "aa": "provisional",
        NAME: "provisional",
        second: "trusted",
    }


class TestCheck:
    def test_a_library_in_order_says_nothing(self, library: GitLibrary, keep: Keep) -> None:
        assert library.lock.check() == ()
        keep(make_candidate())
        keep(named("aa"))
        library.revisions.set_status("aa", "retired", "Ada", "no")
        assert library.lock.check() == ()

    def test_a_clean_merge_of_a_caller_and_a_new_callee_is_found(
        self, library: GitLibrary, keep: Keep, git: Shell
    ) -> None:
        """Each branch was judged, their merge was not: git sees no conflict, the lock does."""
        keep(make_candidate())
        git(library.path, "switch", "-qc", "theirs")
        caller = make_candidate(identity="c2", source=CALLER, template="twice {top}")
        keep(replace(caller, signature=replace(SIGNATURE, function="twice"), callees={NAME: SOURCE}))
        git(library.path, "switch", "-q", "main")
        keep(MINE)
        git(library.path, "merge", "-q", "--no-edit", "theirs")
        (found,) = library.lock.check()
        assert (found.where, found.severity) == ("twice", "problem")
        assert f"was judged with another version of {NAME}" in found.text

    def test_two_tools_for_one_question(self, library: GitLibrary, keep: Keep, git: Shell) -> None:
        """Two people kept an answer to the same question, each without the other."""
        keep(named("aa"))
        git(library.path, "switch", "-qc", "theirs")
        keep(make_candidate())
        git(library.path, "switch", "-q", "main")
        other = replace(named("zz"), recipe=replace(named("zz").recipe, template=make_candidate().recipe.template))
        keep(other)
        git(library.path, "merge", "-q", "--no-edit", "theirs")
        (found,) = library.lock.check()
        assert (found.where, found.severity) == (NAME, "problem")
        assert "zz answers" in found.text

    def test_edits_leftovers_and_what_git_should_not_hold(self, library: GitLibrary, keep: Keep, git: Shell) -> None:
        keep(make_candidate())
        cache = library.path / f"tools/{NAME}/__pycache__"
        cache.mkdir()
        (cache / "tool.cpython-311.pyc").write_bytes(b"x")
        git(library.path, "add", "--force", ".")
        (library.path / "recipes/orphan.toml").write_text("format = 1\n")
        (library.path / ".gitattributes").write_text("tools/** -text\n")
        (library.path / f"tools/{NAME}/tool.py").write_text("mine\n")
        assert findings(library) == [
            ("problem", NAME),
            ("problem", ".gitattributes"),
            ("problem", "recipes/orphan.toml"),
            ("problem", f"tools/{NAME}/__pycache__/tool.cpython-311.pyc"),
            ("note", f"tools/{NAME}/__pycache__/tool.cpython-311.pyc"),
            ("note", f"tools/{NAME}/tool.py"),
            ("note", "recipes/orphan.toml"),
        ]

    def test_the_marker_of_the_format(self, library: GitLibrary, keep: Keep, git: Shell) -> None:
        keep(make_candidate())
        git(library.path, "rm", "-q", "tools.lock")
        git(library.path, "commit", "-qm", "away")
        assert findings(library) == [("problem", "tools.lock")]
        assert len(library.view().tools) == 1


@pytest.mark.parametrize(
    ("ours", "theirs", "status"),
    [("trusted", "trusted", "trusted"), ("trusted", "candidate", "candidate"), ("retired", "deprecated", "retired")],
)
def test_where_only_statuses_differ_the_more_careful_one_is_taken(
    library: GitLibrary, keep: Keep, git: Shell, ours: Status, theirs: Status, status: Status
) -> None:
    keep(make_candidate())
    git(library.path, "switch", "-qc", "theirs")
    library.revisions.set_status(NAME, theirs, "policy:trust", "what they saw")
    git(library.path, "switch", "-q", "main")
    library.revisions.set_status(NAME, ours, "policy:trust", "what we saw")
    git(library.path, "merge", "-q", "theirs", check=False)
    assert [one.name for one in library.lock.conflicts()] == [NAME]
    with pytest.raises(LibraryProblem, match="is in no conflict"):
        library.lock.settle_status(["nothing"])
    assert library.lock.settle_status([NAME]) == (NAME,)
    assert library.lock.conflicts() == ()
    git(library.path, "commit", "-q", "--no-edit")
    assert library.lock.check() == ()
    view = library.view()
    assert {**{tool.name: tool.status for tool in view.tools}, **view.statuses} == {NAME: status}
