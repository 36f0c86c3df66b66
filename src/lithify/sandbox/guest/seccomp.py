"""The syscall filter: an allowlist with argument rules, assembled here as classic BPF.

Whatever is not listed gives EPERM, which the model reads as a PermissionError; a foreign ABI is killed. Numbers for
x86-64 and aarch64 are from the kernel's tables (asm/unistd_64.h, asm-generic/unistd.h).
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable

from . import kernel

CHANNEL = 3
"""The only descriptor that a worker keeps."""

# name: (x86_64, aarch64); None where the architecture has no such call
_NUMBERS: dict[str, tuple[int | None, int | None]] = {
    "brk": (12, 214),
    "chdir": (80, 49),
    "clock_getres": (229, 114),
    "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115),
    "clone": (56, 220),
    "clone3": (435, 435),
    "close": (3, 57),
    "dup": (32, 23),
    "epoll_create1": (291, 20),
    "epoll_ctl": (233, 21),
    "epoll_pwait": (281, 22),
    "epoll_wait": (232, None),
    "eventfd2": (290, 19),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "fcntl": (72, 25),
    "fstat": (5, 80),
    "futex": (202, 98),
    "getcpu": (309, 168),
    "getcwd": (79, 17),
    "getdents64": (217, 61),
    "getegid": (108, 177),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getpid": (39, 172),
    "getppid": (110, 173),
    "getrandom": (318, 278),
    "getrlimit": (97, None),
    "getrusage": (98, 165),
    "gettid": (186, 178),
    "gettimeofday": (96, 169),
    "getuid": (102, 174),
    "ioctl": (16, 29),
    "lseek": (8, 62),
    "lstat": (6, None),
    "madvise": (28, 233),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "munmap": (11, 215),
    "nanosleep": (35, 101),
    "newfstatat": (262, 79),
    "openat": (257, 56),
    "pipe2": (293, 59),
    "poll": (7, None),
    "ppoll": (271, 73),
    "prctl": (157, 167),
    "pread64": (17, 67),
    "prlimit64": (302, 261),
    "pselect6": (270, 72),
    "read": (0, 63),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "readv": (19, 65),
    "recvfrom": (45, 207),
    "recvmsg": (47, 212),
    "restart_syscall": (219, 128),
    "rseq": (334, 293),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_getaffinity": (204, 123),
    "sched_getparam": (143, 121),
    "sched_getscheduler": (145, 120),
    "sched_yield": (24, 124),
    "select": (23, None),
    "sendto": (44, 206),
    "set_robust_list": (273, 99),
    "set_tid_address": (218, 96),
    "sigaltstack": (131, 132),
    "socketpair": (53, 199),
    "stat": (4, None),
    "statx": (332, 291),
    "sysinfo": (99, 179),
    "tgkill": (234, 131),
    "time": (201, None),
    "uname": (63, 160),
    "write": (1, 64),
    "writev": (20, 66),
}
_COLUMN = {"x86_64": 0, "aarch64": 1}
_AUDIT_ARCH = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_X32_BIT = 0x4000_0000
_SET_MODE_FILTER, _FLAG_TSYNC, _FLAG_NEW_LISTENER = 1, 1, 8

_ALLOW, _ASK, _KILL, _ERRNO = 0x7FFF_0000, 0x7FC0_0000, 0x8000_0000, 0x0005_0000
_LOAD, _IF_EQUAL, _IF_ANY_BIT, _IF_AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x54, 0x06

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | (os.O_TMPFILE & ~os.O_DIRECTORY)
_THREAD_FLAGS = (0x003D_0F00, 0x007D_0F00)
"""With which flags glibc and musl start a thread; a process, or a namespace, takes others."""
_MAP_REFUSED = 0x1 | 0x4 | 0x8 | 0x100 | 0x4_0000  # every type but MAP_PRIVATE; MAP_GROWSDOWN, MAP_HUGETLB
_MAP_ANONYMOUS, _PROT_WRITE, _PROT_EXEC = 0x20, 2, 4
_ADVICE = (0, 1, 2, 3, 4, 8, 14, 15, 16, 17)  # NORMAL to DONTNEED, FREE, (NO)HUGEPAGE, DONTDUMP, DODUMP
_FUTEX_COMMAND = 0x7F  # without the bits for private and for the clock
_FUTEX_COMMANDS = (0, 1, 3, 4, 5, 9, 10)  # wait, wake, requeue, by bitset; none with priority inheritance
_AF_UNIX, _SOCK_STREAM, _SOCK_TYPE_MASK = 1, 1, 0xF
_NO_MESSAGE_FLAGS = ~(0x2 | 0x40 | 0x100 | 0x4000) & 0xFFFF_FFFF  # all but PEEK, DONTWAIT, WAITALL, NOSIGNAL
_CLOCKS = 12
_FCNTL_COMMANDS = (0, 1, 2, 3, 4, 1030)  # DUPFD, GETFD, SETFD, GETFL, SETFL, DUPFD_CLOEXEC
_IOCTL_REQUESTS = (0x5401, 0x5421, 0x541B, 0x5450, 0x5451)  # TCGETS, FIONBIO, FIONREAD, FIONCLEX, FIOCLEX

_Code = list[bytes]


def available() -> bool:
    """Whether this machine is one whose table is known."""
    return kernel.MACHINE in _COLUMN and struct.calcsize("P") == 8


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value & 0xFFFF_FFFF)


def _low(argument: int) -> bytes:
    return _instruction(_LOAD, 16 + 8 * argument)


def _high(argument: int) -> bytes:
    return _instruction(_LOAD, 16 + 8 * argument + 4)


def _allow() -> bytes:
    return _instruction(_RETURN, _ALLOW)


def _refuse(number: int = errno.EPERM) -> bytes:
    return _instruction(_RETURN, _ERRNO | number)


def _equal(value: int, otherwise: int) -> bytes:
    """Go on when the loaded word is the value, else skip `otherwise` instructions."""
    return _instruction(_IF_EQUAL, value, 0, otherwise)


def _any_bit(mask: int, otherwise: int) -> bytes:
    """Go on when the loaded word has a bit of the mask, else skip `otherwise` instructions."""
    return _instruction(_IF_ANY_BIT, mask, 0, otherwise)


def _among(values: Iterable[int], refusal: int = errno.EPERM) -> _Code:
    """Allow when the loaded word is one of the values."""
    code: _Code = []
    for value in values:
        code += [_equal(value, 1), _allow()]
    return [*code, _refuse(refusal)]


def _only(argument: int, values: Iterable[int], refusal: int = errno.EPERM) -> _Code:
    """Allow when the argument is one of the values."""
    return [_low(argument), *_among(values, refusal)]


def _null(argument: int) -> _Code:
    """Allow when the pointer argument is null."""
    return [_low(argument), _equal(0, 3), _high(argument), _equal(0, 1), _allow(), _refuse()]


def _no_bits(argument: int, mask: int) -> _Code:
    """Allow when the argument has no bit of the mask."""
    return [_low(argument), _any_bit(mask, 1), _refuse(), _allow()]


def _below(argument: int, limit: int) -> _Code:
    """Allow when the argument, taken as unsigned, is less than the limit."""
    return [_low(argument), _instruction(_IF_AT_LEAST, limit, 0, 1), _refuse(), _allow()]


def _rules(pid: int) -> dict[str, _Code]:
    """Calls that are allowed for some arguments only."""
    return {
        "clone3": [_refuse(errno.ENOSYS)],  # libc falls back to clone, whose flags a filter can see
        "clone": _only(0, _THREAD_FLAGS),
        "mmap": _mmap_rule(),
        "mprotect": _no_bits(2, _PROT_EXEC),
        "mremap": _only(3, (0, 1)),  # MREMAP_MAYMOVE
        "madvise": _only(2, _ADVICE),
        "futex": [_low(1), _instruction(_AND, _FUTEX_COMMAND), *_among(_FUTEX_COMMANDS)],
        "openat": [_low(2), _any_bit(_WRITING, 1), _refuse(errno.EROFS), _allow()],
        "tgkill": _only(0, (pid,)),
        "prlimit64": [_low(0), _equal(0, 6), *_null(2), _refuse()],  # reading its own limits
        "prctl": _only(0, (kernel.PR_SET_NAME,)),
        "fcntl": _only(1, _FCNTL_COMMANDS),
        "ioctl": _only(1, _IOCTL_REQUESTS, errno.ENOTTY),
        # asyncio's self-pipe; a datagram pair could send to a host socket by its address
        "socketpair": [
            _low(0),
            _equal(_AF_UNIX, 5),
            _low(1),
            _instruction(_AND, _SOCK_TYPE_MASK),
            *_among((_SOCK_STREAM,)),
            _refuse(),
        ],
        # without an address, without out-of-band data
        "sendto": [_low(3), _any_bit(_NO_MESSAGE_FLAGS, 1), _refuse(), *_null(4)],
        "recvfrom": _no_bits(3, _NO_MESSAGE_FLAGS),
        # descriptors come from the host only
        "recvmsg": [_low(2), _any_bit(_NO_MESSAGE_FLAGS, 1), _refuse(), *_only(0, (CHANNEL,))],
        # of this thread only; as if the kernel had no such call, which C libraries put up with
        "sched_getaffinity": _only(0, (0,), errno.ENOSYS),
        "sched_getparam": _only(0, (0,), errno.ENOSYS),
        "sched_getscheduler": _only(0, (0,), errno.ENOSYS),
        # clocks of the machine and of this process; others are named by process id
        "clock_gettime": _below(0, _CLOCKS),
        "clock_getres": _below(0, _CLOCKS),
        "clock_nanosleep": _below(0, _CLOCKS),
    }


def _mmap_rule() -> _Code:
    """Nothing that RLIMIT_DATA might not count (shared, droppable, growing), executable only what a library holds."""
    return [
        _low(3),
        _any_bit(_MAP_REFUSED, 1),
        _refuse(),
        _low(2),
        _any_bit(_PROT_EXEC, 5),
        _any_bit(_PROT_WRITE, 1),
        _refuse(),
        _low(3),
        _any_bit(_MAP_ANONYMOUS, 1),
        _refuse(),
        _allow(),
    ]


def _without_files() -> dict[str, _Code]:
    """Where neither a new root nor Landlock holds: nothing is opened or looked up by name any more."""
    names = ("openat", "statx", "readlinkat", "getdents64", "stat", "lstat", "readlink", "chdir")
    rules: dict[str, _Code] = {name: [_refuse(errno.EACCES)] for name in names}
    # also with AT_EMPTY_PATH, by which some C libraries do fstat(fd): a name may be given all the same
    rules["newfstatat"] = [_refuse(errno.ENOENT)]
    return rules


def build(*, pid: int, no_open: bool = False, brokered: bool = False, machine: str = kernel.MACHINE) -> bytes:
    """The filter program for a worker with this process id, as seen by itself."""
    column = _COLUMN[machine]
    code = [
        _instruction(_LOAD, 4),
        _instruction(_IF_EQUAL, _AUDIT_ARCH[machine], 1, 0),
        _instruction(_RETURN, _KILL),
        _instruction(_LOAD, 0),
    ]
    if machine == "x86_64":
        code += [_instruction(_IF_AT_LEAST, _X32_BIT, 0, 1), _instruction(_RETURN, _KILL)]
    special = _rules(pid) | (_without_files() if no_open else {})
    if brokered:
        special["statx"] = [_refuse(errno.ENOSYS)]  # callers fall back to newfstatat, which the broker answers
    for name, numbers in _NUMBERS.items():
        number = numbers[column]
        if number is not None:
            body = special.get(name) or [_allow()]
            code += [_equal(number, len(body)), *body]
    return b"".join([*code, _refuse()])


def build_interception(names: Iterable[str]) -> bytes:
    """A filter that stops at the named calls and asks whoever listens; all others pass, to the next filter."""
    code = [_instruction(_LOAD, 0)]
    for number in numbers_of(names):
        code += [_equal(number, 1), _instruction(_RETURN, _ASK)]
    return b"".join([*code, _allow()])


def numbers_of(names: Iterable[str]) -> dict[int, str]:
    """System call number → name, for those that this architecture has."""
    found = ((_NUMBERS[name][_COLUMN[kernel.MACHINE]], name) for name in names)
    return {number: name for number, name in found if number is not None}


def install_interception(program: bytes) -> int:
    """Put this process, which has one thread, under the filter; gives the descriptor to listen on."""
    return kernel.check(_install(program, _FLAG_NEW_LISTENER), "seccomp with a listener")


def install(program: bytes) -> None:
    """Put every thread of this process under the filter, for good."""
    if kernel.check(_install(program, _FLAG_TSYNC), "seccomp") != 0:
        raise OSError(errno.EBUSY, "a thread of this process has another filter")


def _install(program: bytes, flags: int) -> int:
    buffer = ctypes.create_string_buffer(program, len(program))
    descriptor = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    arguments = (ctypes.c_uint(_SET_MODE_FILTER), ctypes.c_uint(flags), descriptor)
    return kernel.syscall(_SECCOMP[kernel.MACHINE], *arguments)
