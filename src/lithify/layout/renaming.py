"""Another name in source: of a tool's own function, and in the tools that import it. Pure."""

from __future__ import annotations

import ast
import io
import tokenize

from lithify.errors import LibraryProblem


def rename_function(source: str, old: str, new: str) -> str:
    """The source with the function called otherwise. Raises LibraryProblem when the new name stands for something else.

    Attributes and keywords of calls are left alone: `row.old` and `f(old=1)` mean other things.
    """
    names = _names(source, attributes=False)
    if any(name == new for name, _ in names):
        raise LibraryProblem(f"{new} means something in the source of {old} already; choose another name")
    return _replaced(source, [place for name, place in names if name == old], new)


def rename_in_tests(source: str, old: str, new: str) -> str:
    """The source of a test with every use of the name replaced, attributes of modules included."""
    return _replaced(source, [place for name, place in _names(source, attributes=True) if name == old], new)


def rename_import(source: str, old: str, new: str, function: tuple[str, str]) -> str:
    """The source of a tool that imports another one, led to its new name; the rest stays as it is.

    function: what the imported function was called and is called. Raises LibraryProblem when the new name stands for
    something else in the source.
    """
    before, after = function
    if before != after:
        source = rename_function(source, before, after)
    lines = source.splitlines(keepends=True)
    for node in sorted(_imports(source, old), key=lambda one: -one.lineno):
        node.module = f"{new}.tool"
        end = node.end_lineno or node.lineno
        start = lines[node.lineno - 1].encode()[: node.col_offset].decode()
        rest = lines[end - 1].encode()[node.end_col_offset :].decode()
        lines[node.lineno - 1 : end] = [start + ast.unparse(node) + rest]
    return "".join(lines)


def _imports(source: str, old: str) -> list[ast.ImportFrom]:
    found = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom))
    return [node for node in found if node.level == 2 and node.module == f"{old}.tool"]


def _names(source: str, *, attributes: bool) -> list[tuple[str, tuple[int, int]]]:
    """Names in source with their places (line, column). Raises LibraryProblem for what is no Python."""
    found: list[tuple[str, tuple[int, int]]] = []
    before = ""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError) as error:
        raise LibraryProblem(f"its source is not Python, so nothing in it can be renamed: {error}") from error
    for token, after in zip(tokens, [*tokens[1:], tokens[-1]], strict=True):
        keyword = after.string == "=" and before in ("(", ",")
        if token.type == tokenize.NAME and (attributes or (before != "." and not keyword)):
            found.append((token.string, token.start))
        if token.type not in (tokenize.NL, tokenize.COMMENT):
            before = token.string
    return found


def _replaced(source: str, places: list[tuple[int, int]], new: str) -> str:
    lines = source.splitlines(keepends=True)
    for line, column in sorted(places, reverse=True):
        text = lines[line - 1]
        end = column
        while end < len(text) and (text[end].isalnum() or text[end] == "_"):
            end += 1
        lines[line - 1] = text[:column] + new + text[end:]
    return "".join(lines)
