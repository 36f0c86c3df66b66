"""The filter's program, run by a small interpreter of classic BPF: for both machines, wherever the tests run."""

from __future__ import annotations

import errno
import os
import struct

import pytest

from lithify.sandbox.guest import seccomp

X86, ARM = "x86_64", "aarch64"
ARCH = {X86: 0xC000_003E, ARM: 0xC000_00B7}
ALLOWED, KILLED = "allowed", "killed"
PID = 77

CALLS = {
    X86: {
        "openat": 257,
        "clone": 56,
        "clone3": 435,
        "mmap": 9,
        "mprotect": 10,
        "tgkill": 234,
        "prlimit64": 302,
        "prctl": 157,
        "fcntl": 72,
        "ioctl": 16,
        "socketpair": 53,
        "sendto": 44,
        "recvmsg": 47,
        "statx": 332,
        "newfstatat": 262,
        "fstat": 5,
        "read": 0,
        "write": 1,
        "socket": 41,
        "connect": 42,
        "execve": 59,
        "kill": 62,
        "ptrace": 101,
        "io_uring_setup": 425,
        "memfd_create": 319,
        "bpf": 321,
        "unshare": 272,
        "dup2": 33,
        "sendmsg": 46,
        "userfaultfd": 323,
        "seccomp": 317,
        "mremap": 25,
        "madvise": 28,
        "futex": 202,
        "clock_gettime": 228,
        "sched_getaffinity": 204,
        "recvfrom": 45,
        "membarrier": 324,
    },
    ARM: {
        "openat": 56,
        "clone": 220,
        "clone3": 435,
        "mmap": 222,
        "mprotect": 226,
        "tgkill": 131,
        "prlimit64": 261,
        "prctl": 167,
        "fcntl": 25,
        "ioctl": 29,
        "socketpair": 199,
        "sendto": 206,
        "recvmsg": 212,
        "statx": 291,
        "newfstatat": 79,
        "fstat": 80,
        "read": 63,
        "write": 64,
        "socket": 198,
        "connect": 203,
        "execve": 221,
        "kill": 129,
        "ptrace": 117,
        "io_uring_setup": 425,
        "memfd_create": 279,
        "bpf": 280,
        "unshare": 97,
        "dup2": 24,
        "sendmsg": 211,
        "userfaultfd": 282,
        "seccomp": 277,
        "mremap": 216,
        "madvise": 233,
        "futex": 98,
        "clock_gettime": 113,
        "sched_getaffinity": 123,
        "recvfrom": 207,
        "membarrier": 283,
    },
}


def verdict(program: bytes, number: int, arguments: tuple[int, ...] = (), arch: int = ARCH[X86]) -> str | int:
    """What the filter says to a call: "allowed", "killed", or the errno."""
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("<iIQ6Q", number, arch, 0, *(value & (1 << 64) - 1 for value in padded))
    at = accumulator = 0
    while True:
        code, if_true, if_false, value = struct.unpack_from("=HBBI", program, 8 * at)
        at += 1
        if code == 0x20:
            accumulator = struct.unpack_from("<I", data, value)[0]
        elif code == 0x54:
            accumulator &= value
        elif code in (0x15, 0x45, 0x35):
            holds = {0x15: accumulator == value, 0x45: bool(accumulator & value), 0x35: accumulator >= value}[code]
            at += if_true if holds else if_false
        else:
            assert code == 0x06
            known = {0x7FFF_0000: ALLOWED, 0x8000_0000: KILLED}
            return known[value] if value in known else value & 0xFFFF


@pytest.fixture(params=[X86, ARM])
def machine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def asked(machine: str, name: str, *arguments: int, **options: bool) -> str | int:
    program = seccomp.build(pid=PID, machine=machine, **options)
    return verdict(program, CALLS[machine][name], arguments, ARCH[machine])


@pytest.mark.parametrize(
    "name",
    [
        "socket",
        "connect",
        "execve",
        "kill",
        "ptrace",
        "io_uring_setup",
        "memfd_create",
        "bpf",
        "unshare",
        "dup2",
        "sendmsg",
        "userfaultfd",
        "membarrier",
        "seccomp",
    ],
)
def test_what_is_not_listed_is_refused(machine: str, name: str) -> None:
    assert asked(machine, name) == errno.EPERM


@pytest.mark.parametrize("name", ["read", "write"])
def test_what_is_listed_without_rules_is_allowed(machine: str, name: str) -> None:
    assert asked(machine, name, 3, 4, 5) == ALLOWED


def test_another_architecture_is_killed(machine: str) -> None:
    program = seccomp.build(pid=PID, machine=machine)
    for arch in (0x4000_0003, 0x4000_0028, *(set(ARCH.values()) - {ARCH[machine]})):
        assert verdict(program, CALLS[machine]["read"], (), arch) == KILLED


def test_the_x32_interface_is_killed() -> None:
    assert verdict(seccomp.build(pid=PID, machine=X86), 0x4000_0000 | 0) == KILLED


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("clone3", (0, 0), errno.ENOSYS),
        ("clone", (0x3D0F00,), ALLOWED),  # what a C library starts a thread with
        ("clone", (17,), errno.EPERM),
        ("clone", (0x100 | 17,), errno.EPERM),
        ("clone", (0x3D0F00 | 0x1000_0000,), errno.EPERM),
        ("clone", (0x3D0F00 & ~0x10000,), errno.EPERM),
        ("clone", (0x3D0F00 | 0x1000,), errno.EPERM),
        ("mmap", (0, 4096, 3, 0x22), ALLOWED),
        ("mmap", (0, 4096, 3, 0x21), errno.EPERM),
        ("mmap", (0, 4096, 1, 0x01), errno.EPERM),
        ("mmap", (0, 4096, 3, 0x23), errno.EPERM),
        ("mmap", (0, 4096, 3, 0x28), errno.EPERM),  # droppable
        ("mmap", (0, 4096, 5, 0x02), ALLOWED),  # a library's code
        ("mmap", (0, 4096, 7, 0x02), errno.EPERM),
        ("mmap", (0, 4096, 5, 0x22), errno.EPERM),
        ("mmap", (0, 4096, 3, 0x122), errno.EPERM),  # grows downwards: a stack, which no limit counts
        ("mmap", (0, 4096, 3, 0x4_0022), errno.EPERM),
        ("mremap", (0, 4096, 8192, 1), ALLOWED),
        ("mremap", (0, 4096, 4096, 5), errno.EPERM),
        ("madvise", (0, 4096, 4), ALLOWED),
        ("madvise", (0, 4096, 100), errno.EPERM),
        ("futex", (0, 0x80 | 9), ALLOWED),
        ("futex", (0, 0x100 | 0x80 | 9), ALLOWED),
        ("futex", (0, 0x80 | 6), errno.EPERM),
        ("clock_gettime", (1,), ALLOWED),
        ("clock_gettime", ((~1 << 3) | 2,), errno.EPERM),
        ("sched_getaffinity", (0,), ALLOWED),
        ("sched_getaffinity", (1,), errno.ENOSYS),
        ("recvfrom", (3, 1, 1, 0x40), ALLOWED),
        ("recvfrom", (3, 1, 1, 1), errno.EPERM),
        ("sendto", (3, 1, 1, 1, 0), errno.EPERM),
        ("recvmsg", (seccomp.CHANNEL, 1, 1), errno.EPERM),
        ("prlimit64", (5, 9, 0, 1), errno.EPERM),
        ("mprotect", (0, 4096, 3), ALLOWED),
        ("mprotect", (0, 4096, 5), errno.EPERM),
        ("openat", (-100, 1, os.O_RDONLY | os.O_CLOEXEC), ALLOWED),
        ("openat", (-100, 1, os.O_WRONLY), errno.EROFS),
        ("openat", (-100, 1, os.O_RDWR), errno.EROFS),
        ("openat", (-100, 1, os.O_CREAT), errno.EROFS),
        ("openat", (-100, 1, os.O_TRUNC), errno.EROFS),
        ("openat", (-100, 1, 0o20000000), errno.EROFS),
        ("tgkill", (PID, PID, 9), ALLOWED),
        ("tgkill", (1, 1, 9), errno.EPERM),
        ("prlimit64", (0, 9, 0, 1), ALLOWED),
        ("prlimit64", (0, 9, 1, 0), errno.EPERM),
        ("prlimit64", (0, 9, 1 << 32, 0), errno.EPERM),
        ("prctl", (15, 1), ALLOWED),
        ("prctl", (22, 2), errno.EPERM),
        ("fcntl", (3, 4, 2048), ALLOWED),
        ("fcntl", (3, 8, 1), errno.EPERM),
        ("ioctl", (1, 0x5401), ALLOWED),
        ("ioctl", (1, 0x5412), errno.ENOTTY),
        ("socketpair", (1, 1 | 0o2000000, 0), ALLOWED),
        ("socketpair", (1, 2, 0), errno.EPERM),
        ("socketpair", (2, 1, 0), errno.EPERM),
        ("sendto", (3, 1, 1, 0, 0), ALLOWED),
        ("sendto", (3, 1, 1, 0, 4096), errno.EPERM),
        ("sendto", (3, 1, 1, 0, 1 << 40), errno.EPERM),
        ("recvmsg", (seccomp.CHANNEL,), ALLOWED),
        ("recvmsg", (5,), errno.EPERM),
    ],
)
def test_arguments_decide(machine: str, name: str, arguments: tuple[int, ...], expected: str | int) -> None:
    assert asked(machine, name, *arguments) == expected


def test_without_files_nothing_is_opened_or_looked_up(machine: str) -> None:
    assert asked(machine, "openat", -100, 1, os.O_RDONLY, no_open=True) == errno.EACCES
    assert asked(machine, "statx", -100, no_open=True) == errno.EACCES
    assert asked(machine, "newfstatat", -100, 1, 2, 0, no_open=True) == errno.ENOENT
    assert asked(machine, "newfstatat", 3, 1, 2, 0x1000, no_open=True) == errno.ENOENT
    assert asked(machine, "fstat", 3, 1, no_open=True) == ALLOWED


def test_with_a_broker_only_calls_that_it_answers_take_paths(machine: str) -> None:
    assert asked(machine, "statx", -100, brokered=True) == errno.ENOSYS
    assert asked(machine, "openat", -100, 1, os.O_RDONLY, brokered=True) == ALLOWED
