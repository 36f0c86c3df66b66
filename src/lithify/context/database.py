"""SQLite files as Contexts: handed over as bytes, of which a cell gets a copy in memory; they are never written to."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from lithify.context.bounds import bounded, shown
from lithify.context.columns import MAX_COLUMNS, column_line, facts_of, short
from lithify.context.fingerprint import field_pattern
from lithify.context.refusal import Unreadable
from lithify.records.context import Context, Fingerprint, LineShape
from lithify.records.quick import dataclass

MAX_BYTES = 800_000_000
"""A cell's copy is private memory of its worker, which may have 2 GB."""
MAX_CHARS = 6_000
_MAX_TABLES = 30
_SAMPLE_ROWS = 2_000
_SECONDS = 5.0
"""Time for looking at a database: views and broken files can take for ever."""
_STEPS = 10_000
_WRITE_VERSION = slice(18, 20)
"""In the header: how a change is journalled."""
_LOGGED = b"\x02\x02"
"""With a write-ahead log, which a copy in memory cannot have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """A table or view. rows: None where counting took too long. columns: name and declared type."""

    name: str
    kind: str
    columns: tuple[tuple[str, str], ...]
    rows: int | None
    sample: tuple[tuple[object, ...], ...]
    keys: tuple[str, ...]


def context_of_file(path: Path, max_bytes: int, *, name: str = "context") -> Context:
    """A Context over a SQLite file, with what other programs have committed to it until now.

    Raises Unreadable for one that is damaged, encrypted, locked, too large, or changed while it was read.
    """
    try:
        before = path.stat()
        still = _is_logged(path) and not path.with_name(f"{path.name}-wal").exists()
        with closing(_open(path, still=still)) as database:
            database.execute("BEGIN")  # one state of it, whatever others commit meanwhile
            content = _content(database, min(max_bytes, MAX_BYTES))
            database.rollback()
            if still and path.stat().st_mtime_ns != before.st_mtime_ns:
                raise Unreadable("was written to while it was read; ask again")
            return _context(content, _look(database), (str(path),), name)
    except (sqlite3.Error, OSError) as error:
        raise Unreadable(_reason(error)) from error


def context_of_connection(database: sqlite3.Connection, *, name: str = "context") -> Context:
    """A Context over what a connection of sqlite3 sees. Raises Unreadable as context_of_file does."""
    try:
        content = _content(database, MAX_BYTES)
        with closing(sqlite3.connect(":memory:")) as copy:
            if content:
                copy.deserialize(content)
            return _context(content, _look(copy), (), name)
    except sqlite3.Error as error:
        raise Unreadable(_reason(error)) from error


def _is_logged(path: Path) -> bool:
    """Whether changes go to a write-ahead log first."""
    with path.open("rb") as file:
        return file.read(_WRITE_VERSION.stop)[_WRITE_VERSION] == _LOGGED


def _open(path: Path, *, still: bool) -> sqlite3.Connection:
    """Opened for reading only.

    still: it has a write-ahead log which is empty, so nobody writes to it. Opening it in the ordinary way would put the
    log's files beside it; opened as a file that does not change, nothing is.
    """
    uri = f"file:{quote(str(path.absolute()))}?{'immutable=1' if still else 'mode=ro'}"
    return sqlite3.connect(uri, uri=True, timeout=2.0)


def _content(database: sqlite3.Connection, max_bytes: int) -> bytes:
    """The database as one file would hold it, changes in its write-ahead log included."""
    (size,) = database.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()").fetchone()
    if size > max_bytes:
        raise Unreadable(
            f"is a database of {size:,} bytes, {max_bytes:,} may be read; copy the tables that matter into a smaller "
            "one (ATTACH, CREATE TABLE … AS SELECT), or export them as Parquet",
            too_large=True,
        )
    if not size:
        return b""  # nothing was ever written to it, not even a header
    content = database.serialize()
    if content[_WRITE_VERSION] == _LOGGED:
        content = content[: _WRITE_VERSION.start] + b"\x01\x01" + content[_WRITE_VERSION.stop :]
    return content


def _context(content: bytes, tables: Sequence[_Table], sources: tuple[str, ...], name: str) -> Context:
    return Context(
        name=name,
        kind="database",
        value=content,
        sources=sources,
        size=len(content),
        digest=hashlib.sha256(b"database\n" + content).hexdigest(),
        preview=_preview(tables, len(content), name),
        fingerprint=_fingerprint(tables),
        notes=() if tables else ("the database has no tables",),
        type=f"sqlite3.Connection to a private copy in memory, {len(tables):,} tables and views",
        modules=("sqlite3",),
    )


def _look(database: sqlite3.Connection) -> list[_Table]:
    """Every table and view, those of SQLite itself left out. Bounded in time: what is then unknown is left open."""
    end = time.monotonic() + _SECONDS
    database.text_factory = lambda data: data.decode("utf-8", "replace")
    database.execute("PRAGMA trusted_schema = OFF")
    database.set_progress_handler(lambda: int(time.monotonic() > end), _STEPS)
    listed = database.execute(
        "SELECT name, type FROM sqlite_schema "
        "WHERE type IN ('table', 'view') AND substr(name, 1, 7) <> 'sqlite_' ORDER BY type, name"
    ).fetchall()
    return [_table(database, name, kind) for name, kind in listed]


def _table(database: sqlite3.Connection, name: str, kind: str) -> _Table:
    quoted = '"' + name.replace('"', '""') + '"'
    columns = _try(database, "SELECT name, type FROM pragma_table_info(?)", name)
    counted = _try(database, f"SELECT count(*) FROM {quoted}")  # noqa: S608 - a name of its own schema, quoted
    foreign = _try(database, 'SELECT "from", "table", "to" FROM pragma_foreign_key_list(?)', name)
    return _Table(
        name=name,
        kind=kind,
        columns=tuple((str(column), str(declared)) for column, declared in columns),
        rows=int(str(counted[0][0])) if counted else None,
        sample=tuple(_try(database, f"SELECT * FROM {quoted} LIMIT {_SAMPLE_ROWS}")),  # noqa: S608 - as above
        keys=tuple(f"{source} → {table}.{target or 'its key'}" for source, table, target in foreign),
    )


def _try(database: sqlite3.Connection, query: str, *values: str) -> list[tuple[object, ...]]:
    """The rows, or none when the query fails or time is over: one broken view is no reason to refuse the rest."""
    try:
        return database.execute(query, values).fetchall()
    except sqlite3.Error:
        return []


def _preview(tables: Sequence[_Table], size: int, name: str) -> str:
    counts = (
        f"{sum(one.kind == 'table' for one in tables):,} tables, {sum(one.kind == 'view' for one in tables):,} views"
    )
    parts = [
        f"sqlite3.Connection to a private copy in memory: {size:,} bytes, {counts}. "
        f'Query it: {name}.execute("SELECT ..."), or pandas.read_sql("SELECT ...", {name})'
    ]
    for table in tables[:_MAX_TABLES]:
        parts += _lines(table)
    if len(tables) > _MAX_TABLES:
        parts.append(
            f"… and {len(tables) - _MAX_TABLES:,} more: {', '.join(one.name for one in tables[_MAX_TABLES:][:20])}"
        )
    return bounded("\n".join(parts), MAX_CHARS)


def _lines(table: _Table) -> Iterator[str]:
    rows = "rows not counted" if table.rows is None else f"{table.rows:,} rows"
    whole = table.rows is not None and table.rows == len(table.sample)
    sampled = "" if whole else f"; values of the first {len(table.sample):,}"
    yield f"{table.kind} {table.name!r}: {rows}{sampled}"
    columns = list(zip(*table.sample, strict=True)) or [()] * len(table.columns)
    for (name, declared), values in list(zip(table.columns, columns, strict=False))[:MAX_COLUMNS]:
        yield column_line(name, declared or "any", facts_of(values, rows=None if whole else table.rows, nulls=None))
    if table.keys:
        yield f"  foreign keys: {', '.join(table.keys)}"
    if table.sample:
        yield f"  first row: {shown('(' + ', '.join(map(short, table.sample[0])) + ')')}"


def _fingerprint(tables: Sequence[_Table]) -> Fingerprint:
    members = tuple((table.name, _table_fingerprint(table)) for table in tables)
    return Fingerprint(format="database" if members else "empty", members=members)


def _table_fingerprint(table: _Table) -> Fingerprint:
    shapes = tuple(
        LineShape(pattern=field_pattern(name, declared or "any"), share=1.0) for name, declared in table.columns
    )
    return Fingerprint(format="table", header=tuple(name for name, _ in table.columns), shapes=shapes)


def _reason(error: sqlite3.Error | OSError) -> str:
    text = str(error)
    if "locked" in text:
        return "is locked by another program; ask again when it is done, or copy the file"
    if "unable to open" in text or "readonly" in text:
        return (
            f"cannot be opened for reading only ({text}): a transaction was left unfinished, or its folder may not be "
            "read; open it once with its own program, or copy it together with its -wal or -journal file"
        )
    return f"is no sound SQLite database ({text}); it may be encrypted or damaged: sqlite3 FILE .recover"
