"""Both ledgers pass the one suite."""

from __future__ import annotations

from pathlib import Path

from lithify.ledger import open_ledger
from lithify.ledger.clock import Clock
from lithify.ledger.processes import Processes
from lithify.ports import Ledger
from lithify.testing.ledger_conformance import LedgerConformance
from lithify.testing.ledger_memory import MemoryLedger


class TestSqlLedger(LedgerConformance):
    def open(self, folder: Path, clock: Clock, processes: Processes) -> Ledger:
        return open_ledger(folder / "ledger.db", clock=clock, processes=processes)


class TestMemoryLedger(LedgerConformance):
    def open(self, folder: Path, clock: Clock, processes: Processes) -> Ledger:
        return MemoryLedger(clock=clock, processes=processes)
