"""The warm parent: confines itself, preloads the libraries, then forks one confined worker per request.

It talks to the host over one SEQPACKET socket: first message in, the settings; first message out, the report; then
per request one channel in and one pidfd out. It ends when the host closes the socket or dies.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import socket
import sys
from typing import Any

import msgpack

from . import limits, shared, tracebacks
from .forker import Forker
from .layering import Layering

_MAX_REQUEST = 1 << 20
_LATE_PARTS = {
    "datetime": ("_strptime",),
    "numpy": ("numpy.random",),
    "pandas": ("pandas.io.formats.string", "pandas.io.formats.csvs", "pandas.core.methods.to_dict"),
    "pytest": ("pdb", "_pytest.junitxml", "_pytest.unittest", "_pytest.unraisableexception", "_pytest.warnings"),
}
"""What these import at first use: in every child otherwise (numpy.random: 40 ms), and never where nothing is opened."""


def main(control_descriptor: int) -> None:
    """Run until the host goes away."""
    control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, control_descriptor)
    host = os.pidfd_open(os.getppid())
    settings: dict[str, Any] = msgpack.unpackb(control.recv(_MAX_REQUEST))
    limits.be_first_to_go()
    sys.argv = [""]
    limits.allow_many_descriptors()
    sys.dont_write_bytecode = True
    layering = Layering(settings)
    layering.enter_namespaces(close_in_parent=(control.fileno(), host))
    layering.find_libraries()
    failed = _preload(settings["preload"])
    _warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # workers are not waited for: the host holds their pidfds
    gc.collect()
    gc.freeze()
    layering.confine_files()
    forker = Forker(control, host, settings, layering)
    forker.check_layers()
    report = {"layers": layering.report, "not_preloaded": failed, "zero_copy": shared.layout_holds()}
    control.send(msgpack.packb(report))
    forker.serve()


def _preload(names: list[str]) -> list[str]:
    """Import what every session shall find warm; gives what is not there, with the reason."""
    failed = []
    for name in names:
        try:
            for module in (name, *_LATE_PARTS.get(name, ())):
                importlib.import_module(module)
        except Exception as error:  # noqa: BLE001 - an import can raise anything; the report says what failed
            failed.append(f"{name}: {type(error).__name__}: {error}"[:300])
    return failed


def _warm_up() -> None:
    """Pay once what the first cell of every child would pay: compiling, and describing an exception."""
    try:
        exec(compile("1 / 0", "<cell 0>", "exec"), {})  # noqa: S102 - our own text
    except ZeroDivisionError as error:
        tracebacks.describe(error, "<cell 0>")
