"""The SQLite file of the index: a cache that can be thrown away at any time."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from lithify.errors import LibraryProblem
from lithify.records.search import SearchDocument
from lithify.search.words import words

_VERSION = 1
_SCHEMA = f"""
create table meta (key text primary key, value text not null) without rowid;
create table tools (id integer primary key, name text not null unique, digest text not null);
create virtual table texts using fts5(name, description, questions, parameters, tokenize = 'porter unicode61');
create table vectors (digest text primary key, vector blob not null) without rowid;
pragma user_version = {_VERSION};
"""
_WEIGHTS = "2.0, 1.0, 1.0, 0.5"
"""Of name, description, questions and parameters in the rank."""


class Store:
    """Texts and vectors by tool. Made anew when it is of another version or damaged."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = _open(path)

    @property
    def state(self) -> str:
        """The state of the library that the index shows, "" before the first."""
        row = self._db.execute("select value from meta where key = 'state'").fetchone()
        return str(row[0]) if row else ""

    def replace(self, documents: Iterable[SearchDocument], state: str) -> None:
        """Bring the index to these documents, writing only what differs, in one transaction."""
        wanted = {document.name: (digest(document), document) for document in documents}
        with self._db:
            self._db.execute("begin immediate")
            there = {str(name): (int(id_), str(key)) for id_, name, key in self._db.execute("select * from tools")}
            for name, (id_, key) in there.items():
                if name not in wanted or wanted[name][0] != key:
                    self._db.execute("delete from texts where rowid = ?", (id_,))
                    self._db.execute("delete from tools where id = ?", (id_,))
            for name, (key, document) in wanted.items():
                if name not in there or there[name][1] != key:
                    self._add(key, document)
            self._db.execute("delete from vectors where digest not in (select digest from tools)")
            self._db.execute("insert or replace into meta values ('state', ?)", (state,))

    def _add(self, key: str, document: SearchDocument) -> None:
        row = self._db.execute("insert into tools(name, digest) values (?, ?)", (document.name, key)).lastrowid
        name, parameters = " ".join(words(document.name)), " ".join(words(" ".join(document.parameters)))
        self._db.execute(
            "insert into texts(rowid, name, description, questions, parameters) values (?, ?, ?, ?, ?)",
            (row, name, document.description, "\n".join(document.questions), parameters),
        )

    def find(self, expression: str, limit: int) -> list[tuple[str, float]]:
        """Names with their rank, best first; higher is nearer."""
        rows = self._db.execute(
            "select tools.name, -found.rank from "
            "(select rowid, rank from texts where texts match ? and rank match ? order by rank limit ?) as found "
            "join tools on tools.id = found.rowid order by found.rank, tools.name",
            (expression, f"bm25({_WEIGHTS})", limit),
        )
        return [(str(name), float(rank)) for name, rank in rows]

    def digests(self) -> dict[str, str]:
        """The digest of each tool's text, by name."""
        return {str(name): str(key) for name, key in self._db.execute("select name, digest from tools order by name")}

    def vectors(self) -> dict[str, bytes]:
        """Vectors by the digest of the text that they are of."""
        return {str(key): bytes(vector) for key, vector in self._db.execute("select digest, vector from vectors")}

    def keep_vectors(self, vectors: Mapping[str, bytes]) -> None:
        """Add vectors by digest."""
        with self._db:
            self._db.executemany("insert or replace into vectors values (?, ?)", vectors.items())

    def close(self) -> None:
        """Release the file."""
        self._db.close()


def digest(document: SearchDocument) -> str:
    """Identifies the text of a document."""
    parts = (document.name, document.description, *document.questions, "\0", *document.parameters)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _open(path: Path) -> sqlite3.Connection:
    """The file, ready to use. What cannot be read, or is of another version, is a cache: it is made anew."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _prepared(path)
    except sqlite3.DatabaseError:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    try:
        return _prepared(path)
    except sqlite3.DatabaseError as error:
        raise LibraryProblem(f"the search index {path} cannot be written: {error}") from error


def _prepared(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=10.0)
    try:
        version = int(db.execute("pragma user_version").fetchone()[0])
        if version == 0:
            db.execute("pragma journal_mode = wal")
            _create(db)
        elif version != _VERSION:
            raise sqlite3.DatabaseError(f"version {version}")
        db.execute("select count(*) from tools").fetchone()
    except BaseException:
        db.close()
        raise
    return db


def _create(db: sqlite3.Connection) -> None:
    """Make the tables, unless another process was quicker."""
    with closing(db.cursor()) as cursor:
        cursor.execute("begin exclusive")
        if cursor.execute("pragma user_version").fetchone()[0] == 0:
            for statement in _SCHEMA.split(";"):
                cursor.execute(statement)
        cursor.execute("commit")
