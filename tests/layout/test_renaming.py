"""Another name, and nothing else that looks like it."""

from __future__ import annotations

import pytest

from lithify.errors import LibraryProblem
from lithify.layout.renaming import rename_function, rename_import, rename_in_tests

SOURCE = '''\
def old(log: str, size: int = 1) -> int:
    """old counts what is old."""
    row = sorted(log.split(), key=len)  # old
    return old(log, size=0) if size else len(f"{row}")
'''


def test_the_function_and_its_own_calls() -> None:
    changed = rename_function(SOURCE, "old", "new")
    assert "def new(log" in changed
    assert "return new(log, size=0)" in changed
    assert '"""old counts what is old."""' in changed
    assert changed.count("new") == 2


def test_attributes_and_keywords_are_other_things() -> None:
    source = "def old(x):\n    return x.old(old=1) + g(\n        1, old=2)\n"
    assert rename_function(source, "old", "new") == source.replace("def old", "def new")


def test_a_name_that_means_something_already() -> None:
    with pytest.raises(LibraryProblem, match="row means something in the source of old already"):
        rename_function(SOURCE, "old", "row")
    with pytest.raises(LibraryProblem, match="not Python"):
        rename_function("def old(:\n  '''", "old", "new")


def test_in_tests_the_attribute_of_the_module_too() -> None:
    assert rename_in_tests("module.old(1) == older.old\n", "old", "new") == "module.new(1) == older.new\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from ..old.tool import old\n\nX = old(1)\n", "from ..new.tool import new\n\nX = new(1)\n"),
        ("from ..old.tool import old as it\n", "from ..new.tool import new as it\n"),
        ("from ..old.tool import (\n    old,\n)  # why\n", "from ..new.tool import new  # why\n"),
        (
            "def f():\n    ä = 1; from ..old.tool import old\n    return old\n",
            "def f():\n    ä = 1; from ..new.tool import new\n    return new\n",
        ),
        ("from ..older.tool import older\n", "from ..older.tool import older\n"),
    ],
)
def test_a_caller_is_led_to_the_new_name(before: str, after: str) -> None:
    assert rename_import(before, "old", "new", ("old", "new")) == after


def test_a_function_that_keeps_its_name() -> None:
    assert rename_import("from ..old.tool import f\n", "old", "new", ("f", "f")) == "from ..new.tool import f\n"


def test_a_caller_that_uses_the_new_name_for_something_else() -> None:
    with pytest.raises(LibraryProblem, match="new means something"):
        rename_import("from ..old.tool import old\nnew = 1\n", "old", "new", ("old", "new"))
