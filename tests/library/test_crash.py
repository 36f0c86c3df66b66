"""kill -9 at any moment: what ran before still runs, nothing half-written is used, and the next write mends it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import filelock  # noqa: F401 - imported before the fork, not after it
import pytest

from lithify.library import GitLibrary, open_library
from lithify.records.tool import Candidate, Verdict
from lithify.testing.candidates import SOURCE, example, make_candidate

Judge = Callable[..., Verdict]
Shell = Callable[..., str]
NAME = "most_restarted_service"
BETTER = make_candidate(identity="c2", source=SOURCE + "\n\n_X = 1\n", examples=(example("new"),))
OTHER = make_candidate(identity="c3", source=SOURCE + "\n\n_Y = 1\n", template="something else")
EVENTS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "subprocess.Popen", "shutil.rmtree")
"""What Python tells before it touches the world; each is a moment to be killed at."""


STEP = 6
"""Every moment was tried once; every sixth is enough to notice a change for the worse."""


def killed_at(moment: int, work: Callable[[], object]) -> bool:
    """Do the work in a process that is killed at its nth touch of the world; whether it came that far."""
    child = os.fork()
    if child == 0:
        left = [moment]

        def on_event(event: str, arguments: tuple[object, ...]) -> None:
            if event in EVENTS and not (event == "open" and not isinstance(arguments[1], str)):
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(on_event)
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def check(library: GitLibrary, git: Shell) -> None:
    """The library is whole: nothing refused, nothing left over."""
    view = library.view()
    assert view.refused == {}
    assert git(library.path, "status", "--porcelain") == ""
    git(library.path, "fsck", "--strict")


@pytest.mark.parametrize("candidate", [BETTER, OTHER], ids=["next-version", "new-tool"])
def test_killed_while_keeping(tmp_path: Path, judged: Judge, git: Shell, candidate: Candidate) -> None:
    first, verdict, moments = make_candidate(), judged(candidate), 0
    before = open_library(tmp_path / "first").keep(first, judged(first), "provisional", "Ada")
    for moment in range(1, 400, STEP):
        shutil.copytree(tmp_path / "first", tmp_path / str(moment))
        library = open_library(tmp_path / str(moment))
        killed = killed_at(moment, lambda: open_library(library.path).keep(candidate, verdict, "provisional", "Ada"))  # noqa: B023
        view = open_library(library.path).view()
        assert view.refused == {}
        assert before in view.tools or any(tool.name == NAME and tool.version == 2 for tool in view.tools)
        kept = library.keep(candidate, verdict, "provisional", "Ada")
        assert kept in library.view().tools
        check(library, git)
        if not killed:
            break
        moments += 1
    assert moments > 10
    assert not killed, "the work was never done whole"


def test_killed_while_the_library_is_made(tmp_path: Path, judged: Judge, git: Shell) -> None:
    candidate = make_candidate()
    verdict = judged(candidate)
    for moment in range(1, 400, STEP):
        library = open_library(tmp_path / str(moment))
        killed = killed_at(moment, lambda: open_library(library.path).keep(candidate, verdict, "provisional", "Ada"))  # noqa: B023
        tool = open_library(library.path).keep(candidate, verdict, "provisional", "Ada")
        assert library.view().tools == (tool,)
        check(library, git)
        if not killed:
            return
    pytest.fail("the work was never done whole")


def test_killed_while_a_candidate_is_put_aside(tmp_path: Path, judged: Judge) -> None:
    candidate = make_candidate()
    verdict = judged(candidate)
    for moment in range(1, 200, STEP):
        library = open_library(tmp_path / str(moment))
        killed = killed_at(moment, lambda: open_library(library.path).propose(candidate, verdict))  # noqa: B023
        assert [one.candidate for one in library.candidates()] in ([], [candidate])
        library.propose(candidate, verdict)
        assert [one.verdict for one in library.candidates()] == [verdict]
        if not killed:
            return
    pytest.fail("the work was never done whole")


@pytest.mark.parametrize("hook", ["pre-commit", "commit-msg", "post-commit"])
def test_killed_while_git_commits(tmp_path: Path, judged: Judge, git: Shell, hook: str) -> None:
    """git goes on by itself and makes the commit; the next writer waits for it."""
    library = open_library(tmp_path / "library")
    first = make_candidate()
    library.keep(first, judged(first), "provisional", "Ada")
    script = library.path / ".git/hooks" / hook
    script.parent.mkdir(exist_ok=True)
    script.write_text(f"#!/bin/sh\nkill -9 $(cat {tmp_path}/pid)\nsleep 0.5\n")
    script.chmod(0o755)

    def work() -> None:
        (tmp_path / "pid").write_text(str(os.getpid()))
        open_library(library.path).keep(BETTER, judged(BETTER), "provisional", "Ada")

    assert killed_at(10_000, work)
    script.unlink()
    tool = library.keep(OTHER, judged(OTHER), "provisional", "Ada")
    assert tool in library.view().tools
    assert {one.version for one in library.view().tools if one.name == NAME} <= {1, 2}
    check(library, git)


def test_ctrl_c_while_git_commits(tmp_path: Path, judged: Judge, git: Shell) -> None:
    library = open_library(tmp_path / "library")
    first = make_candidate()
    library.keep(first, judged(first), "provisional", "Ada")
    script = library.path / ".git/hooks/pre-commit"
    script.parent.mkdir(exist_ok=True)
    script.write_text(f"#!/bin/sh\nkill -INT $(cat {tmp_path}/pid)\nsleep 0.2\n")
    script.chmod(0o755)
    (tmp_path / "pid").write_text(str(os.getpid()))
    with pytest.raises(KeyboardInterrupt):
        library.keep(BETTER, judged(BETTER), "provisional", "Ada")
    script.unlink()
    check(library, git)
    library.keep(OTHER, judged(OTHER), "provisional", "Ada")
    check(library, git)


def test_a_broken_journal_says_what_to_do(tmp_path: Path, judged: Judge) -> None:
    from lithify.errors import LibraryProblem

    library = open_library(tmp_path / "library")
    first = make_candidate()
    library.keep(first, judged(first), "provisional", "Ada")
    (library.path / ".lithify/pending").mkdir()
    (library.path / ".lithify/pending/plan.json").write_text("{")
    with pytest.raises(LibraryProblem, match=r"git checkout -- tools recipes tools\.lock"):
        library.keep(OTHER, judged(OTHER), "provisional", "Ada")


def test_two_processes_at_once_lose_nothing(tmp_path: Path, git: Shell) -> None:
    """Four processes, ten tools each, one library that none of them has made yet."""
    program = """
import sys
from lithify.layout import candidate_contents
from lithify.library import open_library
from lithify.records.tool import GateResult, Verdict
from lithify.testing.candidates import SOURCE, make_candidate
library = open_library(__import__("pathlib").Path(sys.argv[1]))
for number in range(10):
    name = f"{sys.argv[2]}-{number}"
    one = make_candidate(identity=name, template=name, source=SOURCE + f"\\n\\n_X = {name!r}\\n")
    result = GateResult(gate="static", outcome="pass", evidence="looked at")
    verdict = Verdict(results=(result,), contents=candidate_contents(one).sha256)
    library.propose(one, verdict)
    tool = library.keep(one, verdict, "provisional", "Ada")
    view = library.view()
    assert tool.name in [other.name for other in view.tools], view.refused
    assert not view.refused, view.refused
"""
    path = tmp_path / "library"
    writers = [
        subprocess.Popen([sys.executable, "-c", program, str(path), str(number)], stderr=subprocess.PIPE, text=True)
        for number in range(4)
    ]
    for writer in writers:
        _, said = writer.communicate()
        assert writer.returncode == 0, said
    library = open_library(path)
    view = library.view()
    assert len(view.tools) == 40
    assert len({tool.name for tool in view.tools}) == 40
    assert git(path, "rev-list", "--count", "HEAD").strip() == "41"
    assert len({tool.commit for tool in view.tools}) == 40
    assert library.lock.check() == ()
    assert library.candidates() == ()
    check(library, git)
