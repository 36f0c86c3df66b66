"""What learning needs at hand."""

from __future__ import annotations

import pytest

from lithify.records.cell import CellResult
from lithify.records.run import CellRun, Trajectory, Turn
from lithify.services.learning import worth_preloading


@pytest.mark.parametrize(
    ("code", "modules"),
    [
        ("import io\nimport pandas as pd\n", ("pandas",)),
        ("if True:\n    from pandas import read_csv\n", ("pandas",)),
        ("import re  # no import of pandas\n", ()),
        ("import pandas_like\n", ()),
    ],
)
def test_heavy_modules_of_the_cells_are_preloaded(code: str, modules: tuple[str, ...]) -> None:
    cell = CellRun(code=code, result=CellResult())
    trajectory = Trajectory(
        question="q", turns=(Turn(number=1, reply="", cells=(cell,)),), answer=1, form="FINAL", complete=True
    )
    assert worth_preloading(trajectory) == modules
