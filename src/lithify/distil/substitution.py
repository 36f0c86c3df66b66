"""Redaction of what is written as JSON: inside its texts, so that it can still be opened. Pure."""

from __future__ import annotations

import json
from typing import Any

from lithify.distil.redaction import Redactor
from lithify.layout import BY_ROWS, Form, head_and_rows, laid_out


def substituted(text: str, redactor: Redactor, form: Form) -> str:
    """A written context with substitutes in the texts of its cells, and in the names of columns and tables."""
    if form.kind == "bytes":
        return _bytes(text, redactor)
    if form.kind == "text":
        return redactor.text(text)
    if form.kind not in BY_ROWS:
        return laid_out(redactor.plain(json.loads(text))) + "\n"
    head, rows = head_and_rows(text)
    told = json.loads(head)
    lines = [_line(_table_head(told, redactor) if form.kind == "table" else redactor.plain(told))]
    for row in rows:
        cells = json.loads(row)
        # The row of a database begins with the name of its table.
        names = list(told["columns"]) if form.kind == "table" else ["", *told["tables"][cells[0]][0]]
        lines.append(_line([redactor.field(name, cell) for name, cell in zip(names, cells, strict=True)]))
    return "".join(lines)


def _bytes(text: str, redactor: Redactor) -> str:
    """Bytes are searched as one text: what is to be replaced may stand in two lines of what is written."""
    head, rows = head_and_rows(text)
    whole = "".join(json.loads(row) for row in rows)
    changed = redactor.text(whole)
    if changed == whole:
        return text
    return head + "".join(json.dumps(changed[start : start + 32]) + "\n" for start in range(0, len(changed), 32))


def _table_head(told: dict[str, Any], redactor: Redactor) -> object:
    """The first line of a table: what the columns are stays, what they are called and their categories may not."""
    columns = {
        str(redactor.plain(name)): {**said, "categories": [redactor.field(name, one) for one in said["categories"]]}
        if isinstance(said, dict)
        else said
        for name, said in told["columns"].items()
    }
    return {
        name: columns if name == "columns" else value if name == "lithify" else redactor.plain(value)
        for name, value in told.items()
    }


def _line(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    for mark in "\x85\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text + "\n"
