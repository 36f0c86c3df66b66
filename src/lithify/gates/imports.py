"""What the names of a module stand for, as far as its imports tell. Pure."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping

from lithify.gates.complaint import Complaint
from lithify.gates.knowledge import ALLOWED, MISLEADING, PARTS
from lithify.gates.modules import leads_astray
from lithify.layout import imported_tool
from lithify.records.quick import dataclass

_PURE = "do without it: a tool computes from its parameters and returns"


@dataclass(frozen=True, slots=True)
class Imports:
    """names: name → the dotted path that it was imported as; modules: those among them that are modules."""

    names: Mapping[str, str]
    modules: frozenset[str]

    def dotted(self, node: ast.expr) -> str:
        """The dotted path of a name or attribute, its first part resolved; "" for anything else."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self.names.get(node.id, node.id), *reversed(parts)])


def read_imports(tree: ast.Module) -> Imports:
    """Every import, wherever it stands."""
    names: dict[str, str] = {}
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                names[name] = alias.name if alias.asname else name
                modules.add(name)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                name = alias.asname or alias.name
                names[name] = f"{node.module}.{alias.name}"
                if names[name] in ALLOWED or names[name] in PARTS:
                    modules.add(name)
    return Imports(names=names, modules=frozenset(modules))


def check_imports(tree: ast.Module, third_party: frozenset[str], callees: frozenset[str]) -> Iterator[Complaint]:
    """What is imported and may not be. third_party: the modules that the candidate's requirements bring; callees: the
    kept tools that it came with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _check_module(alias.name, node.lineno, third_party)
        elif isinstance(node, ast.ImportFrom):
            yield from _check_from(node, third_party, callees)


def _check_from(node: ast.ImportFrom, third_party: frozenset[str], callees: frozenset[str]) -> Iterator[Complaint]:
    module = node.module or ""
    tool = imported_tool(node)
    if tool in callees:
        for alias in node.names:
            if alias.name != tool or alias.asname is not None:
                remedy = f"from ..{tool}.tool import {tool}"
                yield Complaint(node.lineno, f"of another tool only the function {tool} is there to be used", remedy)
        return
    if node.level or not module:
        what = f"{tool} is no tool that may run here" if tool else "a relative import that names no other tool"
        yield Complaint(
            node.lineno, what, "put the code into the tool, or import a kept one: from ..NAME.tool import NAME"
        )
        return
    for alias in node.names:
        whole = f"{module}.{alias.name}"
        if alias.name == "*":
            yield Complaint(node.lineno, f"from {module} import *", "name what is imported")
        elif alias.name.startswith("_") or alias.name in MISLEADING:
            yield Complaint(node.lineno, f"{whole} is not {module}'s to give", _PURE)
        elif module in PARTS:
            if alias.name not in PARTS[module] and whole not in PARTS:
                yield Complaint(node.lineno, f"{whole} reaches beyond the input", _PURE)
        elif whole not in ALLOWED:
            yield from _check_module(module, node.lineno, third_party)
            if leads_astray(whole):
                yield Complaint(node.lineno, f"{whole} is not {module}'s to give", _PURE)


def _check_module(name: str, line: int, third_party: frozenset[str]) -> Iterator[Complaint]:
    top = name.split(".", maxsplit=1)[0]
    if name in ALLOWED or name in PARTS:
        return
    if any(one.startswith(f"{name}.") for one in ALLOWED):  # `import urllib` for urllib.parse
        yield Complaint(line, f"import {name}", f"import the part of {name} that is used")
    elif top in sys.stdlib_module_names:
        yield Complaint(line, f"{name} reaches beyond the input", _PURE)
    elif top not in third_party:
        yield Complaint(line, f"{top} is imported and not among the requirements", f"add {top} to requirements")
    elif any(part.startswith("_") or part in MISLEADING - {"io"} for part in name.split(".")[1:]):
        yield Complaint(line, f"{name} is not {top}'s to give", _PURE)
