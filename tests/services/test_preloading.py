"""What is imported once for many sessions."""

from __future__ import annotations

import pytest

from lithify.records.cell import CellResult
from lithify.records.run import CellRun
from lithify.services.preloading import of_cells, of_requirements


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
    assert of_cells([cell]) == modules


def test_heavy_modules_of_a_kept_tool_are_preloaded() -> None:
    assert of_requirements(("numpy", "pandas")) == ("pandas",)
    assert of_requirements(("numpy",)) == ()
