"""What was read of each tool last time, in .lithify/index.json: a cache that spares a thousand tools the parsing."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Set

from lithify.errors import LibraryProblem
from lithify.layout import Sheet, Table, recipes_from_table, sheet_from_table
from lithify.library.folder import write_file
from lithify.library.lock import Entry, entry_from_table
from lithify.library.place import Place
from lithify.records.quick import dataclass
from lithify.records.tool import Recipe

INDEX_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What the files of a tool say."""

    sheet: Sheet
    source: str
    recipes: tuple[Recipe, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One tool that was read, checked and found in order: the stamp of its files then, and what they said.

    raw: the tables as JSON, to be stored.
    """

    stamp: str
    entry: Entry
    parsed: Parsed
    raw: Mapping[str, object]


class Index:
    """Rows by name, loaded when it is first asked. Stored by those who only read: a writer has better things to do."""

    def __init__(self, place: Place, clock: Callable[[], int] = time.time_ns) -> None:
        self.clock = clock
        self._file = place.private / "index.json"
        self._staging = place.staging
        self._rows: dict[str, Row] | None = None
        self._changed = False

    def find(self, name: str, stamp: str) -> Row | None:
        """What was read of a tool when its files had this stamp."""
        row = self._loaded().get(name)
        return row if row is not None and row.stamp == stamp else None

    def add(self, name: str, row: Row) -> None:
        """Take note of what was read."""
        self._loaded()[name] = row
        self._changed = True

    @property
    def names(self) -> Set[str]:
        """The tools that it knows."""
        return self._loaded().keys()

    def forget(self, names: Set[str]) -> None:
        """Forget tools that are gone."""
        for name in names:
            del self._loaded()[name]
            self._changed = True

    def store(self) -> None:
        """Write what is new, if anything is."""
        if self._changed:
            self._changed = False
            self._store(self._loaded())

    def _loaded(self) -> dict[str, Row]:
        if self._rows is None:
            self._rows = self._load()
        return self._rows

    def _load(self) -> dict[str, Row]:
        try:
            data = json.loads(self._file.read_bytes())
            if data["format"] != INDEX_FORMAT:
                return {}
            return {name: _row(name, row["stamp"], row) for name, row in data["tools"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, LibraryProblem):
            return {}  # a cache: absent or unreadable means reading the files

    def _store(self, rows: Mapping[str, Row]) -> None:
        tools = {name: {"stamp": row.stamp, **row.raw} for name, row in rows.items()}
        data = json.dumps({"format": INDEX_FORMAT, "tools": tools}, default=str).encode()
        try:
            write_file(self._file, data, self._staging)
        except LibraryProblem:
            return  # a library that may only be read: the files are read each time


def row_of(name: str, stamp: str, entry: Table, sheet: Table, recipes: Table, source: str) -> Row:
    """The row of a tool from the tables of its files."""
    raw = {"entry": entry.data, "sheet": sheet.data, "recipes": recipes.data, "source": source}
    return _row(name, stamp, raw)


def _row(name: str, stamp: str, raw: Mapping[str, object]) -> Row:
    tables = {key: Table(f"{key} of {name}", value) for key, value in raw.items() if isinstance(value, dict)}
    source = raw["source"]
    if not isinstance(source, str):
        raise TypeError("source is a text")
    return Row(
        stamp=stamp,
        entry=entry_from_table(tables["entry"]),
        parsed=Parsed(
            sheet=sheet_from_table(tables["sheet"]), source=source, recipes=recipes_from_table(tables["recipes"])
        ),
        raw={
            "entry": tables["entry"].data,
            "sheet": tables["sheet"].data,
            "recipes": tables["recipes"].data,
            "source": source,
        },
    )
