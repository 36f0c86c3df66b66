"""Resource limits of one worker."""

# Plain os calls, since pathlib would be imported into every worker for nothing:
# ruff: noqa: PTH123
from __future__ import annotations

import contextlib
import resource
from collections.abc import Callable

_CONTEXT_BYTES = 16 << 30
"""Address space for mapped inputs, which no other limit counts."""
_OPEN_FILES = 128
_STACK_BYTES = 64 << 20
"""For the main thread's stack, which RLIMIT_DATA does not count."""
_PENDING_SIGNALS = 1024


def allow_many_descriptors() -> None:
    """As many as the machine permits: for the zygote, which holds some per worker."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def be_first_to_go() -> None:
    """When the machine runs out of memory, workers shall be killed for it and not the host. Children inherit it."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")


def current_memory() -> tuple[int, int]:
    """Address space and private writable memory of this process, in bytes: what RLIMIT_AS and RLIMIT_DATA count."""
    with open("/proc/self/statm", encoding="ascii") as file:
        fields = file.read().split()
    page = resource.getpagesize()
    return int(fields[0]) * page, int(fields[5]) * page


def apply(base: tuple[int, int], memory: int, threads: int | None) -> None:
    """Limit this process: `memory` bytes of private memory on top of the base, `threads` threads, no files, no core.

    threads is None where the process has no user namespace of its own: the kernel would count all of the user's.

    RLIMIT_DATA counts heap, anonymous mappings and thread stacks, not the shared inputs; the filter refuses shared
    writable mappings, which it would not count. RLIMIT_AS bounds what page tables can cost.
    """
    address_space, data = base
    for what, limit in (
        (resource.RLIMIT_AS, address_space + memory + _CONTEXT_BYTES),
        (resource.RLIMIT_DATA, data + memory),
        (resource.RLIMIT_STACK, _STACK_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, _PENDING_SIGNALS),
        (resource.RLIMIT_NICE, 0),
        (resource.RLIMIT_RTPRIO, 0),
    ):
        hard = resource.getrlimit(what)[1]
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (limit, limit))
    if threads is not None:
        resource.setrlimit(resource.RLIMIT_NPROC, (threads + 1, threads + 1))  # and the main one


def are_missing(read: Callable[[int], tuple[int, int]]) -> bool:
    """Whether one of the limits that matter most is not set, as `read` (resource.getrlimit) tells."""
    bounded = (resource.RLIMIT_AS, resource.RLIMIT_DATA, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)
    return any(read(what)[1] == resource.RLIM_INFINITY for what in bounded)
