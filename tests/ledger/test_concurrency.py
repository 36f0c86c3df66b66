"""Several processes write at once, and any of them may be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lithify.ledger import open_ledger
from lithify.testing.ledger_story import called, reply, started

PROCESSES, EVENTS = 4, 500

WRITER = """
import sys
from pathlib import Path
from lithify.ledger import open_ledger
from lithify.testing.ledger_story import called, finished, reply, started

path, run_id, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
sys.stdin.readline()
ledger = open_ledger(path)
ledger.notify(started(run_id))
for number in range(1, count + 1):
    ledger.notify(called(run_id, reply(tokens=(number, 1)), turn=number))
    print(number, flush=True)
ledger.notify(finished(run_id))
ledger.close()
"""


def writer(path: Path, run_id: str, count: int) -> subprocess.Popen[str]:
    """A process that records count calls, each said on stdout after it was recorded; it begins with a line on stdin."""
    command = [sys.executable, "-c", WRITER, str(path), run_id, str(count)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_processes_that_make_and_fill_one_ledger_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    processes = [writer(path, f"r{number}", EVENTS) for number in range(PROCESSES)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate()
    assert [process.returncode for process in processes] == [0] * PROCESSES

    ledger = open_ledger(path)
    runs = ledger.runs()
    assert sorted(run.run_id for run in runs) == [f"r{number}" for number in range(PROCESSES)]
    for run in runs:
        assert run.state == "finished"
        calls = [call for turn in ledger.run(run.run_id).turns for call in turn.calls]
        assert [call.reply and call.reply.input_tokens for call in calls] == list(range(1, EVENTS + 1))
    ledger.close()


def test_a_writer_killed_at_any_moment_leaves_all_that_it_had_recorded(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with writer(path, "r1", 1_000_000) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("go\n")
        process.stdin.flush()
        while int(process.stdout.readline()) < 100:
            pass
        os.kill(process.pid, signal.SIGKILL)
        said = process.stdout.read().splitlines()
    acknowledged = int(said[-1]) if said else 100

    ledger = open_ledger(path)
    (run,) = ledger.runs()
    assert run.state == "died"
    assert acknowledged <= run.usage.model_calls <= acknowledged + 1
    ledger.close()


def test_threads_of_one_process_share_a_ledger(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.db")
    ledger.notify(started("r1"))

    def record(number: int) -> int:
        ledger.notify(called("r1", reply(), turn=number))
        return ledger.runs()[0].usage.model_calls

    with ThreadPoolExecutor(8) as threads:
        seen = list(threads.map(record, range(200)))
    assert min(seen) >= 1
    assert max(seen) == 200
    assert [turn.number for turn in ledger.run("r1").turns] == list(range(200))
    ledger.close()
