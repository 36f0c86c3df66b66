"""`lithify chat`: piped questions, commands, a terminal, Ctrl-C."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from lithify.testing.model_server import Answer, ModelServer
from tests.scenarios.test_session import COUNT, PARSE
from tests.scenarios.world import clean_environment, command, log, restarts

AT_A_TERMINAL = """\
import fcntl, runpy, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
runpy.run_module("lithify", run_name="__main__", alter_sys=True)
"""


def data(folder: Path) -> Path:
    file = folder / "boot.log"
    file.write_text(log(1), encoding="utf-8")
    return file


def test_piped_questions_are_answered_one_a_line(tmp_path: Path) -> None:
    data(tmp_path)
    typed = "How many lines?\n\n/vars\nHow many restarts per service?\n/reset\n/vars\n/quit\nnot asked\n"
    with ModelServer([PARSE, COUNT]) as server:
        ended = command(tmp_path, ["chat", "boot.log", "--ephemeral"], server.base_url, typed)
    assert ended.code == 0, ended.err
    first, rows, *pairs = ended.out.splitlines()
    assert (first, rows) == ("120", "rows: list[120]")
    assert [tuple(pair.split()) for pair in pairs] == [(name, str(count)) for name, count in restarts(log(1))]
    assert ended.err.count("explored · 1 model call") == 2
    assert "forgotten" in ended.err
    assert "no variables yet" in ended.err


def test_json_gives_one_object_a_question_and_failures_do_not_end_it(tmp_path: Path) -> None:
    data(tmp_path)
    bad = Answer(status=401, text="no such key")
    with ModelServer([PARSE, bad, COUNT]) as server:
        ended = command(tmp_path, ["chat", "boot.log", "--json", "--ephemeral"], server.base_url, "one\ntwo\nthree\n")
    one, two, three = map(json.loads, ended.out.splitlines())
    assert (one["question"], one["answer"], one["route"]) == ("one", 120, "explore")
    assert two["error"]["kind"] == "ModelRefused"
    assert three["question"] == "three"
    assert ended.code == 6, "the first failure decides"


def test_the_budget_is_shown_and_changed(tmp_path: Path) -> None:
    data(tmp_path)
    typed = (
        "/budget turns=1 cost=0.5\n/budget calls=1\n/budget turns=none\n/budget wishes=3\n/nonsense\nHow many lines?\n"
    )
    with ModelServer(["```repl\nx = 1\n```", "FINAL(7)"]) as server:
        ended = command(tmp_path, ["chat", "boot.log", "--ephemeral"], server.base_url, typed)
    assert "turns = 1\n" in ended.out
    assert "cost = 0.5\n" in ended.out
    assert "turns takes a positive whole number" in ended.err
    assert "calls takes a whole number, 2 or more" in ended.err
    assert "give a limit as name=value" in ended.err
    assert "no command '/nonsense'" in ended.err
    assert ended.code == 5


def test_quotes_come_with_the_answer(tmp_path: Path) -> None:
    data(tmp_path)
    third = log(1).splitlines()[2]
    without = "```repl\nFINAL(2)\n```"
    with ModelServer([f"```repl\nCITE({third!r})\nFINAL(1)\n```", without, without]) as server:
        ended = command(tmp_path, ["chat", "boot.log", "--cite", "--ephemeral"], server.base_url, "one\ntwo\n")
    assert ended.out.splitlines() == ["1", f'boot.log:3  "{third}"  ✓', "2", "(no quote supports this answer)"]


def test_an_answer_without_the_quotes_that_were_asked_for_says_so(tmp_path: Path) -> None:
    data(tmp_path)
    with ModelServer(["```repl\nFINAL(2)\n```"] * 3) as server:
        ask = ["ask", "How many?", "boot.log", "--ephemeral"]
        assert command(tmp_path, [*ask, "--cite"], server.base_url).out == "2\n(no quote supports this answer)\n"
        assert command(tmp_path, ask, server.base_url).out == "2\n"


def test_data_is_needed_and_stdin_is_taken(tmp_path: Path) -> None:
    assert command(tmp_path, ["chat"]).code == 5
    ended = command(tmp_path, ["chat", "-"])
    assert ended.code == 5
    assert "questions come from stdin" in ended.err


class Terminal:
    """`lithify chat` at a terminal of its own."""

    def __init__(self, folder: Path, arguments: Sequence[str], base_url: str) -> None:
        self._main, side = pty.openpty()
        environment = clean_environment(
            folder, {"LITHIFY_MODEL": "openai:x", "LITHIFY_BASE_URL": base_url, "TERM": "dumb"}
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", AT_A_TERMINAL, *arguments],
            cwd=folder,
            env=environment,
            stdin=side,
            stdout=side,
            stderr=side,
            start_new_session=True,
        )
        os.close(side)
        self.seen = ""

    def until(self, pattern: str) -> None:
        """Read until the pattern is there; what was seen before it is done with."""
        while not (found := re.search(pattern, self.seen)):
            self.seen += os.read(self._main, 4_096).decode(errors="replace")
        self.seen = self.seen[found.end() :]

    def type(self, text: str) -> None:
        os.write(self._main, text.encode())

    def end(self) -> int:
        return self.process.wait(30)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait(30)
        os.close(self._main)


def test_ctrl_c_stops_the_question_and_not_the_conversation(tmp_path: Path) -> None:
    data(tmp_path)
    slow = "```repl\nllm_query('go')\nwhile True: pass\n```"
    script = [PARSE, slow, "gone", "```repl\nFINAL(len(context.splitlines()))\n```"]
    with (
        ModelServer(script) as server,
        Terminal(tmp_path, ["chat", "boot.log", "--ephemeral"], server.base_url) as chat,
    ):
        chat.until("> ")
        chat.type("How many lines?\n")
        chat.until("120\r\n")
        chat.until("> ")
        chat.type("Take your time.\n")
        while len(server.requests) < 3:  # the cell is running: it has asked
            time.sleep(0.01)
        chat.type("\x03")
        chat.until("stopped; the conversation goes on")
        chat.until("> ")
        chat.type("How many lines again?\n")
        chat.until("120\r\n")
        chat.until("> ")
        chat.type("\x04")
        assert chat.end() == 0
        assert len(server.requests) == 4
    state = tmp_path / ".local" / "state" / "lithify" / "chat_history"
    assert "How many lines again?" in state.read_text(encoding="utf-8")


LOST = """\
import ctypes, signal, threading, time
from lithify.cli.chat import _ended_by_sigterm

def send():
    time.sleep(0.3)  # the other one waits by then, or the test shows nothing
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)  # interrupts this thread, and not that wait

with _ended_by_sigterm():
    wait = ctypes.CDLL(None).pause
    threading.Thread(target=send).start()
    wait()
"""


def test_a_sigterm_that_the_terminal_does_not_notice_is_not_lost() -> None:
    assert subprocess.run([sys.executable, "-c", LOST], timeout=60, check=False).returncode == 143


def test_sigterm_ends_the_chat(tmp_path: Path) -> None:
    data(tmp_path)
    with ModelServer([]) as server, Terminal(tmp_path, ["chat", "boot.log"], server.base_url) as chat:
        chat.until("> ")
        chat.process.send_signal(signal.SIGTERM)
        assert chat.end() == 143
