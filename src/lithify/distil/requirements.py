"""Which third-party packages a tool imports."""

from __future__ import annotations

import ast
import sys


def requirements(source: str) -> tuple[str, ...]:
    """The top-level modules outside the standard library that the source imports anywhere, sorted."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return tuple(sorted(found - sys.stdlib_module_names))
