"""What a cell prints: kept up to a limit, the middle cut."""

from __future__ import annotations

import io
from collections.abc import Callable


class Capture(io.TextIOBase):
    """Standard output and error of the cells. At most about twice `limit` characters are ever held."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._half = max(limit // 2, 1)
        self._limit = 2 * self._half
        self.buffer = _Bytes(self.write)
        self._clear()

    def _clear(self) -> None:
        self._head: str | None = None
        self._parts: list[str] = []
        self._held = 0
        self._total = 0

    @property
    def encoding(self) -> str:  # type: ignore[override] # a read-only attribute in TextIOBase
        """As any terminal would say."""
        return "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override] # a read-only attribute in TextIOBase
        """What cannot be encoded is written as an escape."""
        return "backslashreplace"

    def writable(self) -> bool:
        """Yes."""
        return True

    def reconfigure(self, **_: object) -> None:
        """Nothing to set."""

    def write(self, text: str) -> int:
        """Keep the text, or of a long one its ends."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        length = len(text)
        self._total += length
        if length > 2 * self._limit:
            text = text[: self._limit] + text[-self._limit :]
        self._parts.append(text)
        self._held += len(text)
        if self._held > 4 * self._limit:
            self._compact()
        return length

    def _compact(self) -> None:
        text = "".join(self._parts)
        if self._head is None:
            self._head, text = text[: self._half], text[self._half :]
        self._parts = [text[-self._half :]]
        self._held = len(self._parts[0])

    def take(self) -> tuple[str, int]:
        """What was written since the last time, its middle cut if need be, and its full length in characters."""
        total = self._total
        if total > self._limit:
            self._compact()
            cut = f"\n… {total - self._limit:,} of {total:,} characters left out here …\n"
            text = (self._head or "") + cut + "".join(self._parts)
        else:
            text = "".join(self._parts)
        self._clear()
        return printable(text), total


def printable(text: str) -> str:
    """The text with lone surrogates written as escapes, so that it can be encoded anywhere."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


class _Bytes(io.RawIOBase):
    """sys.stdout.buffer, for code that writes bytes."""

    def __init__(self, write: Callable[[str], int]) -> None:
        super().__init__()
        self._write = write

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: object) -> int:
        """Decode and keep."""
        content = bytes(data)  # type: ignore[call-overload] # any buffer
        self._write(content.decode("utf-8", "backslashreplace"))
        return len(content)
