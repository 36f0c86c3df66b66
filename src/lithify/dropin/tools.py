"""custom_tools: functions of the caller that cells may call, and values that they find as variables."""

from __future__ import annotations

import asyncio
import inspect
import keyword
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lithify.errors import ProgrammerMustAct
from lithify.ports import HostFunction
from lithify.records.plain import Plain
from lithify.rlm.prelude import RESERVED
from lithify.rlm.task import Extras

_TAKEN = frozenset({*RESERVED, "context", "history", "answer", "tools", "CITE"})
MAX_VALUE_CHARS = 4_000_000


def extras(tools: Mapping[str, Any] | None) -> Extras:
    """What custom_tools put into the REPL.

    Functions run in this process, outside the sandbox: what they do, to files, network or money, is done by whoever
    gave them, at the word of code that a model wrote. Raises ProgrammerMustAct for a name that means something else,
    and for a value that is no plain data.
    """
    functions: dict[str, HostFunction] = {}
    code: list[str] = []
    told: list[str] = []
    for name, entry in (tools or {}).items():
        _check(name)
        described = isinstance(entry, Mapping) and "tool" in entry
        value, description = (entry["tool"], entry.get("description") or "") if described else (entry, "")
        if callable(value):
            functions[name] = HostFunction(handler=_handler(name, value))
            told.append(f"`{name}{_signature(value)}`: {description or _doc(value) or 'a function'}")
        else:
            code.append(f"{name} = {literal(name, value)}")
            told.append(f"`{name}`: {description or type(value).__name__}")
    return Extras(functions=functions, code="\n".join(code), told=tuple(" ".join(line.split()) for line in told))


def _check(name: str) -> None:
    if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name) or name.startswith("__lithify"):
        raise ProgrammerMustAct(f"custom_tools: {name!r} is no name for a variable")
    if name in _TAKEN:
        raise ProgrammerMustAct(f"custom_tools: {name!r} means something else in the REPL; give it another name")


def literal(name: str, value: object) -> str:
    """Plain data as a Python expression."""
    text = _expression(name, value)
    if len(text) > MAX_VALUE_CHARS:
        raise ProgrammerMustAct(
            f"custom_tools: {name!r} takes {len(text):,} characters; at most {MAX_VALUE_CHARS:,} fit. Large data "
            "belongs into the prompt, which becomes `context`"
        )
    return text


def _expression(name: str, value: object) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return f"float({str(value)!r})"
    if value is None or isinstance(value, bool | int | float | str | bytes):
        return repr(value)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_expression(name, key)}: {_expression(name, one)}' for key, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(_expression(name, one) for one in value)}]"
    if isinstance(value, tuple):
        return f"({''.join(f'{_expression(name, one)}, ' for one in value)})"
    raise ProgrammerMustAct(
        f"custom_tools: {name!r} holds a {type(value).__name__}; values are plain data (None, bool, int, float, str, "
        "bytes, list, dict), everything else is a function that gives some"
    )


def _handler(name: str, function: Callable[..., Any]) -> Callable[[Sequence[Plain], Mapping[str, Plain]], Any]:
    async def handler(args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
        """Call it; a plain function in a thread, so that it may take its time."""
        if inspect.iscoroutinefunction(function):
            value = await function(*args, **kwargs)
        else:
            value = await asyncio.to_thread(function, *args, **kwargs)
        if not _is_plain(value):
            raise TypeError(f"{name} returned a {type(value).__name__}, which is not plain data")
        plain: Plain = value
        return plain

    return handler


def _is_plain(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(_is_plain(part) for pair in value.items() for part in pair)
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, bool | int | float | str | bytes)


def _signature(function: Callable[..., Any]) -> str:
    try:
        return str(inspect.signature(function))
    except (TypeError, ValueError):  # some functions of C have none
        return "(...)"


def _doc(function: Callable[..., Any]) -> str:
    return (inspect.getdoc(function) or "").partition("\n\n")[0]
