"""Tools over tables, plain data and databases: asked once, kept, and used on other data without a model."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lithify.app import Lab
from lithify.layout import read_examples
from lithify.layout.written import Form
from tests.scenarios.test_the_whole_way import lab
from tests.scenarios.world import clean_environment, once

TABLE_QUESTION = 'What is the mean charge of people in region "north"?'
TABLE_CELL = """```repl
import pandas as pd

context["doubled"] = context["charge"] * 2
chosen = context[context["region"] == "north"]
print(len(chosen))
FINAL(round(float(chosen["doubled"].mean()) / 2, 2))
```"""


def people(seed: int, rows: int = 40) -> pd.DataFrame:
    regions = ("north", "south", "east")
    return pd.DataFrame(
        {
            "region": pd.Series([regions[(n * seed + n // 5) % 3] for n in range(rows)], dtype="category"),
            "charge": [round(100 + (n * 37 * seed) % 91 + n / 4, 2) for n in range(rows)],
            "since": pd.date_range("2024-01-01", periods=rows, tz="Europe/Berlin"),
        }
    )


def mean(frame: pd.DataFrame, region: str) -> float:
    return round(float(frame[frame["region"] == region]["charge"].mean()), 2)


def _keep_table(folder: Path) -> None:
    with lab(folder, TABLE_CELL)[0] as first:
        result = first.ask(TABLE_QUESTION, people(1))
        assert result.answer == mean(people(1), "north")
        (item,) = first.review()
        assert item.verdict.outcome == "pass", item.verdict
        keep(first)


def keep(opened: Lab) -> None:
    """Take in what waits, on the verdict that it has."""
    for item in opened.review():
        assert item.verdict.outcome == "pass", item.verdict
        opened.library.keep(item.candidate, item.verdict, "provisional", "Ada <ada@example.org>")


def files_of(folder: Path) -> dict[str, bytes]:
    (tool,) = (folder / "library" / "tools").iterdir()
    return {str(path.relative_to(tool)): path.read_bytes() for path in tool.rglob("*") if path.is_file()}


def test_a_table_from_the_question_to_the_next_table(tmp_path: Path) -> None:
    once("kept-table", _keep_table, tmp_path)
    frame = people(2, 55)
    with lab(tmp_path)[0] as second:
        result = second.ask(TABLE_QUESTION.replace("north", "south"), frame)
        assert (result.answer, result.route, result.usage.model_calls) == (mean(frame, "south"), "replay", 0)
        (tool,) = second.tools()
        assert second.call(tool.name, frame, region="east") == mean(frame, "east")
        renamed = second.plan(TABLE_QUESTION, second.load(frame.rename(columns={"charge": "fee"})))
        assert renamed.route == "explore"
        assert "missing 'charge'" in " ".join(renamed.why)


def test_the_fixtures_are_read_by_people_and_the_tests_run_without_lithify(tmp_path: Path) -> None:
    once("kept-table", _keep_table, tmp_path)
    files = files_of(tmp_path)
    examples = read_examples(files, "here", Form(kind="table", frame="pandas"))
    head, *rows = str(examples[0].context).splitlines()
    assert json.loads(head)["columns"]["since"] == "timestamp[us, tz=Europe/Berlin]"
    assert rows[0].startswith('["north", 100.0, "2024-01-01 00:00:00.000000+0100"')
    (folder,) = (tmp_path / "library" / "tools").iterdir()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_examples.py"]
    done = subprocess.run(
        command, cwd=folder, env=clean_environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    space: dict[str, Any] = {}
    exec(files["tool.py"].decode(), space)
    frame = people(3)
    assert space[folder.name](frame) == mean(frame, "north")
    assert list(frame.columns) == ["region", "charge", "since"], "a tool leaves what it is given as it was"


RECORDS_CELL = """```repl
counts = {}
for record in context:
    counts[record["city"]] = counts.get(record["city"], 0) + record["visits"]
best = max(sorted(counts), key=lambda city: counts[city])
print(best)
FINAL(best)
```"""
DATABASE_CELL = """```repl
rows = context.execute("SELECT SUM(amount) FROM orders WHERE state = 'open'").fetchall()
print(rows)
FINAL(rows[0][0])
```"""


def records(seed: int) -> list[dict[str, Any]]:
    cities = ("Oslo", "Bern", "Rome")
    return [{"city": cities[(n * seed) % 3], "visits": (n * 7 * seed) % 11, "at": {"n": n}} for n in range(30)]


@pytest.fixture
def shop() -> Iterator[Callable[[int], sqlite3.Connection]]:
    """shop(seed) gives a database of orders, open until the test ends."""
    with ExitStack() as stack:

        def of(seed: int) -> sqlite3.Connection:
            database = stack.enter_context(closing(sqlite3.connect(":memory:", check_same_thread=False)))
            database.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT, amount INTEGER)")
            rows = [(("open", "paid")[(n * seed + n // 3) % 2], (n * 13 * seed) % 50) for n in range(40)]
            database.executemany("INSERT INTO orders (state, amount) VALUES (?, ?)", rows)
            database.commit()
            return database

        yield of


def sum_of(database: sqlite3.Connection, state: str) -> int:
    found = database.execute("SELECT SUM(amount) FROM orders WHERE state = ?", (state,)).fetchone()[0]
    assert isinstance(found, int)
    return found


def test_data_and_databases_are_kept_and_replayed(tmp_path: Path, shop: Callable[[int], sqlite3.Connection]) -> None:
    city, total = "Which city has the most visits?", 'How much do the orders that are "open" come to?'
    truth = {
        seed: shop(seed).execute("SELECT SUM(amount) FROM orders WHERE state = 'open'").fetchone()[0] for seed in (1, 2)
    }
    with lab(tmp_path, RECORDS_CELL, DATABASE_CELL)[0] as first:
        assert first.ask(city, records(1)).answer in ("Oslo", "Bern", "Rome")
        assert first.ask(total, shop(1)).answer == truth[1]
        keep(first)
    with lab(tmp_path)[0] as second:
        replayed = second.ask(total, shop(2))
        assert (replayed.answer, replayed.route) == (truth[2], "replay")
        paid = second.ask(total.replace("open", "paid"), shop(2))
        assert (paid.answer, paid.route) == (
            sum_of(shop(2), "paid"),
            "replay",
        )
        assert second.ask(city, records(2)).route == "replay"
        without = [{"city": one["city"], "count": one["visits"]} for one in records(2)]
        assert second.plan(city, second.load(without)).route == "explore"
        other = shop(2)
        other.execute("ALTER TABLE orders RENAME TO purchases")
        assert second.plan(total, second.load(other)).route == "explore"
