"""The repository as people leave it: their changes are theirs, and what cannot work says what to do."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lithify.errors import LibraryProblem
from lithify.library import GitLibrary, open_library
from lithify.records.tool import Candidate, Tool, Verdict
from lithify.testing.candidates import SOURCE, make_candidate

Judge = Callable[..., Verdict]
Shell = Callable[..., str]
Keep = Callable[[Candidate], Tool]
NAME = "most_restarted_service"
OTHER = make_candidate(identity="c2", source=SOURCE + "\n\n_X = 1\n", template="something else")


@pytest.fixture
def library(tmp_path: Path) -> GitLibrary:
    return open_library(tmp_path / "library")


@pytest.fixture
def keep(library: GitLibrary, judged: Judge) -> Keep:
    return lambda candidate: library.keep(candidate, judged(candidate), "provisional", "Ada")


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file that git could see, and git's index and branches."""
    files = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    return {p: d for p, d in files.items() if not p.startswith((".git/", ".lithify/"))}


def hook(folder: Path, name: str, script: str) -> None:
    path = folder / ".git" / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


class TestThePersonsChanges:
    def test_staged_and_unstaged_changes_stay_what_they_are(self, library: GitLibrary, keep: Keep, git: Shell) -> None:
        keep(make_candidate())
        path = library.path
        (path / "staged.txt").write_text("staged")
        git(path, "add", "staged.txt")
        (path / "README.md").write_text("half an idea")
        (path / "untracked.txt").write_text("untracked")
        keep(OTHER)
        assert git(path, "status", "--porcelain").splitlines() == [" M README.md", "A  staged.txt", "?? untracked.txt"]
        assert "staged.txt" not in git(path, "show", "--stat", "HEAD")
        assert len(library.view().tools) == 2

    def test_other_branches_are_not_touched(self, library: GitLibrary, keep: Keep, git: Shell) -> None:
        keep(make_candidate())
        before = git(library.path, "rev-parse", "main")
        git(library.path, "switch", "-qc", "experiment")
        keep(OTHER)
        assert git(library.path, "rev-parse", "main") == before
        assert git(library.path, "rev-list", "--count", "main..experiment").strip() == "1"
        git(library.path, "switch", "-q", "main")
        assert [tool.name for tool in library.view().tools] == [NAME]

    def test_an_uncommitted_lock_is_not_swept_into_our_commit(
        self, library: GitLibrary, keep: Keep, git: Shell
    ) -> None:
        keep(make_candidate())
        keep(make_candidate())
        git(library.path, "rm", "-q", "--cached", f"lock/{NAME}.toml")
        before = snapshot(library.path)
        with pytest.raises(LibraryProblem, match=rf"lock/{NAME}.toml in .* has changes that are not committed"):
            keep(make_candidate(identity="c3", source=SOURCE + "\n\n_Y = 1\n"))
        assert snapshot(library.path) == before
        git(library.path, "reset", "-q")
        assert keep(make_candidate(identity="c3", source=SOURCE + "\n\n_Y = 1\n")).version == 2

    def test_a_file_in_the_way_is_not_overwritten(self, library: GitLibrary, keep: Keep) -> None:
        keep(make_candidate())
        mine = [library.path / f"{folder}/{NAME}_{n}.toml" for n, folder in enumerate(("recipes", "lock"), start=2)]
        for file in mine:
            file.write_text("mine")
        assert keep(OTHER).name == f"{NAME}_4"
        assert [file.read_text() for file in mine] == ["mine", "mine"]

    def test_an_ignore_rule_of_the_persons_does_not_lose_a_tool(
        self, library: GitLibrary, keep: Keep, git: Shell, home: Path
    ) -> None:
        (home / "ignore").write_text("*.txt\ntests/\n")
        git(home, "config", "--global", "core.excludesFile", str(home / "ignore"))
        keep(make_candidate())
        assert "01-recorded.txt" in git(library.path, "ls-files")

    def test_line_end_conversion_does_not_change_what_is_hashed(
        self, library: GitLibrary, keep: Keep, git: Shell, home: Path, tmp_path: Path
    ) -> None:
        git(home, "config", "--global", "core.autocrlf", "true")
        keep(make_candidate())
        git(tmp_path, "clone", "-q", str(library.path), "clone")
        view = open_library(tmp_path / "clone").view()
        assert [tool.name for tool in view.tools] == [NAME]
        assert view.refused == {}


class TestWhoCommits:
    def test_the_person_when_git_knows_them(self, library: GitLibrary, keep: Keep, git: Shell) -> None:
        keep(make_candidate())
        assert git(library.path, "log", "-1", "--format=%an <%ae>").strip() == "Ada <ada@example.org>"

    def test_lithify_when_it_does_not(self, library: GitLibrary, keep: Keep, git: Shell, home: Path) -> None:
        (home / ".gitconfig").write_text("[user]\n\tname = Ada\n\tuseConfigOnly = true\n")
        keep(make_candidate())
        assert git(library.path, "log", "-1", "--format=%an <%ae>, %cn <%ce>").strip() == (
            "lithify <lithify@localhost>, lithify <lithify@localhost>"
        )

    def test_the_environment_names_a_person_as_well(
        self, library: GitLibrary, keep: Keep, git: Shell, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (home / ".gitconfig").unlink()
        for role in ("AUTHOR", "COMMITTER"):
            monkeypatch.setenv(f"GIT_{role}_NAME", "CI")
            monkeypatch.setenv(f"GIT_{role}_EMAIL", "ci@example.org")
        keep(make_candidate())
        assert git(library.path, "log", "-1", "--format=%an <%ae>").strip() == "CI <ci@example.org>"

    def test_the_environment_cannot_lead_to_another_repository(
        self, library: GitLibrary, keep: Keep, git: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        git(elsewhere, "init", "-q")
        monkeypatch.setenv("GIT_DIR", str(elsewhere / ".git"))
        monkeypatch.setenv("GIT_WORK_TREE", str(elsewhere))
        monkeypatch.setenv("GIT_INDEX_FILE", str(elsewhere / "index"))
        keep(make_candidate())
        assert len(open_library(library.path).view().tools) == 1
        for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
            monkeypatch.delenv(name)
        assert git(elsewhere, "log", check=False) == ""
        assert git(library.path, "rev-list", "--count", "HEAD").strip() == "2"


class TestRefusals:
    def refuses(self, library: GitLibrary, keep: Keep, said: str) -> str:
        """Keeping fails with these words, and leaves everything as it was."""
        before = snapshot(library.path)
        view = library.view()
        index = subprocess.run(["git", "ls-files", "-s"], cwd=library.path, capture_output=True, check=False).stdout
        with pytest.raises(LibraryProblem, match=said) as caught:
            keep(OTHER)
        assert snapshot(library.path) == before
        assert library.view() == view
        after = subprocess.run(["git", "ls-files", "-s"], cwd=library.path, capture_output=True, check=False).stdout
        assert after == index
        return str(caught.value)

    def test_a_detached_head(self, library: GitLibrary, keep: Keep, git: Shell) -> None:
        keep(make_candidate())
        git(library.path, "checkout", "-q", "--detach")
        self.refuses(library, keep, "no branch checked out")
        assert len(library.view().tools) == 1

    def test_a_merge_under_way(self, library: GitLibrary, keep: Keep, git: Shell) -> None:
        keep(make_candidate())
        git(library.path, "switch", "-qc", "other")
        (library.path / "README.md").write_text("other")
        git(library.path, "commit", "-qam", "other")
        git(library.path, "switch", "-q", "main")
        (library.path / "README.md").write_text("main")
        git(library.path, "commit", "-qam", "main")
        git(library.path, "merge", "other", check=False)
        self.refuses(library, keep, "MERGE_HEAD")

    def test_a_hook_that_says_no_is_heard(self, library: GitLibrary, keep: Keep) -> None:
        keep(make_candidate())
        hook(library.path, "pre-commit", "echo 'house rule 7: ask Grace first' >&2; exit 1")
        assert "house rule 7: ask Grace first" in self.refuses(library, keep, "did not take the commit")

    def test_a_hook_that_says_no_to_the_very_first_commit(
        self, library: GitLibrary, keep: Keep, git: Shell, home: Path
    ) -> None:
        hooks = home / "template" / "hooks"
        hooks.mkdir(parents=True)
        (hooks / "commit-msg").write_text("#!/bin/sh\necho no >&2\nexit 1\n")
        (hooks / "commit-msg").chmod(0o755)
        git(home, "config", "--global", "init.templateDir", str(home / "template"))
        with pytest.raises(LibraryProblem, match="did not take the commit"):
            keep(make_candidate())
        assert snapshot(library.path) == {}
        assert git(library.path, "status", "--porcelain") == ""
        (library.path / ".git/hooks/commit-msg").unlink()
        keep(make_candidate())
        assert len(library.view().tools) == 1

    def test_a_signature_that_cannot_be_made(self, library: GitLibrary, keep: Keep, git: Shell) -> None:
        keep(make_candidate())
        git(library.path, "config", "commit.gpgsign", "true")
        git(library.path, "config", "gpg.program", "false")
        said = self.refuses(library, keep, "did not take the commit")
        assert "config commit.gpgsign false" in said

    def test_a_hook_may_change_nothing_of_what_is_vouched_for(self, library: GitLibrary, keep: Keep) -> None:
        keep(make_candidate())
        hook(library.path, "pre-commit", f"echo '# house style' >> tools/{NAME}_2/tool.py")
        keep(OTHER)
        view = open_library(library.path).view()
        assert [tool.name for tool in view.tools] == [NAME]
        assert f"tools/{NAME}_2/tool.py differs" in view.refused[f"{NAME}_2"]

    def test_no_git(self, library: GitLibrary, keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
        keep(make_candidate())
        monkeypatch.setenv("PATH", "/nowhere")
        assert len(library.view().tools) == 1  # nothing need be asked of git to read what is there
        with pytest.raises(LibraryProblem, match="install git"):
            keep(OTHER)
        with pytest.raises(LibraryProblem, match="install git"):
            open_library(library.path.with_name("new")).keep(
                make_candidate(), _verdict(make_candidate()), "provisional", "Ada"
            )

    def test_conflict_markers_in_the_lock(self, library: GitLibrary, keep: Keep, git: Shell) -> None:
        keep(make_candidate())
        git(library.path, "switch", "-qc", "theirs", "HEAD~1")
        keep(make_candidate(source=SOURCE + "\n\n_X = 1\n"))
        git(library.path, "merge", "main", check=False)
        view = library.view()
        assert view.tools == ()
        assert "conflict markers" in view.refused[NAME]
        assert "`lithify lock merge --ours` or `--theirs`" in view.refused[NAME]

    @pytest.mark.parametrize(
        ("lock", "said"),
        [
            ("format = 3\n", "upgrade lithify"),
            ("nonsense", "not TOML"),
            ('format = 1\n[tools."../x"]\nversion = 1\n', "cannot name a tool"),
            ("format = 1\ntools = 3\n", "must be a table"),
            ("format = 1\n[tools.x]\nversion = 1\nstatus = 'loved'\n", "one of candidate"),
        ],
    )
    def test_a_broken_lock(self, library: GitLibrary, keep: Keep, lock: str, said: str) -> None:
        keep(make_candidate())
        (library.path / "tools.lock").write_text(lock)
        with pytest.raises(LibraryProblem, match=said):
            library.view()


def _verdict(candidate: Candidate) -> Verdict:
    from lithify.layout import candidate_contents
    from lithify.records.tool import GateResult

    results = (GateResult(gate="static", outcome="pass", evidence="looked at"),)
    return Verdict(results=results, contents=candidate_contents(candidate).sha256)


class TestMergedLibraries:
    def test_two_peoples_tools_meet_in_one_lock(
        self, library: GitLibrary, keep: Keep, git: Shell, judged: Judge, tmp_path: Path
    ) -> None:
        keep(make_candidate())
        git(tmp_path, "clone", "-q", str(library.path), "theirs")
        theirs = open_library(tmp_path / "theirs")
        theirs.keep(OTHER, judged(OTHER), "provisional", "Grace")
        git(library.path, "pull", "-q", "--no-rebase", str(theirs.path), "main")
        view = library.view()
        assert view.refused == {}
        assert {tool.approved_by for tool in view.tools} == {"Ada", "Grace"}

    def test_the_commit_of_each_tool_is_the_last_that_touched_it(
        self, library: GitLibrary, keep: Keep, git: Shell, tmp_path: Path
    ) -> None:
        first, second = keep(make_candidate()), keep(OTHER)
        (library.path / "README.md").write_text("more")
        git(library.path, "commit", "-qam", "words")
        git(tmp_path, "clone", "-q", str(library.path), "clone")
        for path in (library.path, tmp_path / "clone"):
            view = open_library(path).view()
            assert {tool.name: tool.commit for tool in view.tools} == {
                NAME: first.commit,
                f"{NAME}_2": second.commit,
            }
            assert view.commit == git(path, "rev-parse", "HEAD").strip()
            assert view.commit not in (first.commit, second.commit)
