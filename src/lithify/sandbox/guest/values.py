"""What leaves a worker, as a cell's value or in a call of a host function: plain data only."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import sys
from collections import deque
from collections.abc import Mapping, Set
from typing import Any

from .wire import MAX_INT_BYTES

_MAX_DEPTH = 40
MAX_ITEMS = 200_000
"""How many elements one value may have, those of everything in it included."""
_KEYS = (str, int, float, type(None))
_SEQUENCES: tuple[type, ...] = (list, tuple, range, deque, type({}.keys()), type({}.values()), type({}.items()))
_IN_WORDS = (decimal.Decimal, datetime.timedelta)
_BY_ISO = (datetime.datetime, datetime.date, datetime.time)


class NotPlain(Exception):
    """A value that is not plain data, or too large to leave."""


class Plainer:
    """Converts one value to None, bool, int, float, str, bytes, lists and dicts, within a budget.

    Raises NotPlain. Sets come out sorted, dataclasses and named tuples as dicts of their fields, dates in ISO format,
    decimals as text, numpy and pandas objects as lists and dicts (a frame as the list of its rows).
    """

    def __init__(self, max_bytes: int) -> None:
        self._items = MAX_ITEMS
        self._bytes = max_bytes

    @property
    def items(self) -> int:
        """Elements that were converted."""
        return MAX_ITEMS - self._items

    def _spend(self, items: int, size: int = 9) -> None:
        self._items -= items
        self._bytes -= size
        if self._items < 0:
            raise NotPlain(f"more than {MAX_ITEMS:,} elements")
        if self._bytes < 0:
            raise NotPlain("too large")

    def convert(self, value: Any, depth: int = 0) -> Any:
        """The value as plain data. What it takes is spent from the budget first."""
        kind = type(value)
        if kind is str:
            self._spend(1, len(value) + 9 if value.isascii() else 4 * len(value) + 9)
            return value
        if value is None or kind is bool or kind is float:
            self._spend(1)
            return value
        if kind is int:
            return self._integer(value)
        if depth > _MAX_DEPTH:
            raise NotPlain("nested too deeply")
        if kind is dict:
            return self._mapping(value, depth)
        if kind is list:
            return self._sequence(value, depth)
        return self._scalar(value, depth)

    def _integer(self, value: int) -> int:
        size = value.bit_length() // 8 + 1
        if size > MAX_INT_BYTES:
            raise NotPlain("an integer beyond 4,300 digits")
        self._spend(1, size + 9)
        return value

    def _scalar(self, value: Any, depth: int) -> Any:
        """Subclasses of the plain types, and the scalars of the standard library."""
        if isinstance(value, int):
            return self.convert(int.__index__(value))
        if isinstance(value, float):
            return self.convert(float.__float__(value))
        if isinstance(value, str):
            return self.convert(str.__str__(value))
        if isinstance(value, (bytes, bytearray)):
            self._spend(1, len(value) + 9)
            return bytes(value)
        pandas = sys.modules.get("pandas")
        if pandas is not None and (value is pandas.NaT or value is pandas.NA):
            return self.convert(None)
        if isinstance(value, _BY_ISO):
            return self.convert(value.isoformat())
        if isinstance(value, _IN_WORDS):
            return self.convert(str(value))
        return self._container(value, depth)

    def _container(self, value: Any, depth: int) -> Any:
        if isinstance(value, tuple) and hasattr(value, "_fields") and hasattr(value, "_asdict"):
            return self._mapping(value._asdict(), depth)
        if isinstance(value, _SEQUENCES):
            return self._sequence(value, depth)
        if isinstance(value, dict):
            return self._mapping(value, depth)
        if isinstance(value, (set, frozenset)):
            return self._set(value, depth)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return self._mapping({field.name: getattr(value, field.name) for field in dataclasses.fields(value)}, depth)
        return self._of_libraries(value, depth)

    def _sequence(self, value: Any, depth: int) -> list[Any]:
        self._spend(1)
        return [self.convert(item, depth + 1) for item in value]

    def _set(self, value: Set[Any], depth: int) -> list[Any]:
        plain = self._sequence(value, depth)
        try:
            return sorted(plain)
        except TypeError:  # elements that do not compare: by type first
            return sorted(plain, key=lambda item: (type(item).__name__, repr(item)))

    def _mapping(self, value: Mapping[Any, Any], depth: int) -> dict[Any, Any]:
        self._spend(1)
        return {self._key(key): self.convert(item, depth + 1) for key, item in value.items()}

    def _key(self, key: Any) -> Any:
        numpy = sys.modules.get("numpy")
        if numpy is not None and isinstance(key, numpy.generic):
            key = key.item()
        if isinstance(key, _BY_ISO):
            key = key.isoformat()
        if not isinstance(key, _KEYS):
            raise NotPlain(f"a key of type {type(key).__name__}")
        plain = self.convert(key)
        if type(plain) is int and not -(1 << 63) <= plain < 1 << 64:
            raise NotPlain("an integer key beyond 64 bits")
        return plain

    def _of_libraries(self, value: Any, depth: int) -> Any:
        """numpy and pandas objects, when the cell has imported them."""
        numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
        if numpy is not None and isinstance(value, numpy.generic) and not isinstance(value.item(), numpy.generic):
            return self.convert(value.item(), depth + 1)
        if numpy is not None and isinstance(value, numpy.ndarray):
            self._fits(value.size)
            return self.convert(value.tolist(), depth + 1)
        if pandas is not None and isinstance(value, pandas.DataFrame):
            self._fits(value.size)
            return self.convert(value.to_dict("records"), depth + 1)
        if pandas is not None and isinstance(value, pandas.Series):
            self._fits(value.size)
            labelled = value.index.is_unique and not isinstance(value.index, pandas.RangeIndex)
            return self.convert(value.to_dict() if labelled else value.tolist(), depth + 1)
        if pandas is not None and isinstance(value, pandas.Index):
            self._fits(value.size)
            return self.convert(value.tolist(), depth + 1)
        raise NotPlain(f"a value of type {type(value).__name__}")

    def _fits(self, elements: int) -> None:
        """Refuse before the conversion would cost the memory."""
        if elements > self._items:
            raise NotPlain(f"more than {MAX_ITEMS:,} elements")
