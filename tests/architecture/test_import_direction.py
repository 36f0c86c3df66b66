"""Packages import in one direction; imports inside functions count."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "lithify"

BASE = {"errors", "records", "ports"}
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "records": {"errors"},
    "ports": {"errors", "records"},
    "questions": {"errors", "records"},
    "prompting": {"errors"},
    "settings": {"errors", "records"},
    "layout": {"errors", "records"},
    "models": BASE,
    "context": BASE,
    "sandbox": BASE,
    "rlm": BASE | {"prompting"},
    "distil": BASE | {"layout", "questions"},
    "properties": BASE | {"layout"},
    "gates": BASE | {"layout"},
    "library": BASE | {"layout"},
    "routing": BASE | {"questions", "prompting"},
    "ledger": BASE,
    "search": {"errors", "records"},
    "telemetry": {"errors", "records", "ports"},
    "export": {"errors", "records", "ports"},
    "curves": {"records"},
    "upkeep": {"records", "curves"},
    "services": BASE
    | {
        "questions",
        "layout",
        "context",
        "rlm",
        "distil",
        "export",
        "gates",
        "properties",
        "routing",
        "search",
        "settings",
        "upkeep",
    },
    "conversation": BASE | {"services"},
    "watching": {"errors", "records"},
    "background": set(),
    "parts": BASE | {"settings", "models", "sandbox", "library", "ledger", "services", "telemetry", "watching"},
    "keeper": BASE | {"background", "parts", "context", "library", "search", "services", "upkeep"},
    "app": BASE | {"background", "keeper", "conversation", "context", "services", "settings", "watching"},
    "dropin": BASE | {"app", "context", "models", "rlm", "services", "settings"},
    "testing": BASE | {"models", "sandbox", "ledger"},
    "demo": set(),
    "cli": BASE | {"conversation", "demo"} | {"settings", "app", "services", "sandbox", "curves", "export", "upkeep"},
    "__init__": BASE | {"app", "conversation", "dropin", "settings"},
    "__main__": {"cli"},
}


def package_of(path: Path) -> str:
    return path.relative_to(SRC).parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    """The lithify packages that a module imports, wherever in the module the import stands."""
    found: set[str] = set()
    package = ("lithify", *path.relative_to(SRC).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "lithify" else [module]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("lithify.")}
    return found


MODULES = sorted(SRC.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SRC)))
def test_imports_point_one_way(path: Path) -> None:
    package = package_of(path)
    assert package in ALLOWED, f"{package} has no place in the table above: decide what it may import"
    beyond = imports_of(path) - ALLOWED[package] - {package, "__version__"}
    assert not beyond, (
        f"{path.relative_to(SRC)} imports {sorted(beyond)}; {package} may import {sorted(ALLOWED[package])}"
    )


def test_the_table_itself_has_no_cycle() -> None:
    from graphlib import TopologicalSorter

    list(TopologicalSorter(ALLOWED).static_order())
