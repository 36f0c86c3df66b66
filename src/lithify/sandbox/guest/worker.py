"""The worker's life after it is confined: take a request, run it, answer. Nothing here is a boundary."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

from . import seeding, shared, wire
from .channel import Channel, HostGone
from .guard import Guard
from .hostcalls import HostCalls, make_async, make_batched, make_function
from .repl import Repl
from .seccomp import CHANNEL

_RECURSION = 3000
_FRAME_OVERHEAD = 64 << 10


def serve(output_limit: int, max_message: int, max_calls: int) -> None:
    """Answer requests until the host goes away."""
    guard = Guard()
    channel = Channel(CHANNEL, guard)
    sys.stdin = io.StringIO("")
    sys.setrecursionlimit(_RECURSION)
    repl = Repl(guard, output_limit, (max_message - _FRAME_OVERHEAD) // 2)
    calls = HostCalls(channel, max_message, max_calls)
    repl.run("0", "1")  # first-use costs are paid before the first cell
    channel.send(wire.encode(["ready"]))
    try:
        while True:
            for request in channel.take(channel.requests):
                _answer(request, channel, repl, calls)
    except HostGone:
        os._exit(0)


def _answer(request: list[Any], channel: Channel, repl: Repl, calls: HostCalls) -> None:
    if request[0] == "run":
        _, number, label, source = request
        channel.send(_result(number, repl.run(label, source)))
    elif request[0] == "bind":
        _, inputs, functions, seed = request
        if seed is not None:
            seeding.seed(seed)
        channel.send(wire.encode(["bound", _bind(inputs, functions, channel, repl, calls)]))


def _result(number: int, fields: list[Any]) -> bytes:
    try:
        return wire.encode(["result", number, *fields])
    except MemoryError:
        error = ["MemoryError", "no memory left to return the result; delete variables", 0, ""]
        return wire.encode(["result", number, "", 0, error, "", "", True, None])


def _bind(
    inputs: dict[str, Any], functions: dict[str, bool], channel: Channel, repl: Repl, calls: HostCalls
) -> str | None:
    """Put inputs and functions into the namespace; gives what went wrong."""
    try:
        repl.name_inputs({name: shared.restore(packed, channel.descriptors) for name, packed in inputs.items()})
    except (OSError, ValueError, MemoryError, ImportError) as error:
        return f"{type(error).__name__}: {error}"
    for name, batched in functions.items():
        repl.namespace[name] = make_function(calls, name)
        repl.namespace[f"{name}_async"] = make_async(calls, name)
        if batched:
            repl.namespace[f"{name}_batched"] = make_batched(calls, name)
    return None
