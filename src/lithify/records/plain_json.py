"""Plain data as JSON text and back, without loss.

What JSON has no word for is tagged: {"$bytes": base64}, {"$float": "nan"}, and {"$items": [[key, value], ...]} for a
mapping whose keys are not all text (or look like a tag). Tuples come back as lists.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping
from typing import TypeAlias, cast

from lithify.records.plain import Plain

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"


def to_json(value: Plain) -> JsonValue:
    """Plain data in JSON's own types.

    Raises TypeError for what is not plain data, RecursionError when it is nested deeper than the interpreter allows.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$float": repr(float(value))}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, Mapping):
        if all(isinstance(key, str) and not key.startswith("$") for key in value):
            return {key: to_json(item) for key, item in value.items()}
        return {"$items": [[to_json(key), to_json(item)] for key, item in value.items()]}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    raise TypeError(f"{type(value).__name__} is not plain data: give None, bool, int, float, str, bytes, list or dict")


def from_json(value: JsonValue) -> Plain:
    """What to_json was given."""
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        tag, content = next(iter(value.items()))
        if tag == "$float":
            return float(cast("str", content))
        if tag == "$bytes":
            return base64.b64decode(cast("str", content))
        if tag == "$items":
            pairs = cast("list[list[JsonValue]]", content)
            return {from_json(key): from_json(item) for key, item in pairs}
    return {key: from_json(item) for key, item in value.items()}


def dumps(value: Plain) -> str:
    """JSON text that any UTF-8 file or database takes: a lone surrogate is escaped, other text stands as it is.

    Raises what to_json raises, and ValueError for an integer too long to be written in decimal.
    """
    text = json.dumps(to_json(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def loads(text: str) -> Plain:
    """What dumps was given. Raises ValueError for text that is not JSON."""
    return from_json(json.loads(text))
