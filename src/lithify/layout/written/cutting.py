"""Written contexts with fewer rows or elements, and with none. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from lithify.layout.written.forms import BY_ROWS, Form
from lithify.records.context import Texts
from lithify.records.quick import dataclass


def head_and_rows(text: str) -> tuple[str, list[str]]:
    """The line that tells the columns, and the lines of the rows, each with its end."""
    head, *rows = text.splitlines(keepends=True) or [""]
    return head, rows


def joined(head: str, rows: Sequence[str]) -> str:
    """The inverse of head_and_rows, for any of the rows."""
    return head + "".join(rows)


def nothing(text: Texts, form: Form) -> Texts:
    """The context of this text with nothing in it: the same columns and no row, no element, no character, no file.

    Of several inputs each.
    """
    if not isinstance(text, str):
        return {name: nothing_of(text[name], part) for name, part in form.parts if name in text}
    return nothing_of(text, form)


def nothing_of(text: str, form: Form) -> str:
    """The same of one text."""
    if form.kind in BY_ROWS:
        return head_and_rows(text)[0]
    if form.written or form.kind == "files":
        return "{}\n" if text.startswith("{") else "[]\n"
    return ""


_FEW = 8
_MUCH_LONGER = 10


@dataclass(frozen=True, slots=True)
class Elements:
    """What a JSON document consists of: a list or a mapping in it, and the way there from the top."""

    document: object
    path: tuple[int | str, ...]
    held: list[object] | dict[str, object]

    def put(self, held: object) -> str:
        """The document as text, with another list or mapping in that place."""
        return laid_out(_with(self.document, self.path, held))


def elements_of(document: object) -> Elements | None:
    """The elements of a document: a list's own; a mapping's those of the longest list or mapping in it.

    Of a short list of mappings, as a workbook is one of its sheets, those of a list in one of them that is much longer.
    None where there are not two of anything.
    """
    if isinstance(document, dict):
        inner = {key: part for key, part in document.items() if isinstance(part, list | dict) and len(part) > 1}
        key = max(inner, key=lambda one: len(inner[one]), default=None)
        return None if key is None else Elements(document, (key,), inner[key])
    if not isinstance(document, list):
        return None
    parts = [(n, part) for n, part in enumerate(document) if isinstance(part, dict) and len(document) <= _FEW]
    lists = [((n, key), one) for n, part in parts for key, one in part.items() if isinstance(one, list)]
    path, longest = max(lists, key=lambda pair: len(pair[1]), default=((), document))
    if lists and len(longest) >= _MUCH_LONGER * len(document):
        return Elements(document, path, longest)
    return Elements(document, (), document) if len(document) > 1 else None


def laid_out(document: object, depth: int = 0) -> str:
    """A JSON document for people and their diffs: a list or mapping that holds no other takes one line."""
    parts = list(document.values()) if isinstance(document, dict) else document if isinstance(document, list) else []
    if not any(isinstance(part, list | dict) and part for part in parts):
        return json.dumps(document, ensure_ascii=False)
    if isinstance(document, dict):
        lines = [
            f"{json.dumps(key, ensure_ascii=False)}: {laid_out(part, depth + 1)}" for key, part in document.items()
        ]
    else:
        lines = [laid_out(part, depth + 1) for part in parts]
    inside, (opened, closed) = " " * (depth + 1), "{}" if isinstance(document, dict) else "[]"
    return f"{opened}\n{inside}" + f",\n{inside}".join(lines) + f"\n{' ' * depth}{closed}"


def _with(value: Any, path: Sequence[int | str], held: object) -> object:
    """A value with another one at the end of a path."""
    if not path:
        return held
    changed: Any = dict(value) if isinstance(value, dict) else list(value)
    changed[path[0]] = _with(value[path[0]], path[1:], held)
    return changed
