"""Landlock: of the file system only the libraries can be read; no TCP, no abstract sockets, no signals outwards."""

# Plain os calls, since pathlib would be imported into every worker for nothing:
# ruff: noqa: PTH112
from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

from . import kernel

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_RULE_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_ABI_1_RIGHTS = (1 << 13) - 1
_LATER_RIGHTS = ((2, 1 << 13), (3, 1 << 14), (5, 1 << 15))  # REFER, TRUNCATE, IOCTL_DEV
_NET_BIND_CONNECT = 3
_SCOPE_ABSTRACT_AND_SIGNALS = 3


def abi() -> int:
    """The newest Landlock ABI of this kernel; 0 where there is none."""
    return max(kernel.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(_VERSION_FLAG)), 0)


def prepare(readable: Iterable[str], version: int) -> int:
    """A ruleset (its descriptor) that handles every right of the ABI and allows reading below the paths only.

    Reading without executing: dlopen does not need the execute right, execve does.
    """
    rights = _ABI_1_RIGHTS
    for since, right in _LATER_RIGHTS:
        if version >= since:
            rights |= right
    net = _NET_BIND_CONNECT if version >= 4 else 0
    scoped = _SCOPE_ABSTRACT_AND_SIGNALS if version >= 6 else 0
    size = 8 if version < 4 else 16 if version < 6 else 24
    attributes = struct.pack("QQQ", rights, net, scoped)[:size]
    arguments = (attributes, ctypes.c_size_t(size), ctypes.c_uint(0))
    ruleset = kernel.check(kernel.syscall(_CREATE_RULESET, *arguments), "landlock_create_ruleset")
    for path in readable:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rule = struct.pack("=Qi", _READ_FILE | _READ_DIR if os.path.isdir(path) else _READ_FILE, descriptor)
        added = kernel.syscall(
            _ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_RULE_PATH_BENEATH), rule, ctypes.c_uint(0)
        )
        kernel.check(added, f"landlock_add_rule for {path}")
        os.close(descriptor)
    return ruleset


def restrict(ruleset: int) -> None:
    """Put this process under the ruleset, for good."""
    kernel.check(kernel.syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint(0)), "landlock_restrict_self")
