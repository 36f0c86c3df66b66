"""Answers that can be trusted by their form, and those that cannot."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from lithify.routing.postcondition import postcondition


def checked(returns: str, answer: Any) -> str | None:
    tool: Any = SimpleNamespace(name="tool", signature=SimpleNamespace(returns=returns))
    return postcondition(tool, answer)


@pytest.mark.parametrize(
    ("returns", "answer"),
    [
        ("int", 0),
        ("int", 7),
        ("float", 1),
        ("float", 1.5),
        ("bool", False),
        ("str", "x"),
        ("bytes", b"x"),
        ("list", [0]),
        ("list[str]", ["a"]),
        ("List[int]", [1]),
        ("set[str]", ["a"]),
        ("Sequence[str]", ["a"]),
        ("collections.abc.Sequence[str]", ["a"]),
        ("tuple[str, int]", ["a", 1]),
        ("tuple[int, ...]", [1, 2, 3]),
        ("list[tuple[str, int]]", [["a", 1], ["b", 2]]),
        ("dict[str, int]", {"a": 1}),
        ("dict[str, list[float]]", {"a": [1, 2.5]}),
        ("Counter[str]", {"a": 1}),
        ("Counter", {"a": 1}),
        ("str | None", "x"),
        ("Optional[int]", 3),
        ("int | str", "x"),
        ("Union[int, str]", 3),
        ('Literal["yes", "no"]', "yes"),
        ('"int"', 3),
        ("Any", [None]),
        ("object", 3),
        ("", 3),
        ("SomeClass", {"a": 1}),
        ("not an annotation", 3),
    ],
)
def test_answers_of_their_type(returns: str, answer: Any) -> None:
    assert checked(returns, answer) is None


@pytest.mark.parametrize(
    ("returns", "answer"),
    [
        ("int", "7"),
        ("int", True),
        ("int", 1.5),
        ("float", "1.5"),
        ("bool", 1),
        ("str", 3),
        ("list[str]", [1]),
        ("list[str]", "abc"),
        ("list[str]", {"a": 1}),
        ("tuple[str, int]", ["a"]),
        ("tuple[str, int]", [1, "a"]),
        ("tuple[int, ...]", [1, "a"]),
        ("dict[str, int]", {"a": "1"}),
        ("dict[str, int]", {1: 1}),
        ("dict[str, int]", [["a", 1]]),
        ("Counter[str]", {"a": "x"}),
        ("list[tuple[str, int]]", [["a", "b"]]),
        ("str | None", 3),
        ("Union[int, str]", [1]),
        ('Literal["yes", "no"]', "maybe"),
    ],
)
def test_answers_of_another_type(returns: str, answer: Any) -> None:
    reason = checked(returns, answer)
    assert reason is not None
    assert f"is no {returns}" in reason


@pytest.mark.parametrize("answer", [None, "", b"", [], {}, ()])
@pytest.mark.parametrize("returns", ["Any", "str | None", "list[str]"])
def test_nothing_is_no_answer(returns: str, answer: Any) -> None:
    assert checked(returns, answer) is not None


@pytest.mark.parametrize("answer", [float("nan"), float("inf"), [1.0, float("nan")], {"a": [float("-inf")]}])
def test_numbers_that_are_none(answer: Any) -> None:
    assert "a number that is none" in str(checked("Any", answer))


def test_long_answers_are_shown_shortly() -> None:
    assert len(str(checked("int", "x" * 10_000))) < 200
