"""Every kind of context as variables of a real session."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from lithify.context import context_of, load_context
from lithify.context.values import Given
from lithify.ports import SandboxSpec
from lithify.records.binding import bind
from lithify.records.cell import CellResult
from lithify.records.context import Context
from lithify.sandbox import start_sandbox
from tests.context import papers

FRAME = pd.DataFrame({"kind": ["a", "b"] * 500, "n": range(1_000), "day": pd.date_range("2026-01-01", periods=1_000)})


async def run(context: Context, code: str) -> CellResult:
    spec = SandboxSpec()
    sandbox = await start_sandbox(SandboxSpec(preload=(*spec.preload, *context.modules)))
    try:
        bound = bind(context)
        session = await sandbox.open_session(bound.inputs)
        try:
            prepared = await session.run(bound.code, timeout=30)
            assert prepared.error is None, prepared.error
            return await session.run(code, timeout=30)
        finally:
            await session.close()
    finally:
        await sandbox.close()


def value_of(given: Given | Context, code: str) -> object:
    result = asyncio.run(run(context_of(given), code))
    assert result.error is None, result.error
    return result.value


def database() -> Context:
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.executescript(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO users VALUES (1, 'Ann'), (2, 'Bob');"
            "CREATE TABLE orders (user_id REFERENCES users(id), amount);"
            "INSERT INTO orders VALUES (1, 5), (1, 6), (2, 1);"
        )
        return context_of(opened)


@pytest.mark.parametrize(
    ("frame", "sums"),
    [
        (FRAME, "context.groupby('kind').n.sum().to_dict()"),
        (pl.from_pandas(FRAME), "dict(context.select('kind', 'n').group_by('kind').sum().rows())"),
        (pa.table(FRAME), "dict(zip(*context.group_by('kind').aggregate([('n', 'sum')]).to_pydict().values()))"),
    ],
    ids=["pandas", "polars", "pyarrow"],
)
def test_a_table_is_what_it_was(frame: Given, sums: str) -> None:
    library = type(frame).__module__.partition(".")[0]
    found = value_of(frame, f"[type(context).__module__.partition('.')[0], {sums}]")
    assert found == [library, {"a": 249_500, "b": 250_000}]


def test_a_data_frame_may_be_changed_in_a_cell_and_keeps_its_index() -> None:
    frame = FRAME.set_index("day")
    change = "context['n'] += 1\ncontext.loc[context.n > 999, 'kind'] = 'c'"
    code = f"{change}\n[str(context.index[0])[:10], context.kind.iloc[-1]]"
    assert value_of(frame, code) == ["2026-01-01", "c"]


def test_a_database_is_a_connection_to_a_private_copy() -> None:
    code = (
        'context.execute("UPDATE orders SET amount = 0 WHERE user_id = 2")\n'
        "import pandas\n"
        "joined = 'SELECT name, sum(amount) AS s FROM orders JOIN users ON id = user_id GROUP BY name ORDER BY name'\n"
        "[context.execute(joined).fetchall(), pandas.read_sql('SELECT * FROM users', context).name.tolist()]"
    )
    assert value_of(database(), code) == [[["Ann", 11], ["Bob", 0]], ["Ann", "Bob"]]


def test_a_database_reaches_no_file() -> None:
    result = asyncio.run(run(database(), "context.execute(\"ATTACH '/tmp/lithify-attached.db' AS other\")"))
    assert result.error is not None
    assert not Path("/tmp/lithify-attached.db").exists()


def test_several_inputs_are_variables_and_a_dict() -> None:
    given = {"orders": FRAME, "db": database(), "note": "text", "raw": b"ab", "numbers": [1, 2]}
    code = (
        "[sorted(context), len(orders), context['db'] is db, db.execute('SELECT count(*) FROM users').fetchone()[0], "
        "note, raw.hex(), numbers]"
    )
    assert value_of(given, code) == [["db", "note", "numbers", "orders", "raw"], 1_000, True, 2, "text", "6162", [1, 2]]


def test_documents_and_plain_data_are_as_they_were_previewed(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(papers.workbook())
    assert value_of(load_context([path]), "[sheet['sheet'] for sheet in context if sheet['rows'][0][0] == 'id']") == [
        "Orders"
    ]
    assert value_of([{"n": n, "big": 1 << 70} for n in range(3_000)], "sum(one['n'] for one in context)") == 4_498_500
    deep: list[object] = []
    for _ in range(50):
        deep = [deep]
    assert value_of({"deep": deep}, "len(context['deep'])") == 1  # type: ignore[dict-item]
