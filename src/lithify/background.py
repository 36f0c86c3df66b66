"""Work that nobody waits for: a command of lithify as a process of its own, and never two of a kind at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_DETACH = 'nice -n 10 "$@" </dev/null >/dev/null 2>&1 &'
"""Behind those that somebody waits for. The shell itself is gone at once: nobody here has a child to wait for."""


def start(arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> bool:
    """Start `lithify ARGUMENTS` in a folder and do not wait for it; whether it was started.

    It outlives this process and its terminal, and says nothing: what comes of it is on record. environment: variables
    in place of those of this process; "" takes one away.
    """
    given = {name: value for name, value in {**os.environ, **environment}.items() if value or name not in environment}
    command = ["/bin/sh", "-c", _DETACH, "sh", sys.executable, "-m", "lithify", *arguments]
    try:
        done = subprocess.run(command, cwd=folder, env=given, start_new_session=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


@contextmanager
def alone(lock: Path) -> Iterator[bool]:
    """Whether this process is the only one that holds the lock; it does not wait for another one."""
    from filelock import FileLock, Timeout

    lock.parent.mkdir(parents=True, exist_ok=True)
    held = FileLock(lock, timeout=0)
    try:
        held.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        held.release()
