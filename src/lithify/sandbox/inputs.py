"""Inputs on their way into a session: large texts and bytes in sealed shared memory, the rest as plain data."""

from __future__ import annotations

import fcntl
import importlib
import os
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, BinaryIO

from lithify.errors import ProgrammerMustAct
from lithify.ports import InputValue
from lithify.records.quick import dataclass
from lithify.records.table import ArrowTable
from lithify.sandbox.guest import shared

_SHARE_FROM = 64 << 10
"""Bytes from which a text is worth shared memory; below, a copy in a frame is quicker."""
_KEPT_INPUTS = 16
_KEPT_BYTES = 2 << 30
_CHUNK = 1 << 28
_MUTABLE = "pandas"
"""Whose tables may have changed since they were shared: they are shared anew."""
_MFD_NOEXEC_SEAL = 0x8
_F_ADD_SEALS = 1033
_SEALS = 0x1 | 0x2 | 0x4 | 0x8  # SEAL, SHRINK, GROW, WRITE


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """One input as the worker restores it (guest/shared.py), and the descriptor that travels with it (-1: none)."""

    form: list[Any]
    descriptor: int = -1

    @property
    def size(self) -> int:
        """Bytes of shared memory."""
        return os.fstat(self.descriptor).st_size

    def duplicate(self) -> Packed:
        """The same with a descriptor of its own."""
        return Packed(form=self.form, descriptor=os.dup(self.descriptor))

    def release(self) -> None:
        """Close the descriptor."""
        if self.descriptor >= 0:
            os.close(self.descriptor)


class SharedInputs:
    """Packs inputs; the same object is put into shared memory once, however many sessions read it.

    The last few inputs are kept (the objects too, so that their identity means something); `close` lets go.
    """

    def __init__(self, *, zero_copy: bool) -> None:
        self._zero_copy = zero_copy
        self._kept: OrderedDict[tuple[object, ...], tuple[object, Packed]] = OrderedDict()

    def pack(self, value: InputValue) -> Packed:
        """The packed form of one input; its descriptor is the caller's.

        Blocks for about 0.4 s per GB when the value is new.

        Raises ProgrammerMustAct for a table without pyarrow, and for what is not an input.
        """
        if not _is_large(value):
            return Packed(form=["plain", value])
        if _library_of(value) == _MUTABLE:
            return self._share(value)
        key = _identity(value)
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = (_parts(value), self._share(value))
        self._kept.move_to_end(key)
        self._let_go()
        return kept[1].duplicate()

    def _let_go(self) -> None:
        """Of the oldest, until few enough and small enough are kept; the newest stays whatever its size."""
        sizes = [packed.size for _, packed in self._kept.values()]
        while len(sizes) > _KEPT_INPUTS or (len(sizes) > 1 and sum(sizes) > _KEPT_BYTES):
            self._kept.popitem(last=False)[1][1].release()
            del sizes[0]

    def knows(self, value: InputValue) -> bool:
        """Whether packing the value costs nothing to speak of."""
        return not _is_large(value) or _identity(value) in self._kept

    def close(self) -> None:
        """Release the shared memory; sessions that mapped it keep it until they end."""
        while self._kept:
            _, (_, dropped) = self._kept.popitem()
            dropped.release()

    def _share(self, value: InputValue) -> Packed:
        memory = _SealedMemory()
        try:
            form = self._write(memory, value)
            memory.seal()
        except BaseException:
            os.close(memory.descriptor)
            raise
        return Packed(form=form, descriptor=memory.descriptor)

    def _write(self, memory: _SealedMemory, value: InputValue) -> list[Any]:
        if isinstance(value, str):
            return ["text", self._write_text(memory, value)]
        if isinstance(value, ArrowTable):
            return ["table", _write_table(memory, value)]
        if isinstance(value, bytes):
            return ["bytes", [memory.append(memoryview(value)), len(value), int(self._zero_copy), False]]
        if not isinstance(value, Mapping):
            raise ProgrammerMustAct(f"an input of type {type(value).__name__} cannot be shared")
        return ["files", self._write_files(memory, value)]

    def _write_files(self, memory: _SealedMemory, files: Mapping[Any, Any]) -> list[list[Any]]:
        """[name, part] of each file. Large ones are parts of their own; the small ones share one, to be decoded."""
        small = {name: text.encode("utf-8", "surrogatepass") for name, text in files.items() if len(text) < _SHARE_FROM}
        at = memory.append(memoryview(b"".join(small.values())))
        parts: list[list[Any]] = []
        for name, text in files.items():
            if name in small:
                parts.append([name, [at, len(small[name]), 0, False]])
                at += len(small[name])
            else:
                parts.append([name, self._write_text(memory, text)])
        return parts

    def _write_text(self, memory: _SealedMemory, text: str) -> list[Any]:
        """Gives [offset, length, bytes per character, ascii only]; bytes per character 0: UTF-8, to be decoded."""
        if self._zero_copy and type(text) is str:
            try:
                view, unit = shared.characters(text)
                return [memory.append(view), len(text), unit, text.isascii()]
            except ValueError:
                pass  # an interned str, say: encoded like where the layout is unknown
        data = text.encode("utf-8", "surrogatepass")
        return [memory.append(memoryview(data)), len(data), 0, False]


class _SealedMemory:
    """A memfd that grows part by part: before each payload a page for its header, after it a terminator."""

    def __init__(self) -> None:
        flags = os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING
        try:
            self.descriptor = os.memfd_create("lithify-input", flags | _MFD_NOEXEC_SEAL)
        except OSError:  # a kernel before 6.3
            self.descriptor = os.memfd_create("lithify-input", flags)
        self._size = 0

    def append(self, data: memoryview) -> int:
        """Write one part; gives its offset."""
        offset = self._size
        end = offset + shared.PAGE + len(data) + shared.TERMINATOR
        self._size = -(-end // shared.PAGE) * shared.PAGE
        os.ftruncate(self.descriptor, self._size)
        written = 0
        while written < len(data):
            chunk = data[written : written + _CHUNK]
            written += os.pwrite(self.descriptor, chunk, offset + shared.PAGE + written)
        return offset

    def as_file(self) -> BinaryIO:
        """The memory as a file, for one part that fills it."""
        return os.fdopen(os.dup(self.descriptor), "wb")

    def seal(self) -> None:
        """From now on nobody can change or resize it."""
        fcntl.fcntl(self.descriptor, _F_ADD_SEALS, _SEALS)


def _write_table(memory: _SealedMemory, value: ArrowTable) -> str:
    """Write an Arrow file; gives the library whose table it was: the worker makes one of the same kind."""
    try:
        pyarrow: Any = importlib.import_module("pyarrow")
    except ImportError as error:
        raise ProgrammerMustAct(
            f"a {type(value).__name__} as input needs pyarrow (pip install pyarrow); or pass a list of row dicts"
        ) from error
    table = pyarrow.table(value)
    with memory.as_file() as file, pyarrow.ipc.new_file(pyarrow.PythonFile(file), table.schema) as writer:
        writer.write_table(table)
    return _library_of(value)


def _library_of(value: object) -> str:
    return type(value).__module__.partition(".")[0]


def _is_large(value: InputValue) -> bool:
    if isinstance(value, ArrowTable):
        return True
    if isinstance(value, (str, bytes)):
        return len(value) >= _SHARE_FROM
    if isinstance(value, Mapping) and value:
        texts = [text for name, text in value.items() if isinstance(name, str) and isinstance(text, str)]
        return len(texts) == len(value) and sum(map(len, texts)) >= _SHARE_FROM
    return False


def _parts(value: InputValue) -> object:
    """What must live as long as the identity shall mean something."""
    return tuple(value.values()) if isinstance(value, Mapping) else value


def _identity(value: InputValue) -> tuple[object, ...]:
    """What stays the same as long as the object is the same and, for files, its texts are."""
    if isinstance(value, Mapping):
        return ("files", *((name, id(text)) for name, text in value.items()))
    return (type(value).__name__, id(value))
