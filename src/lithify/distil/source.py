"""Code from syntax trees, as people write it: regular expressions as raw strings, tuples without needless brackets."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable

_MARK = "__lithify_raw_{}__"


def code_of(nodes: Iterable[ast.AST]) -> str:
    """The source of statements or expressions, one after the other."""
    raw = _Readable()
    text = "\n".join(ast.unparse(ast.fix_missing_locations(raw.visit(copy.deepcopy(node)))) for node in nodes)
    for mark, literal in reversed(raw.found.items()):  # an outer one may hold inner ones
        text = text.replace(mark, literal)
    return text


class _Readable(ast.NodeTransformer):
    """Puts marks in place of what reads better otherwise: strings with a backslash in them, and tuples that are
    assigned or returned."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        literal = _raw(node.value) if isinstance(node.value, str) and node.kind is None else None
        if literal is None:
            return node
        return self._marked(literal)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        literal = _raw_formatted(node)  # its parts are no expressions of their own
        return node if literal is None else self._marked(literal)

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        self.generic_visit(node)
        node.value = self._bare(node.value)
        return node

    def visit_Return(self, node: ast.Return) -> ast.Return:
        self.generic_visit(node)
        node.value = self._bare(node.value) if node.value else None
        return node

    def _bare(self, node: ast.expr) -> ast.expr:
        if not isinstance(node, ast.Tuple) or len(node.elts) < 2:
            return node
        if any(isinstance(part, (ast.Starred, ast.NamedExpr)) for part in node.elts):
            return node
        return self._marked(", ".join(ast.unparse(part) for part in node.elts))

    def visit_MatchValue(self, node: ast.MatchValue) -> ast.MatchValue:
        return node

    def _marked(self, literal: str) -> ast.Name:
        mark = _MARK.format(len(self.found))
        self.found[mark] = literal
        return ast.Name(id=mark, ctx=ast.Load())


def _raw(text: str) -> str | None:
    if "\\" not in text or not text.isprintable() or text.endswith("\\"):
        return None
    quote = next((mark for mark in ('"', "'") if mark not in text), None)
    return f"r{quote}{text}{quote}" if quote else None


def _raw_formatted(node: ast.JoinedStr) -> str | None:
    """An f-string with backslashes in its text as a raw one, when it is simple enough for that."""
    text = ""
    for part in node.values:
        match part:
            case ast.Constant(value=str(piece)):
                text += piece.replace("{", "{{").replace("}", "}}")
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                code = ast.unparse(value)
                if any(character in code for character in "\"'\\{}"):
                    return None
                text += "{" + code + "}"
            case _:
                return None
    literal = _raw(text)
    return None if literal is None else f"rf{literal[1:]}"
