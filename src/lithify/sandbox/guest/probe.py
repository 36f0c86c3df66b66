"""A worker that tries what no worker may: what a layer claims is believed only when this fails."""

# Plain os calls, since pathlib would be imported into every worker for nothing:
# ruff: noqa: PTH116
from __future__ import annotations

import mmap
import os
import resource
import socket
import threading
from collections.abc import Callable

from . import limits


def _reads(path: str) -> bool:
    descriptor = os.open(path, os.O_RDONLY)
    data = os.read(descriptor, 1)
    os.close(descriptor)
    return bool(data)


def _sees(path: str) -> bool:
    os.stat(path)
    return True


def _forks() -> bool:
    if os.fork() == 0:
        os._exit(0)
    return True


def _connects() -> bool:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
    return True


def _writes() -> bool:
    os.close(os.open("/lithify-probe", os.O_WRONLY | os.O_CREAT, 0o600))
    return True


def _executes_memory() -> bool:
    mmap.mmap(-1, mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ | mmap.PROT_EXEC)
    return True


def _signals() -> bool:
    os.kill(1, 0)
    return True


def _starts_thread() -> bool:
    thread = threading.Thread(target=os.getpid)
    try:
        thread.start()
    except RuntimeError:
        return False
    thread.join()
    return True


def _is_unlimited() -> bool:
    return limits.are_missing(resource.getrlimit)


def attempt(library: str, outside: str) -> dict[str, bool]:
    """What this process can do. library is a file that it may read, outside one that exists and it may not."""
    attempts: dict[str, Callable[[], bool]] = {
        "start a thread": _starts_thread,
        "read a library": lambda: _reads(library),
        "read a file of the host": lambda: _reads(outside),
        "see a file of the host": lambda: _sees(outside),
        "write a file": _writes,
        "open a socket": _connects,
        "start a process": _forks,
        "send a signal": _signals,
        "execute memory": _executes_memory,
        "use unlimited memory": _is_unlimited,
    }
    return {name: _succeeds(action) for name, action in attempts.items()}


def _succeeds(action: Callable[[], bool]) -> bool:
    try:
        return action()
    except OSError:
        return False
