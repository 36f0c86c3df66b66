from __future__ import annotations

import datetime
import decimal
import enum
import math
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest

from lithify.sandbox.guest.values import NotPlain, Plainer

Pair = namedtuple("Pair", "left right")


@dataclass
class Finding:
    doc: int
    tags: list[str] = field(default_factory=list)


class Colour(enum.IntEnum):
    RED = 1


class Word(str):
    def __str__(self) -> str:
        raise AssertionError("a subclass's own methods are not asked")


def plain(value: object) -> object:
    return Plainer(1 << 20).convert(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (2**5000, 2**5000),
        (-(2**70), -(2**70)),
        (1.5, 1.5),
        (math.inf, math.inf),
        ("a\ud800", "a\ud800"),
        (b"\xff", b"\xff"),
        (bytearray(b"x"), b"x"),
        ((1, [2, (3,)]), [1, [2, [3]]]),
        ({3, 1, 2}, [1, 2, 3]),
        (frozenset("ba"), ["a", "b"]),
        ({None: 1, True: 2, 2.5: 3, "k": 4, 7: 5}, {None: 1, True: 2, 2.5: 3, "k": 4, 7: 5}),
        (Counter("aab"), {"a": 2, "b": 1}),
        (defaultdict(list, a=[1]), {"a": [1]}),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (deque([1, 2]), [1, 2]),
        (range(3), [0, 1, 2]),
        ({"a": 1}.keys(), ["a"]),
        ({"a": 1}.items(), [["a", 1]]),
        (Pair(1, (2,)), {"left": 1, "right": [2]}),
        (Finding(3, ["x"]), {"doc": 3, "tags": ["x"]}),
        (Colour.RED, 1),
        (Word("w"), "w"),
        (datetime.datetime(2026, 1, 2, 3, 4, 5), "2026-01-02T03:04:05"),
        (datetime.date(2026, 1, 2), "2026-01-02"),
        (datetime.timedelta(days=1, seconds=5), "1 day, 0:00:05"),
        (decimal.Decimal("1.10"), "1.10"),
        (np.int64(5), 5),
        (np.bool_(True), True),
        (np.float32(0.5), 0.5),
        (np.str_("s"), "s"),
        (np.arange(6).reshape(2, 3), [[0, 1, 2], [3, 4, 5]]),
        (np.array(["2026-01-02"], dtype="datetime64[D]"), ["2026-01-02"]),
        ({np.int64(1): np.float64(2.5)}, {1: 2.5}),
        (pd.Series([1, 2]), [1, 2]),
        (pd.Series([1, 2], index=["a", "b"]), {"a": 1, "b": 2}),
        (pd.Series([1, 2], index=["a", "a"]), [1, 2]),
        (pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}), [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]),
        (pd.Index(["a", "b"]), ["a", "b"]),
        (pd.Timestamp("2026-01-02"), "2026-01-02T00:00:00"),
        (pd.NaT, None),
        (pd.NA, None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_becomes_of_values(value: object, expected: object) -> None:
    assert plain(value) == expected
    assert type(plain(value)) is type(expected)


def test_a_set_of_what_does_not_compare_is_ordered_by_type() -> None:
    assert plain({"b", 2, "a", 1, None}) == [None, 1, 2, "a", "b"]


def test_not_a_number_stays_one() -> None:
    value = plain([float("nan"), np.nan])
    assert isinstance(value, list)
    assert all(math.isnan(item) for item in value)


def circle() -> list[object]:
    value: list[object] = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    "value",
    [
        object(),
        lambda: None,
        int,
        1j,
        {(1, 2): 3},
        {2**70: 1},
        {b"k": 1},
        2**20_000,
        circle(),
        "x" * (2 << 20),
        [0] * 300_000,
        np.zeros(300_000),
        pd.DataFrame({"a": range(300_000)}),
        (item for item in ()),
        [1, [object()]],
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_does_not_leave(value: object) -> None:
    with pytest.raises(NotPlain):
        plain(value)
