from __future__ import annotations

import pytest

from lithify.rlm.protocol import Reply, is_expression, literal, parse
from tests.rlm.replies import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_odd_replies(case: Case) -> None:
    assert parse(case.reply) == Reply(case.cells, case.written)


@pytest.mark.parametrize("line", ["```\n\n", "```repl\n(\n", "x```\n", "a ```repl\n"])
def test_replies_of_nothing_but_fences_are_read_in_no_time_to_speak_of(line: str) -> None:
    """Each place tried for an end is a parse of all before it: there is a limit."""
    assert parse("```repl\nx = (\n" + line * 10_000).cells[0].startswith("x = (")


def test_literals() -> None:
    found = literal("{'a': (1, 2)}")
    assert found is not None
    assert found.value == {"a": (1, 2)}
    assert literal("total") is None
    assert literal("{'b', 'a'}").value == ["a", "b"]  # type: ignore[union-attr]
    assert literal("None").value is None  # type: ignore[union-attr]


def test_expressions() -> None:
    assert is_expression("total + 1")
    assert not is_expression("the total is 3")
