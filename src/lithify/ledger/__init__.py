"""The ledger: an append-only record of runs, calls, costs, gate results and decisions, in one SQLite file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lithify.ledger.clock import Clock, utc_now
from lithify.ledger.processes import LocalProcesses, Processes

if TYPE_CHECKING:
    from lithify.ports import Ledger


def open_ledger(
    path: Path, *, clock: Clock = utc_now, processes: Processes | None = None, busy_seconds: float = 30.0
) -> Ledger:
    """Open the ledger file at path, made (with its folder) when it is missing and upgraded when it is older.

    clock gives the time that events are stamped with; processes tells whether a run's process still lives;
    busy_seconds is how long to wait for another process that is writing.
    Raises LedgerProblem when the file cannot be used: unwritable, corrupt, another program's, of a newer lithify.
    """
    from lithify.ledger.store import SqlLedger

    return SqlLedger(path, clock, processes or LocalProcesses(), busy_seconds)
