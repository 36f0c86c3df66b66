"""SQLite files as contexts: read only, whole, with what other programs committed."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lithify.context.database import context_of_connection, context_of_file
from lithify.context.refusal import Unreadable

SCHEMA = """
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age);
CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users(id), amount REAL, "odd ""name" BLOB);
CREATE VIEW totals AS SELECT user_id, sum(amount) AS total FROM orders GROUP BY user_id;
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop? #1.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(SCHEMA)
        database.executemany("INSERT INTO users VALUES (?, ?, ?)", [(n, f"user {n}", 20 + n % 3) for n in range(12)])
        database.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", [(n, n % 12, n / 2, b"\xff") for n in range(30)])
        database.commit()
    return path


def names_in(content: object) -> list[str]:
    assert isinstance(content, bytes)
    with closing(sqlite3.connect(":memory:")) as copy:
        copy.deserialize(content)
        return [name for (name,) in copy.execute("SELECT name FROM users ORDER BY id")]


def test_a_database_shows_tables_columns_and_keys(shop: Path) -> None:
    context = context_of_file(shop, 10_000_000)
    assert (context.kind, context.sources) == ("database", (str(shop),))
    assert "sqlite3.Connection" in context.type
    for line in (
        "2 tables, 1 views",
        'context.execute("SELECT ...")',
        "table 'orders': 30 rows",
        "  'amount': REAL; all different, 0 to 14.5, median 7, e.g. 0, 0.5, 1",
        "  foreign keys: user_id → users.id",
        "table 'users': 12 rows",
        "  'age': any; values 20 ×4, 21 ×4, 22 ×4",
        "view 'totals': 12 rows",
        "  first row: (0, 'user 0', 20)",
    ):
        assert line in context.preview
    members = dict(context.fingerprint.members)
    assert members["users"].header == ("id", "name", "age")


def state(path: Path) -> tuple[str, int, list[Path]]:
    return hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns, sorted(path.parent.iterdir())


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_the_file_stays_as_it_was_and_none_appears_beside_it(shop: Path, mode: str) -> None:
    with closing(sqlite3.connect(shop)) as database:
        database.execute(f"PRAGMA journal_mode = {mode}")
    before = state(shop)
    context_of_file(shop, 10_000_000)
    assert state(shop) == before


def test_what_stands_in_the_write_ahead_log_is_read(shop: Path) -> None:
    with closing(sqlite3.connect(shop)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("PRAGMA wal_autocheckpoint = 0")
        other.execute("UPDATE users SET name = 'new' WHERE id = 0")
        other.commit()
        other.execute("UPDATE users SET name = 'not committed' WHERE id = 1")
        assert names_in(context_of_file(shop, 10_000_000).value)[:2] == ["new", "user 1"]


def test_a_connection_gives_what_it_sees() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(SCHEMA)
        database.execute("INSERT INTO users VALUES (1, 'Ann', 3)")
        database.commit()
        context = context_of_connection(database, name="db")
        assert names_in(context.value) == ["Ann"]
        assert 'db.execute("SELECT' in context.preview
        assert database.text_factory is str  # as the caller had it


def test_a_database_that_is_too_large_is_refused(shop: Path) -> None:
    with pytest.raises(Unreadable, match="copy the tables that matter") as caught:
        context_of_file(shop, 1_000)
    assert caught.value.too_large


def test_a_broken_file_is_refused(tmp_path: Path, shop: Path) -> None:
    path = tmp_path / "broken.db"
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5_000)
    with pytest.raises(Unreadable, match="no sound SQLite database"):
        context_of_file(path, 10_000_000)


def test_a_broken_view_is_no_reason_to_refuse_the_rest(shop: Path) -> None:
    with closing(sqlite3.connect(shop)) as database:
        database.execute("CREATE VIEW broken AS SELECT * FROM users")
        database.execute("PRAGMA writable_schema = ON")
        database.execute(
            "UPDATE sqlite_schema SET sql = 'CREATE VIEW broken AS SELECT * FROM gone' WHERE name = 'broken'"
        )
        database.commit()
    preview = context_of_file(shop, 10_000_000).preview
    assert "view 'broken': rows not counted" in preview
    assert "table 'users': 12 rows" in preview


def test_an_endless_view_costs_little() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(SCHEMA)
        database.execute(
            "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT count(*) AS c FROM n"
        )
        preview = context_of_connection(database).preview
    assert "view 'endless': rows not counted" in preview


@pytest.mark.parametrize("script", ["", "CREATE TABLE t (a); DROP TABLE t;"])
def test_an_empty_database_says_so(script: str) -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(script)
        context = context_of_connection(database)
    assert context.notes == ("the database has no tables",)
    assert context.fingerprint.format == "empty"
