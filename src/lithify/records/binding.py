"""How a Context becomes variables of a session: what the session is opened with, and the code that finishes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from lithify.records.context import Context, ContextKind
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.table import ArrowTable

BindingValue: TypeAlias = "str | bytes | Plain | Mapping[str, str] | ArrowTable"

_OPEN_DATABASE = '''\
def __lithify_open_database__(data):
    """The database file in these bytes, as a private copy in memory."""
    import sqlite3

    database = sqlite3.connect(":memory:")
    if data:
        database.deserialize(data)
    database.execute("PRAGMA temp_store = MEMORY")
    return database
'''
_MAKE_FRAME = '''\
def __lithify_frame__(table, library):
    """The Arrow table as a table of this library."""
    if library == "pandas":
        # Columns of a big table are views of the shared memory; of a small one copies, which may be written to.
        return table.to_pandas(split_blocks=table.nbytes > 256_000_000)
    if library == "polars":
        import polars

        return polars.from_arrow(table)
    return table
'''
_FINISHING: Mapping[ContextKind, tuple[str, str]] = {
    "database": (_OPEN_DATABASE, "__lithify_open_database__"),
    "table": (_MAKE_FRAME, "__lithify_frame__"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """inputs: what a session is opened with, by name; code: to be run in it first ("": the inputs are the variables).

    The code defines names beginning with "__lithify", and the variables.
    """

    inputs: Mapping[str, BindingValue]
    code: str = ""


def bind(context: Context) -> Binding:
    """Open a session with `inputs`, run `code`, and every variable of the context is there by its name.

    Several inputs are variables by their own names, and a dict of them by the name of the whole.
    """
    inputs: dict[str, BindingValue] = {}
    code: list[str] = []
    for variable in context.variables:
        inputs[variable.name] = variable.value
        if variable.kind in _FINISHING:
            helper, how = _FINISHING[variable.kind]
            code.append(f"{helper}{variable.name} = {how}({variable.name}{_frame(variable)})")
    if context.inputs:
        code.append(f"{context.name} = {_dict_of({variable.name: variable.name for variable in context.inputs})}")
    return Binding(inputs=inputs, code="\n".join(code))


def _frame(variable: Context) -> str:
    return f", {variable.frame!r}" if variable.kind == "table" else ""


def _dict_of(names: Mapping[str, str]) -> str:
    """The display of a dict: key → the variable that holds its value."""
    return f"{{{', '.join(f'{key!r}: {name}' for key, name in names.items())}}}"
