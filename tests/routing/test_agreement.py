"""When two answers that were derived apart say the same."""

from __future__ import annotations

import pytest

from lithify.records.plain import Plain
from lithify.routing.agreement import disagreement


@pytest.mark.parametrize(
    ("kept", "derived"),
    [
        (3, 3.0),
        (0.1 + 0.2, 0.3),
        (1_000_000.0, 1_000_000.4),
        ([["a", 2]], ["a", 2]),
        (["a", 2], [["a", 2]]),
        ([["b", 2], ["a", 2], ["c", 1]], [["a", 2], ["b", 2], ["c", 1]]),
        ({"a": 1, "b": 2.0}, {"b": 2, "a": 1}),
        ([], []),
        (None, None),
    ],
)
def test_the_same(kept: Plain, derived: Plain) -> None:
    assert disagreement(kept, derived) == ""


@pytest.mark.parametrize(
    ("kept", "derived"),
    [
        (3, 4),
        (3, "3"),
        (1, True),
        (1.0, 1.001),
        (["a", "b"], ["b", "a"]),
        ([["a", 1], ["b", 2]], [["b", 2], ["a", 1]]),
        ([["b", 2], ["a", 2]], [["a", 2], ["c", 2]]),
        ([["a", 2], ["a", 2]], [["a", 2]]),
        ([["a"], ["b"]], [["a"]]),
        ({"a": 1}, {"a": 1, "b": 0}),
        ([], None),
    ],
)
def test_not_the_same(kept: Plain, derived: Plain) -> None:
    assert "the tool said" in disagreement(kept, derived)
    assert disagreement(derived, kept)
