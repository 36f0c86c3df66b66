"""An exception as the model sees it: short, in the lines of its own cells, with a hint where one helps."""

from __future__ import annotations

import linecache
import traceback
from types import TracebackType
from typing import Any

from .capture import printable
from .guard import CELL_PREFIX, CellTimeout

_MAX_MESSAGE = 4_000
_MAX_NAME = 200
_MAX_FRAMES = 12
_MAX_LINE = 200
_NO_FILES = (
    "(This sandbox only computes: no files, no network, no other programs. Work with the variables you were given and "
    "the functions of the host.)"
)

_NO_PACKAGES = "(Nothing can be installed in this sandbox: use the standard library, or what else can be imported.)"


def describe(error: BaseException, cell_file: str) -> tuple[str, str, int, str]:
    """(kind, message, line, traceback) of an exception that left a cell; line is the innermost one in that cell."""
    kind = _clean(type(error).__name__, _MAX_NAME)
    message = _message_of(error)
    if isinstance(error, SyntaxError) and error.filename == cell_file:
        line = error.lineno if isinstance(error.lineno, int) else 0
        shown = _syntax_lines(error)
    else:
        frames = _frames(error.__traceback__)
        line = next((number for name, number, _ in reversed(frames) if name == cell_file), 0)
        shown = _frame_lines(frames)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and not isinstance(error, CellTimeout):
        shown.append(f"(while handling {_clean(type(cause).__name__, _MAX_NAME)}: {_message_of(cause)[:300]})")
    shown.append(f"{kind}: {message}" if message else kind)
    if isinstance(error, ModuleNotFoundError):
        shown.append(_NO_PACKAGES)
    elif isinstance(error, OSError) and "sandbox" not in message:
        shown.append(_NO_FILES)
    return kind, message, line, "\n".join(shown)


def _message_of(error: BaseException) -> str:
    try:
        return _clean(str(error), _MAX_MESSAGE)
    except Exception as failure:  # noqa: BLE001 - a cell's own __str__ may raise anything
        return f"<no message: its __str__ raised {type(failure).__name__}>"


def _clean(text: str, limit: int) -> str:
    if len(text) > limit:
        half = limit // 2
        text = f"{text[:half]} … {len(text) - limit:,} characters left out … {text[-half:]}"
    return printable(text)


def _frames(trace: TracebackType | None) -> list[tuple[str, int, str]]:
    """(file, line, function) from the outermost cell frame inwards; the sandbox's own frames are left out."""
    own = __name__.rpartition(".")[0]
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        if not str(trace.tb_frame.f_globals.get("__name__", "")).startswith(own):
            found.append((code.co_filename, trace.tb_lineno or 0, code.co_name))
        trace = trace.tb_next
    return found


def _frame_lines(frames: list[tuple[str, int, str]]) -> list[str]:
    shown: list[str] = ["Traceback (most recent call last):"]
    if len(frames) > _MAX_FRAMES:
        half = _MAX_FRAMES // 2
        frames = [*frames[:half], ("", len(frames) - 2 * half, ""), *frames[-half:]]
    outside = 0
    for name, line, function in frames:
        if name and not name.startswith(CELL_PREFIX):
            outside += 1
            continue
        shown += _outside(outside)
        outside = 0
        if not name:
            shown.append(f"  … {line:,} more frames …")
            continue
        where = "" if function == "<module>" else f", in {function}"
        shown.append(f"  {name.strip('<>')}, line {line}{where}")
        source = linecache.getline(name, line).strip()
        if source:
            shown.append(f"    {source[:_MAX_LINE]}")
    return [*shown, *_outside(outside)]


def _outside(frames: int) -> list[str]:
    return [f"  … {frames} frames in libraries …"] if frames else []


def _syntax_lines(error: SyntaxError) -> list[str]:
    lines: list[Any] = traceback.format_exception_only(type(error), error)
    shown = "".join(lines[:-1]).rstrip("\n").replace('File "<cell ', "cell ").replace('>", line', ", line")
    return [_clean(shown, 4 * _MAX_LINE)] if shown else []
