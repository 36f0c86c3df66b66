"""Tools that import other kept tools by name: which ones, in what order, and how they are defined in a session.

A tool names another one as Python does inside a package: `from ..other_tool.tool import other_tool`. This works in the
library's folder, in an installed library whatever its package is called, and here; it can never mean another module.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from lithify.errors import LibraryProblem
from lithify.layout.naming import is_tool_name

TOOLS_PACKAGE = "tools"
"""What the package of all tools is called in a session, as the folder is in a library."""

_LINK = '''\
def __lithify_link__(sources, own):
    """Make a module tools.NAME.tool of each source, and let the next cells import from there."""
    import sys
    import types

    def module(name, path=None):
        made = types.ModuleType(name)
        if path is not None:
            made.__path__ = path
        parent, _, last = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], last, made)
        sys.modules[name] = made
        return made

    module("tools", [])
    module("tools." + own, [])
    for name, source in sources.items():
        module("tools." + name, [])
        made = module("tools." + name + ".tool")
        made.__package__ = "tools." + name
        made.__builtins__ = __builtins__
        exec(compile(source, "tools/" + name + "/tool.py", "exec"), made.__dict__)

__lithify_link__({sources!r}, {own!r})
__package__ = {package!r}
del __lithify_link__
'''


def imported_tools(source: str) -> tuple[str, ...]:
    """Names of the kept tools that a source imports, sorted. Source that does not parse imports nothing."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    return tuple(sorted({name for node in ast.walk(tree) if (name := imported_tool(node))}))


def closure(source: str, source_of: Callable[[str], str]) -> dict[str, str]:
    """The sources of all kept tools that a source needs, by name, each after those that it imports itself.

    source_of gives the source of a tool and raises when it may not be used. Raises LibraryProblem for tools that import
    one another in a circle.
    """
    found: dict[str, str] = {}
    _collect(source, source_of, found, ())
    return found


def definition(name: str, source: str, callees: Mapping[str, str]) -> tuple[str, ...]:
    """The cells that define a tool in a session, to be run in order: the tools that it imports, then its own source.

    callees: as `closure` gives them. The gates and every use run these same cells.
    """
    if not callees:
        return (source,)
    link = _LINK.replace("{sources!r}", repr(dict(callees))).replace("{own!r}", repr(name))
    return (link.replace("{package!r}", repr(f"{TOOLS_PACKAGE}.{name}")), source)


def imported_tool(node: ast.AST) -> str:
    """The kept tool that a node imports, or ""."""
    if not isinstance(node, ast.ImportFrom) or node.level != 2 or node.module is None:
        return ""
    name, _, rest = node.module.partition(".")
    return name if rest == "tool" and is_tool_name(name) else ""


def _collect(source: str, source_of: Callable[[str], str], found: dict[str, str], above: tuple[str, ...]) -> None:
    for name in imported_tools(source):
        if name in above:
            circle = " → ".join((*above[above.index(name) :], name))
            raise LibraryProblem(f"tools import one another in a circle: {circle}; one of them must do without")
        if name not in found:
            text = source_of(name)
            _collect(text, source_of, found, (*above, name))
            found[name] = text
