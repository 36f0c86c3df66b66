"""The identity of a tool: sha256 over its files and requirements, and which file differs when it is not the same."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from lithify.records.quick import dataclass

Files: TypeAlias = Mapping[str, bytes]
"""Relative path with forward slashes → bytes."""

PREFIX = 12
"""How many hex digits of a file's hash are kept to name the file that differs; the whole is vouched for by sha256."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """sha256 over files and requirements, in hex, and the first digits of each file's own."""

    sha256: str
    files: Mapping[str, str]


def contents_of(files: Files, requirements: Iterable[str]) -> Contents:
    """The identity of these files with these requirements. Order does not matter; names, bytes and number do."""
    whole = hashlib.sha256()
    for requirement in sorted(requirements):
        whole.update(f"requirement {requirement!r}\n".encode())
    single = {path: hashlib.sha256(files[path]).hexdigest() for path in sorted(files)}
    for path, digest in single.items():
        whole.update(f"file {path!r} {digest}\n".encode())
    return Contents(sha256=whole.hexdigest(), files={path: digest[:PREFIX] for path, digest in single.items()})


def differences(expected: Contents, found: Contents, where: str = ".") -> tuple[str, ...]:
    """One line per file of the folder `where` that differs: which, what was expected, what was found."""
    lines = []
    for path in sorted({*expected.files, *found.files}):
        before, after, shown = expected.files.get(path), found.files.get(path), posixpath.normpath(f"{where}/{path}")
        if before == after:
            continue
        if after is None:
            lines.append(f"{shown} is missing (expected {before})")
        elif before is None:
            lines.append(f"{shown} is not in tools.lock (found {after})")
        else:
            lines.append(f"{shown} differs (expected {before}, found {after})")
    if not lines and expected.sha256 != found.sha256:
        lines.append(
            f"{where}: requirements differ (expected {expected.sha256[:PREFIX]}, found {found.sha256[:PREFIX]})"
        )
    return tuple(lines)
