"""Tables, plain data, documents and databases of another shape: one tool that looks which it is given."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from lithify.context import context_of
from lithify.context.document import context_of_document
from lithify.context.parsing import Document
from lithify.distil import Mended, Patient, Unhealed, Written, healed, written
from lithify.distil.bench import Bench, Runnable
from lithify.distil.reading import reads_of
from lithify.layout import form_of
from lithify.records.context import Context
from lithify.records.healing import Failing
from lithify.records.plain import Plain
from lithify.records.tool import Candidate, Example, Provenance, Recipe, Signature
from tests.distil.conftest import Teller

QUESTION = "What is the total?"


class Ward:
    """Makes tools of a body of code over a context, heals them, and runs what came of it."""

    def __init__(self, teller: Teller) -> None:
        self._sandbox, self._run = teller.sandbox, teller.runner.run

    def told(self, context: Context) -> Written:
        found = self._run(written(context, self._sandbox))
        assert isinstance(found, Written), found
        return found

    def run(self, tool: Candidate, context: Context) -> Plain:
        """The value that a tool gives; the error as a text that begins with "!"."""
        bench = Bench(self._sandbox, "", 20.0, form=form_of(context), source=context)
        outcome = self._run(bench.call(Runnable(tool.source, tool.signature)))
        return f"! {outcome.error}" if outcome.error else outcome.value

    def tool(self, context: Context, body: str) -> Candidate:
        """A candidate whose function returns an expression, with the context as its recorded use."""
        reads = reads_of(context)
        source = f"{reads.imports}\n\n\ndef total({reads.name}: {reads.annotation}) -> int:\n    return {body}\n"
        signature = Signature(
            function="total",
            context_parameter=reads.name,
            context_kind=context.kind,
            parameters=(),
            returns="int",
            context_frame=reads.form.frame,
        )
        made = Candidate(
            id="c",
            signature=signature,
            description="The total.",
            source=source,
            requirements=(),
            recipe=Recipe(template="what is total", slots=(), tool="total", question=QUESTION),
            applicability=context.fingerprint,
            examples=(),
            provenance=Provenance(
                run_id="new", question=QUESTION, model="m", cost=None, model_calls=1, input_digest=context.digest
            ),
        )
        answer = self.run(made, context)
        assert isinstance(answer, int), answer
        use = Example(name="whole", context=self.told(context).texts, arguments={}, expected=answer)
        return replace(made, examples=(use,))

    def healed(self, old: Candidate, new: Candidate, context: Context, *more: Context) -> Mended | Unhealed:
        """What comes of a tool, which knows further shapes as well, and a new derivation over a context."""
        failing = Failing(tool="total", version=1, by="shape", why="it failed", run_id="r9")
        shapes = (old.applicability, *(one.fingerprint for one in more))
        patient = Patient(tool=old, shapes=shapes, failing=failing)
        return self._run(healed(patient, new, context, self._sandbox, seconds=10, told=self.told(context)))

    def both(self, first: Context, one: str, second: Context, other: str) -> Candidate:
        """The one tool for both, which gives the answers of each."""
        old, new = self.tool(first, one), self.tool(second, other)
        found = self.healed(old, new, second)
        assert isinstance(found, Mended), found
        made = found.whole(found.candidate)
        assert [self.run(made, context) for context in (first, second)] == [self.run(old, first), self.run(new, second)]
        return made


@pytest.fixture(scope="module")
def ward(teller: Teller) -> Ward:
    return Ward(teller)


def frame(style: str = "%Y-%m-%d", **columns: Any) -> pd.DataFrame:
    days = [f"{day:{style}}" for day in pd.date_range("2024-01-01", periods=30, freq="20D")]
    return pd.DataFrame({"day": days, "n": [3 * n % 17 for n in range(30)], **columns})


IN_2024 = "int(table[table['day'].str[:4] == '2024']['n'].sum())"
PARSED = "int(table[table['day'].str[-4:] == '2024']['n'].sum())"


@pytest.mark.parametrize(
    ("second", "other"),
    [
        (frame().rename(columns={"n": "count"}), IN_2024.replace("'n'", "'count'")),
        (frame().assign(day=lambda f: pd.to_datetime(f["day"])), "int(table[table['day'].dt.year == 2024]['n'].sum())"),
        (frame().assign(n=lambda f: f["n"].astype(str)), IN_2024.replace("['n']", "['n'].str.strip().astype(int)")),
    ],
    ids=["renamed", "days as such", "numbers as text"],
)
def test_a_table_of_another_shape(ward: Ward, second: pd.DataFrame, other: str) -> None:
    made = ward.both(context_of(frame()), IN_2024, context_of(second), other)
    assert "def _is_table(table: pd.DataFrame) -> bool:" in made.source
    assert made.healed is not None


def test_half_of_each_is_refused(ward: Ward) -> None:
    made = ward.both(context_of(frame()), IN_2024, context_of(frame("%d/%m/%Y")), PARSED)
    mixed = pd.concat([frame(), frame("%d/%m/%Y")], ignore_index=True)
    assert str(ward.run(made, context_of(mixed))).startswith("! ValueError: the input is none of these: a table with")


def test_a_third_shape_becomes_a_third_branch(ward: Ward) -> None:
    first, second, third = (context_of(frame(style)) for style in ("%Y-%m-%d", "%d/%m/%Y", "%b %d, %Y"))
    two = ward.both(first, IN_2024, second, PARSED)
    new = ward.tool(third, PARSED.replace("'n'", "str('n')"))
    found = ward.healed(two, new, third, second)
    assert isinstance(found, Mended), found
    made = found.whole(found.candidate)
    assert made.source.count("def _is_table") == 3
    assert len({ward.run(made, one) for one in (first, second, third)}) == 1


def test_a_table_of_another_library_is_said_and_not_joined(ward: Ward) -> None:
    arrow = context_of(pa.table({"day": ["2024-01-01"], "count": [3]}))
    found = ward.healed(
        ward.tool(context_of(frame()), IN_2024), ward.tool(arrow, "table['count'].to_pylist()[0]"), arrow
    )
    assert isinstance(found, Unhealed)
    assert found.reason == (
        "total reads a table of pandas, and the new derivation one of pyarrow: give it a table of pandas"
    )


def test_what_no_look_tells_apart_is_said(ward: Ward) -> None:
    old = ward.tool(context_of(frame()), IN_2024)
    context = context_of(frame().assign(day=lambda f: f["day"].str.replace("2024", "2031")))
    found = ward.healed(old, ward.tool(context, "len(table)"), context)
    assert isinstance(found, Unhealed)
    assert "both derivations are for inputs of the same shape" in found.reason


ROWS = [{"who": f"p{n % 3}", "n": n} for n in range(12)]


@pytest.mark.parametrize(
    ("second", "other"),
    [
        ({"rows": ROWS}, "sum(one['n'] for one in data['rows'])"),
        ([{"who": one["who"], "n": {"value": one["n"]}} for one in ROWS], "sum(one['n']['value'] for one in data)"),
    ],
    ids=["in a document", "nested"],
)
def test_data_of_another_shape(ward: Ward, second: Any, other: str) -> None:
    made = ward.both(context_of(ROWS), "sum(one['n'] for one in data)", context_of(second), other)
    reads = "Any" if isinstance(second, dict) else "list[Any]"
    assert f"def total(data: {reads}) -> int:" in made.source


@pytest.fixture
def bases() -> Iterator[list[Context]]:
    """Two databases with the same amounts: in one table, and in another one under another name."""
    found: list[Context] = []
    for columns in ("orders (id INTEGER, amount INTEGER)", "sales (number TEXT, cents INTEGER)"):
        with closing(sqlite3.connect(":memory:")) as base:
            base.execute(f"CREATE TABLE {columns}")
            base.executemany(f"INSERT INTO {columns.split()[0]} VALUES (?, ?)", [(n, n * 7 % 5) for n in range(9)])
            base.execute("CREATE TABLE people (name TEXT)")
            found.append(context_of(base))
    yield found


def test_a_database_of_another_schema(ward: Ward, bases: list[Context]) -> None:
    asked = "database.execute('SELECT sum({}) FROM {}').fetchone()[0]"
    made = ward.both(bases[0], asked.format("amount", "orders"), bases[1], asked.format("cents", "sales"))
    assert 'heads = {"orders": ["id", "amount"]}' in made.source, "what both have tells nothing"


def test_a_workbook_with_other_columns(ward: Ward) -> None:
    first, second = (
        context_of_document(
            Document(records=[{"sheet": "May", "rows": [["Report"], ["who", name], *[[f"p{n}", n] for n in range(9)]]}])
        )
        for name in ("n", "count")
    )
    body = "sum(row[1] for row in document[0]['rows'] if isinstance(row[-1], int))"
    sheet = ward.tool(first, f"{body} if 'n' in document[0]['rows'][1] else int('x')")
    new = ward.tool(second, f"{body} if 'count' in document[0]['rows'][1] else int('x')")
    found = ward.healed(sheet, new, second)
    assert isinstance(found, Mended), found
    made = found.whole(found.candidate)
    assert [ward.run(made, one) for one in (first, second)] == [36, 36]
    assert "def _is_document(document: list[dict[str, Any]]) -> bool:" in made.source


def test_a_folder_of_tables_with_other_columns(ward: Ward) -> None:
    first, second = (
        context_of({f"{month}.csv": f"who,{name}\na,1\nb,2\n" for month in ("may", "june")}) for name in ("n", "count")
    )
    body = "sum(int(line.split(',')[1]) for text in files.values() for line in text.split('{}\\n')[1].splitlines())"
    made = ward.both(first, body.format(",n"), second, body.format(",count"))
    assert "def _is_files(files: dict[str, str]) -> bool:" in made.source
