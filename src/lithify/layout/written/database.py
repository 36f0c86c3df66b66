"""How a database is written: a line that says what its tables are, then one row of JSON in each line.

Not as SQL: a row of a dump may take several lines, and what it holds may look like the next statement.
"""

from __future__ import annotations

OPENING = '''\
def opened(text):
    """The database that a text says, in memory: its first line tells the tables, each further line is a row."""
    import sqlite3

    head, *lines = text.split("\\n")
    told = json.loads(head)
    database = sqlite3.connect(":memory:")
    database.execute("PRAGMA temp_store = MEMORY")
    into = {}
    for name, (columns, how) in told["tables"].items():
        database.execute(how)
        table, *names = ['"' + one.replace('"', '""') + '"' for one in [name, *columns]]
        into[name] = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(columns))})"
    for line in lines:
        if line:
            name, *row = json.loads(line)
            values = [base64.b64decode(one["$bytes"]) if isinstance(one, dict) else one for one in row]
            database.execute(into[name], values)
    for how in told["then"]:
        database.execute(how)
    database.commit()
    return database
'''
"""A function of a module that imports base64 and json."""

WRITING = '''\
def written(value, most=None):
    """[a database as text, whether that is all of it]: of one with more characters than most, the first rows of each
    table.

    Raises TypeError for a table that cannot be written.
    """
    import json

    listed = value.execute(
        "SELECT type, name, sql FROM sqlite_schema "
        "WHERE sql IS NOT NULL AND substr(name, 1, 7) <> 'sqlite_' ORDER BY rowid"
    ).fetchall()
    tables = [(name, how) for kind, name, how in listed if kind == "table"]
    virtual = [name for name, how in tables if how.upper().lstrip().startswith("CREATE VIRTUAL")]
    if virtual:
        raise TypeError(f"the table {virtual[0]!r} is a virtual one, which a recorded use cannot hold")
    told = {"lithify": "database 1", "tables": {}, "then": [how for kind, _, how in listed if kind != "table"]}
    lines, whole = [], True
    for name, how in tables:
        quoted = '"' + name.replace('"', '""') + '"'
        columns = [row[1] for row in value.execute(f"PRAGMA table_info({quoted})")]
        told["tables"][name] = [columns, how]
        names = ", ".join('"' + column.replace('"', '""') + '"' for column in columns)
        left = None if most is None else most // len(tables)
        for row in value.execute(f"SELECT {names} FROM {quoted}"):
            line = json.dumps([name, *map(written_cell, row)], ensure_ascii=False)
            if left is not None:
                left -= len(line)
                if left < 0:
                    whole = False
                    break
            lines.append(line)
    text = "".join(line + "\\n" for line in [json.dumps(told, ensure_ascii=False), *lines])
    for mark in "\\x85\\u2028\\u2029":  # where other programs end a line
        text = text.replace(mark, f"\\\\u{ord(mark):04x}")
    return [text, whole]


def written_cell(value):
    """A value in types of JSON."""
    import base64

    return {"$bytes": base64.b64encode(value).decode("ascii")} if isinstance(value, bytes) else value
'''
"""Functions of a module of their own."""
