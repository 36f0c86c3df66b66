"""What the screen says when a run ends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lithify.cli.screen import Screen
from lithify.errors import BadInput, BadSettings, BudgetSpent, LithifyError, ModelFailed
from lithify.records.events import RunFailed
from lithify.records.run import Limits, RunId
from lithify.testing.ledger_tree import SETUP, root


@pytest.mark.parametrize(
    ("error", "offered"), [(ModelFailed, True), (BudgetSpent, False), (BadSettings, False), (BadInput, False)]
)
def test_resuming_is_offered_where_it_can_help(
    error: type[LithifyError], offered: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    screen = Screen(live=False)
    screen.notify(replace(root("r"), setup=replace(SETUP, limits=Limits(turns=7))))
    screen.notify(RunFailed(run_id=RunId("r"), kind=error.__name__, message="no", seconds=0.1))
    assert ("lithify resume" in capsys.readouterr().err) is offered
