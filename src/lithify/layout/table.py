"""Reading TOML tables with types: what is missing or of the wrong type is said with file and key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import TypeAlias

import tomli_w

from lithify.errors import LibraryProblem

Toml: TypeAlias = "bool | int | float | str | list[Toml] | dict[str, Toml]"
FORMAT = 1
"""The version of the files that are written here, where the caller names no other."""


class Table:
    """A TOML table of a file that is called `where` in messages. Every getter raises LibraryProblem."""

    def __init__(self, where: str, data: Mapping[str, object]) -> None:
        self.where = where
        self.data = data

    def text(self, key: str, default: str | None = None) -> str:
        """A string."""
        value = self._get(key, default)
        if not isinstance(value, str):
            raise self._wrong(key, "a string", value)
        return value

    def integer(self, key: str, default: int | None = None) -> int:
        """A whole number."""
        value = self._get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(key, "a whole number", value)
        return value

    def number(self, key: str) -> float:
        """A number."""
        value = self._get(key, None)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(key, "a number", value)
        return float(value)

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false", value)
        return value

    def scalar(self, key: str) -> int | float | str:
        """A number or a string."""
        value = self._get(key, None)
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise self._wrong(key, "a number or a string", value)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; absent is empty."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong(key, "a list of strings", value)
        return tuple(value)

    def table(self, key: str) -> Table:
        """A table; absent is empty."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self._wrong(key, "a table", value)
        return Table(f"{self.where} [{key}]", value)

    def tables(self, key: str) -> tuple[Table, ...]:
        """An array of tables; absent is empty."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self._wrong(key, "an array of tables", value)
        return tuple(Table(f"{self.where} [[{key}]]", item) for item in value)

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        """One of the allowed strings."""
        value = self.text(key)
        if value not in allowed:
            raise self._wrong(key, f"one of {', '.join(allowed)}", value)
        return value

    def _get(self, key: str, default: object) -> object:
        value = self.data.get(key, default)
        if value is None:
            raise LibraryProblem(f"{self.where}: {key!r} is missing")
        return value

    def _wrong(self, key: str, wanted: str, value: object) -> LibraryProblem:
        return LibraryProblem(f"{self.where}: {key!r} must be {wanted}, not {value!r}")


def parse(where: str, data: bytes, newest: int = FORMAT, *, oldest: int | None = None) -> Table:
    """The table of a file of our format. Raises LibraryProblem: not TOML, conflict markers, or a format not known.

    newest, oldest: the formats that the caller reads; only the newest when no oldest is given.
    """
    try:
        table = Table(where, tomllib.loads(data.decode("utf-8")))
    except (ValueError, RecursionError) as error:  # not TOML, not UTF-8, a number of 5,000 digits, brackets without end
        if b"\n<<<<<<< " in b"\n" + data:
            raise LibraryProblem(
                f"{where} holds the conflict markers of a merge (<<<<<<<). Keep one side of each tool that both "
                f"changed: `lithify lock merge --ours` or `--theirs`, then commit; the other side stays in the history"
            ) from error
        raise LibraryProblem(f"{where} is not TOML: {error}; `git checkout -- {where}` restores it") from error
    version = table.integer("format")
    known = range(newest if oldest is None else oldest, newest + 1)
    if version > newest:
        raise LibraryProblem(f"{where} has format {version}; this lithify knows {newest}: upgrade lithify")
    if version not in known:
        raise LibraryProblem(
            f"{where} has format {version}, which nothing writes; `git checkout -- {where}` restores it"
        )
    return table


def dump(heading: str, table: Mapping[str, Toml], version: int = FORMAT) -> bytes:
    """A file of our format, with a heading for the person who opens it. Lone surrogates become ?: UTF-8 lacks them."""
    comment = "".join(f"# {line}\n" for line in heading.splitlines())
    return (comment + tomli_w.dumps({"format": version, **table})).encode("utf-8", "replace")
