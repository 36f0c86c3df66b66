"""The corpus: every sequence of cells gives the tool that it should, or the reason why it gives none."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from lithify.distil import NoCandidate
from lithify.records.answers import equal_answer
from tests.distil.corpus import mutation, refused, retyped, scopes, subcalls, tables

CASES = {
    f"{module.__name__.rpartition('.')[2]}: {name}": case
    for module in (mutation, scopes, tables, retyped, subcalls, refused)
    for name, case in module.CASES.items()
}


@pytest.mark.parametrize("name", CASES)
def test_what_comes_out(name: str, teller: Any) -> None:
    case = CASES[name]
    candidate = teller.tell(case.question, case.data, case.parts, answer=case.answer, **case.options)
    if case.reason:
        assert isinstance(candidate, NoCandidate), candidate.source
        assert case.reason in candidate.reason
        return
    assert not isinstance(candidate, NoCandidate), candidate.reason
    source = candidate.source
    assert equal_answer(teller.call(candidate, case.data), case.answer), source
    assert equal_answer(teller.call(candidate, case.other), case.elsewhere), source
    for arguments, answer in case.calls:
        assert teller.call(candidate, case.data, **arguments) == answer, source
    code = ast.unparse(without_docstrings(source))
    for piece in case.lacks:
        assert piece not in code, source
    for piece in case.has:
        assert piece in code, source
    for example in candidate.examples:
        assert bool(example.replies) == candidate.signature.needs_llm
    if case.statements:
        assert statements(source) <= case.statements, source


def statements(source: str) -> int:
    """The statements of a tool: imports, docstrings and the head of the public function not counted."""
    tree = without_docstrings(source)
    kinds = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    return sum(not isinstance(node, (ast.Import, ast.ImportFrom)) for node in kinds) - 1


def without_docstrings(source: str) -> ast.Module:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return tree
