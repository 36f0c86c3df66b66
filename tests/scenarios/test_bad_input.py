"""What a person meets when something is wrong: a clear message, a documented exit code, nothing lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lithify.testing.model_server import ModelServer
from lithify.testing.wire_replies import Answer
from tests.scenarios.world import QUESTION, SOLUTION, clean_environment, command, log, restarts

HELLO = "```repl\nFINAL('hello')\n```"
SOON = {"Retry-After": "0"}


def ask(folder: Path, *arguments: str, base_url: str = "", **extra: str) -> tuple[int, str, str]:
    ended = command(folder, ["ask", *arguments, "--library", "library"], base_url, **extra)
    return ended.code, ended.out, ended.err


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "a.log").write_text(log(1), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["", "a.log"], 5, "question is empty"),
        (["q"], 5, "no data is given"),
        (["q", "missing.log"], 5, "missing.log"),
        (["q", "binary.bin"], 5, "binary.bin"),
        (["q", "a.log"], 3, "LITHIFY_MODEL"),
        (["q", "a.log", "--keep", "always"], 2, "always"),
        (["q", "a.log", "--nonsense"], 2, "--nonsense"),
        (["q", "a.log", "--model", "cassette:missing.cassette"], 10, "missing.cassette"),
        (["q", "a.log", "--model", "nonsense:model"], 3, "nonsense"),
    ],
)
def test_wrong_arguments(data: Path, arguments: list[str], code: int, says: str) -> None:
    (data / "binary.bin").write_bytes(bytes(range(256)) * 40)
    ended, out, err = ask(data, *arguments)
    assert (ended, out) == (code, ""), err
    assert says in err
    assert "Traceback" not in err


def test_an_unreadable_file(data: Path) -> None:
    secret = data / "secret.log"
    secret.write_text("x")
    secret.chmod(0)
    if os.access(secret, os.R_OK):
        pytest.skip("this user reads everything")
    code, _, err = ask(data, "q", "secret.log")
    assert code == 5
    assert "secret.log" in err


def test_an_empty_file_is_data_too(data: Path) -> None:
    (data / "empty.log").write_text("")
    with ModelServer(["```repl\nFINAL(len(context))\n```"]) as server:
        code, out, _ = ask(data, "How many characters?", "empty.log", base_url=server.base_url)
    assert (code, out) == (0, "0\n")


def test_errors_as_json(data: Path) -> None:
    code, out, _ = ask(data, "q", "missing.log", "--json")
    assert json.loads(out)["error"]["kind"] == "BadInput"
    assert json.loads(out)["error"]["exit_code"] == code == 5


@pytest.mark.parametrize(
    ("answers", "code", "says"),
    [
        ([Answer(status=401, text="bad key")], 6, "401"),
        ([Answer(status=429, headers=SOON)] * 9, 6, "429"),
        ([Answer(status=500, headers=SOON)] * 9, 6, "500"),
        (["no code", "still none", "", ""], 4, "without code"),
    ],
    ids=["refused", "limited", "broken", "nonsense"],
)
def test_a_model_that_does_not_help(data: Path, answers: list[str | Answer], code: int, says: str) -> None:
    with ModelServer(answers) as server:
        ended, out, err = ask(data, "q", "a.log", "--json", base_url=server.base_url)
    assert ended == code, err
    assert says in out + err
    assert "Traceback" not in err
    shown = command(data, ["--library", "library", "runs", "--json"])
    assert shown.code == 0


def test_ctrl_c_while_the_model_thinks(data: Path) -> None:
    with ModelServer([Answer(hang=True)]) as server:
        code, _ = interrupted(data, server, lambda: bool(server.requests))
    assert code == 130
    assert_interrupted(data)


def test_ctrl_c_while_a_cell_runs(data: Path) -> None:
    with ModelServer(["```repl\nwhile True: pass\n```"]) as server:
        began = time.monotonic()
        code, _ = interrupted(data, server, lambda: bool(server.requests) and time.monotonic() - began > 3)
    assert code == 130
    assert_interrupted(data)


def interrupted(folder: Path, server: ModelServer, ready: object) -> tuple[int, str]:
    """Start an ask in a process group of its own, send it SIGINT when ready says so, and see that nothing is left."""
    environment = clean_environment(folder, {"LITHIFY_MODEL": "openai:scripted", "LITHIFY_BASE_URL": server.base_url})
    process = subprocess.Popen(
        [sys.executable, "-m", "lithify", "ask", "q", "a.log", "--library", "library"],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    wait_for(ready)
    children = descendants(process.pid)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    wait_for(lambda: not any(alive(child) for child in children))
    return process.returncode, err


def wait_for(ready: object, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    assert callable(ready)
    while not ready():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def descendants(pid: int) -> set[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    assert len(found) > 1, "the ask had no worker yet"
    return found - {pid}


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def assert_interrupted(folder: Path) -> None:
    (run,) = command(folder, ["--library", "library", "runs", "--json"]).json["runs"]  # type: ignore[misc]
    assert run["state"] == "interrupted"


def test_a_library_that_is_another_folder(data: Path) -> None:
    (data / "library").mkdir()
    (data / "library" / "thesis.txt").write_text("precious")
    with ModelServer([SOLUTION]) as server:
        code, _, err = ask(data, QUESTION, "a.log", "--keep", "provisional", base_url=server.base_url)
    assert code == 8, err
    assert "git init" in err
    assert (data / "library" / "thesis.txt").read_text() == "precious"


def test_two_asks_at_once_on_one_library(data: Path) -> None:
    other = "How many restarts are there in all?"
    solution = SOLUTION.replace("FINAL([name for name, count in ranked[:2]])", "FINAL(sum(counts.values()))")

    def reply(request: object) -> str:
        return solution if other in str(getattr(request, "body", "")) else SOLUTION

    with ModelServer(reply) as server, ThreadPoolExecutor() as pool:
        both = [
            pool.submit(ask, data, question, "a.log", "--keep", "provisional", base_url=server.base_url)
            for question in (QUESTION, other)
        ]
        assert [one.result()[0] for one in both] == [0, 0], [one.result() for one in both]
    listed = command(data, ["--library", "library", "tools", "--json"]).json
    assert len(listed["tools"]) == 2  # type: ignore[arg-type]
    assert listed["refused"] == {}
    fsck = subprocess.run(
        ["git", "-C", data / "library", "status", "--porcelain"], capture_output=True, text=True, check=True
    )
    assert fsck.stdout == ""


def test_the_command_line_from_question_to_replay(data: Path) -> None:
    (data / "b.log").write_text(log(3), encoding="utf-8")
    with ModelServer([SOLUTION]) as server:
        code, out, err = ask(data, QUESTION, "a.log", "--json", base_url=server.base_url)
        assert code == 0, err
        first = json.loads(out)
        assert first["answer"] == [name for name, _ in restarts(log(1))[:2]]
        assert (first["route"], first["model_calls"], first["cost"], first["tool"]) == ("explore", 1, None, None)
        pending = command(data, ["review", "--library", "library", "--json"]).json["pending"]
        assert [one["id"] for one in pending] == [first["candidate"]]  # type: ignore[attr-defined]
        approved = command(data, ["review", "--library", "library", "--yes"])
        assert approved.code == 0, approved.err
        code, out, err = ask(data, QUESTION, "b.log", "--json")
        assert code == 0, err
        again = json.loads(out)
        assert again["answer"] == [name for name, _ in restarts(log(3))[:2]]
        assert (again["route"], again["model_calls"], again["cost"]) == ("replay", 0, 0)
        assert again["tool"]["version"] == 1
        assert len(server.requests) == 1
    for arguments in (["runs"], ["show", again["run_id"]], ["show", first["run_id"]], ["costs"], ["tools"]):
        ended = command(data, ["--library", "library", *arguments])
        assert ended.code == 0, ended.err
        assert ended.out.strip()


def test_an_answer_goes_to_stdout_and_everything_else_to_stderr(data: Path) -> None:
    with ModelServer([HELLO]) as server:
        code, out, err = ask(data, "Say hello", "a.log", "--ephemeral", base_url=server.base_url)
    assert (code, out) == (0, "hello\n")
    assert "1 model call" in err


def test_a_full_disk_is_said(data: Path) -> None:
    """The library on a file system without room: the error names it, and the next ask with room works."""
    small = data / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this user cannot mount a small file system")
    try:
        with ModelServer([HELLO, HELLO]) as server:
            ended = command(data, ["ask", "q", "a.log", "--library", "small/library"], server.base_url)
            assert ended.code == 9, ended.err
            assert "Traceback" not in ended.err
            assert "disk" in ended.err.lower() or "space" in ended.err.lower(), ended.err
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)
