"""Plain data survives the way through JSON text."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithify.records.plain import Plain
from lithify.records.plain_json import dumps, loads

KEYS = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text()
LEAVES = KEYS | st.floats(allow_nan=False) | st.binary()
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=20)


@given(VALUES)
def test_what_goes_in_comes_out(value: Plain) -> None:
    text = dumps(value)
    text.encode("utf-8")  # any file takes it
    json.loads(text, parse_constant=pytest.fail)  # and any reader of JSON
    assert repr(loads(text)) == repr(value)


def test_not_a_number_comes_back() -> None:
    value = loads(dumps([math.nan, -math.inf]))
    assert isinstance(value, list)
    assert math.isnan(value[0])
    assert value[1] == -math.inf


def test_tuples_come_back_as_lists() -> None:
    assert loads(dumps((1, ("a",)))) == [1, ["a"]]


@pytest.mark.parametrize("value", [{"$bytes": "QQ=="}, {"$float": "nan"}, {"$items": []}, {"$": 1, "b": b"c"}])
def test_what_looks_like_a_tag_is_not_taken_for_one(value: Plain) -> None:
    assert loads(dumps(value)) == value


def test_ordinary_data_is_ordinary_json() -> None:
    assert dumps({"a": [1, 2.5, None, True, "ü\udcff"]}) == '{"a":[1,2.5,null,true,"ü\\udcff"]}'


def test_what_is_not_plain_is_refused() -> None:
    with pytest.raises(TypeError, match="set is not plain data: give None, bool"):
        dumps([{1, 2}])  # type: ignore[list-item]
