"""Where no new root can be had: the zygote answers the workers' file calls itself, and knows the libraries only.

The kernel stops a worker at every call that takes a path (seccomp user notification, Linux 5.14). The zygote copies
the path out of the worker, and for a library opens the file in its stead and hands over the descriptor; everything
else does not exist. Nothing is continued in the worker after a check of memory that it could change meanwhile. The
same way counts threads, which RLIMIT_NPROC can only do per user.
"""

# Plain os calls, on paths as the kernel means them:
# ruff: noqa: PTH115, PTH118, PTH119, PTH120, PTH208
from __future__ import annotations

import array  # noqa: F401 - socket.send_fds imports it at use, too late once file calls are intercepted
import contextlib
import ctypes
import errno
import fcntl
import os
import socket
import stat
import struct
from collections.abc import Callable, Sequence

from . import kernel, seccomp

FILE_CALLS = ("openat", "newfstatat", "stat", "lstat", "readlink", "readlinkat", "chdir")
THREAD_CALLS = ("clone",)
_RECEIVE, _RESPOND, _ADD_DESCRIPTOR = 0xC050_2100, 0xC018_2101, 0x4018_2103
_NOTIFICATION = struct.Struct("QIIiIQ6Q")
_RESPONSE = struct.Struct("QqiI")
_ADDITION = struct.Struct("QIIII")
_CONTINUE = 1
_SEND_AS_RESULT = 2
_FSTATAT, _STAT_SIZE = {"x86_64": (262, 144), "aarch64": (79, 128)}.get(kernel.MACHINE, (-1, 0))
_AT_FDCWD, _AT_SYMLINK_NOFOLLOW, _AT_EMPTY_PATH = -100, 0x100, 0x1000
_PAGE = 4096
_MAX_PATH = 4096
_USER_SPACE = 1 << 56


class _Denied(OSError):
    """The errno that the worker gets."""


class Subject:
    """A worker as the broker holds it: by descriptors, which cannot come to mean another process."""

    def __init__(self, process: int, processes: int) -> None:
        """Of a child that is not confined yet. processes is a descriptor of /proc."""
        folder = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
        self._memory = os.open(f"{process}/mem", os.O_RDWR | os.O_CLOEXEC, dir_fd=processes)
        self._tasks = os.open(f"{process}/task", folder, dir_fd=processes)
        self._descriptors = os.open(f"{process}/fd", folder, dir_fd=processes)

    def close(self) -> None:
        """Let go of it."""
        for descriptor in (self._memory, self._tasks, self._descriptors):
            os.close(descriptor)

    def threads(self) -> int:
        """How many it has, the main one included."""
        return len(os.listdir(self._tasks))

    def status_of(self, descriptor: int, buffer: ctypes.Array[ctypes.c_char]) -> None:
        """What fstat says of one of its descriptors."""
        try:
            _fstatat(self._descriptors, str(descriptor).encode(), buffer, 0)
        except FileNotFoundError:
            raise _Denied(errno.EBADF, "bad file descriptor") from None

    def read_text(self, address: int) -> bytes:
        """The NUL-terminated text at an address of its memory."""
        _check_address(address)
        text = b""
        while len(text) < _MAX_PATH:
            place = address + len(text)
            read = os.pread(self._memory, _PAGE - place % _PAGE, place)  # a page at a time: the next may not be there
            part, end, _ = read.partition(b"\0")
            text += part
            if end:
                return text
            if not read:
                break
        raise _Denied(errno.ENAMETOOLONG, "a path without end")

    def write(self, address: int, data: bytes) -> None:
        """Put data at an address of its memory."""
        _check_address(address)
        if os.pwrite(self._memory, data, address) != len(data):
            raise _Denied(errno.EFAULT, "bad address")


class Broker:
    """Answers calls of the workers whose listeners it was given."""

    def __init__(self, paths: Sequence[str], links: Sequence[tuple[str, str]], max_threads: int) -> None:
        self._names = seccomp.numbers_of((*FILE_CALLS, *THREAD_CALLS))
        self._paths = tuple(paths)
        self._links = {name for name, _ in links}
        self._above = {above for path in (*paths, *self._links) for above in _ancestors(path)}
        self._named = (*self._paths, *self._links)
        self._max_threads = max_threads
        self._calls: dict[str, Callable[[Subject, tuple[int, ...]], int]] = {
            "newfstatat": lambda subject, a: self._stat(subject, _signed(a[0]), a[1], a[2], a[3]),
            "stat": lambda subject, a: self._stat(subject, _AT_FDCWD, a[0], a[1], 0),
            "lstat": lambda subject, a: self._stat(subject, _AT_FDCWD, a[0], a[1], _AT_SYMLINK_NOFOLLOW),
            "readlink": lambda subject, a: self._read_link(subject, _AT_FDCWD, a[0], a[1], a[2]),
            "readlinkat": lambda subject, a: self._read_link(subject, _signed(a[0]), a[1], a[2], a[3]),
            "chdir": lambda subject, a: self._change_folder(subject, a[0]),
        }

    def answer(self, listener: int, subject: Subject) -> None:
        """Take one notification of the subject and answer it."""
        buffer = bytearray(_NOTIFICATION.size)
        try:
            fcntl.ioctl(listener, _RECEIVE, buffer)
        except OSError:
            return  # the caller was killed meanwhile
        number, _, _, call, _, _, *arguments = _NOTIFICATION.unpack(buffer)
        name = self._names.get(call, "")
        if name == "openat":
            self._open(listener, number, subject, tuple(arguments))
            return
        value, error, flags = 0, 0, 0
        try:
            if name == "clone":
                self._check_threads(subject)
                flags = _CONTINUE  # its flags are in a register and were checked by the filter
            else:
                value = self._calls[name](subject, tuple(arguments))
        except Exception as failed:  # noqa: BLE001 - no worker may end the zygote; it gets an errno, whatever happened
            error = _errno_of(failed)
        self._respond(listener, _RESPONSE.pack(number, value, -error, flags))

    def _respond(self, listener: int, response: bytes) -> None:
        with contextlib.suppress(OSError):  # the caller was killed meanwhile
            fcntl.ioctl(listener, _RESPOND, response)

    def _open(self, listener: int, number: int, subject: Subject, arguments: tuple[int, ...]) -> None:
        """Open the file in the worker's stead and put the descriptor into the worker."""
        descriptor = -1
        try:
            path = self._resolve(subject, _signed(arguments[0]), arguments[1], follow=True)
            wanted = arguments[2] & os.O_DIRECTORY
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW | wanted)
            mode = os.fstat(descriptor).st_mode
            if not self._is_library(path) or not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise _Denied(errno.EACCES, "not a library")
            addition = _ADDITION.pack(number, _SEND_AS_RESULT, descriptor, 0, os.O_CLOEXEC)
            fcntl.ioctl(listener, _ADD_DESCRIPTOR, addition)
        except Exception as failed:  # noqa: BLE001 - as in `answer`
            self._respond(listener, _RESPONSE.pack(number, 0, -_errno_of(failed), 0))
        finally:
            if descriptor >= 0:
                os.close(descriptor)

    def _stat(self, subject: Subject, folder: int, path: int, result: int, flags: int) -> int:
        buffer = ctypes.create_string_buffer(256)
        if flags & _AT_EMPTY_PATH and folder >= 0 and not subject.read_text(path):
            subject.status_of(folder, buffer)
        else:
            nofollow = flags & _AT_SYMLINK_NOFOLLOW
            name = self._resolve(subject, folder, path, follow=not nofollow)
            _fstatat(_AT_FDCWD, os.fsencode(name), buffer, nofollow)
        subject.write(result, buffer.raw[:_STAT_SIZE])
        return 0

    def _read_link(self, subject: Subject, folder: int, path: int, result: int, size: int) -> int:
        target = os.fsencode(os.readlink(self._resolve(subject, folder, path, follow=False)))
        target = target[: min(size, _MAX_PATH)]
        subject.write(result, target)
        return len(target)

    def _change_folder(self, subject: Subject, path: int) -> int:
        """The working folder is and stays the root: relative names have one meaning only."""
        if os.path.normpath(os.fsdecode(subject.read_text(path))) != "/":
            raise _Denied(errno.EACCES, "only the root")
        return 0

    def _check_threads(self, subject: Subject) -> None:
        if subject.threads() > self._max_threads:  # the main one is not counted
            raise _Denied(errno.EAGAIN, "too many threads")

    def _resolve(self, subject: Subject, folder: int, path: int, *, follow: bool) -> str:
        """The real path that the worker means. Raises ENOENT for everything that is not a library or on the way."""
        name = os.fsdecode(subject.read_text(path))
        if not name or (folder != _AT_FDCWD and not name.startswith("/")):
            raise _Denied(errno.ENOENT, "relative to a descriptor")
        name = "/" + os.path.normpath("/" + name).lstrip("/")  # two leading slashes are kept by normpath
        if not self._is_named(name):  # not even looked up: the way there might mount something, or take long
            raise _Denied(errno.ENOENT, "not a library")
        if follow:
            real = os.path.realpath(name)
        else:
            real = os.path.join(os.path.realpath(os.path.dirname(name)), os.path.basename(name))
        if self._is_library(real) or real in self._above or real in self._links:
            return real
        raise _Denied(errno.ENOENT, "not a library")

    def _is_named(self, name: str) -> bool:
        """Whether the name is one by which a library is known, or on the way to it."""
        return name in self._above or any(name == known or name.startswith(known + "/") for known in self._named)

    def _is_library(self, path: str) -> bool:
        return any(path == allowed or path.startswith(allowed + "/") for allowed in self._paths)


def _check_address(address: int) -> None:
    if not 0 < address < _USER_SPACE:
        raise _Denied(errno.EFAULT, "bad address")


def _errno_of(failed: Exception) -> int:
    return (failed.errno if isinstance(failed, OSError) else None) or errno.EACCES


def _ancestors(path: str) -> list[str]:
    found = ["/"]
    for part in path.strip("/").split("/")[:-1]:
        found.append(found[-1].rstrip("/") + "/" + part)
    return found


def _signed(value: int) -> int:
    return ctypes.c_int(value & 0xFFFF_FFFF).value


def _fstatat(folder: int, path: bytes, buffer: ctypes.Array[ctypes.c_char], flags: int) -> None:
    arguments = (ctypes.c_int(folder), path, buffer, ctypes.c_int(flags))
    kernel.check(kernel.syscall(_FSTATAT, *arguments), "newfstatat")


def await_hold(report: socket.socket) -> None:
    """The worker's part, first: wait until the zygote holds it, which it could not once this process is confined."""
    if not report.recv(1):
        raise OSError(errno.EPIPE, "the broker could not take charge")


def hand_over(report: socket.socket, program: bytes) -> None:
    """The worker's part, then: have its calls intercepted, and hand over the listener."""
    listener = seccomp.install_interception(program)
    socket.send_fds(report, [b"L"], [listener])
    os.close(listener)


def receive_listener(report: socket.socket) -> int:
    """The zygote's part; -1 when the worker died before."""
    _, descriptors, _, _ = socket.recv_fds(report, 1, 1)
    return descriptors[0] if descriptors else -1
