"""The digest of a table: the same values under the same names and types have the same, whatever library holds them."""

from __future__ import annotations

import hashlib
import importlib
from typing import Any

_ROWS = 1 << 16


def digest_of_table(table: Any) -> str:
    """sha256 in hex over the columns of a pyarrow.Table: name, type, which values are null, and the values.

    How a library cuts, pads and encodes a column makes no difference; int32 and int64 do. Takes no copy of the table.
    """
    digest = hashlib.sha256(f"table\n{table.num_rows}\n{table.num_columns}\n".encode())
    for name, column in zip(table.column_names, table.columns, strict=True):
        _update(digest, name.encode("utf-8", "surrogatepass"))
        kind = _plain_type(column.type)
        _update(digest, _name(kind))
        for start in range(0, len(column), _ROWS):
            _add(digest, column.slice(start, _ROWS), kind)
    return digest.hexdigest()


def _update(digest: hashlib._Hash, data: bytes) -> None:
    digest.update(f"{len(data)}:".encode())
    digest.update(data)


def _name(kind: Any) -> bytes:
    """Libraries differ in how they call the parts of lists and structs."""
    types: Any = importlib.import_module("pyarrow").types
    return b"nested" if types.is_nested(kind) else str(kind).encode()


def _plain_type(kind: Any) -> Any:
    """The type that values are compared as: of a dictionary its values', of every kind of string the same."""
    pyarrow: Any = importlib.import_module("pyarrow")
    types = pyarrow.types
    if types.is_dictionary(kind):
        return _plain_type(kind.value_type)
    if types.is_string(kind) or types.is_large_string(kind) or str(kind) == "string_view":
        return pyarrow.large_string()
    if types.is_binary(kind) or types.is_large_binary(kind) or str(kind) == "binary_view":
        return pyarrow.large_binary()
    return kind


def _add(digest: hashlib._Hash, part: Any, kind: Any) -> None:
    """One stretch of a column: which values are null, then the values, with zeros or nothing in the place of nulls."""
    pyarrow: Any = importlib.import_module("pyarrow")
    compute: Any = importlib.import_module("pyarrow.compute")
    types = pyarrow.types
    array = part.combine_chunks() if part.num_chunks != 1 else part.chunk(0)
    array = array.cast(kind) if array.type != kind else array
    digest.update(_bits(compute.is_null(array)))
    if types.is_null(kind):
        return
    if types.is_large_string(kind) or types.is_large_binary(kind):
        filled = compute.fill_null(array, "" if types.is_large_string(kind) else b"")
        _, offsets, data = filled.buffers()
        places = memoryview(offsets).cast("q")[filled.offset : filled.offset + len(filled) + 1]
        digest.update(compute.binary_length(filled).to_numpy(zero_copy_only=False).tobytes())
        digest.update(memoryview(data)[places[0] : places[-1]] if data is not None else b"")
    elif types.is_boolean(kind):
        digest.update(_bits(compute.fill_null(array, False)))
    elif types.is_integer(kind) or types.is_floating(kind):
        zero = pyarrow.scalar(0, pyarrow.int64()).cast(kind)
        digest.update(compute.fill_null(array, zero).to_numpy(zero_copy_only=False).tobytes())
    elif types.is_timestamp(kind) or types.is_duration(kind) or types.is_date64(kind) or types.is_time64(kind):
        digest.update(compute.fill_null(array.cast(pyarrow.int64()), 0).to_numpy(zero_copy_only=False).tobytes())
    else:  # lists, structs, decimals and the like: as Python writes them
        digest.update(repr(array.to_pylist()).encode("utf-8", "surrogatepass"))


def _bits(array: Any) -> bytes:
    return bytes(array.to_numpy(zero_copy_only=False).tobytes())
