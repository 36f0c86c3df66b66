"""The kernel calls that Python does not offer, by ctypes: no compiled extension, no libseccomp."""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct

MACHINE = os.uname().machine
_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long

CLONE_NEWNS = 0x0002_0000
CLONE_NEWCGROUP = 0x0200_0000
CLONE_NEWUTS = 0x0400_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_NOATIME, MS_BIND, MS_REC, MS_PRIVATE, MS_RELATIME = 32, 1024, 4096, 16384, 1 << 18, 1 << 21
_MNT_DETACH = 2

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 1, 4, 24, 38, 47
PR_SET_NAME = 15
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_CAPABILITY_VERSION_3 = 0x2008_0522
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}


def check(result: int, what: str) -> int:
    """The result of a libc call, or its errno as OSError."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(number: int, *arguments: object) -> int:
    """A raw system call; -1 and errno as libc gives them."""
    return int(_libc.syscall(ctypes.c_long(number), *arguments))


def prctl(option: int, first: int = 0, second: int = 0) -> int:
    """prctl(2) with two arguments."""
    zero = ctypes.c_ulong(0)
    return check(_libc.prctl(option, ctypes.c_ulong(first), ctypes.c_ulong(second), zero, zero), f"prctl({option})")


def unshare(flags: int) -> None:
    """Leave the given namespaces for new ones."""
    check(_libc.unshare(flags), f"unshare({flags:#x})")


def setns(descriptor: int, kind: int) -> None:
    """Enter the namespace that the descriptor stands for."""
    check(_libc.setns(descriptor, kind), "setns")


def mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    """mount(2)."""
    names = [None if text is None else os.fsencode(text) for text in (source, target, kind, options)]
    result = _libc.mount(names[0], names[1], names[2], ctypes.c_ulong(flags), names[3])
    check(result, f"mount {source} on {target}")


def enter_root(folder: str) -> None:
    """Make the folder, a mount point, the root; nothing of the old root remains reachable."""
    os.chdir(folder)
    check(syscall(_PIVOT_ROOT[MACHINE], b".", b"."), "pivot_root")
    check(_libc.umount2(b".", _MNT_DETACH), "umount of the old root")
    os.chdir("/")


def die_with_parent(signal_number: int) -> None:
    """Have the kernel send this process the signal when its parent ends."""
    prctl(_PR_SET_PDEATHSIG, signal_number)


def set_dumpable(on: bool) -> None:
    """Whether other processes of the same user may read this one through /proc or ptrace."""
    prctl(_PR_SET_DUMPABLE, int(on))


def forbid_new_privileges() -> None:
    """Nothing this process executes can gain privileges; needed before Landlock and seccomp."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities(last: int) -> None:
    """Empty every capability set of this process, the bounding set up to capability number `last` included."""
    for capability in range(last + 1):
        try:
            prctl(_PR_CAPBSET_DROP, capability)
        except PermissionError:
            break  # without CAP_SETPCAP; then there was no capability to begin with
    with contextlib.suppress(OSError):  # a kernel without ambient capabilities
        prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    check(_libc.capset(header, bytes(24)), "capset")
