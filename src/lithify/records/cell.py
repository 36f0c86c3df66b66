"""What one cell of a REPL session gave."""

from __future__ import annotations

from lithify.records.plain import Plain
from lithify.records.quick import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CellError:
    """An exception that a cell raised. Variables set before it stay.

    kind is the exception's class name, message its text, line the cell's own line (1-based, 0 unknown),
    traceback a short traceback in the cell's own lines, as the model sees it.
    """

    kind: str
    message: str
    line: int = 0
    traceback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellResult:
    """What running one cell gave.

    stdout holds standard output and error as printed, its middle cut when it was longer than the session's
    output limit; stdout_length is the full length in characters. value is the last expression as plain data
    (None when there was none, or when it is not plain), value_repr its short repr ("" when there was none),
    value_type its class name, value_plain whether value holds it whole.
    timed_out: the soft limit ended the cell (the error says so); the session's variables are kept.
    """

    stdout: str = ""
    stdout_length: int = 0
    value: Plain = None
    value_repr: str = ""
    value_type: str = ""
    value_plain: bool = True
    error: CellError | None = None
    timed_out: bool = False
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether the cell ended without an exception."""
        return self.error is None
