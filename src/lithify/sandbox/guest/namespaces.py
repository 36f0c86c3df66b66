"""A world of its own for the zygote: namespaces, and a root that holds nothing but read-only libraries."""

# Plain os calls, since pathlib would be imported into every worker for nothing:
# ruff: noqa: PTH100, PTH103, PTH112, PTH120, PTH123, PTH211
from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import sys
import sysconfig
from collections.abc import Iterable, Sequence

from . import kernel

_ALL = (
    kernel.CLONE_NEWUSER
    | kernel.CLONE_NEWNS
    | kernel.CLONE_NEWNET
    | kernel.CLONE_NEWIPC
    | kernel.CLONE_NEWUTS
    | kernel.CLONE_NEWCGROUP
    | kernel.CLONE_NEWPID
)
_INSIDE_ID = 1000


def enter(close_in_parent: Iterable[int]) -> None:
    """Unshare every namespace; returns in a child that is process 1 of the new pid namespace.

    The parent stays behind only to be waited for: when it has ended, everything in the namespace has. Raises OSError
    where the machine refuses; a child tries first, since half of it done could not be undone.
    """
    _try_in_child()
    _unshare_all()
    child = os.fork()
    if child:
        for descriptor in close_in_parent:
            os.close(descriptor)
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    kernel.die_with_parent(signal.SIGKILL)
    with contextlib.suppress(OSError):
        socket.sethostname("sandbox")
    with contextlib.suppress(OSError):  # refused where parts of /proc are covered, as in containers
        kernel.mount(None, "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
        kernel.mount("proc", "/proc", "proc", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC)


def _try_in_child() -> None:
    child = os.fork()
    if child == 0:
        number = 0
        try:
            _unshare_all()
        except OSError as error:
            number = error.errno or errno.EPERM
        finally:
            os._exit(number & 0xFF)
    _, status = os.waitpid(child, 0)
    number = os.waitstatus_to_exitcode(status)
    if number:
        raise OSError(number, os.strerror(number))


def _unshare_all() -> None:
    user, group = os.getuid(), os.getgid()
    kernel.unshare(_ALL)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{_INSIDE_ID} {user} 1"),
        ("gid_map", f"{_INSIDE_ID} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def library_paths(extra: Sequence[str]) -> list[str]:
    """What a lazy import may read: the standard library, site-packages, the loader's directories, zones and locales.

    Not sys.prefix: for a system Python that is all of /usr. extra holds the folders that the spec names as readable.
    """
    found = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), *sys.path, *extra}
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
        for line in maps:
            mapped = line.split(None, 5)[5:]
            if mapped and ".so" in mapped[0]:
                found.add(os.path.dirname(mapped[0].strip()))
    found |= {"/usr/share/zoneinfo", "/usr/lib/locale"}
    kept: list[str] = []
    for path in sorted(os.path.realpath(path) for path in found if path and os.path.isdir(path)):
        if not any(path == above or path.startswith(above + "/") for above in kept):
            kept.append(path)
    return kept


def links_to(paths: Sequence[str], named: Sequence[str]) -> list[tuple[str, str]]:
    """Names by which the paths are known besides their real ones: (/lib, /usr/lib), a folder named by a link.

    named holds the spec's readable folders; the interpreter's own may be reached by a link as well.
    """
    links = []
    own = (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), *sys.path)
    for name in dict.fromkeys(("/lib", "/lib64", *own, *named)):
        real = os.path.realpath(name)
        if real != os.path.abspath(name) and any(real == path or real.startswith(path + "/") for path in paths):
            links.append((os.path.abspath(name), real))
    return links


def enter_new_root(paths: Sequence[str], links: Sequence[tuple[str, str]]) -> None:
    """Make a tmpfs the root: read-only binds of the paths, links to them, and no /proc, /dev, /etc, /home, /tmp.

    The sources are opened first, since one of them may lie below the directory that the tmpfs covers.
    """
    base = next(folder for folder in ("/tmp", "/var/tmp", "/mnt", "/usr") if os.path.isdir(folder))  # noqa: S108 - covered
    sources = [(path, os.open(path, os.O_PATH | os.O_CLOEXEC), os.statvfs(path).f_flag) for path in paths]
    kernel.mount(None, "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("tmpfs", base, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=4m,mode=755")
    for path, descriptor, flags in sources:
        os.makedirs(base + path, exist_ok=True)
        kernel.mount(f"/proc/self/fd/{descriptor}", base + path, None, kernel.MS_BIND)
        kernel.mount(None, base + path, None, _read_only_bind(flags))
        os.close(descriptor)
    for name, real in links:
        if not os.path.lexists(base + name):
            os.makedirs(os.path.dirname(base + name), exist_ok=True)
            os.symlink(real, base + name)
    kernel.enter_root(base)
    kernel.mount(
        None, "/", None, kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV
    )


def _read_only_bind(source_flags: int) -> int:
    """Remount flags: in a user namespace the locked flags of the source mount must be kept, else EPERM."""
    flags = kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV
    kept = (
        (os.ST_NOEXEC, kernel.MS_NOEXEC),
        (os.ST_NOATIME, kernel.MS_NOATIME),
        (os.ST_RELATIME, kernel.MS_RELATIME),
    )
    for status, flag in kept:
        if source_flags & status:
            flags |= flag
    return flags
