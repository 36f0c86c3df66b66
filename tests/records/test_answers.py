"""When two answers are the same, by either measure, and when one says anything."""

from __future__ import annotations

import pytest

from lithify.records.answers import equal_answer, means_something, same_answer
from lithify.records.plain import Plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0.1 + 0.2, 0.3),
        (float("nan"), float("nan")),
        (float("inf"), float("inf")),
        ({"a": 1, "b": [1.0]}, {"b": [1.0 + 1e-12], "a": 1}),
        ([1, [2]], (1, (2,))),
        (b"x", b"x"),
        (None, None),
    ],
)
def test_the_same(one: Plain, other: Plain) -> None:
    assert same_answer(one, other)
    assert same_answer(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (1, True),
        (0, False),
        ("1", 1),
        (b"x", "x"),
        (1.0, 1.0 + 1e-6),
        (float("nan"), 0.0),
        (float("inf"), float("-inf")),
        ([1, 2], [2, 1]),
        ([1], [1, 1]),
        (["a"], "a"),
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"a": 1, "b": 1}),
        ({1: "x"}, {True: "x"}),
        ({1: "x"}, {"1": "x"}),
        ({}, []),
        (None, 0),
    ],
)
def test_not_the_same(one: Plain, other: Plain) -> None:
    assert not same_answer(one, other)
    assert not same_answer(other, one)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (1, 1.0),
        (0.1 + 0.2, 0.3),
        (float("nan"), float("nan")),
        (float("inf"), float("inf")),
        ([1, (2, 3)], (1, [2, 3.0])),
        ({"a": 1, "b": [2]}, {"b": [2.0], "a": 1}),
        (None, None),
        ("x", "x"),
    ],
)
def test_equal(left: object, right: object) -> None:
    assert equal_answer(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (1, True),
        (0, False),
        (1, "1"),
        (1.0, 1.001),
        (10**17, 10**17 + 1),
        ([1, 2], [2, 1]),
        ([1], [1, 1]),
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"a": 1, "b": 1}),
        ("a", "A"),
        (None, 0),
        (10**400, 1.0),
    ],
)
def test_not_equal(left: object, right: object) -> None:
    assert not equal_answer(left, right)
    assert not equal_answer(right, left)


def test_what_says_something() -> None:
    assert all(map(means_something, (1, "a", [0, 2], {"a": 1}, True, {"a": {"b": 3}})))
    assert not any(map(means_something, (0, "", None, [], {}, {"a": 0}, [[], 0], False, float("nan"))))
