"""The ledger on a SQLite file."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from lithify.errors import LedgerProblem, ProgrammerMustAct
from lithify.ledger.bounds import kept
from lithify.ledger.clock import Clock
from lithify.ledger.driver import Driver
from lithify.ledger.processes import Processes
from lithify.ledger.revisions import HEAD
from lithify.ledger.rows import row_of
from lithify.records.events import Event

if TYPE_CHECKING:
    from lithify.ledger.reader import Reader
    from lithify.ports import Recall
    from lithify.records.ledger import CostGroup, CostRow, RunDetail, RunSummary
    from lithify.records.uses import ToolCheck, ToolUse


class SqlLedger:
    """The Ledger port over a file. Safe for several threads and processes.

    SQLAlchemy comes with the first query that a person makes; what is recorded of tools is read without it.
    """

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
        self._driver = Driver(path, busy_seconds)
        try:
            if self._driver.revision() != HEAD:
                from lithify.ledger.schema import prepare

                prepare(path, busy_seconds)
        except BaseException:
            self._driver.close()
            raise

    def notify(self, event: Event) -> None:
        """Record one event in a transaction of its own."""
        recorded = row_of(kept(event), self._clock(), self._here)
        if recorded is not None:
            self._driver.insert(*recorded)

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

    def tools_used(self, run_id: str) -> list[str]:
        """The kept tools that a run used, by name."""
        from lithify.ledger import uses

        return sorted({use.tool for use in map(uses.use_of, self._driver.select(uses.OF_RUN, run_id))})

    def tool_uses(self, tool: str, *, failed: bool = False) -> list[ToolUse]:
        """Every use of a kept tool, oldest first."""
        from lithify.ledger import uses

        wanted = uses.FAILED_OF_TOOL if failed else uses.OF_TOOL
        return [uses.use_of(row) for row in self._driver.select(wanted, tool)]

    def tool_checks(self, tool: str) -> list[ToolCheck]:
        """Every check of a kept tool's answers, oldest first."""
        from lithify.ledger import uses

        return [uses.check_of(row) for row in self._driver.select(uses.CHECKS, tool)]

    def close(self) -> None:
        """Release the connections."""
        self._driver.close()
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
