"""Questions over data of several kinds at once: from the shell and from Python, against a scripted model."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet

from lithify.app import Lab
from lithify.models import ScriptedModel
from lithify.services.workbench import Models
from lithify.settings import Overrides, load_settings
from lithify.testing.model_server import ModelServer
from tests.scenarios.world import command, log

ORDERS = {"id": [1, 2, 3], "amount": [10.0, 20.0, 30.0]}
SOLUTION = """```repl
with_errors = orders[orders.id.isin([row[0] for row in shop.execute("SELECT id FROM failed")])]
FINAL([len(app.splitlines()), float(with_errors.amount.sum()), sorted(context)])
```"""


def data(folder: Path) -> None:
    (folder / "app.log").write_text(log(1))
    parquet.write_table(pa.table(ORDERS), folder / "orders.parquet")
    with closing(sqlite3.connect(folder / "shop.db")) as database:
        database.executescript("CREATE TABLE failed (id INTEGER); INSERT INTO failed VALUES (2), (3);")


def test_files_of_three_kinds_on_the_command_line(tmp_path: Path) -> None:
    data(tmp_path)
    with ModelServer([SOLUTION]) as server:
        arguments = ["ask", "How much was lost?", "app.log", "orders.parquet", "shop.db", "--json", "--library", "lib"]
        ended = command(tmp_path, arguments, server.base_url)
        asked = server.requests[0].prompt
    assert ended.code == 0, ended.err
    assert ended.json["answer"] == [120, 50.0, ["app", "orders", "shop"]]
    for said in ("== app ==", "orders: pandas.DataFrame of 3 rows × 2 columns", "table 'failed': 2 rows"):
        assert said in asked


def test_a_data_frame_and_a_file_from_python(tmp_path: Path) -> None:
    data(tmp_path)
    settings = load_settings(Overrides(library=tmp_path / "lib"), start=tmp_path, environment={})
    model = ScriptedModel([SOLUTION, SOLUTION])
    given = {"orders": pd.DataFrame(ORDERS), "app": tmp_path / "app.log", "shop": tmp_path / "shop.db"}
    with Lab(settings, models=Models(root=model, sub=model)) as lab:
        first = lab.ask("How much was lost?", given)
        again = lab.ask("How much was lost?", given)
        candidates = lab.library.candidates()
    assert first.answer == again.answer == [120, 50.0, ["app", "orders", "shop"]]
    assert (first.route, again.route) == (
        "explore",
        "explore",
    )  # nothing is kept over these kinds, and nothing is broken
    assert candidates == ()
