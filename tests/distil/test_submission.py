"""Reading the submission: which expression has the answer's value, in which program."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from lithify.distil.program import Step
from lithify.distil.submission import targets


def first(code: str, form: Any) -> tuple[str, str]:
    steps = [Step(node, 0) for node in ast.parse(code).body]
    target = next(targets(steps, form))
    return "\n".join(ast.unparse(node) for node in target.program), ast.unparse(target.expression)


CASES = {
    "FINAL": ("x = 1\nFINAL(x + 1)", "FINAL", "x = 1", "x + 1"),
    "the last of two": ("FINAL(1)\nx = 2\nFINAL(x)", "FINAL", "FINAL(1)\nx = 2", "x"),
    "FINAL_VAR by name": ("x = 1\nFINAL_VAR('x')", "FINAL_VAR", "x = 1", "x"),
    "FINAL_VAR by value": ("x = 1\nFINAL_VAR(x)", "FINAL_VAR", "x = 1", "x"),
    "SUBMIT one field": ("SUBMIT(total=n)", "SUBMIT", "", "n"),
    "SUBMIT a value": ("SUBMIT(n)", "SUBMIT", "", "n"),
    "SUBMIT several fields": ("SUBMIT(a=1, b=n)", "SUBMIT", "", "{'a': 1, 'b': n}"),
    "answer as a dict": ("answer = {'content': n, 'ready': ok}", "answer", "", "n"),
    "answer by dict()": ("answer = dict(content=n, ready=True)", "answer", "", "n"),
    "answer by subscript": ("answer['content'] = n\nanswer['ready'] = True", "answer", "", "n"),
    "answer by update": ("answer.update(content=n, ready=True)", "answer", "", "n"),
    "answer by update with a dict": ("answer.update({'content': n, 'ready': True})", "answer", "", "n"),
    "a guard is left out": ("if n == 4:\n    m = n\n    FINAL(m)", "FINAL", "m = n", "m"),
    "nested guards": ("if a:\n    if b:\n        FINAL(n)", "FINAL", "", "n"),
    "a choice stays": (
        "if a:\n    FINAL(1)\nelse:\n    FINAL(2)",
        "FINAL",
        "if a:\n    submitted_answer = 1\nelse:\n    submitted_answer = 2",
        "submitted_answer",
    ),
    "a loop stays": (
        "for x in c:\n    if x > 1:\n        FINAL(x)\n        break",
        "FINAL",
        "for x in c:\n    if x > 1:\n        submitted_answer = x\n        break",
        "submitted_answer",
    ),
    "inside a function": (
        "def main():\n    n = 1\n    FINAL(n)\nmain()",
        "FINAL",
        "def main():\n    n = 1\n    return n",
        "main()",
    ),
    "as an expression": ("FINAL(n) if n else None", "FINAL", "", "n"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_likeliest_reading(name: str) -> None:
    code, form, program, expression = CASES[name]
    assert first(code, form) == (program, expression)


def test_another_form_is_no_submission() -> None:
    steps = [Step(node, 0) for node in ast.parse("FINAL(1)\nanswer = {'content': 1}").body]
    assert list(targets(steps, "SUBMIT")) == []


def test_the_cells_are_left_as_they_were() -> None:
    node = ast.parse("for x in c:\n    FINAL(x)").body[0]
    list(targets([Step(node, 0)], "FINAL"))
    assert ast.unparse(node) == "for x in c:\n    FINAL(x)"
