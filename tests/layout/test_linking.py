"""Tools that import tools: found by name, in order, never in a circle, and defined as a session needs them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lithify.errors import LibraryProblem
from lithify.layout import closure, definition, imported_tools
from lithify.layout.suite import suite_text

LEAF = "def leaf(log: str) -> int:\n    return len(log)\n"
BRANCH = "from ..leaf.tool import leaf\n\n\ndef branch(log: str) -> int:\n    return leaf(log) + 1\n"
ROOT = (
    "from __future__ import annotations\n\nfrom ..branch.tool import branch\nfrom ..leaf.tool import leaf\n\n\n"
    "def root(log: str) -> int:\n    return branch(log) * leaf(log)\n"
)
SOURCES = {"leaf": LEAF, "branch": BRANCH, "root": ROOT}


@pytest.fixture
def modules() -> Iterator[None]:
    before = dict(sys.modules)
    yield
    for name in set(sys.modules) - set(before):
        del sys.modules[name]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (LEAF, ()),
        (ROOT, ("branch", "leaf")),
        ("def f():\n    from ..leaf.tool import leaf as other\n", ("leaf",)),
        ("from ..leaf import tool\nfrom .. import leaf\nfrom .tool import leaf\nimport leaf\n", ()),
        ("from ...leaf.tool import leaf\nfrom leaf.tool import leaf\n", ()),
        ("from ..__init__.tool import x\nfrom ..Leaf.tool import x\n", ()),
        ("this is not Python", ()),
    ],
)
def test_only_the_one_form_names_a_tool(source: str, names: tuple[str, ...]) -> None:
    assert imported_tools(source) == names


def test_what_is_needed_comes_before_what_needs_it() -> None:
    assert list(closure(ROOT, SOURCES.__getitem__)) == ["leaf", "branch"]
    assert closure(LEAF, SOURCES.__getitem__) == {}


def test_a_circle_is_named() -> None:
    sources = {"leaf": "from ..branch.tool import branch\n", "branch": BRANCH}
    with pytest.raises(LibraryProblem, match="branch → leaf → branch"):
        closure(ROOT, sources.__getitem__)


def test_a_tool_without_imports_is_its_source_alone() -> None:
    assert definition("leaf", LEAF, {}) == (LEAF,)


def test_the_cells_define_the_tool_and_what_it_imports(modules: None) -> None:
    space: dict[str, object] = {"__builtins__": __builtins__}
    for cell in definition("root", ROOT, closure(ROOT, SOURCES.__getitem__)):
        exec(compile(cell, "<cell>", "exec"), space)
    assert eval("root('abc')", space) == 12
    assert "__lithify_link__" not in space


def test_the_tests_of_a_tool_that_imports_others_run_in_its_folder(tmp_path: Path) -> None:
    """As a person runs them: pytest, no lithify."""
    for name, source in SOURCES.items():
        (tmp_path / "tools" / name).mkdir(parents=True)
        (tmp_path / "tools" / name / "tool.py").write_text(source)
    tests = tmp_path / "tools/root/tests"
    (tests / "fixtures").mkdir(parents=True)
    (tests / "test_examples.py").write_text(suite_text("root", linked=True))
    case = {"name": "one", "context": "a.txt", "arguments": {}, "expected": 12}
    (tests / "fixtures/cases.json").write_text(json.dumps([case, {**case, "name": "wrong", "expected": 13}]))
    (tests / "fixtures/a.txt").write_text("abc")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib -p no:cacheprovider\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", str(tests)], capture_output=True, text=True, check=False
    )
    assert "1 failed, 1 passed" in done.stdout, done.stdout
