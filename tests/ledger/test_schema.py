"""The schema: made fresh it is what the migrations give, older files are upgraded, others are refused untouched."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from lithify.errors import LedgerProblem
from lithify.ledger import open_ledger
from lithify.ledger.engine import open_engine, writing
from lithify.ledger.revisions import HEAD, REVISIONS
from lithify.ledger.schema import upgrade
from lithify.ledger.tables import METADATA
from lithify.records.run import ToolRef
from lithify.testing.ledger_story import SetClock, SetProcesses, called, explored, reply, started

V1 = Path(__file__).parent / "fixtures" / "v1.sql"
Shape: TypeAlias = dict[str, tuple[object, ...]]


def shape_of(path: Path) -> Shape:
    """Everything about the schema of a file that the database knows."""
    engine = open_engine(path, 5)
    inspector = inspect(engine)
    shape: Shape = {
        table: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in inspector.get_columns(table)],
            inspector.get_pk_constraint(table),
            inspector.get_foreign_keys(table),
            sorted(
                (str(index["name"]), index["column_names"], index["unique"]) for index in inspector.get_indexes(table)
            ),
            inspector.get_unique_constraints(table),
        )
        for table in inspector.get_table_names()
    }
    engine.dispose()
    with closing(sqlite3.connect(path)) as database:
        shape["triggers"] = tuple(
            database.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        )
        shape["journal"] = database.execute("PRAGMA journal_mode").fetchone()
    return shape


def from_sql(script: Path, path: Path) -> Path:
    with closing(sqlite3.connect(path)) as database:
        database.executescript(script.read_text(encoding="utf-8"))
    return path


def test_a_fresh_file_is_what_all_migrations_together_give(tmp_path: Path) -> None:
    fresh, migrated = tmp_path / "fresh.db", tmp_path / "migrated.db"
    open_ledger(fresh).close()
    engine = open_engine(migrated, 5)
    with writing(engine).begin() as connection:
        upgrade(connection, HEAD)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()
    expected = shape_of(migrated)
    assert len(expected["triggers"]) == 2 * len(METADATA.tables)
    assert shape_of(fresh) == expected | {"journal": ("wal",)}


def test_the_known_revisions_are_the_shipped_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", "lithify.ledger:migrations")
    config.set_main_option("path_separator", "os")
    shipped = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(shipped)) == REVISIONS


def test_a_file_of_the_first_revision_is_upgraded_with_all_it_holds(tmp_path: Path) -> None:
    path = from_sql(V1, tmp_path / "ledger.db")
    ledger = open_ledger(path, clock=SetClock(), processes=SetProcesses())
    replayed, first = ledger.runs()
    assert (first.run_id, first.state, first.usage.model_calls) == ("v1-explored", "finished", 3)
    assert replayed.tool == ToolRef(name="count_errors", version=3, commit="c" * 40)
    assert [use.arguments for use in ledger.tool_uses("count_errors")] == [{"top": 3}]
    assert [len(turn.cells) for turn in ledger.run("v1-explored").turns] == [2, 0]
    ledger.notify(started("new"))
    ledger.notify(called("new", reply()))
    assert len(ledger.runs()) == 3
    ledger.close()
    fresh = tmp_path / "fresh.db"
    open_ledger(fresh).close()
    assert shape_of(path) == shape_of(fresh)


def test_the_same_run_recorded_now_reads_as_it_did_in_the_first_revision(tmp_path: Path) -> None:
    old = open_ledger(from_sql(V1, tmp_path / "old.db"), clock=SetClock(), processes=SetProcesses())
    new = open_ledger(tmp_path / "new.db", clock=SetClock(), processes=SetProcesses())
    explored(new, "v1-explored")
    assert old.run("v1-explored") == new.run("v1-explored")
    old.close()
    new.close()


def test_a_failed_upgrade_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = from_sql(V1, tmp_path / "ledger.db")
    with closing(sqlite3.connect(path)) as database:  # the last of the triggers that 0002 makes is in the way
        database.execute(
            "CREATE TRIGGER candidate_rejected_no_delete BEFORE DELETE ON candidate_rejected BEGIN SELECT 1; END"
        )
        before = list(database.iterdump())
    with pytest.raises(LedgerProblem, match=r"ledger\.db cannot be used \(.*already exists"):
        open_ledger(path)
    with closing(sqlite3.connect(path)) as database:
        assert list(database.iterdump()) == before


def test_rows_are_only_ever_inserted(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = open_ledger(path)
    explored(ledger, "r1")
    with closing(sqlite3.connect(path)) as database:
        for table in ("run", "run_end", "model_call", "cell", "route"):
            column = "id" if table == "run" else "run_id"
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                database.execute(f"UPDATE {table} SET {column} = 'r2'")
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                database.execute(f"DELETE FROM {table}")
    ledger.close()


def test_a_file_of_a_newer_lithify_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    open_ledger(path).close()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(LedgerProblem, match=rf"newer lithify \(schema 9999, this one knows up to {HEAD}\): upgrade"):
        open_ledger(path)
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE bookmark (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(LedgerProblem, match=r"bookmarks\.db is a database of another program"):
        open_ledger(path)
    assert path.read_bytes() == before
