"""Where a library may lie, and which commit is checked out there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lithify.errors import LibraryProblem
from lithify.library import open_library
from lithify.library.place import locate
from lithify.records.tool import Verdict
from lithify.testing.candidates import make_candidate

Judge = Callable[..., Verdict]
Shell = Callable[..., str]


def commit_something(folder: Path, git: Shell) -> str:
    (folder / "file.txt").write_text("x")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "something")
    return git(folder, "rev-parse", "HEAD").strip()


class TestRefused:
    def test_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "x").write_text("")
        with pytest.raises(LibraryProblem, match="is a file"):
            open_library(tmp_path / "x")

    def test_a_folder_below_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "x").write_text("")
        with pytest.raises(LibraryProblem, match=r"--library"):
            open_library(tmp_path / "x" / "library").propose(make_candidate(), Verdict(results=()))

    def test_a_folder_with_other_things_in_it(self, tmp_path: Path) -> None:
        (tmp_path / "thesis.tex").write_text("")
        with pytest.raises(LibraryProblem, match=f"git init {tmp_path}"):
            open_library(tmp_path)

    def test_a_bare_repository(self, tmp_path: Path, git: Shell) -> None:
        git(tmp_path, "init", "-q", "--bare", "bare.git")
        with pytest.raises(LibraryProblem, match="git clone"):
            open_library(tmp_path / "bare.git")

    def test_what_the_message_says_works(self, tmp_path: Path, git: Shell, judged: Judge) -> None:
        (tmp_path / "thesis.tex").write_text("")
        git(tmp_path, "init", "-q")
        candidate = make_candidate()
        open_library(tmp_path).keep(candidate, judged(candidate), "provisional", "Ada")
        assert git(tmp_path, "status", "--porcelain").strip() == "?? thesis.tex"


class TestAccepted:
    def test_a_folder_that_holds_only_our_own(self, tmp_path: Path, judged: Judge) -> None:
        candidate = make_candidate()
        open_library(tmp_path).propose(candidate, judged(candidate))
        open_library(tmp_path).keep(candidate, judged(candidate), "provisional", "Ada")

    def test_parents_are_made(self, tmp_path: Path, judged: Judge) -> None:
        candidate = make_candidate()
        open_library(tmp_path / "a/b/c").keep(candidate, judged(candidate), "provisional", "Ada")

    def test_a_link_to_a_folder(self, tmp_path: Path, judged: Judge) -> None:
        (tmp_path / "real").mkdir()
        (tmp_path / "link").symlink_to(tmp_path / "real")
        candidate = make_candidate()
        open_library(tmp_path / "link").keep(candidate, judged(candidate), "provisional", "Ada")
        assert len(open_library(tmp_path / "real").view().tools) == 1

    def test_strange_letters_in_the_path(self, tmp_path: Path, judged: Judge, git: Shell) -> None:
        folder = tmp_path / "größe 'x' *?[a] \n"
        candidate = make_candidate()
        library = open_library(folder)
        tool = library.keep(candidate, judged(candidate), "provisional", "Ada")
        assert library.view().tools == (tool,)
        assert git(folder, "status", "--porcelain") == ""


class TestInsideAnotherRepository:
    @pytest.fixture
    def project(self, tmp_path: Path, git: Shell) -> Path:
        folder = tmp_path / "project"
        folder.mkdir()
        git(folder, "init", "-q", "-b", "main")
        commit_something(folder, git)
        return folder

    def test_its_repository_is_used_and_only_our_folder_is_committed(
        self, project: Path, git: Shell, judged: Judge
    ) -> None:
        (project / "file.txt").write_text("being changed")
        (project / "new.txt").write_text("new")
        git(project, "add", "new.txt")
        candidate = make_candidate()
        library = open_library(project / "tools for logs")
        tool = library.keep(candidate, judged(candidate), "provisional", "Ada")
        assert library.view().tools == (tool,)
        assert not (library.path / ".git").exists()
        assert tool.commit == git(project, "rev-parse", "HEAD").strip()
        touched = git(project, "show", "--format=", "--name-only", "HEAD", "HEAD~1").split("\n")
        assert all(path.startswith("tools for logs/") for path in touched if path)
        assert git(project, "status", "--porcelain").splitlines() == [" M file.txt", "A  new.txt"]

    def test_the_commit_is_found_when_the_project_goes_on(self, project: Path, git: Shell, judged: Judge) -> None:
        candidate = make_candidate()
        library = open_library(project / "library")
        tool = library.keep(candidate, judged(candidate), "provisional", "Ada")
        (project / "file.txt").write_text("y")
        git(project, "commit", "-qam", "more")
        assert open_library(library.path).view().tools == (tool,)

    def test_a_folder_that_it_ignores_gets_its_own(self, project: Path, git: Shell, judged: Judge) -> None:
        (project / ".gitignore").write_text("/demo-library/\n")
        before = git(project, "rev-parse", "HEAD")
        candidate = make_candidate()
        library = open_library(project / "demo-library")
        library.keep(candidate, judged(candidate), "provisional", "Ada")
        assert (library.path / ".git").is_dir()
        assert git(project, "rev-parse", "HEAD") == before
        assert len(open_library(library.path).view().tools) == 1

    def test_an_edit_there_is_refused_and_accepted_as_anywhere(self, project: Path, git: Shell, judged: Judge) -> None:
        candidate = make_candidate()
        library = open_library(project / "library")
        name = library.keep(candidate, judged(candidate), "provisional", "Ada").name
        with (library.path / f"tools/{name}/tool.py").open("a") as stream:
            stream.write("# checked\n")
        assert name in library.view().refused
        tool = library.accept_edit(name, judged(library.edited(name)), "Ada")
        assert library.view().tools == (tool,)
        assert git(project, "status", "--porcelain") == ""

    def test_a_hook_of_the_project_says_no(self, project: Path, git: Shell, judged: Judge) -> None:
        path = project / ".git/hooks/pre-commit"
        path.parent.mkdir(exist_ok=True)
        path.write_text("#!/bin/sh\nexit 1\n")
        path.chmod(0o755)
        candidate = make_candidate()
        with pytest.raises(LibraryProblem, match="did not take the commit"):
            open_library(project / "library").keep(candidate, judged(candidate), "provisional", "Ada")
        assert git(project, "status", "--porcelain") == ""


class TestHead:
    """Read from git's files, it is what git says."""

    def test_before_the_first_commit(self, tmp_path: Path, git: Shell) -> None:
        git(tmp_path, "init", "-q")
        assert locate(tmp_path).head() == ""

    def test_a_branch(self, tmp_path: Path, git: Shell) -> None:
        git(tmp_path, "init", "-q", "-b", "feature/deep/name")
        commit = commit_something(tmp_path, git)
        assert locate(tmp_path).head() == commit

    def test_packed_references(self, tmp_path: Path, git: Shell) -> None:
        git(tmp_path, "init", "-q")
        commit = commit_something(tmp_path, git)
        git(tmp_path, "tag", "-am", "x", "v1")
        git(tmp_path, "pack-refs", "--all")
        assert locate(tmp_path).head() == commit

    def test_detached(self, tmp_path: Path, git: Shell) -> None:
        git(tmp_path, "init", "-q")
        commit = commit_something(tmp_path, git)
        git(tmp_path, "checkout", "-q", "--detach")
        assert locate(tmp_path).head() == commit

    def test_a_linked_work_tree(self, tmp_path: Path, git: Shell, judged: Judge) -> None:
        (tmp_path / "main").mkdir()
        git(tmp_path / "main", "init", "-q")
        commit = commit_something(tmp_path / "main", git)
        git(tmp_path / "main", "worktree", "add", "-q", "../linked", "-b", "linked")
        assert locate(tmp_path / "linked").head() == commit
        candidate = make_candidate()
        library = open_library(tmp_path / "linked")
        tool = library.keep(candidate, judged(candidate), "provisional", "Ada")
        assert library.view().tools == (tool,)
        assert tool.commit == git(tmp_path / "linked", "rev-parse", "HEAD").strip()

    def test_a_repository_of_another_hash(self, tmp_path: Path, git: Shell) -> None:
        git(tmp_path, "init", "-q", "--object-format=sha256")
        commit = commit_something(tmp_path, git)
        assert len(commit) == 64
        assert locate(tmp_path).head() == commit

    def test_what_cannot_be_read_is_asked_of_git(self, tmp_path: Path) -> None:
        (tmp_path / ".git").mkdir()
        (tmp_path / ".git/HEAD").write_text("ref: refs/heads/.invalid\n")
        assert locate(tmp_path).head() is None
        (tmp_path / ".git/HEAD").write_bytes(b"\xff\xff")
        assert locate(tmp_path).head() is None
