"""When two answers are the same, by two measures, and when an answer says anything.

same_answer is what the gates judge by: the type counts. equal_answer is what distilling judges by: the answer that a
model submitted and the value that its code computes may differ as 2 and 2.0 do.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence

from lithify.records.plain import Plain
from lithify.records.plain_json import JsonValue, to_json

TOLERANCE = 1e-9
"""How far two floats may lie apart, relative to the larger (in same_answer also absolutely, near zero)."""


def same_answer(expected: Plain, found: Plain) -> bool:
    """Whether two answers are equal in type and value, floats within TOLERANCE, dicts in any order."""
    if isinstance(expected, float) and isinstance(found, float):
        if math.isnan(expected) or math.isnan(found):
            return math.isnan(expected) and math.isnan(found)
        return math.isclose(expected, found, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    if isinstance(expected, str | bytes) or isinstance(found, str | bytes):
        return type(expected) is type(found) and expected == found
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        return _typed_keys(expected) == _typed_keys(found) and all(same_answer(expected[k], found[k]) for k in expected)
    if isinstance(expected, Sequence) and isinstance(found, Sequence):
        return len(expected) == len(found) and all(map(same_answer, expected, found))
    return type(expected) is type(found) and expected == found


def equal_answer(left: object, right: object, tolerance: float = TOLERANCE) -> bool:
    """Whether two answers say the same: numbers by value within a relative tolerance, tuples as lists, dicts by key.

    True is no number here: it equals only True. Two whole numbers are never near: they are equal or not.
    """
    match left, right:
        case (bool(), _) | (_, bool()):
            return left is right
        case (int() | float(), int() | float()):
            return left == right or (_is_nan(left) and _is_nan(right)) or _close(left, right, tolerance)
        case (list() | tuple(), list() | tuple()):
            pairs = zip(left, right, strict=False)
            return len(left) == len(right) and all(equal_answer(one, other, tolerance) for one, other in pairs)
        case (dict(), dict()):
            same = (equal_answer(value, right[key], tolerance) for key, value in left.items() if key in right)
            return left.keys() == right.keys() and all(same)
    return type(left) is type(right) and left == right


def means_something(value: Plain) -> bool:
    """Whether a result says anything: not empty, not zero, not a container of nothing else."""
    if isinstance(value, Mapping):
        return any(means_something(part) for part in value.values())
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return any(means_something(part) for part in value)
    return bool(value) and value == value


def answer_digest(answer: Plain) -> str:
    """sha256 of an answer, in hex: of its JSON, floats to nine digits, so that answers that are the same have the same.

    Two floats within TOLERANCE of each other may fall on two sides of a rounding; then the digests differ.
    """
    text = json.dumps(_rounded(to_json(answer)), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _rounded(value: JsonValue) -> JsonValue:
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [_rounded(part) for part in value]
    if isinstance(value, dict):
        if value.keys() == {"$items"} and isinstance(value["$items"], list):  # a dict keeps no order
            return {"$items": sorted((_rounded(part) for part in value["$items"]), key=repr)}
        return {key: _rounded(part) for key, part in value.items()}
    return value


def _typed_keys(mapping: Mapping[object, Plain]) -> set[tuple[str, object]]:
    return {(type(key).__name__, key) for key in mapping}


def _is_nan(number: int | float) -> bool:
    return isinstance(number, float) and math.isnan(number)


def _close(left: int | float, right: int | float, tolerance: float) -> bool:
    if isinstance(left, int) and isinstance(right, int):
        return False
    try:
        return math.isclose(left, right, rel_tol=tolerance)
    except OverflowError:
        return False
