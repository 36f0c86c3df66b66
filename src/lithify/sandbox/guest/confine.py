"""Putting one forked child behind every layer, in the one order that works."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from dataclasses import dataclass

from . import broker, kernel, landlock, limits, seccomp

_STACK_BYTES = 1 << 20
_FIRST_FREE = seccomp.CHANNEL + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Confinement:
    """What the zygote prepared once for all of its children.

    ruleset is a Landlock ruleset's descriptor or -1; interception the filter that sends calls to the broker, or empty;
    brokered whether file calls are among them; base what the preloaded modules already use (address space, data);
    null a descriptor of /dev/null.
    """

    own_namespaces: bool
    ruleset: int
    interception: bytes
    brokered: bool
    with_filter: bool
    with_limits: bool
    no_open: bool
    base: tuple[int, int]
    memory: int
    threads: int
    last_capability: int
    null: int


def confine(channel: int, plan: Confinement, parent: int, report: socket.socket | None) -> None:
    """Confine this process for good, with `channel` as descriptor 3 and no other.

    parent is the zygote's process id as this process sees it. report is where the broker expects the listener.
    """
    os.setsid()
    if report is not None:
        broker.await_hold(report)
    ruleset, reporting = _keep_only(channel, plan, -1 if report is None else report.detach())
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _new_random_state()
    threading.stack_size(_STACK_BYTES)  # stacks count as data
    if plan.own_namespaces:
        kernel.unshare(kernel.CLONE_NEWUSER)  # RLIMIT_NPROC then counts this session alone
    if plan.with_limits:
        limits.apply(plan.base, plan.memory, plan.threads if plan.own_namespaces else None)
    kernel.drop_capabilities(plan.last_capability)
    kernel.set_dumpable(plan.brokered)  # the broker, its parent, looks at its descriptors
    kernel.forbid_new_privileges()
    kernel.die_with_parent(signal.SIGKILL)  # after the credentials changed, which clears it
    if os.getppid() != parent:
        os._exit(0)  # the zygote ended meanwhile
    if ruleset >= 0:
        landlock.restrict(ruleset)
        os.close(ruleset)
    if reporting >= 0:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, reporting) as channel_to_broker:
            broker.hand_over(channel_to_broker, plan.interception)
    if plan.with_filter:
        pid = os.getpid()
        seccomp.install(seccomp.build(pid=pid, no_open=plan.no_open, brokered=plan.brokered))


def _keep_only(channel: int, plan: Confinement, report: int) -> tuple[int, int]:
    """Renumber what is needed and close the rest; gives the new (ruleset, report), -1 for what there is not."""
    for standard in (0, 1, 2):
        os.dup2(plan.null, standard)
    kept = [os.dup(channel), *(os.dup(descriptor) for descriptor in (plan.ruleset, report) if descriptor >= 0)]
    for number, descriptor in enumerate(kept, seccomp.CHANNEL):
        os.dup2(descriptor, number)
    os.closerange(seccomp.CHANNEL + len(kept), os.sysconf("SC_OPEN_MAX"))
    ruleset = _FIRST_FREE if plan.ruleset >= 0 else -1
    reporting = seccomp.CHANNEL + len(kept) - 1 if report >= 0 else -1
    return ruleset, reporting


def _new_random_state() -> None:
    """Children of one zygote must not draw the same numbers: `random` reseeds itself after a fork, numpy does not."""
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed(int.from_bytes(os.urandom(4), "little"))
