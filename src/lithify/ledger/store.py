"""The ledger on a SQLite file."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from lithify.errors import LedgerProblem, ProgrammerMustAct
from lithify.ledger.bounds import kept
from lithify.ledger.clock import Clock
from lithify.ledger.processes import Processes
from lithify.ledger.revisions import HEAD
from lithify.ledger.rows import row_of
from lithify.ledger.writer import Writer
from lithify.records.events import Event

if TYPE_CHECKING:
    from lithify.ledger.reader import Reader
    from lithify.ports import Recall
    from lithify.records.ledger import CostGroup, CostRow, RunDetail, RunSummary, ToolCheck, ToolUse


class SqlLedger:
    """The Ledger port over a file. Safe for several threads and processes; SQLAlchemy comes with the first query."""

    def __init__(self, path: Path, clock: Clock, processes: Processes, busy_seconds: float) -> None:
        """Open, make or upgrade the file at path. Raises LedgerProblem."""
        _make_folder(path)
        self._path = path
        self._clock = clock
        self._processes = processes
        self._here = processes.here()
        self._busy_seconds = busy_seconds
        self._reader: Reader | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._writer = Writer(path, busy_seconds)
        try:
            if self._writer.revision() != HEAD:
                from lithify.ledger.schema import prepare

                prepare(path, busy_seconds)
        except BaseException:
            self._writer.close()
            raise

    def notify(self, event: Event) -> None:
        """Record one event in a transaction of its own."""
        recorded = row_of(kept(event), self._clock(), self._here)
        if recorded is not None:
            self._writer.insert(*recorded)

    def runs(self, limit: int = 20) -> list[RunSummary]:
        """The last runs, newest first."""
        return self._reading().runs(limit)

    def run(self, run_id: str) -> RunDetail:
        """One run with its whole trajectory."""
        return self._reading().run(run_id)

    def recall(self, run_id: str) -> Recall:
        """What a root run and its child runs got so far."""
        return self._reading().recall(run_id)

    def costs(self, by: CostGroup) -> list[CostRow]:
        """What runs spent, one row per group and route."""
        return self._reading().costs(by)

    def tool_uses(self, tool: str) -> list[ToolUse]:
        """Every use of a kept tool, oldest first."""
        return self._reading().tool_uses(tool)

    def tool_checks(self, tool: str) -> list[ToolCheck]:
        """Every check of a kept tool's answers, oldest first."""
        return self._reading().tool_checks(tool)

    def close(self) -> None:
        """Release the connections."""
        self._writer.close()
        with self._lock:
            self._closed = True
            if self._reader is not None:
                self._reader.close()
                self._reader = None

    def _reading(self) -> Reader:
        with self._lock:
            if self._closed:
                raise ProgrammerMustAct(f"the ledger {self._path} is closed: open it again")
            if self._reader is None:
                from lithify.ledger.reader import Reader

                self._reader = Reader(self._path, self._clock, self._processes, self._busy_seconds)
            return self._reader


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerProblem(
            f"the folder {path.parent} of the ledger cannot be made ({error.strerror}): "
            "choose a folder that you may write to"
        ) from error
