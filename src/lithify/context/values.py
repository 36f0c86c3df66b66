"""A Context from whatever a caller has at hand: text, bytes, plain data, tables, databases, paths, several by name."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, cast

from lithify.context.build import context_from_value
from lithify.context.inputs import context_of_inputs
from lithify.context.load import MAX_BYTES, load_context
from lithify.context.naming import check_name
from lithify.context.refusal import Unreadable
from lithify.errors import BadInput, ProgrammerMustAct
from lithify.records.context import Context
from lithify.records.plain import Plain
from lithify.records.table import ArrowTable

if TYPE_CHECKING:
    import sqlite3

One: TypeAlias = "Context | str | bytes | Path | ArrowTable | sqlite3.Connection | Plain"
Given: TypeAlias = "One | Sequence[Path] | Mapping[str, One]"


def context_of(value: Given, *, max_bytes: int = MAX_BYTES) -> Context:
    """A Context over a value.

    str              the text itself; a Path is a file, a folder, a pattern, or "-"
    list of Path     as on the command line
    mapping          of str to str: texts by name, one variable; with a Path, table, bytes or database among its values:
                     named inputs, one variable each; any other: plain data
    table            of pandas, polars, pyarrow, or whatever exports Arrow
    sqlite3.Connection   what it sees now
    bytes, list, dict, numbers   as they are

    Raises BadInput for what cannot be read, ProgrammerMustAct for what is none of these.
    """
    return _context(value, "context", max_bytes)


def _context(value: Given, name: str, max_bytes: int) -> Context:
    if isinstance(value, Context):
        return value if value.name == name else replace(value, name=name)
    if isinstance(value, str):
        return replace(context_from_value(value), name=name)
    if isinstance(value, Path):
        return replace(load_context([value], max_bytes=max_bytes), name=name)
    if isinstance(value, bytes | bytearray | memoryview):
        from lithify.context.plaindata import context_of_bytes

        return context_of_bytes(bytes(value), name=name)
    if isinstance(value, ArrowTable):
        from lithify.context.frames import context_of_frame

        return context_of_frame(value, name=name)
    if _is_connection(value):
        return _database(cast("sqlite3.Connection", value), name)
    if isinstance(value, Mapping):
        return _mapping(value, name, max_bytes)
    if isinstance(value, list | tuple) and value and all(isinstance(item, Path) for item in value):
        return replace(load_context(cast("Sequence[Path]", value), max_bytes=max_bytes), name=name)
    return _data(value, name)


def _mapping(value: Mapping[str, One], name: str, max_bytes: int) -> Context:
    if value and all(isinstance(text, str) for text in value.values()):
        return replace(context_from_value(cast("Mapping[str, str]", value)), name=name)
    if not value:
        raise BadInput("the context holds nothing: the mapping is empty; give at least one name with its data")
    if any(isinstance(one, Context | Path | bytes | ArrowTable) or _is_connection(one) for one in value.values()):
        return context_of_inputs([_context(one, check_name(key), max_bytes) for key, one in value.items()])
    return _data(value, name)


def _is_connection(value: object) -> bool:
    """Whether it is of sqlite3, which is not imported to find out: nobody has one without it."""
    sqlite = sys.modules.get("sqlite3")
    return sqlite is not None and isinstance(value, sqlite.Connection)


def _database(value: sqlite3.Connection, name: str) -> Context:
    from lithify.context.database import context_of_connection

    try:
        return context_of_connection(value, name=name)
    except Unreadable as error:
        raise BadInput(f"the connection {error.reason}") from error


def _data(value: object, name: str) -> Context:
    """Plain data. What nearly is something else that can be given is refused with what to do."""
    from lithify.context.plaindata import context_of_data

    hints = {"LazyFrame": "collect() it first", "Series": "give it as a table: .to_frame()", "ndarray": ".tolist()"}
    hint = hints.get(type(value).__name__)
    if hint:
        raise ProgrammerMustAct(f"a {type(value).__name__} cannot be given as context; {hint}")
    return context_of_data(cast("Plain", value), name=name)
