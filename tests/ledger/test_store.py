"""Files that cannot be used: each time one error that says what to do, and nothing lost."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from lithify.errors import LedgerProblem
from lithify.ledger import open_ledger
from lithify.ledger.driver import Driver
from lithify.records.cell import CellResult
from lithify.records.events import RunResumed
from lithify.records.run import RunId
from lithify.testing.ledger_story import SetProcesses, called, cell, explored, refused, reply, same, started


@contextmanager
def ordinary_user() -> Iterator[None]:
    """File permissions hold: as root they would not."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that any user may enter."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


def test_the_folder_is_made_and_an_empty_file_is_a_new_ledger(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "a" / "b" / "ledger.db")
    ledger.notify(started("r1"))
    ledger.close()
    empty = tmp_path / "empty.db"
    empty.touch()
    ledger = open_ledger(empty)
    ledger.notify(started("r1"))
    same(len(ledger.runs()), 1)
    ledger.close()


def test_what_one_opening_recorded_the_next_one_reads(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.db")
    explored(ledger, "r1")
    before = ledger.run("r1")
    ledger.close()
    ledger = open_ledger(tmp_path / "ledger.db")
    same(ledger.run("r1"), before)
    ledger.close()


def test_two_openings_see_each_others_events(tmp_path: Path) -> None:
    one, other = open_ledger(tmp_path / "ledger.db"), open_ledger(tmp_path / "ledger.db")
    one.notify(started("r1"))
    same([run.run_id for run in other.runs()], ["r1"])
    other.notify(started("r2"))
    same([run.run_id for run in one.runs()], ["r2", "r1"])
    one.close()
    other.close()


def test_a_resumed_run_lives_by_the_process_that_resumed_it(tmp_path: Path) -> None:
    path, first, second = tmp_path / "ledger.db", SetProcesses(), SetProcesses()
    second.mark = replace(second.mark, pid=4712)  # `alive` fails when it is asked about another than its own
    ledger = open_ledger(path, processes=first)
    ledger.notify(started("r1"))
    ledger.close()
    ledger = open_ledger(path, processes=second)
    ledger.notify(RunResumed(run_id=RunId("r1")))
    same(ledger.runs()[0].state, "running")
    second.alive_answer = False
    same(ledger.runs()[0].state, "died")
    ledger.close()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"2026-03-01 service restarted\n" * 500)
    before = path.read_bytes()
    refused(LedgerProblem, lambda: open_ledger(path), "not a readable ledger", f"mv {path}", "file is not a database")
    same(path.read_bytes(), before)


def test_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = open_ledger(path)
    explored(ledger, "r1")
    ledger.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))
    refused(LedgerProblem, lambda: open_ledger(path), "not a readable ledger", ".recover", "malformed")


def test_damage_found_by_a_query(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = open_ledger(path)
    explored(ledger, "r1")
    ledger.close()
    with closing(sqlite3.connect(path)) as database:
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'model_call'").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    ledger = open_ledger(path)
    refused(LedgerProblem, ledger.runs, "not a readable ledger", "malformed")
    ledger.close()


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    refused(LedgerProblem, lambda: open_ledger(tmp_path), "cannot be opened", "choose another ledger")


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused(LedgerProblem, lambda: open_ledger(tmp_path / "file" / "l.db"), f"folder {tmp_path / 'file'}", "choose")


def test_a_folder_that_may_not_be_written(public_folder: Path) -> None:
    open_ledger(public_folder / "other.db").close()  # whatever is imported on the way is read as the user we are
    public_folder.chmod(0o555)
    with ordinary_user():
        refused(LedgerProblem, lambda: open_ledger(public_folder / "ledger.db"), "opened for writing", "writable")
        refused(LedgerProblem, lambda: open_ledger(public_folder / "a" / "ledger.db"), "cannot be made", "choose")


def test_a_file_that_may_not_be_written(public_folder: Path) -> None:
    path = public_folder / "ledger.db"
    open_ledger(path).close()
    path.chmod(0o444)
    with ordinary_user():
        refused(LedgerProblem, lambda: open_ledger(path), "opened for writing", "make the file")


def test_another_process_that_keeps_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = open_ledger(path, busy_seconds=0.05)
    ledger.notify(started("r1"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused(LedgerProblem, lambda: ledger.notify(called("r1", reply())), "locked", f"fuser {path}", "try again")
        same(ledger.runs()[0].usage.model_calls, 0)  # reading goes on meanwhile
        other.execute("ROLLBACK")
    ledger.notify(called("r1", reply()))
    same(ledger.runs()[0].usage.model_calls, 1)
    ledger.close()


def test_a_full_disk_loses_nothing_that_was_recorded(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = open_ledger(path)
    explored(ledger, "r1")
    writer = Driver(path, 1)
    writer._open().execute("PRAGMA max_page_count = 1")  # SQLite's own way to have no more room than there is
    row = {"run_id": "r1", "at": "", "route": "x" * 100_000, "why": "[]"}
    refused(LedgerProblem, lambda: writer.insert("route", row), "no space left", "free some", "is kept")
    writer.close()
    same(len(ledger.run("r1").routes), 1)
    ledger.notify(cell("r1", CellResult(), turn=3))
    same(len(ledger.run("r1").turns), 3)
    ledger.close()


def test_a_number_that_no_database_holds(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.db")
    ledger.notify(started("r1"))
    refused(LedgerProblem, lambda: ledger.notify(called("r1", reply(tokens=(2**70, 1)))), "cannot hold", str(2**70))
    ledger.notify(called("r1", reply()))
    same(ledger.runs()[0].usage.model_calls, 1)
    ledger.close()
