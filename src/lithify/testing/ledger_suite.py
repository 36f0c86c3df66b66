"""Opening and closing ledgers for their conformance suite."""

from __future__ import annotations

from pathlib import Path

from lithify.ledger.clock import Clock
from lithify.ledger.processes import Processes
from lithify.ports import Ledger
from lithify.testing.ledger_story import SetClock, SetProcesses


class Suite:
    """Opens ledgers, and closes them after each test."""

    def open(self, folder: Path, clock: Clock, processes: Processes) -> Ledger:
        """A new ledger; it may keep its files in folder."""
        raise NotImplementedError

    def setup_method(self) -> None:
        """Nothing is open yet."""
        self._opened: list[Ledger] = []

    def teardown_method(self) -> None:
        """Close what the test opened."""
        for ledger in self._opened:
            ledger.close()

    def fresh(self, folder: Path, clock: Clock | None = None, processes: Processes | None = None) -> Ledger:
        """A new ledger, with a clock that ticks and a process that lives unless others are given."""
        ledger = self.open(folder, clock or SetClock(), processes or SetProcesses())
        self._opened.append(ledger)
        return ledger
