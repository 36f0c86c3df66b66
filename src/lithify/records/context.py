"""What a run reads: the Context, and the Fingerprint by which a kept tool recognises input of its own shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, cast

from lithify.errors import ProgrammerMustAct
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.table import ArrowTable

Format: TypeAlias = Literal[
    "empty",
    "lines",
    "delimited",
    "json",
    "jsonl",
    "prose",
    "files",
    "bytes",
    "data",
    "document",
    "table",
    "database",
    "inputs",
]
ContextKind: TypeAlias = Literal["text", "files", "bytes", "data", "document", "table", "database", "inputs"]
"""What the variable is in a cell:

text      str: a text file of any format (log, CSV, JSON, ...)
files     dict[str, str]: relative path → text, of a folder, a pattern, or several files of one kind
bytes     bytes
data      plain data: a list, a dict, a number
document  list[dict]: one record a page, section or chapter with its number and its text, or a sheet with its rows
table     a DataFrame of pandas or polars, or a pyarrow.Table
database  sqlite3.Connection: a private copy in memory
inputs    several variables, each of a kind of its own; `context` is a dict of them
"""
TEXT_KINDS: frozenset[ContextKind] = frozenset({"text", "files"})
"""The kinds whose value is text: no writing is needed to read, cut and keep it."""
ContextValue: TypeAlias = "str | bytes | Plain | ArrowTable | Mapping[str, str]"
Frame: TypeAlias = Literal["pandas", "polars", "pyarrow"]
Texts: TypeAlias = str | Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShape:
    """How a line begins, with letters and digits abstracted, and the share of lines that begin so (0 to 1).

    Of tables and JSON: what stands in a field, as "field = class", with the share of rows or records.
    """

    pattern: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """The shape of a Context, small enough to be stored with a tool and compared in microseconds.

    format:    what the text looks like; for other values than text, the context's kind
    header:    column names (delimited, table), top-level keys (json, jsonl, data, document); else empty
    delimiter: the separator of a delimited text; else ""
    shapes:    line shapes, most frequent first (at most 200)
    members:   for files: the fingerprint of each kind of member, keyed by file-name suffix; for a database: of each
               table, for inputs: of each of them, keyed by name
    """

    format: Format
    header: tuple[str, ...] = ()
    delimiter: str = ""
    shapes: tuple[LineShape, ...] = ()
    members: tuple[tuple[str, Fingerprint], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Named input data of a run: a variable in the REPL, or (kind inputs) several.

    value:   what is handed to the session: a str (text), a mapping of relative path → str (files), bytes (bytes, and
             the file of a database), plain data (data, document), or a table; of inputs: their values by name
    size:    characters of text; of everything else bytes, as it is handed over
    digest:  sha256 in hex over kind, names and contents: the same data has the same digest, from disk or from memory
    preview: what the model sees in its first message
    type:    what the variable is, in words, for kinds other than text and files
    frame:   of a table: whose table a cell sees
    inputs:  the variables of a context of kind inputs, each a Context with a name of its own; else empty
    modules: what cells will import, worth preloading
    """

    name: str = "context"
    kind: ContextKind
    value: ContextValue
    sources: tuple[str, ...]
    size: int
    digest: str
    preview: str
    fingerprint: Fingerprint
    notes: tuple[str, ...] = ()
    """What the person should know about reading it: files skipped, bytes replaced while decoding."""
    type: str = ""
    frame: Frame = "pyarrow"
    inputs: tuple[Context, ...] = ()
    modules: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[Context, ...]:
        """The variables that the data makes: itself, or each of its inputs."""
        return self.inputs or (self,)

    @property
    def texts(self) -> Texts:
        """The value of a context of kind text or files. Raises ProgrammerMustAct for any other kind."""
        if self.kind not in TEXT_KINDS:
            raise ProgrammerMustAct(f"a context of kind {self.kind} has no texts; check its kind first")
        return cast("Texts", self.value)
