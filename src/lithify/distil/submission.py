"""Where the answer was submitted, and as the value of which expression."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence

from lithify.distil.program import Step
from lithify.records.quick import dataclass
from lithify.records.run import AnswerForm

ANSWER = "submitted_answer"
"""The variable that takes the answer where its submission stands inside a loop or a branch."""

_CALLS = {"FINAL", "FINAL_VAR", "SUBMIT"}
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Target:
    """A program without the submission, and the expression that has the answer's value at its end."""

    program: tuple[ast.stmt, ...]
    expression: ast.expr


def targets(steps: Sequence[Step], form: AnswerForm) -> Iterator[Target]:
    """The ways to read the submission, most plausible first: from the last step that holds one, to the first."""
    nodes = [step.node for step in steps]
    for place in range(len(nodes) - 1, -1, -1):
        yield from _read(nodes[:place], nodes[place], form)


def _read(before: list[ast.stmt], node: ast.stmt, form: AnswerForm) -> Iterator[Target]:
    value = submitted(node, form)
    if value is not None:
        yield Target(tuple(before), value)
        return
    if isinstance(node, _DEFINITIONS):
        return
    if any(submitted(part, form) is not None for part in _statements(node)):
        unwrapped = list(_unwrap(before, node, form))
        if len(unwrapped) == 1 and isinstance(unwrapped[0].expression, ast.Constant):
            yield from unwrapped  # a value typed behind a guard: to keep the guard would not compute it
            return
        kept = Target((*before, _as_assignment(node, form)), ast.Name(id=ANSWER, ctx=ast.Load()))
        # A guard is a check of this input's result; a choice between two submissions, or a loop, is the computation.
        yield from [*unwrapped, kept] if len(unwrapped) == 1 and isinstance(node, ast.If) else [kept, *unwrapped]
    else:
        yield from _called_function(before, node, form)


def submitted(node: ast.AST, form: AnswerForm) -> ast.expr | None:
    """The expression that a statement submits, or None when it submits nothing in this form."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id=call)) as value) if call in _CALLS and form == call:
            return _argument(value, call)
        case ast.Expr(value=ast.IfExp(body=ast.Call(func=ast.Name(id=call)) as value)) if call in _CALLS:
            return _argument(value, call) if form == call else None
    return _answered(node) if form == "answer" else None


def _argument(call: ast.Call, name: str) -> ast.expr | None:
    if name == "SUBMIT" and call.keywords:
        if len(call.keywords) == 1:
            return call.keywords[0].value
        keys: list[ast.expr | None] = [ast.Constant(value=word.arg) if word.arg else None for word in call.keywords]
        return ast.Dict(keys=keys, values=[word.value for word in call.keywords])
    if not call.args:
        return call.keywords[0].value if call.keywords else None
    match call.args[0]:
        case ast.Constant(value=str(variable)) if name == "FINAL_VAR" and variable.strip(" '\"").isidentifier():
            return ast.Name(id=variable.strip(" '\""), ctx=ast.Load())
    return call.args[0]


def _answered(node: ast.AST) -> ast.expr | None:
    """The content that a statement gives to the `answer` variable."""
    match node:
        case (
            ast.Assign(targets=[ast.Name(id="answer")], value=value)
            | ast.AnnAssign(target=ast.Name(id="answer"), value=ast.expr() as value)
        ):
            return _content(value)
        case ast.Assign(
            targets=[ast.Subscript(value=ast.Name(id="answer"), slice=ast.Constant(value="content"))], value=value
        ):
            return value
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name(id="answer"), attr="update"), args=args, keywords=words)
        ):
            found = [word.value for word in words if word.arg == "content"]
            return found[0] if found else _content(args[0]) if args else None
    return None


def _content(value: ast.expr) -> ast.expr | None:
    match value:
        case ast.Dict(keys=keys, values=values):
            for key, part in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "content":
                    return part
            return None
        case ast.Call(func=ast.Name(id="dict"), keywords=words):
            return next((word.value for word in words if word.arg == "content"), None)
    return None


def _statements(node: ast.stmt) -> Iterator[ast.stmt]:
    """The statements inside a compound one, functions not entered."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _DEFINITIONS):
            continue
        if isinstance(child, ast.stmt):
            yield child
            yield from _statements(child)
        elif isinstance(child, (ast.ExceptHandler, ast.match_case)):
            for part in child.body:
                yield part
                yield from _statements(part)


def _unwrap(before: list[ast.stmt], node: ast.stmt, form: AnswerForm) -> Iterator[Target]:
    """The submissions inside guards, each as if its guard had been left out."""
    if not isinstance(node, (ast.If, ast.With, ast.Try)):
        return
    orelse = [] if isinstance(node, ast.With) else node.orelse
    for block in (node.body, orelse):
        for place, part in enumerate(block):
            value = submitted(part, form)
            if value is not None:
                yield Target((*before, *block[:place]), value)
            else:
                yield from _unwrap([*before, *block[:place]], part, form)


def _as_assignment(node: ast.stmt, form: AnswerForm) -> ast.stmt:
    """A statement whose submissions became assignments to ANSWER."""

    class Rewriter(ast.NodeTransformer):
        def generic_visit(self, node: ast.AST) -> ast.AST:
            value = submitted(node, form) if isinstance(node, ast.stmt) else None
            if value is None:
                return super().generic_visit(node)
            return ast.Assign(targets=[ast.Name(id=ANSWER, ctx=ast.Store())], value=value, lineno=0)

    return _visited(Rewriter(), node)


def _called_function(before: list[ast.stmt], node: ast.stmt, form: AnswerForm) -> Iterator[Target]:
    """A submission inside a function: `main()` as the value that main would return instead of submitting."""
    match node:
        case (
            ast.Expr(value=ast.Call(func=ast.Name(id=name)) as call)
            | ast.Assign(value=ast.Call(func=ast.Name(id=name)) as call)
        ):
            rewritten = list(before)
            for place, part in enumerate(before):
                if isinstance(part, ast.FunctionDef) and part.name == name:
                    rewritten[place] = _as_return(part, form)
            if any(new is not old for new, old in zip(rewritten, before, strict=True)):
                yield Target(tuple(rewritten), call)


def _as_return(function: ast.FunctionDef, form: AnswerForm) -> ast.stmt:
    if not any(submitted(part, form) is not None for part in _statements(function)):
        return function

    class Rewriter(ast.NodeTransformer):
        def generic_visit(self, node: ast.AST) -> ast.AST:
            value = submitted(node, form) if isinstance(node, ast.stmt) else None
            return super().generic_visit(node) if value is None else ast.Return(value=value)

    return _visited(Rewriter(), function)


def _visited(transformer: ast.NodeTransformer, node: ast.stmt) -> ast.stmt:
    visited = transformer.visit(copy.deepcopy(node))
    return visited if isinstance(visited, ast.stmt) else node
