"""Dropping a property that a reviewer does not want: its test goes, and that it was dropped is remembered."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace

from lithify.errors import ProgrammerMustAct
from lithify.properties.frame import PATH
from lithify.records.tool import Candidate


def without_properties(candidate: Candidate, names: Iterable[str]) -> Candidate:
    """The candidate with these properties marked as dropped, and without their tests.

    Raises ProgrammerMustAct for a name that is no property of it.
    """
    unwanted = set(names)
    unknown = unwanted - {one.name for one in candidate.properties}
    if unknown:
        known = ", ".join(one.name for one in candidate.properties) or "none"
        raise ProgrammerMustAct(f"{', '.join(sorted(unknown))}: no such property; this candidate has {known}")
    properties = tuple(replace(one, dropped=one.dropped or one.name in unwanted) for one in candidate.properties)
    extra = dict(candidate.extra)
    text = extra.pop(PATH, b"").decode("utf-8")
    shorter = _without_tests(text, {f"test_{name}" for name in unwanted})
    if "\ndef test_" in shorter:
        extra[PATH] = shorter.encode()
    return replace(candidate, properties=properties, extra=extra)


def _without_tests(text: str, names: set[str]) -> str:
    """The source of a module without some functions."""
    lines = text.splitlines(keepends=True)
    for node in reversed(ast.parse(text).body):
        if isinstance(node, ast.FunctionDef) and node.name in names:
            start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
            del lines[start : node.end_lineno]
            while start < len(lines) and not lines[start].strip():
                del lines[start]
    return "".join(lines).rstrip("\n") + "\n" if lines else ""
