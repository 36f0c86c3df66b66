"""Processes are told apart from later ones with the same number."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lithify.ledger.processes import UNSEEN_FOR, LocalProcesses, ProcessMark, state_without_end

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@contextmanager
def another_process() -> Iterator[tuple[subprocess.Popen[str], ProcessMark]]:
    """A process that waits, and its mark."""
    code = (
        "import sys; from dataclasses import astuple; from lithify.ledger.processes import LocalProcesses;"
        "print(*astuple(LocalProcesses().here()), sep='\\t', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        node, boot, namespace, pid, started = process.stdout.readline().rstrip("\n").split("\t")
        yield process, ProcessMark(node=node, boot=boot, namespace=namespace, pid=int(pid), started=int(started))
        process.kill()


def test_this_process_lives() -> None:
    processes = LocalProcesses()
    assert processes.alive(processes.here()) is True


def test_a_killed_process_is_dead_even_while_nobody_has_reaped_it() -> None:
    with another_process() as (process, mark):
        assert LocalProcesses().alive(mark) is True
        process.kill()
        # WNOWAIT: it has ended, and stays a zombie
        import os

        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert LocalProcesses().alive(mark) is False
    assert LocalProcesses().alive(mark) is False


def test_a_number_used_again_is_not_the_same_process() -> None:
    processes = LocalProcesses()
    here = processes.here()
    assert processes.alive(replace(here, started=here.started - 1)) is False


def test_an_earlier_boot_left_nothing_alive() -> None:
    processes = LocalProcesses()
    assert processes.alive(replace(processes.here(), boot="another")) is False


def test_another_machine_or_container_cannot_be_seen() -> None:
    processes = LocalProcesses()
    assert processes.alive(replace(processes.here(), node="another", boot="another")) is None
    assert processes.alive(replace(processes.here(), namespace="pid:[1]")) is None


def test_a_run_that_cannot_be_seen_counts_as_died_after_a_day() -> None:
    assert state_without_end(None, NOW, NOW + UNSEEN_FOR - timedelta(seconds=1)) == "running"
    assert state_without_end(None, NOW, NOW + UNSEEN_FOR) == "died"
    assert state_without_end(True, NOW, NOW + 2 * UNSEEN_FOR) == "running"
