"""How a table is written: a line that says what its columns are, then one row of JSON in each line.

Both pieces of source go by Arrow, by which a cell of an exploration gets its table too: what is opened has the types
that the cell saw.
"""

from __future__ import annotations

OPENING = '''\
def opened(text, library="pandas"):
    """The table that a text says: its first line tells the columns, each further line is a row."""
    import pyarrow

    head, *lines = text.split("\\n")
    told = json.loads(head)
    rows = [json.loads(line) for line in lines if line]
    values = list(zip(*rows)) or [()] * len(told["columns"])
    columns = {name: opened_column(said, list(column)) for (name, said), column in zip(told["columns"].items(), values)}
    table = pyarrow.table(columns)
    if "pandas" in told:
        table = table.replace_schema_metadata({"pandas": json.dumps(told["pandas"])})
    if library == "pandas":
        return table.to_pandas()
    if library == "polars":
        import polars

        return polars.from_arrow(table)
    return table


def opened_column(said, values):
    """The column of a type: {"categories": ..., "type": ...} for one of categories."""
    import re

    import pyarrow

    if isinstance(said, dict):
        categories = opened_column(said["type"], said["categories"])
        place = {value: number for number, value in enumerate(said["categories"])}
        codes = pyarrow.array([place.get(value) for value in values], pyarrow.int32())
        return pyarrow.DictionaryArray.from_arrays(codes, categories, ordered=said.get("ordered", False))
    timed = re.fullmatch(r"(timestamp|duration|time32|time64)\\[(\\w+)(?:, tz=(.+))?\\]", said)
    exact = re.fullmatch(r"(decimal\\d+)\\((\\d+), (-?\\d+)\\)", said)
    if timed:
        kind = getattr(pyarrow, timed[1])(timed[2], *([timed[3]] if timed[3] else []))
    elif exact:
        kind = getattr(pyarrow, exact[1])(int(exact[2]), int(exact[3]))
    else:
        kind = pyarrow.type_for_alias(said)
    if timed and timed[1] == "duration":
        return pyarrow.array(values, pyarrow.int64()).cast(kind)
    if timed or exact or said.startswith("date"):
        return pyarrow.array(values, pyarrow.string()).cast(kind)
    return pyarrow.array(values, kind)
'''
"""Functions of a module that imports json. What is a table of pandas, polars or pyarrow depends on `library`."""

WRITING = '''\
def written(value, most=None):
    """[a table as text, whether that is all of it]: of one with more characters than most, rows evenly spread.

    Raises TypeError for a column that cannot be written.
    """
    import json

    import pyarrow

    if type(value).__module__.partition(".")[0] == "polars":
        import polars

        value = value.to_arrow(compat_level=polars.CompatLevel.oldest())
    table = value if isinstance(value, pyarrow.Table) else pyarrow.table(value)
    if len(set(table.column_names)) < table.num_columns:
        raise TypeError("the table has several columns of one name")
    told = {"lithify": "table 1", "columns": {}}
    shown = written_index(table)
    if shown is not None:
        told["pandas"] = shown
    every = table.num_rows
    if most is not None and every > 100:
        sample = table.take([number * every // 100 for number in range(100)])
        wide = sum(len(line) for line in written_rows(sample, {})) / 100
        rows = max(1, int(most / max(wide, 1)))
        if rows < every:
            table = table.take([number * every // rows for number in range(rows)])
    lines = written_rows(table, told["columns"])
    text = "".join(line + "\\n" for line in [json.dumps(told, ensure_ascii=False), *lines])
    for mark in "\\x85\\u2028\\u2029":  # where other programs end a line
        text = text.replace(mark, f"\\\\u{ord(mark):04x}")
    return [text, table.num_rows == every]


def written_rows(table, told):
    """The rows as lines of JSON; what the columns are is put into told."""
    import json

    columns = []
    for name, column in zip(table.column_names, table.columns):
        told[name], values = written_column(name, column)
        columns.append(values)
    if not columns:
        return ["[]"] * table.num_rows
    return [json.dumps(row, ensure_ascii=False) for row in zip(*columns)]


def written_column(name, column):
    """(its type, its values in types of JSON)"""
    import pyarrow

    types, kind = pyarrow.types, column.type
    if types.is_dictionary(kind):
        parts = column.unify_dictionaries() if isinstance(column, pyarrow.ChunkedArray) else column
        first = parts.chunk(0) if isinstance(parts, pyarrow.ChunkedArray) and parts.num_chunks else parts
        known = first.dictionary if isinstance(first, pyarrow.DictionaryArray) else pyarrow.array([], kind.value_type)
        said, categories = written_column(name, known)
        told = {"type": said, "categories": categories, "ordered": bool(kind.ordered)}
        return told, written_column(name, column.cast(kind.value_type))[1]
    if str(kind) == "string_view":
        column, kind = column.cast(pyarrow.string()), pyarrow.string()
    plain = types.is_boolean(kind) or types.is_integer(kind) or types.is_floating(kind) or types.is_null(kind)
    if plain or types.is_string(kind) or types.is_large_string(kind):
        return str(kind), column.to_pylist()
    if types.is_duration(kind):
        return str(kind), column.cast(pyarrow.int64()).to_pylist()
    if types.is_timestamp(kind) or types.is_date(kind) or types.is_time(kind) or types.is_decimal(kind):
        return str(kind), column.cast(pyarrow.string()).to_pylist()
    raise TypeError(f"the column {name!r} is of {kind}, which a recorded use cannot hold")


def written_index(table):
    """What pandas noted of index and columns, where the table would be another one without it; else None."""
    import json

    noted = (table.schema.metadata or {}).get(b"pandas")
    if not noted:
        return None
    import pandas

    some = table.slice(0, 1)
    one, other = some.to_pandas(), some.replace_schema_metadata(None).to_pandas()
    try:
        pandas.testing.assert_frame_equal(one, other, check_index_type=False)
    except AssertionError:
        return json.loads(noted)
    return None
'''
"""Functions of a module of their own. The table may be one of pandas, polars or pyarrow."""
