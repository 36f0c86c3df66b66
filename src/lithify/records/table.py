"""A table of whichever library, by the interface that all of them export."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class ArrowTable(Protocol):
    """A table that exports itself by the Arrow interface: of pyarrow, pandas (2.2) or polars."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The table as an Arrow stream."""
        ...
